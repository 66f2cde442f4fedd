"""A campaign's windows beside the house's rules: they may be narrower, never wider."""

from __future__ import annotations

from datetime import date

from ledger.clock import MEANT_YEARS
from ledger.interval import minus
from schedules.campaign import CampaignRules
from schedules.errors import BadCampaign
from schedules.row import KINDS_OF_DAY, said
from schedules.rules import Rules
from schedules.rules_check import default_hours, general_hours


def check_campaign(rules: Rules, campaign: CampaignRules, today: date) -> None:
    """Raises `BadCampaign`, naming the field: windows wider than our own hours, an audience of nobody, a far year.

    With countries in its audience the hours of each of them count, else those of everywhere; a country's narrower
    ones, its law and the bands cut besides.
    """
    for name, day in (("start_on", campaign.start_on), ("end_on", campaign.end_on)):
        if day is not None and day.year not in MEANT_YEARS:
            raise BadCampaign(f"{name}: {day} is too far away; check the year")
    audience = campaign.audience
    countries = audience.countries if audience is not None else ()
    if unknown := [one for one in countries if one not in rules.profiles]:
        raise BadCampaign(f"audience, countries: there are no calling rules for {unknown[0]}")
    keys = {band.key for band in rules.bands.bands}
    if audience is not None and (strange := [one for one in audience.bands if one not in keys]):
        raise BadCampaign(f"audience, bands: there is no {strange[0]}; write {', '.join(sorted(keys))}")
    for kind, hours in zip(KINDS_OF_DAY, campaign.windows or (), strict=False):
        ours = {rules.profiles[one].name: default_hours(rules, rules.profiles[one], kind, today) for one in countries}
        for where, widest in (ours or {"": general_hours(rules, kind, today)}).items():
            if minus(hours, widest):
                told = f"{said(hours)} is wider than our own hours{f' in {where}' if where else ''}, {said(widest)}"
                raise BadCampaign(f"windows, {kind}: {told}")

"""Which law and whose time: without both, nobody is called."""

from __future__ import annotations

from schedules.case import Case
from schedules.rules import Standstill
from schedules.verdict import Refusal


def known_law(case: Case) -> list[Refusal]:
    """`no_law`: no country, no profile for it, a review too old, or a year without a holiday table.

    `no_profile_live`: there are rules, and nobody is called by them yet.
    """
    if case.standstill is None:
        return []
    if case.region is None:
        return [Refusal(rule="no_law", reason="Neither address nor number names a country, so no law is known")]
    country = case.region.country
    if case.standstill is Standstill.NO_PROFILE:
        return [Refusal(rule="no_law", reason=f"There are no calling rules for {country}; nobody there is called")]
    profile, file = case.rules.profile(country), f"schedules/law/{country.lower()}.toml"
    if case.standstill is Standstill.NOT_LIVE:
        reason = f"The calling rules of {profile.name} are not in use yet: nobody there is called by a machine"
        return [
            Refusal(rule="no_profile_live", reason=reason, value="live = false", source=f"{file}, live", confidence="D")
        ]
    if case.standstill is Standstill.TOO_OLD:
        until = profile.reviewed_until
        reason = f"The rules of {profile.name} were reviewed until {until}; have them reviewed before anybody is called"
        source = f"{file}, reviewed_until"
        return [Refusal(rule="no_law", reason=reason, value=f"reviewed until {until}", source=source, confidence="D")]
    year = case.earliest_date.year
    reason = f"The public holidays of {profile.name} in {year} are not loaded; nobody there is called"
    source = "ledger/holidays.toml, years"
    return [Refusal(rule="no_law", reason=reason, value=f"holidays of {year}", source=source, confidence="D")]


def known_zone(case: Case) -> list[Refusal]:
    """`no_zone`: neither address nor number tells the time that the person's clock shows."""
    if case.zone_known:
        return []
    reason = "The person's time zone is not known from address or number; nobody is called without it"
    return [Refusal(rule="no_zone", reason=reason, value=", ".join(case.zones) or None)]

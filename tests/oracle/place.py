"""Whose law and whose clock: the country of the address, else of the number, and every zone that must be open."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

import phonenumbers

from ledger.calendar import holiday_on
from ledger.region import Region, region_of
from ledger.zone import candidate_zones, zones_of_address, zones_of_number
from oracle.person import Span
from oracle.rest_days import rest_days
from schedules.standing import Standing

COUNTRIES = ("BE", "NL", "FR", "DE", "GB")


@dataclass(frozen=True)
class Place:
    """Where the person may be, for one number."""

    region: Region
    zones: tuple[str, ...]

    @property
    def country(self) -> str:
        return self.region.country

    def clocks(self, now: datetime) -> tuple[datetime, ...]:
        """What the clock shows in each zone."""
        return tuple(now.astimezone(ZoneInfo(zone)) for zone in self.zones)

    def days(self, now: datetime) -> tuple[date, ...]:
        """Today, in each zone."""
        return tuple(clock.date() for clock in self.clocks(now))

    def closed(self, day: date) -> bool:
        """A public holiday where the person may live; overseas France alone by the table of the product."""
        parts = self.region.parts
        if self.country == "FR" and not set(parts) <= {"", "57"}:
            return holiday_on(day, self.region) is not None
        return any(day in rest_days(self.country, part, day.year) for part in parts)


def place_of(standing: Standing, e164: str | None) -> Place | str:
    """The place, or the rule that refuses for the lack of it."""
    country, region, postcode = standing.country, standing.region, standing.postcode
    if country is None and e164:
        country = phonenumbers.region_code_for_number(phonenumbers.parse(e164))
        region = postcode = None
    found = region_of(country, region=region, postcode=postcode)
    if found is None or found.country not in COUNTRIES:
        return "no_law"
    address = zones_of_address(standing.country, standing.region, standing.postcode, standing.zone)
    zones = candidate_zones(address, zones_of_number(e164) if e164 else ())
    return Place(found, zones) if zones else "no_zone"


def default_hours(country: str, day: date) -> tuple[Span, ...]:
    """R 1b: Mon-Fri 09:00-19:00, Sat 10:00-16:00; FR 10:00-13:00 and 14:00-19:00, no Saturday."""
    weekday = day.weekday()
    if weekday < 5:
        return ((600, 780), (840, 1140)) if country == "FR" else ((540, 1140),)
    return ((600, 960),) if weekday == 5 and country != "FR" else ()


def law_hours(country: str, day: date) -> tuple[Span, ...] | None:
    """R 1a, the limit of a weekday and of Saturday; None: no number was found. GB: the code counts as a limit (A14)."""
    if country == "GB":
        return ((540, 1260),) if day.weekday() == 5 else ((480, 1260),)
    return {"NL": ((420, 1200),), "DE": ((480, 1200),)}.get(country)

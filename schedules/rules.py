"""Rules as values: cited rows, a country's profile, and all of them together.

The stricter of limit (law, policy, code) and default holds. A row without a value means that no figure was found,
never that there is no limit.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from ledger.calendar import knows
from ledger.interval import intersection, union
from ledger.region import Region
from ledger.zone import instant
from schedules.band import Band, Bands
from schedules.day import Day, Terms, compile_day, compile_terms
from schedules.errors import UnknownLaw
from schedules.row import Minutes, Row

#: A stretch of time, half-open.
Stretch = tuple[datetime, datetime]


class Standstill(StrEnum):
    """Why a country's rules can't be used on a day."""

    NO_PROFILE = "no profile"
    NOT_LIVE = "profile not live"
    TOO_OLD = "review too old"
    NO_CALENDAR = "no holiday table"


@dataclass(frozen=True, kw_only=True)
class Profile:
    """The rules of one country."""

    #: ISO 3166.
    country: str
    #: The country's name in a sentence: "the Netherlands".
    name: str
    #: After this day `Rules.overdue` warns; a year after it nobody is called.
    reviewed_until: date
    rows: tuple[Row, ...]
    #: Not live: the rules are kept and tested, and nobody there is called by them.
    live: bool = True

    @property
    def refused_from(self) -> date:
        """The first day on which the review is too old to call by."""
        last = self.reviewed_until
        leap = (last.month, last.day) == (2, 29)
        return (date(last.year + 1, 2, 28) if leap else last.replace(year=last.year + 1)) + timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Banded:
    """A band's hours on one local day of one region."""

    #: Cut by our own hours there; what a wish for a day starts from.
    own: Minutes
    #: Cut by the law and the eves too: a call that nobody asked for may begin in these.
    normal: Minutes


@dataclass(frozen=True, kw_only=True)
class Rules:
    """Every profile, with the days compiled so far. Build it by `schedules.law_file.load_rules`."""

    profiles: Mapping[str, Profile]
    #: Our own defaults, for every country.
    defaults: tuple[Row, ...]
    #: Hours by age and life situation.
    bands: Bands
    #: Names the texts that were in force: goes into every receipt. At most 32 characters.
    version: str
    _days: dict[tuple[Region, date], Day | Standstill] = field(default_factory=dict, compare=False, repr=False)
    _banded: dict[tuple[Region, date, str, int, bool], Banded] = field(default_factory=dict, compare=False, repr=False)
    _ahead: dict[tuple[Region, tuple[tuple[ZoneInfo, date], ...], int], tuple[Stretch, ...]] = field(
        default_factory=dict, compare=False, repr=False
    )
    _terms: dict[tuple[Region | None, date], Terms] = field(default_factory=dict, compare=False, repr=False)

    def profile(self, country: str) -> Profile:
        """The profile of a country. Raises `UnknownLaw` where there is none."""
        try:
            return self.profiles[country]
        except KeyError:
            raise UnknownLaw(f"There are no calling rules for {country}; nobody there is called") from None

    def standstill(self, country: str, day: date) -> Standstill | None:
        """Why nobody in this country can be called on this day, or None where the rules stand."""
        profile = self.profiles.get(country)
        if profile is None:
            return Standstill.NO_PROFILE
        if not profile.live:
            return Standstill.NOT_LIVE
        if day >= profile.refused_from:
            return Standstill.TOO_OLD
        return None if knows(country, day.year) else Standstill.NO_CALENDAR

    def overdue(self, day: date, country: str | None = None) -> tuple[str, ...]:
        """A sentence for each country (or for this one) whose rules should have been reviewed by this day."""
        return tuple(
            f"The rules of {one.name} were reviewed until {one.reviewed_until}; from {one.refused_from} on, without a"
            " new review, nobody there is called"
            for one in self.profiles.values()
            if one.live and one.reviewed_until < day and country in (None, one.country)
        )

    def look(self, region: Region, day: date) -> Day | Standstill:
        """What may be done in a region on a local day, or why nothing may. Compiled once, then looked up."""
        found = self._days.get((region, day))
        if found is None:
            found = self.standstill(region.country, day) or self._compiled(region, day)
            self._days[(region, day)] = found
        return found

    def day(self, region: Region, day: date) -> Day:
        """What may be done in a region on a local day. Raises `UnknownLaw` where the rules can't be used."""
        found = self.look(region, day)
        if isinstance(found, Standstill):
            raise UnknownLaw(f"The rules of {region.country} can't be used on {day}: {found.value}")
        return found

    def stretches(self, region: Region, todays: tuple[tuple[ZoneInfo, date], ...], days: int) -> tuple[Stretch, ...]:
        """When anybody there may be called at all in so many days from today on, by the clocks of all these zones."""
        key = (region, todays, days)
        found = self._ahead.get(key)
        if found is None:
            found = intersection(*(self._in_zone(region, zone, today, days) for zone, today in todays))
            self._ahead[key] = found
        return found

    def _in_zone(self, region: Region, zone: ZoneInfo, today: date, days: int) -> list[Stretch]:
        found: list[Stretch] = []
        for n in range(days):
            ahead = today + timedelta(days=n)
            day = self.look(region, ahead)
            if not isinstance(day, Standstill):
                found += [(instant(zone, ahead, start), instant(zone, ahead, end)) for start, end in day.limit]
        return found

    def banded(self, region: Region, day: Day, band: Band, turn: int, evening: bool) -> Banded:
        """The hours of a band on a day, in its turn; `evening`: with those that open after misses by day."""
        key = (region, day.date, band.key, turn, evening)
        found = self._banded.get(key)
        if found is None:
            hours = band.turns[turn][day.date.weekday()]
            if evening and band.evening is not None:
                hours = union(hours, band.evening.week[day.date.weekday()])
            found = Banded(intersection(hours, day.default), intersection(hours, day.normal))
            self._banded[key] = found
        return found

    def _compiled(self, region: Region, day: date) -> Day:
        name, rows = self.profile(region.country).name, self._rows(region)
        return compile_day(name, rows, self.defaults, region, day, self.terms(region, day))

    def terms(self, region: Region | None, day: date) -> Terms:
        """Caps and rests of a region on a day; of no known country, our defaults."""
        found = self._terms.get((region, day))
        if found is None:
            found = compile_terms(self._rows(region), self.defaults, day)
            self._terms[(region, day)] = found
        return found

    def _rows(self, region: Region | None) -> tuple[Row, ...]:
        """The rows of a country that hold in any part in which the address may lie: the strictest of them binds."""
        profile = self.profiles.get(region.country) if region is not None else None
        return tuple(row for row in profile.rows if row.holds_in(region.parts)) if profile and region else ()

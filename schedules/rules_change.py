"""What a change of rules opens: from which moment on somebody may be called who could not be called before.

A lower bound, as `candidate.next_eligible_at` is one: it may be too early, never too late. It looks at hours and
counts alone, at nothing that a person's books say; the pure rule decides when the moment has come.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from ledger.interval import intersection, minus, union
from ledger.region import Region, region_of
from ledger.zone import tz, zones_of_address
from schedules.band import Band
from schedules.day import Terms
from schedules.row import COUNTS, LESS_IS_STRICTER, Minutes, Week
from schedules.rules import Rules, Standstill
from schedules.standing import Standing

#: Every weekday thrice: one of them is no public holiday. What opens only later is looked for at the end of them.
_DAYS = 22
_ALL_DAY: Minutes = ((0, 24 * 60),)
_CAPS = {"attempts_1": 1, "attempts_7": 7, "attempts_30": 30}


@dataclass(frozen=True, kw_only=True)
class Hours:
    """What decides on hours: the rules, and a campaign's own windows (None: it has none)."""

    rules: Rules
    windows: Week | None = None


class Opened:
    """From when on people may be called who could not be before; people alike are worked out once.

    `laxer`: something else than hours and counts lets through what it held back, so that every hour may be new.
    """

    def __init__(self, before: Hours, after: Hours, now: datetime, *, laxer: bool = False) -> None:
        self._before = before
        self._after = after
        self._now = now
        self._laxer = laxer
        self._days = [(now + timedelta(days=n)).date() for n in range(-1, _DAYS + 2)]
        self._counts: dict[str, bool] = {}
        self._found: dict[tuple[object, ...], datetime | None] = {}

    def at(self, person: Standing) -> datetime | None:
        """The first moment that may be new to this person; None: none is.

        Of the standing only kind, age, address and wishes are read. Where several zones count, the first to open.
        """
        region = region_of(person.country, region=person.region, postcode=person.postcode)
        names = zones_of_address(person.country, region=person.region, postcode=person.postcode, zone=person.zone)
        if region is None or not names or person.wishes:
            return self._now  # the number or the wish says when: the pure rule looks
        first, last = self._days[0], self._days[-1]
        bands = [
            rules.bands.of(person, day).key
            for rules in (self._before.rules, self._after.rules)
            for day in (first, last)
        ]
        key = (region, names, *bands)
        steady = bands[0] == bands[1] and bands[2] == bands[3]
        if not steady or key not in self._found:
            zones = [zone for name in names if (zone := tz(name)) is not None]
            self._found[key] = min((at for zone in zones if (at := self._in_zone(person, region, zone))), default=None)
        return self._found[key]

    def _in_zone(self, person: Standing, region: Region, zone: ZoneInfo) -> datetime | None:
        today = self._now.astimezone(zone).date()
        laxer = self._laxer or self._lets_more(person, region.country, today)
        for day in (today + timedelta(days=n) for n in range(_DAYS)):
            old, new = self._before.rules.bands.of(person, day), self._after.rules.bands.of(person, day)
            opened = _hours(self._after, region, day, _any_turn(new, day))
            if not laxer:
                # A band that is as it was goes on with its turn; of another one only what every turn had was open.
                alike = (old.turns, old.evening) == (new.turns, new.evening)
                had = _any_turn(old, day) if alike else intersection(*(week[day.weekday()] for week in old.turns))
                opened = minus(opened, _hours(self._before, region, day, had))
            for start, end in opened:
                if self._now < _at(day, end, zone):
                    return max(self._now, _at(day, start, zone))
        return _at(today + timedelta(days=_DAYS), 0, zone) if laxer else None

    def _lets_more(self, person: Standing, country: str, today: date) -> bool:
        old, new = self._before.rules, self._after.rules
        if country not in self._counts:
            self._counts[country] = is_laxer(old.terms(Region(country), today), new.terms(Region(country), today))
        return self._counts[country] or new.bands.of(person, today).wait_days < old.bands.of(person, today).wait_days


def is_laxer(before: Terms, after: Terms) -> bool:
    """Does any count (cap, rest, day of the ladder) let through what it held back before?"""

    def limit(terms: Terms, days: int) -> int:
        return min(cap.limit for cap in terms.caps if cap.days == days)

    def count(terms: Terms, name: str) -> int:
        figure: int = limit(terms, _CAPS[name]) if name in _CAPS else getattr(terms, name).value
        return figure

    return any(
        count(after, name) > count(before, name)
        if name in LESS_IS_STRICTER
        else count(after, name) < count(before, name)
        for name in COUNTS
    )


def _any_turn(band: Band, day: date) -> Minutes:
    """The hours that may be open, whatever the band's turn is."""
    weeks = band.turns if band.evening is None else (*band.turns, band.evening.week)
    return union(*(week[day.weekday()] for week in weeks))


def _hours(hours: Hours, region: Region, day: date, own: Minutes) -> Minutes:
    found = hours.rules.look(region, day)
    if isinstance(found, Standstill):
        return ()
    window = _ALL_DAY if hours.windows is None else hours.windows[day.weekday()]
    return intersection(own, found.normal, window)


def _at(day: date, minute: int, zone: ZoneInfo) -> datetime:
    return datetime.combine(day + timedelta(days=minute // (24 * 60)), time(minute // 60 % 24, minute % 60), zone)

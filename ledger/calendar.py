"""Public holidays and working days of the countries whose rules we know.

The days come from the package `holidays`; what it doesn't say (Dutch equated days, 5 May) stands in `holidays.toml`.
A region that isn't known is closed when any region that it could be is closed.
"""

from __future__ import annotations

import tomllib
from calendar import monthrange
from collections.abc import Mapping
from datetime import date, timedelta
from functools import lru_cache
from importlib.resources import files
from typing import Any

from holidays import country_holidays

from ledger.errors import UnknownCalendar
from ledger.parts import state_of
from ledger.region import AUGSBURG, OVERSEAS_FRANCE, Region

#: Belgium closes as one (public category only: community days stay open), and so do the Netherlands.
_COUNTRIES = ("BE", "NL", "FR", "DE", "GB", "US")
#: Länder where a Catholic holiday binds part of the towns: they are closed everywhere in it.
_PARTLY_CATHOLIC = frozenset({"BY", "SN", "TH", AUGSBURG})
#: The parts of overseas France that the package names by number; the others by their ISO code.
_BY_NUMBER = frozenset({"971", "972", "973", "974", "976"})
_SATURDAY = 5


@lru_cache(maxsize=1)
def _extra() -> dict[str, Any]:
    return tomllib.loads(files("ledger").joinpath("holidays.toml").read_text(encoding="utf-8"))


def knows(country: str, year: int) -> bool:
    """Is the holiday table of this country and year known? Without it nobody there is called."""
    extra = _extra()
    last = extra.get(country, {}).get("last", extra["years"]["last"])
    return country in _COUNTRIES and extra["years"]["first"] <= year <= last


def holiday_on(day: date, region: Region) -> str | None:
    """The name of the public holiday (English), or None. Raises `UnknownCalendar` for a country without a table."""
    for part in region.parts:
        name = _holidays(region.country, part, day.year).get(day)
        if name is not None:
            return name
    return None


@lru_cache(maxsize=4096)
def _holidays(country: str, part: str, year: int) -> Mapping[date, str]:
    if country not in _COUNTRIES:
        raise UnknownCalendar(f"The holidays of {country} are not known; nobody there can be called")
    categories = ("public", "catholic") if part in _PARTLY_CATHOLIC else ("public",)
    subdivision = part if part not in OVERSEAS_FRANCE or part in _BY_NUMBER else OVERSEAS_FRANCE[part]
    if country == "US":
        subdivision = state_of(part)
    found = country_holidays(country, subdiv=subdivision or None, years=year, categories=categories, language="en_US")
    days = {day: name for day, name in found.items() if day.year == year}
    if country == "NL":
        days |= _dutch(year)
    return days


def _dutch(year: int) -> dict[date, str]:
    extra = _extra()["NL"]
    days = {date(year, one["month"], one["day"]): str(one["name"]) for one in extra["every_year"]}
    return days | {day: "equated with a public holiday" for day in extra["equated"] if day.year == year}


def is_working_day(day: date, region: Region) -> bool:
    """Monday to Friday and no public holiday: the later reading wherever Saturday is in doubt."""
    return day.weekday() < _SATURDAY and holiday_on(day, region) is None


@lru_cache(maxsize=4096)
def nth_working_day_after(day: date, n: int, region: Region) -> date:
    """The n-th working day after a day, which itself doesn't count. Raises `ValueError` for n below 1."""
    if n < 1:
        raise ValueError("working days are counted from 1")
    while n:
        day += timedelta(days=1)
        n -= is_working_day(day, region)
    return day


@lru_cache(maxsize=4096)
def bank_closed_days(first: date, last: date, region: Region) -> tuple[date, ...]:
    """The days from `first` to `last`, both included, on which no bank books a payment."""
    every = (first + timedelta(days=n) for n in range((last - first).days + 1))
    return tuple(day for day in every if not is_working_day(day, region))


def months_on(day: date, months: int) -> date:
    """The same day, so many months later; the month's last where it has no such day."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))

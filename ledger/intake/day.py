"""Dates as lists write them: 2026-11-24, 24/11/2026, 24.11.2026, 24-11-2026."""

from __future__ import annotations

import re
from datetime import date
from functools import lru_cache

from ledger.intake.finding import BadCell

_ISO = re.compile(r"([0-9]{4})-([0-9]{1,2})-([0-9]{1,2})(?:[T ]00:00(?::00(?:\.0+)?)?)?")
_DAY_FIRST = re.compile(r"([0-9]{1,2})([/.\-])([0-9]{1,2})\2([0-9]{4})(?: 0?0:00(?::00)?)?")
_SHORT_YEAR = re.compile(r"[0-9]{1,2}[/.\-][0-9]{1,2}[/.\-][0-9]{2}")
_SERIAL = re.compile(r"[34][0-9]{4}(?:[.,]0+)?")
_FIX = "write it as 2026-11-24"

#: Beyond this a birth date is a filler that a database wrote (1900-01-01).
OLDEST_YEARS = 110
ADULT_YEARS = 18


@lru_cache(maxsize=32768)
def read_day(text: str) -> date:
    """A calendar day. Raises `BadCell` for one that doesn't exist or can be read in two ways."""
    if found := _ISO.fullmatch(text):
        year, month, day = int(found[1]), int(found[2]), int(found[3])
    elif found := _DAY_FIRST.fullmatch(text):
        year, month, day = int(found[4]), int(found[3]), int(found[1])
    elif _SHORT_YEAR.fullmatch(text):
        raise BadCell(f"{text} has a year of two digits", _FIX)
    elif _SERIAL.fullmatch(text):
        raise BadCell(f"{text} is a spreadsheet's count of days", "format the column as a date; " + _FIX)
    else:
        raise BadCell(f"{text[:24]} is no date", _FIX)
    try:
        return date(year, month, day)
    except ValueError:
        raise BadCell(f"{text} does not exist in the calendar", _FIX) from None


def read_invoice_day(text: str, today: date) -> date:
    """A day of an invoice or letter: between 1990 and ten years ahead. Raises `BadCell`."""
    day = read_day(text)
    if not 1990 <= day.year <= today.year + 10:
        raise BadCell(f"{text} is too far away to be true", "check the year; " + _FIX)
    return day


def read_birth(text: str, today: date) -> tuple[date | None, str | None]:
    """A date of birth and what to warn of; an unlikely one is unknown. Raises `BadCell` for one that is to come."""
    if re.fullmatch(r"[0-9]{4}", text):
        return None, f"only a year ({text}): the age counts as unknown"
    birth = read_day(text)
    if birth > today:
        raise BadCell(f"{text} has not come yet", "check the year of birth, or leave it empty")
    age = _age(birth, today)
    if age > OLDEST_YEARS:
        return None, f"{text} makes {age} years: the age counts as unknown"
    if age < ADULT_YEARS:
        return birth, f"is {age} years old: never called"
    return birth, None


def _age(birth: date, today: date) -> int:
    return today.year - birth.year - ((today.month, today.day) < (birth.month, birth.day))

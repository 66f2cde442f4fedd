"""Hours as people write them: `["09:00-12:00", "14:00-17:00"]`; `[]` is closed."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from ledger.interval import union
from schedules.errors import BadRules
from schedules.row import KINDS_OF_DAY, Minutes, Week

_HOURS = re.compile(r"([0-2][0-9]):([0-5][0-9])-([0-2][0-9]):([0-5][0-9])", re.ASCII)
_WEEKDAYS = KINDS_OF_DAY[:7]


def hours_from(where: str, value: Any) -> Minutes:
    """The minutes since midnight. Raises `BadRules`, which begins with `where`."""
    if not isinstance(value, list):
        raise BadRules(f'{where}: give a list of hours, such as ["09:00-12:00"]; [] is closed')
    pieces = tuple(_pieces(where, value))
    if union(pieces) != tuple(sorted(pieces)):
        raise BadRules(f"{where}: the hours overlap or touch; write them as one")
    return union(pieces)


def week_from(where: str, given: Any) -> Week:
    """`weekdays` for Monday to Friday, or single days; a day that isn't named is closed. Raises `BadRules`."""
    if not isinstance(given, dict) or not given:
        raise BadRules(f'{where}: give hours by day, such as {{ weekdays = ["17:00-18:45"], sat = [] }}')
    if unknown := sorted(given.keys() - {*_WEEKDAYS, "weekdays"}):
        raise BadRules(f"{where}: {unknown[0]} is no day; write weekdays, or {', '.join(_WEEKDAYS)}")
    if "weekdays" in given and set(given) & set(_WEEKDAYS[:5]):
        raise BadRules(f"{where}: weekdays and single ones of them can't stand together")
    days = dict.fromkeys(_WEEKDAYS[:5], given["weekdays"]) if "weekdays" in given else {}
    days |= {day: given[day] for day in _WEEKDAYS if day in given}
    mon, tue, wed, thu, fri, sat, sun = (hours_from(f"{where}, {day}", days.get(day, [])) for day in _WEEKDAYS)
    return mon, tue, wed, thu, fri, sat, sun


def week_table(week: Week) -> dict[str, list[str]]:
    """The same week as `week_from` reads it; Monday to Friday as one where they are alike."""
    told = {day: hours_table(minutes) for day, minutes in zip(_WEEKDAYS, week, strict=True)}
    if all(minutes == week[0] for minutes in week[:5]):
        told = {"weekdays": told["mon"], "sat": told["sat"], "sun": told["sun"]}
    return {day: hours for day, hours in told.items() if hours or day != "sun"}


def hours_table(minutes: Minutes) -> list[str]:
    """The same hours as `hours_from` reads them."""
    return [f"{a // 60:02}:{a % 60:02}-{b // 60:02}:{b % 60:02}" for a, b in minutes]


def days_from(text: str) -> list[str]:
    """`weekdays`, `mon-fri`, `sat`, `mon,wed`. Raises `BadRules`."""
    found: list[str] = []
    for piece in text.replace("weekdays", "mon-fri").lower().split(","):
        first, dash, last = piece.strip().partition("-")
        ends = (first, last if dash else first)
        places = [_WEEKDAYS.index(day) for day in ends if day in _WEEKDAYS]
        if len(places) < 2 or places[1] < places[0]:
            raise BadRules(f"{piece.strip()[:20]!r} is no day; write weekdays, mon-fri, sat, or mon,wed")
        found += _WEEKDAYS[places[0] : places[1] + 1]
    return found


def hours_list(text: str) -> list[str]:
    """`10:00-12:00,14:00-17:00`, or `none`; the document's own check reads each pair."""
    return [] if text.strip() == "none" else [piece.strip() for piece in text.split(",")]


def _pieces(where: str, value: list[Any]) -> Iterator[tuple[int, int]]:
    for text in value:
        match = _HOURS.fullmatch(text) if isinstance(text, str) else None
        if match is None:
            raise BadRules(f"{where}: {text!r} is no pair of hours; write 09:00-12:00")
        h1, m1, h2, m2 = map(int, match.groups())
        start, end = h1 * 60 + m1, h2 * 60 + m2
        if max(start, end) > 24 * 60:
            raise BadRules(f"{where}: {text} names an hour that no day has; a day ends at 24:00")
        if start >= end:
            wrong = "ends before it starts" if start > end else "ends when it starts"
            raise BadRules(f"{where}: {text} {wrong}; hours never cross midnight")
        yield start, end

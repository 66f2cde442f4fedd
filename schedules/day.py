"""A local day, compiled: the minutes in which a region may be called, and the caps and rests that hold on it.

Compiled once per region and day and then only looked up, so that a decision costs a comparison of minutes.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, fields
from datetime import date

from ledger.calendar import holiday_on
from ledger.interval import intersection
from ledger.region import Region
from schedules.row import EVE_HOURS, KINDS_OF_DAY, LESS_IS_STRICTER, Minutes, Row

_ALL_DAY: Minutes = ((0, 24 * 60),)
_SUNDAY = 6
_EVES = frozenset({(12, 24), (12, 31)})


@dataclass(frozen=True, slots=True)
class Figure:
    """A count and the row that gives it."""

    value: int
    row: Row


@dataclass(frozen=True, slots=True)
class Cap:
    """At most `limit` tries in `days` local days, today included."""

    days: int
    limit: int
    row: Row
    #: Our own default, and no limit from outside: leaves out what the person asked for.
    ours: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class Terms:
    """The counts of a region on a day; each field is the row of its name, the stricter where there are two."""

    #: Every cap that has a figure; the smallest of each length binds.
    caps: tuple[Cap, ...]
    rest_after_talk: Figure
    rest_after_copy: Figure
    rest_after_hardship: Figure
    rest_after_crisis: Figure
    promise_quiet: Figure
    promise_ahead: Figure
    dispute_quiet: Figure
    not_home_days: Figure
    abandoned_rest_minutes: Figure
    callback_tries: Figure
    part_paid_minor: Figure
    ring_seconds: Figure
    last_dial_seconds: Figure
    #: 1: a collector's letter comes before any call or message; 0: none is asked for.
    letter_first: Figure
    #: Days of the letter's term, and the working day after posting on which it begins (0: the next day).
    letter_term_days: Figure
    letter_post_days: Figure
    #: A creditor calls about nothing younger than so many days after the due date.
    ladder_call_days: Figure
    #: A creditor's payments not seen for longer than this: nobody is called about them.
    stale_minutes: Figure


@dataclass(frozen=True, kw_only=True, slots=True)
class Day:
    """One local day of one region."""

    date: date
    #: The country's name in a sentence.
    country: str
    #: Closed for rest: the name of the public holiday, and whether it is a Sunday that rests.
    holiday: str | None
    sunday: bool
    #: The row that closes a holiday or Sunday.
    closed_by: Row | None
    #: Our own hours, without those of the law.
    default: Minutes
    default_row: Row
    #: The law's hours; None: no figure was found.
    law: Minutes | None
    law_row: Row | None
    #: How far a wish or a call-back may go: the law's hours, else our outer ones; never a Sunday or holiday.
    limit: Minutes
    outer_row: Row
    #: 24 and 31 December: what is left of the day for calls that nobody asked for.
    eve: Minutes | None
    eve_row: Row | None
    #: Hours for a call that nobody asked for: the default inside the law, before the eve's end.
    normal: Minutes
    terms: Terms


def compile_terms(rows: Iterable[Row], defaults: Iterable[Row], day: date) -> Terms:
    """The counts that hold on a day: a country's rows over our defaults."""
    mine, ours = tuple(rows), tuple(defaults)

    def in_force(name: str) -> list[Row]:
        limits = [row for row in mine if row.name == name and not row.is_default]
        own = [row for row in mine if row.name == name and row.is_default and row.holds_on(day)]
        default = own or [row for row in ours if row.name == name]
        return [row for row in (*limits, *default) if row.holds_on(day) and row.count is not None]

    def figure(name: str) -> Figure:
        values = [Figure(row.count, row) for row in in_force(name) if row.count is not None]
        choose = min if name in LESS_IS_STRICTER else max
        return choose(values, key=lambda one: one.value)

    caps = tuple(
        Cap(days, row.count, row, row.is_default)
        for days in (1, 7, 30)
        for row in sorted(in_force(f"attempts_{days}"), key=lambda row: row.count or 0)
        if row.count is not None
    )
    return Terms(caps=caps, **{one.name: figure(one.name) for one in fields(Terms) if one.name != "caps"})


def compile_day(
    country: str, rows: Iterable[Row], defaults: Iterable[Row], region: Region, day: date, terms: Terms
) -> Day:
    """The minutes of one local day. `ledger.calendar` must know the country and year."""
    mine = [row for row in rows if row.holds_on(day)]
    ours = [row for row in defaults if row.holds_on(day)]
    holiday = holiday_on(day, region)
    kind = "holiday" if holiday else KINDS_OF_DAY[day.weekday()]

    def default(name: str) -> tuple[Minutes, Row]:
        own = [row for row in mine if row.is_default and row.name == name and (not row.days or kind in row.days)]
        found = own or [row for row in ours if row.name == name and (not row.days or kind in row.days)]
        return intersection(*(row.hours or () for row in found)), found[0]

    limits = [row for row in mine if not row.is_default and row.name == "hours" and kind in row.days]
    figures = [row for row in limits if row.hours is not None]
    law = intersection(*(row.hours or () for row in figures)) if figures else None
    hours, hours_row = default("hours")
    outer, outer_row = default("outer_hours")
    if law is None:  # no figure is not "unlimited": our own hours never reach further than a wish may
        hours = intersection(hours, outer)
    eve, eve_row = default(EVE_HOURS) if (day.month, day.day) in _EVES else (None, None)
    rests = not hours and (holiday is not None or day.weekday() == _SUNDAY)
    # Of several rows the one that leaves least is named.
    narrowest = min(figures, key=lambda row: sum(end - start for start, end in row.hours or ()), default=None)
    law_row = narrowest or (limits[0] if limits else None)
    return Day(
        date=day,
        country=country,
        holiday=holiday if rests else None,
        sunday=rests and day.weekday() == _SUNDAY,
        closed_by=(law_row if law == () else hours_row) if rests else None,
        default=hours,
        default_row=hours_row,
        law=law,
        law_row=law_row,
        limit=() if rests else outer if law is None else law,
        outer_row=outer_row,
        eve=eve,
        eve_row=eve_row,
        normal=intersection(hours, _ALL_DAY if law is None else law, _ALL_DAY if eve is None else eve),
        terms=terms,
    )

"""Months as they lie in the calendar."""

from __future__ import annotations

from datetime import date, timedelta

from dateutil.easter import easter

#: A month that lies further back than this is meant to come.
_BACK = timedelta(days=182)


def date_or_none(year: int, month: int, day: int) -> date | None:
    """The day, where there is one: not for 31 June."""
    try:
        return date(year, month, day)
    except ValueError:
        return None


def add_months(first: date, months: int) -> date:
    """The first of a month so many months on."""
    year, month = divmod(first.year * 12 + first.month - 1 + months, 12)
    return date(year, month + 1, 1)


def edge_of(first: date, name: str) -> date:
    """The `end`, `middle` or `begin` of the month of which this is the first."""
    if name == "end":
        return add_months(first, 1) - timedelta(days=1)
    return first.replace(day=15) if name == "middle" else first


def coming_feast(today: date, after_easter: int) -> date:
    """The next day so many days after an Easter Sunday; today's is today."""
    feasts = (easter(year) + timedelta(days=after_easter) for year in (today.year, today.year + 1))
    return next(day for day in feasts if day >= today)


def nearest(today: date, month: int, day: int, *, after: bool) -> date:
    """The day in this year, or in the next where this year's is long gone; `after`: where it is gone at all."""
    said = date(today.year, month, day)
    gone = today - said > (timedelta(0) if after else _BACK)
    return date(today.year + 1, month, day) if gone else said

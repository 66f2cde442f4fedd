"""Paying habit: who pays on one day of the month, every month, is not called in the days before it. Pure."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterable, Sequence
from datetime import date, timedelta

#: From so many payments on there is a habit, and the last so many are looked at.
FEWEST, LATEST = 3, 6
#: How far payments may lie from the usual day.
APART_DAYS = 3
#: A payment needs so long until we see it: contact waits for the usual day and these.
GRACE_DAYS = 3
#: A contact is put off by so many days at most.
LONGEST_DAYS = 10
#: Days of a month that a circle of days has; 31 and 1 are neighbours.
_CIRCLE = 31


def usual_day(paid_on: Iterable[date]) -> int | None:
    """The day of the month on which this person pays, from the last payments; None: there is no habit.

    Several payments of one month count as the first of them; what was paid in the last days of a month and in the
    first of the next belongs together.
    """
    by_month: dict[tuple[int, int], date] = {}
    for day in sorted(paid_on, reverse=True):
        by_month[(day.year, day.month)] = day
    latest = sorted(by_month.values())[-LATEST:]
    if len(latest) < FEWEST:
        return None
    days = [one.day for one in latest]
    middle = min(days, key=lambda day: (sum(_apart(day, other) for other in days), day))
    return middle if all(_apart(middle, day) <= APART_DAYS for day in days) else None


def put_off_to(planned: date, paid_on: Sequence[date]) -> date:
    """The day of a contact planned for `planned`: the usual day and three more where that comes soon, else as planned.

    Never earlier than planned, and never more than ten days later.
    """
    usual = usual_day(paid_on)
    if usual is None:
        return planned
    for month in _months(planned):
        after = _in_month(month, usual) + timedelta(days=GRACE_DAYS)
        if planned <= after <= planned + timedelta(days=LONGEST_DAYS):
            return after
    return planned


def _apart(one: int, other: int) -> int:
    straight = abs(one - other)
    return min(straight, _CIRCLE - straight)


def _months(planned: date) -> tuple[date, date, date]:
    """The first days of the month before, of this one, and of the next."""
    this = planned.replace(day=1)
    return (this - timedelta(days=1)).replace(day=1), this, (this + timedelta(days=31)).replace(day=1)


def _in_month(month: date, day: int) -> date:
    return month.replace(day=min(day, monthrange(month.year, month.month)[1]))

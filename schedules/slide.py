"""The days that slide the ladder: every local day on which a hold or agreement of the person was active (C34).

What binds one number or one invoice only slides nothing: the person can still be reached about the rest.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from schedules.case import Case
from schedules.hold import of_person, pause_end, pauses

#: The first and the last day, both included; sorted and apart in every tuple of them.
Slid = tuple[tuple[date, date], ...]

_DAY = timedelta(days=1)
_MOMENT = timedelta(microseconds=1)


def slid_days(case: Case) -> Slid:
    """The days in the person's zone that don't count on the ladder, past and to come; `date.max`: no end is known."""
    standing = case.standing
    if not (standing.holds or standing.past_holds or standing.agreements):
        return ()
    return merged(_stretches(case, case.locals[0].tz))


def days_on_ladder(case: Case, due_on: date) -> int:
    """How many local days past its due date an invoice stands on the ladder, slid ones left out; up to that day
    below 1."""
    today = case.earliest_date
    return (today - due_on).days if today <= due_on else days_counted(due_on, today, slid_days(case))


def days_counted(due_on: date, day: date, slid: Slid) -> int:
    """How many days past its due date an invoice stands on the ladder on a day; up to the due date nothing slides."""
    late = (day - due_on).days
    if late <= 0:
        return late
    begins = due_on + _DAY
    inside = ((max(first, begins), min(last, day)) for first, last in slid)
    return late - sum((last - first).days + 1 for first, last in inside if first <= last)


def day_counted(due_on: date, days: int, slid: Slid) -> date | None:
    """The first day that stands so many days past the due date; None: no end is known of what keeps it below.

    Up to the due date nothing slides.
    """
    day = due_on + days * _DAY
    if day <= due_on:
        return day
    for first, last in slid:
        if last <= due_on:
            continue
        if first > day:
            break
        if last == date.max:
            return None
        day += last - max(first, due_on + _DAY) + _DAY
    return day


def is_slid(day: date, slid: Slid) -> bool:
    """Is this one of the days?"""
    return any(first <= day <= last for first, last in slid)


def merged(stretches: Iterable[tuple[date, date]]) -> Slid:
    """Sorted, and joined where they overlap or touch; what ends before it begins is left out."""
    found: list[tuple[date, date]] = []
    for first, last in sorted(one for one in stretches if one[0] <= one[1]):
        if found and (found[-1][1] == date.max or first <= found[-1][1] + _DAY):
            found[-1] = (found[-1][0], max(found[-1][1], last))
        else:
            found.append((first, last))
    return tuple(found)


def _stretches(case: Case, zone: ZoneInfo) -> Iterator[tuple[date, date]]:
    standing = case.standing
    for hold in (*standing.holds, *standing.past_holds):
        if of_person(hold):
            yield _local(hold.from_at, zone), _last(hold.until_at, zone)
    for one in standing.agreements:
        if pauses(one):
            yield _local(one.made_at, zone), _last(pause_end(case, one), zone)


def _local(moment: datetime, zone: ZoneInfo) -> date:
    return moment.astimezone(zone).date()


def _last(end: datetime | None, zone: ZoneInfo) -> date:
    """The last day with a moment before an exclusive end; no end: for ever."""
    return date.max if end is None else _local(end - _MOMENT, zone)

"""Pauses: while a person is left in peace, the ladder stands still."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from schedules.case import Case
from schedules.hold import of_person, pause_end, pauses

#: From when to when (exclusive); None: it still lasts.
Pause = tuple[datetime, datetime | None]


def days_on_ladder(case: Case, due_on: date) -> int:
    """How many local days past its due date an invoice stands on the ladder, days of peace left out.

    Below 1 up to the due date. Every local day on any part of which a hold or agreement of the person was active
    counts as a day of peace.
    """
    local, today = case.locals[0], case.earliest_date
    late = (today - due_on).days
    return late if late <= 0 else late - paused_days(_pauses(case), due_on, today, local.tz)


def paused_days(these: Iterable[Pause], after: date, last: date, zone: ZoneInfo) -> int:
    """Local days after `after`, up to `last` included, that a pause touches."""
    days: set[date] = set()
    for begun, ended in these:
        first = max(begun.astimezone(zone).date(), after + timedelta(days=1))
        # its end is exclusive
        end = last if ended is None else min(last, (ended - timedelta(microseconds=1)).astimezone(zone).date())
        days.update(first + timedelta(days=n) for n in range((end - first).days + 1))
    return len(days)


def _pauses(case: Case) -> Iterator[Pause]:
    standing = case.standing
    for hold in (*standing.holds, *standing.past_holds):
        if of_person(hold):
            yield hold.from_at, hold.until_at
    for one in standing.agreements:
        if pauses(one):
            yield one.made_at, pause_end(case, one)

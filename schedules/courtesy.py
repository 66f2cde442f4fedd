"""When a courtesy notice may leave: as every message, only that nothing need be due yet."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

from ledger.contact import Channel
from schedules.cap import within_caps
from schedules.case import Case
from schedules.hold import number_holds, person_holds
from schedules.jurisdiction import known_law, known_zone
from schedules.number import may_be_rung
from schedules.person import of_age
from schedules.rest import rested
from schedules.rules import Rules
from schedules.standing import Standing
from schedules.verdict import Refusal
from schedules.window import in_hours

#: A rule that may refuse.
Clause = Callable[[Case], list[Refusal]]
#: What permission asks of a message, but for `due.something_due`.
_CLAUSES = (known_law, known_zone, of_age, person_holds, number_holds, may_be_rung, rested, within_caps, in_hours)
_MINUTE = timedelta(minutes=1)


def courtesy_opening(
    standing: Standing, channel: Channel, after: datetime, within: timedelta, *, rules: Rules, number: str | None = None
) -> datetime | None:
    """The first whole minute from `after` on at which it may leave, if that comes soon enough."""
    return first_opening(standing, channel, after, within, _CLAUSES, rules=rules, number=number)


def first_opening(
    standing: Standing,
    channel: Channel,
    after: datetime,
    within: timedelta,
    clauses: Sequence[Clause],
    *,
    rules: Rules,
    number: str | None = None,
) -> datetime | None:
    """The same for a message that these clauses alone may refuse."""
    phones = [one for one in standing.phones if number in (None, one.e164)]
    phone = phones[0] if phones else None
    moment = _whole_minute(after)
    while moment < after + within:
        later = _refused_until(Case(standing, channel, moment, rules, phone=phone), clauses)
        if later is None:
            return None
        if later <= moment:
            return moment
        moment = max(moment + _MINUTE, _whole_minute(later))
    return None


def _refused_until(case: Case, clauses: Sequence[Clause]) -> datetime | None:
    """The case's own moment where nothing refuses; the latest end of what refuses; None: only a person can end it."""
    ends = []
    for clause in clauses:
        for refusal in clause(case):
            if refusal.until is None:
                return None
            ends.append(refusal.until)
    return max(ends, default=case.now)


def _whole_minute(moment: datetime) -> datetime:
    whole = moment.replace(second=0, microsecond=0)
    return whole if whole == moment else whole + _MINUTE

"""The free move of an instalment: once in a plan, some days later, to a day on which money can move. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from ledger.calendar import is_working_day
from ledger.plan import Part, RunningPlan, allocated
from ledger.region import Region

#: An instalment moves at most so many days. No source gives a figure: two weeks reach the next income of somebody who
#: is paid by the week or in the middle of the month, and stay within the month of the instalment.
MOST_DAYS_LATER = 14


@dataclass(frozen=True, kw_only=True)
class Coming:
    """The next instalment of a plan that stands, with what its free move depends on."""

    plan: RunningPlan
    #: Not paid in full; `paid_minor` is what of it came in.
    part: Part
    currency: str
    invoices: tuple[int, ...]
    #: The instalment of this plan that was moved already.
    moved_before: int | None


def why_not_moved(
    plan: RunningPlan, n: int, to: date, *, moved_before: int | None, today: date, region: Region | None
) -> str | None:
    """What stands against moving instalment `n` to a day, with the field's name; None: it may be moved.

    The day is judged as a promise's: from tomorrow on, and not on a day on which no bank books a payment.
    `moved_before`: the instalment of this plan that was moved already.
    """
    part = next((one for one in allocated(plan.parts, plan.paid_minor) if one.n == n), None)
    if part is None:
        return f"instalment: this plan has no instalment {n}; write one of 1 to {len(plan.parts)}"
    if part.is_paid:
        return f"instalment: {n} is paid already; choose one that is open"
    if moved_before is not None:
        return f"instalment: {moved_before} of this plan was moved before, and one move is free; talk about a new plan"
    last = part.due_on + timedelta(days=MOST_DAYS_LATER)
    if to <= part.due_on or to <= today:
        return f"to: {to} is too early; write a day after {max(part.due_on, today)}"
    if to > last:
        return f"to: {to} is more than {MOST_DAYS_LATER} days after {part.due_on}; write {last} or sooner"
    if region is None:
        return "to: the country of this person is not known, so neither are its holidays; correct the address first"
    if not is_working_day(to, region):
        return f"to: no bank books a payment on {to}; write a working day"
    return None


def days_to_move(
    plan: RunningPlan, n: int, *, moved_before: int | None, today: date, region: Region | None
) -> tuple[date, ...]:
    """Every day to which instalment `n` may be moved, in order; empty: it can't be moved any more."""
    due_on = next((one.due_on for one in plan.parts if one.n == n), None)
    if due_on is None:
        return ()
    days = (due_on + timedelta(days=later) for later in range(1, MOST_DAYS_LATER + 1))
    return tuple(
        day
        for day in days
        if why_not_moved(plan, n, day, moved_before=moved_before, today=today, region=region) is None
    )

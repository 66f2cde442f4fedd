"""The clock of what waits for our answer: a plan request, a dispute. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from ledger.calendar import nth_working_day_after
from ledger.money import Money
from ledger.region import Region

#: Working days for our answer (reference "what each answer does"), where the agreement names no day.
ANSWER_DAYS = {"plan_request": 5, "dispute": 10}


@dataclass(frozen=True, kw_only=True, slots=True)
class Waiting:
    """What somebody asked us, and nobody answered yet."""

    kind: str
    made_on: date
    #: The day that we named; None: none was.
    answer_by: date | None
    #: Plan request: what the person can pay a month.
    monthly: Money | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Note:
    """A task for a person."""

    kind: str
    urgent: bool
    why: str


def answer_day(waiting: Waiting, region: Region | None) -> date:
    """The last day for our answer; where neither it nor the country is known, the day on which it was asked."""
    if waiting.answer_by is not None:
        return waiting.answer_by
    if region is None:
        return waiting.made_on
    return nth_working_day_after(waiting.made_on, ANSWER_DAYS[waiting.kind], region)


def notes(waiting: Waiting, answer_by: date, today: date) -> tuple[Note, ...]:
    """A request is a task as soon as it is made; what is not answered on its day is an alarm on the next."""
    found = []
    if waiting.kind == "plan_request":
        offers = f"offers {waiting.monthly} a month" if waiting.monthly else "asks for a plan and names no amount"
        found.append(
            Note(kind="plan_request", urgent=False, why=f"This person {offers}: accept or refuse by {answer_by}")
        )
    if today > answer_by:
        what = "plan request" if waiting.kind == "plan_request" else "dispute"
        why = f"The {what} should have been answered by {answer_by}: nobody did, and this person still waits"
        found.append(Note(kind=f"{waiting.kind}_late", urgent=True, why=why))
    return tuple(found)

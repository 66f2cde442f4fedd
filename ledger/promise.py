"""Was a promise kept? Judged from what was paid, after the promised day and its days of grace. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

#: A third broken promise is nothing that a machine should ask about again.
BROKEN_BEFORE_A_PERSON = 3


@dataclass(frozen=True, kw_only=True, slots=True)
class Promised:
    """A promise that still stands open."""

    agreement_id: int
    debtor_id: int
    due_on: date
    #: What was promised, in minor units.
    amount_minor: int
    #: What was paid on its invoices since it was made.
    paid_minor: int
    #: What is still open on them.
    open_minor: int


def judged(promise: Promised, today: date, grace_days: int) -> str | None:
    """`kept` as soon as the sum came in or nothing is open; `broken` after the grace; None: we still wait.

    `today`: a date that has begun everywhere, so that nobody is judged while their own day of grace lasts.
    """
    if promise.paid_minor >= promise.amount_minor or promise.open_minor <= 0:
        return "kept"
    return "broken" if today > promise.due_on + timedelta(days=grace_days) else None

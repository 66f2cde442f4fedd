"""Was a promise kept? Judged from what was paid, after the promised day and its days of grace. Pure."""

from __future__ import annotations

from collections.abc import Collection, Mapping
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


def left_of(amount_minor: int, invoices: Mapping[int, tuple[int, int]], anew: Collection[int]) -> tuple[int, int, int]:
    """What is waited for, paid and open, in minor units, of a promise about these invoices.

    `invoices`: by row id what was paid on each since, and what is open. `anew`: those about which something else was
    agreed since: they are not waited for any more, and their share of the sum is not either.
    """
    still = [both for invoice, both in invoices.items() if invoice not in anew]
    paid, open_ = sum(paid for paid, _ in still), sum(open_ for _, open_ in still)
    return min(amount_minor, paid + open_) if anew else amount_minor, paid, open_


def judged(promise: Promised, today: date, grace_days: int) -> str | None:
    """`kept` as soon as the sum came in or nothing is open; `broken` after the grace; None: we still wait.

    `today`: a date that has begun everywhere, so that nobody is judged while their own day of grace lasts.
    """
    if promise.paid_minor >= promise.amount_minor or promise.open_minor <= 0:
        return "kept"
    return "broken" if today > promise.due_on + timedelta(days=grace_days) else None

"""How a payment plan goes: which instalments are paid, which is late, and what that asks of us. Pure.

A plan ends by being paid, or by a person; never because an instalment is late.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

#: Days after an instalment's day before anybody says a word about it (reference "what each answer does": plan).
LATE_AFTER = timedelta(days=5)


@dataclass(frozen=True, kw_only=True, slots=True)
class Part:
    """One instalment, with what of the payments fell to it."""

    n: int
    due_on: date
    #: Minor units, both.
    amount_minor: int
    paid_minor: int = 0

    @property
    def is_paid(self) -> bool:
        """Covered to the cent."""
        return self.paid_minor >= self.amount_minor


@dataclass(frozen=True, kw_only=True, slots=True)
class RunningPlan:
    """A plan that stands, and the money that came in on its invoices since it was made (minor units)."""

    agreement_id: int
    debtor_id: int
    parts: tuple[Part, ...]
    paid_minor: int
    #: What is still open on its invoices.
    open_minor: int

    @property
    def amount_minor(self) -> int:
        """What was agreed in all."""
        return sum(part.amount_minor for part in self.parts)

    @property
    def left_minor(self) -> int:
        """What of the plan is still to come; never more than is open."""
        return max(0, min(self.amount_minor - self.paid_minor, self.open_minor))


@dataclass(frozen=True, kw_only=True, slots=True)
class Late:
    """An instalment that is late, and who speaks about it first."""

    part: Part
    #: False: a kind message. True: it is not the first time, and one of our people looks.
    by_person: bool


#: An instalment at its day: what was said about being late. A moved instalment has a new day.
Told = tuple[int, date]


def allocated(parts: Sequence[Part], paid_minor: int) -> tuple[Part, ...]:
    """What was paid falls to the instalments in their order; what is more than all of them falls to none."""
    found, rest = [], max(0, paid_minor)
    for part in sorted(parts, key=lambda one: one.n):
        paid = min(rest, part.amount_minor)
        rest -= paid
        found.append(Part(n=part.n, due_on=part.due_on, amount_minor=part.amount_minor, paid_minor=paid))
    return tuple(found)


def is_paid(plan: RunningPlan) -> bool:
    """Did the whole plan come in, or is nothing open any more?"""
    return plan.open_minor <= 0 or plan.paid_minor >= plan.amount_minor


def next_part(plan: RunningPlan) -> Part | None:
    """The first instalment that is not paid in full; None: all are."""
    return next((part for part in allocated(plan.parts, plan.paid_minor) if not part.is_paid), None)


def late_parts(plan: RunningPlan, today: date, told: Collection[Told]) -> tuple[Late, ...]:
    """The instalments that are late and of which nothing was said yet: about the first of a plan we write kindly,
    about every later one a person is asked.

    `today`: a date that has begun everywhere. `told`: of which instalments, at which day, it was said before.
    """
    if is_paid(plan):
        return ()
    late = [
        part
        for part in allocated(plan.parts, plan.paid_minor)
        if not part.is_paid and today > part.due_on + LATE_AFTER and (part.n, part.due_on) not in told
    ]
    return tuple(Late(part=part, by_person=bool(told) or n > 0) for n, part in enumerate(late))

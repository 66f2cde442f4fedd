"""Which invoices the talk is about."""

from __future__ import annotations

from dataclasses import dataclass

from ivr.briefing import Briefing, DueInstalment, OpenInvoice
from ivr.state import State
from ledger.money import Money, total


def remaining(briefing: Briefing, state: State) -> tuple[OpenInvoice, ...]:
    """The open invoices that nothing was agreed about on this call."""
    return tuple(i for i in briefing.invoices if i.id not in state.settled)


def subject(briefing: Briefing, state: State) -> tuple[OpenInvoice, ...]:
    """The invoices that the talk is about now."""
    return tuple(i for i in remaining(briefing, state) if not state.chosen or i.id in state.chosen)


def in_plan(briefing: Briefing, state: State) -> DueInstalment | None:
    """The next instalment, where the talk is about invoices that are paid by a plan; None: no plan stands for them."""
    found = briefing.instalment
    return found if found is not None and any(i.id in found.invoices for i in subject(briefing, state)) else None


def amount_of(invoices: tuple[OpenInvoice, ...]) -> Money:
    """What is open of them together."""
    return total([i.open for i in invoices])


def promised(briefing: Briefing, state: State) -> Money:
    """What is paid on the promised day: the part that was told, or all. A payment that came in meanwhile counts."""
    whole = amount_of(subject(briefing, state))
    return state.part if state.part is not None and state.part < whole else whole


@dataclass(frozen=True)
class DuePayment:
    """One transfer: how much, under which invoice's reference."""

    invoice: OpenInvoice
    amount: Money


def payments_due(briefing: Briefing, state: State) -> tuple[DuePayment, ...]:
    """What is asked for now: of all that is paid by a plan its next instalment, under the reference of the first of
    its invoices; of any other invoice all that is open."""
    about, part = subject(briefing, state), in_plan(briefing, state)
    if part is None or not part.amount:
        return tuple(DuePayment(i, i.open) for i in about)
    first = next(i for i in about if i.id in part.invoices)
    others = tuple(DuePayment(i, i.open) for i in about if i.id not in part.invoices)
    return (DuePayment(first, part.amount), *others)


def due_now(briefing: Briefing, state: State) -> Money:
    """The sum of these payments."""
    return total([one.amount for one in payments_due(briefing, state)])

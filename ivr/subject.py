"""Which invoices the talk is about."""

from __future__ import annotations

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


def due_now(briefing: Briefing, state: State) -> Money:
    """What is asked for now: of an invoice that is paid by a plan its next instalment, else all that is open."""
    about, part = subject(briefing, state), in_plan(briefing, state)
    return part.amount if part is not None and part.amount and len(about) == 1 else amount_of(about)

"""The next instalment of a plan as a conversation may speak of it: pure, from the books' values."""

from __future__ import annotations

from datetime import date

from ivr.briefing import DueInstalment
from ledger.instalment import Coming, days_to_move
from ledger.money import Money
from ledger.region import Region


def due_instalment(coming: Coming | None, today: date, region: Region) -> DueInstalment | None:
    """The next instalment with the days that its free move leaves; None: no plan stands."""
    if coming is None:
        return None
    part = coming.part
    return DueInstalment(
        agreement_id=coming.plan.agreement_id,
        n=part.n,
        amount=Money(part.amount_minor - part.paid_minor, coming.currency),
        due_on=part.due_on,
        invoices=coming.invoices,
        moves=days_to_move(coming.plan, part.n, moved_before=coming.moved_before, today=today, region=region),
    )

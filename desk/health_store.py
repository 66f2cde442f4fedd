"""Whether the books are true to themselves."""

from __future__ import annotations

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from ledger.tables import AllocationRow, ChargeRow, InvoiceRow


def wrong_balances(session: Session) -> int:
    """How many invoices have an open amount that is not amount + charges - allocations."""
    charged = select(func.coalesce(func.sum(ChargeRow.amount_minor), 0)).where(ChargeRow.invoice_id == InvoiceRow.id)
    paid = select(func.coalesce(func.sum(AllocationRow.amount_minor), 0)).where(
        AllocationRow.invoice_id == InvoiceRow.id
    )
    true = InvoiceRow.amount_minor + charged.scalar_subquery() - paid.scalar_subquery()
    return session.scalar(select(func.count()).select_from(InvoiceRow).where(InvoiceRow.open_minor != true)) or 0

"""What is open now of some invoices, as the books say."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import select
from sqlalchemy.orm import Session

from ledger.tables import InvoiceRow


def open_now(session: Session, invoices: Collection[int]) -> dict[int, int]:
    """The open amount of each, in minor units, by row id."""
    query = select(InvoiceRow.id, InvoiceRow.open_minor).where(InvoiceRow.id.in_(invoices))
    return {row.id: row.open_minor for row in session.execute(query)}

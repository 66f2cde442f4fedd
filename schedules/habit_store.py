"""The days on which people paid before: what a paying habit is learned from."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from ledger.among import among
from ledger.tables import AccountRow, AllocationRow, InvoiceRow, PaymentRow

#: Further back nobody's habit is looked for. Source: project default.
LOOK_BACK = timedelta(days=400)


def payments_of(session: Session, debtors: Sequence[int], now: datetime) -> dict[int, list[date]]:
    """The days of the payments of these debtors, seen by `now`; reversals are none."""
    query = (
        select(AccountRow.debtor_id, PaymentRow.paid_on)
        .join(InvoiceRow, InvoiceRow.account_id == AccountRow.id)
        .join(AllocationRow, AllocationRow.invoice_id == InvoiceRow.id)
        .join(PaymentRow, PaymentRow.id == AllocationRow.payment_id)
        .where(
            among(AccountRow.debtor_id, debtors),
            PaymentRow.amount_minor > 0,
            PaymentRow.seen_at <= now,
            PaymentRow.paid_on > (now - LOOK_BACK).date(),
        )
        .distinct()
    )
    found: dict[int, list[date]] = {}
    for debtor_id, paid_on in session.execute(query):
        found.setdefault(debtor_id, []).append(paid_on)
    return found

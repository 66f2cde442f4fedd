"""Writes payments of a history with what each settles; the open amounts follow in the same unit of work."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import func, or_, select, update
from sqlalchemy.orm import Session

from ledger.intake.history.allocation import Owed, allocate
from ledger.intake.history.fact import Fact
from ledger.tables import AccountRow, AllocationRow, CreditorRow, InvoiceRow, PaymentRow

_Key = tuple[str, str, str]


def write_payments(session: Session, facts: Sequence[Fact], now: datetime) -> None:
    """Write them in their order. Their creditors' payments count as seen: this is a good update."""
    owed, currency = _owed(session, facts)
    groups: dict[int, list[_Key]] = {}
    for key, some in owed.items():
        for invoice in some:
            groups.setdefault(invoice, []).append(key)
    changes: dict[int, int] = {}
    for fact in facts:
        value = fact.values
        payment = PaymentRow(
            **{name: value[name] for name in ("source", "reference", "amount_minor", "currency", "paid_on", "seen_at")}
        )
        session.add(payment)
        session.flush()
        mine = owed.get(_key(fact), {})
        fitting = [one for one in mine.values() if currency[one.id] == value["currency"]]
        for invoice, part in allocate(value["amount_minor"], fitting):
            session.add(AllocationRow(payment_id=payment.id, invoice_id=invoice, amount_minor=part))
            changes[invoice] = changes.get(invoice, 0) + part
            for key in groups[invoice]:
                one = owed[key][invoice]
                owed[key][invoice] = one._replace(open_minor=one.open_minor - part, paid_minor=one.paid_minor + part)
    session.flush()
    for invoice, part in sorted(changes.items()):
        session.execute(
            update(InvoiceRow).where(InvoiceRow.id == invoice).values(open_minor=InvoiceRow.open_minor - part)
        )
    names = {fact.values["creditor"] for fact in facts}
    session.execute(
        update(CreditorRow)
        .where(
            CreditorRow.name.in_(names),
            or_(CreditorRow.payments_seen_at.is_(None), CreditorRow.payments_seen_at < now),
        )
        .values(payments_seen_at=now)
    )


def _key(fact: Fact) -> _Key:
    value = fact.values
    named = "invoice" if value["invoice"] else "customer_no"
    return named, value["creditor"], value[named]


def _owed(session: Session, facts: Sequence[Fact]) -> tuple[dict[_Key, dict[int, Owed]], dict[int, str]]:
    """The invoices that each key of these payments means, locked until the commit, and their currencies."""
    creditors = {fact.values["creditor"] for fact in facts}
    numbers = {fact.values["invoice"] for fact in facts if fact.values["invoice"]}
    customers = {fact.values["customer_no"] for fact in facts if fact.values["customer_no"]}
    query = (
        select(InvoiceRow, CreditorRow.name, AccountRow.customer_no)
        .join(CreditorRow, InvoiceRow.creditor_id == CreditorRow.id)
        .join(AccountRow, InvoiceRow.account_id == AccountRow.id)
        .where(
            CreditorRow.name.in_(creditors),
            or_(InvoiceRow.number.in_(numbers), AccountRow.customer_no.in_(customers)),
        )
        .order_by(InvoiceRow.id)
        .with_for_update(of=InvoiceRow)
    )
    rows = session.execute(query).all()
    paid_by = (
        select(AllocationRow.invoice_id, func.sum(AllocationRow.amount_minor))
        .where(AllocationRow.invoice_id.in_([row.id for row, _, _ in rows]))
        .group_by(AllocationRow.invoice_id)
    )
    paid = {invoice: int(minor) for invoice, minor in session.execute(paid_by)}
    owed: dict[_Key, dict[int, Owed]] = {}
    for row, creditor, customer in rows:
        one = Owed(row.id, row.due_on, row.open_minor, paid.get(row.id, 0))
        owed.setdefault(("invoice", creditor, row.number), {})[row.id] = one
        owed.setdefault(("customer_no", creditor, customer), {})[row.id] = one
    return owed, {row.id: row.currency for row, _, _ in rows}

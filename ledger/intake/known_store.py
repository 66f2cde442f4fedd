"""Reads what the books know about the people and invoices of some rows."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from ledger.intake.checked import CheckedRow
from ledger.intake.known import Known, KnownCreditor, KnownDebtor, KnownInvoice
from ledger.intake.whose import new_refs
from ledger.tables import AccountRow, AllocationRow, CreditorRow, DebtorRow, InvoiceRow, PhoneRow


def known_for(session: Session, rows: Sequence[CheckedRow]) -> Known:
    """The books, as far as these rows ask."""
    creditors = {
        row.name: row
        for row in session.scalars(select(CreditorRow).where(CreditorRow.name.in_({r.creditor.name for r in rows})))
    }
    if session.scalar(select(DebtorRow.id).limit(1)) is None:
        return Known()
    customers: dict[tuple[str, str], str] = {}
    invoices: dict[tuple[str, str], KnownInvoice] = {}
    for name, creditor in creditors.items():
        mine = [row for row in rows if row.creditor.name == name]
        customers |= _customers(session, creditor, {row.customer.number for row in mine})
        invoices |= _invoices(session, creditor, {row.bill.number for row in mine})
    refs = set(customers.values()) | {ref for row in rows for ref in (row.customer.debtor, *new_refs(row)) if ref}
    return Known(
        creditors={name: KnownCreditor(sender=row.sender, iban=row.iban) for name, row in creditors.items()},
        debtors=_debtors(session, refs),
        customers=customers,
        invoices=invoices,
        numbers=_numbers(session, {phone.e164 for row in rows for phone in row.phones if phone.e164}),
    )


_WHO = (DebtorRow.ref, DebtorRow.name, DebtorRow.birth_date, DebtorRow.postcode)


def _debtors(session: Session, refs: set[str]) -> dict[str, KnownDebtor]:
    found = session.execute(select(*_WHO).where(DebtorRow.ref.in_(refs)))
    return {ref: KnownDebtor(ref=ref, name=name, birth_date=born, postcode=code) for ref, name, born, code in found}


def _customers(session: Session, creditor: CreditorRow, numbers: set[str]) -> dict[tuple[str, str], str]:
    query = (
        select(AccountRow.customer_no, DebtorRow.ref)
        .join(DebtorRow, AccountRow.debtor_id == DebtorRow.id)
        .where(AccountRow.creditor_id == creditor.id, AccountRow.customer_no.in_(numbers))
    )
    return {(creditor.name, number): ref for number, ref in session.execute(query)}


def _invoices(session: Session, creditor: CreditorRow, numbers: set[str]) -> dict[tuple[str, str], KnownInvoice]:
    paid = (
        select(func.coalesce(func.sum(AllocationRow.amount_minor), 0))
        .where(AllocationRow.invoice_id == InvoiceRow.id)
        .scalar_subquery()
    )
    query = (
        select(InvoiceRow, AccountRow.customer_no, paid)
        .join(AccountRow, InvoiceRow.account_id == AccountRow.id)
        .where(InvoiceRow.creditor_id == creditor.id, InvoiceRow.number.in_(numbers))
    )
    return {
        (creditor.name, row.number): KnownInvoice(
            customer_no=customer,
            amount_minor=row.amount_minor,
            currency=row.currency,
            due_on=row.due_on,
            open_minor=row.open_minor,
            paid_minor=int(amount),
        )
        for row, customer, amount in session.execute(query)
    }


def _numbers(session: Session, numbers: set[str]) -> dict[str, tuple[KnownDebtor, ...]]:
    query = (
        select(PhoneRow.e164, *_WHO)
        .join(DebtorRow, PhoneRow.debtor_id == DebtorRow.id)
        .where(PhoneRow.e164.in_(numbers), PhoneRow.until_at.is_(None))
        .order_by(DebtorRow.id)
    )
    found: dict[str, tuple[KnownDebtor, ...]] = {}
    for e164, ref, name, born, code in session.execute(query):
        who = KnownDebtor(ref=ref, name=name, birth_date=born, postcode=code)
        found[e164] = (*found.get(e164, ()), who)
    return found

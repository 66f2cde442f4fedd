"""Reads the page of the books that some rows touch."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Select, case, func, select
from sqlalchemy.orm import Session

from ledger.intake.checked import Entry, Telephone
from ledger.intake.page import Account, Debtor, Invoice, Page
from ledger.intake.stops import stops_of
from ledger.intake.words import Status
from ledger.tables import AccountRow, AllocationRow, CreditorRow, DebtorRow, HoldRow, InvoiceRow, PaymentRow, PhoneRow

#: The source of payments that a list tells.
SOURCE = "import"
FACTS = (
    "name", "address_form", "kind", "student", "birth_date", "language", "street", "house_number", "postcode", "city",
    "country", "region", "zone", "email", "tone",
)  # fmt: skip
_DEBTOR = (DebtorRow.id, DebtorRow.ref, *(getattr(DebtorRow, name) for name in FACTS))
_INVOICE_FACTS = (
    "amount_minor", "open_minor", "currency", "issued_on", "due_on", "about", "reference", "first_letter_sent_on",
    "first_letter_by", "costs_in_letter_minor",
)  # fmt: skip
_INVOICE = (InvoiceRow.id, InvoiceRow.number, *(getattr(InvoiceRow, name) for name in _INVOICE_FACTS))


def read_page(session: Session, entries: Sequence[Entry], *, lock: bool) -> Page:
    """The books as far as these rows touch them. With `lock` their invoices are held until the commit (PostgreSQL)."""
    names = {entry.customer.creditor for entry in entries}
    page = Page()
    for name, creditor in session.execute(select(CreditorRow.name, CreditorRow.id).where(CreditorRow.name.in_(names))):
        page.creditors[name] = creditor
    _debtors(session, page, {entry.debtor for entry in entries})
    for name, creditor in page.creditors.items():
        numbers = {entry.bill.number for entry in entries if entry.customer.creditor == name}
        query = select(*_INVOICE).where(InvoiceRow.creditor_id == creditor, InvoiceRow.number.in_(numbers))
        _invoices(session, page, name, query.with_for_update() if lock else query)
    wanted = {s.source_key for e in entries if e.terms.status is not Status.OPEN for s in stops_of(e)}
    if wanted:
        page.stops.update(session.scalars(select(HoldRow.source_key).where(HoldRow.source_key.in_(wanted))))
    return page


def _debtors(session: Session, page: Page, refs: set[str]) -> None:
    by_id: dict[int, Debtor] = {}
    for row in session.execute(select(*_DEBTOR).where(DebtorRow.ref.in_(refs))):
        by_id[row[0]] = page.debtors[row[1]] = Debtor(row[0], dict(zip(FACTS, row[2:], strict=True)), [], [])
    if not by_id:
        return
    refs_by_id = {debtor.id: ref for ref, debtor in page.debtors.items()}
    accounts = (
        select(AccountRow, CreditorRow.name)
        .join(CreditorRow, AccountRow.creditor_id == CreditorRow.id)
        .where(AccountRow.debtor_id.in_(by_id))
        .order_by(AccountRow.id)
    )
    for account, creditor in session.execute(accounts):
        key = (creditor, account.customer_no)
        by_id[account.debtor_id].accounts.append(key)
        codes = {"call_code": account.call_code, "secret_code": account.secret_code}
        page.accounts[key] = Account(account.id, refs_by_id[account.debtor_id], codes)
    phones = select(PhoneRow).where(PhoneRow.debtor_id.in_(by_id), PhoneRow.until_at.is_(None)).order_by(PhoneRow.id)
    for phone in session.scalars(phones):
        known = Telephone(
            e164=phone.e164, written=phone.written, rank=phone.rank, kind=phone.kind, verdict=phone.verdict
        )
        by_id[phone.debtor_id].phones.append((phone.id, known))


def _invoices(session: Session, page: Page, name: str, query: Select[Any]) -> None:
    for row in session.execute(query):
        page.invoices[(name, row[1])] = Invoice(row[0], dict(zip(_INVOICE_FACTS, row[2:], strict=True)))
    by_id = {invoice.id: invoice for invoice in page.invoices.values()}
    if not by_id:
        return
    imported = func.sum(case((PaymentRow.source == SOURCE, AllocationRow.amount_minor), else_=0))
    told = func.sum(case((PaymentRow.source == SOURCE, 1), else_=0))
    paid = (
        select(AllocationRow.invoice_id, func.sum(AllocationRow.amount_minor), imported, told)
        .join(PaymentRow, AllocationRow.payment_id == PaymentRow.id)
        .where(AllocationRow.invoice_id.in_(by_id))
        .group_by(AllocationRow.invoice_id)
    )
    for invoice, total, by_lists, count in session.execute(paid):
        known = by_id[invoice]
        known.paid, known.imported, known.told = int(total), int(by_lists), int(count)

"""Reads what the books know about the people and invoices that rows of a history name."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from ledger.intake.finding import BadCell
from ledger.intake.history.cells import read_e164
from ledger.intake.history.fact import Bill, Books, Who
from ledger.tables import AccountRow, CreditorRow, DebtorRow, InvoiceRow, PhoneRow
from ledger.zone import zones_of_address


def books_for(session: Session, rows: Sequence[Mapping[str, str]]) -> Books:
    """The books, as far as these rows ask."""
    bills = _bills(session, _pairs(rows, "invoice", "invoices"))
    accounts = _accounts(session, _pairs(rows, "customer_no"))
    refs = {row["debtor"] for row in rows if row.get("debtor")} | {bill.debtor for bill in bills.values()}
    return Books(
        debtors=_debtors(session, refs),
        invoices=bills,
        accounts=accounts,
        numbers=_numbers(session, {number for row in rows if (number := _number(row))}),
    )


def _number(row: Mapping[str, str]) -> str | None:
    if not row.get("number") or row.get("debtor"):
        return None
    try:
        return read_e164(row["number"], None)
    except BadCell:
        return None  # the check of its cell says so


def _pairs(rows: Iterable[Mapping[str, str]], *columns: str) -> dict[str, set[str]]:
    """The numbers that these columns name, by creditor."""
    found: dict[str, set[str]] = {}
    for row in rows:
        for column in columns:
            if numbers := row.get(column):
                told = numbers.replace(",", " ").split() if column.endswith("s") else [numbers]
                found.setdefault(row["creditor"], set()).update(told)
    return found


def _debtors(session: Session, refs: set[str]) -> dict[str, Who]:
    return {
        row.ref: Who(
            id=row.id,
            ref=row.ref,
            country=row.country,
            zones=zones_of_address(row.country, region=row.region, postcode=row.postcode, zone=row.zone),
        )
        for row in session.scalars(select(DebtorRow).where(DebtorRow.ref.in_(refs)))
    }


def _bills(session: Session, wanted: Mapping[str, set[str]]) -> dict[tuple[str, str], Bill]:
    found: dict[tuple[str, str], Bill] = {}
    for creditor, numbers in wanted.items():
        query = (
            select(InvoiceRow, DebtorRow.ref)
            .join(CreditorRow, InvoiceRow.creditor_id == CreditorRow.id)
            .join(AccountRow, InvoiceRow.account_id == AccountRow.id)
            .join(DebtorRow, AccountRow.debtor_id == DebtorRow.id)
            .where(CreditorRow.name == creditor, InvoiceRow.number.in_(numbers))
        )
        for row, ref in session.execute(query):
            found[creditor, row.number] = Bill(
                id=row.id,
                debtor=ref,
                currency=row.currency,
                issued_on=row.issued_on,
                first_letter_sent_on=row.first_letter_sent_on,
            )
    return found


def _accounts(session: Session, wanted: Mapping[str, set[str]]) -> dict[tuple[str, str], str]:
    found: dict[tuple[str, str], str] = {}
    for creditor, numbers in wanted.items():
        query = (
            select(AccountRow.customer_no, DebtorRow.ref)
            .join(CreditorRow, AccountRow.creditor_id == CreditorRow.id)
            .join(DebtorRow, AccountRow.debtor_id == DebtorRow.id)
            .where(CreditorRow.name == creditor, AccountRow.customer_no.in_(numbers))
        )
        found |= {(creditor, number): ref for number, ref in session.execute(query)}
    return found


def _numbers(session: Session, numbers: set[str]) -> dict[str, tuple[str, ...]]:
    query = (
        select(PhoneRow.e164, DebtorRow.ref)
        .join(DebtorRow, PhoneRow.debtor_id == DebtorRow.id)
        .where(PhoneRow.e164.in_(numbers))
        .order_by(DebtorRow.id)
    )
    found: dict[str, tuple[str, ...]] = {}
    for e164, ref in session.execute(query).all():
        found[e164] = tuple(dict.fromkeys((*found.get(e164, ()), ref)))
    return found

"""Writes a posted page into the books: all of it in the caller's unit of work, holds and money with their people."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from functools import cache
from typing import Any, cast

from sqlalchemy import Table, insert, update
from sqlalchemy.orm import Session

from ledger.database import Base, utc_date
from ledger.hold_store import number_hash
from ledger.intake.checked import Creditor
from ledger.intake.page import WATCHED, Invoice, Page
from ledger.intake.page_store import SOURCE
from ledger.intake.posting import payment_reference
from ledger.tables import (
    AccountRow,
    AllocationRow,
    AuditRow,
    CreditorRow,
    DebtorRow,
    HoldRow,
    InvoiceRow,
    PaymentRow,
    PhoneRow,
)


def write_creditors(session: Session, creditors: Iterable[Creditor], now: datetime) -> None:
    """Add the creditors that are new; what the list says of the others replaces what was known."""
    for creditor in creditors:
        known = session.query(CreditorRow).filter_by(name=creditor.name).with_for_update().one_or_none()
        said = {name: value for name, value in vars(creditor).items() if value is not None}
        if known is None:
            session.add(CreditorRow(**{"sender": creditor.name, "role": "creditor", **said}))
            continue
        for name, value in said.items():
            if (before := getattr(known, name)) != value:
                setattr(known, name, value)
                session.add(_audit(now, "creditor", creditor.name, {name: [before, value]}))


def write_page(session: Session, page: Page, now: datetime, via: str) -> None:
    """Write what the rows changed. `via` says where it comes from."""
    debtors = _write_debtors(session, page, now)
    accounts = _write_accounts(session, page, debtors)
    _write_invoices(session, page, accounts, now)
    holds = [
        {
            "debtor_id": None if stop.e164 else debtors[debtor],
            "e164": stop.e164,
            "number_hash": number_hash(session, stop.e164),
            "channel": stop.channel,
            "kind": stop.kind,
            "from_at": now,
            "by": SOURCE,
            "via": via,
            "source_key": stop.source_key,
        }
        for debtor, stop in page.new_stops
    ]
    _add(session, HoldRow, holds)
    if page.closed_phones:
        session.execute(update(PhoneRow).where(PhoneRow.id.in_(page.closed_phones)).values(until_at=now))
    _add(session, PhoneRow, [p._asdict() | {"debtor_id": debtors[d], "from_at": now} for d, p in page.new_phones])


def _write_debtors(session: Session, page: Page, now: datetime) -> dict[str, int]:
    known = {"listening": "normal", "known_at": now}
    new = [{"ref": ref, **known, **one.facts} for ref, one in page.debtors.items() if one.id is None]
    ids = {ref: one.id for ref, one in page.debtors.items() if one.id is not None}
    if new:
        ids |= {ref: id_ for id_, ref in session.execute(_added(DebtorRow, "ref"), new)}
    for debtor in page.debtors.values():
        if debtor.patch:
            session.execute(update(DebtorRow).where(DebtorRow.id == debtor.id).values(**debtor.patch))
    changes: dict[str, dict[str, Any]] = {}
    for ref, column, before, after in page.changed:
        # What permission reads is kept with its values, so that the past can be asked; of the rest, that it changed.
        changes.setdefault(ref, {})[column] = [_plain(before), _plain(after)] if column in WATCHED else "changed"
    session.add_all(_audit(now, "debtor", ref, detail) for ref, detail in changes.items())
    return ids


def _write_accounts(session: Session, page: Page, debtors: Mapping[str, int]) -> dict[tuple[str, str], int]:
    names = {id_: name for name, id_ in page.creditors.items()}
    new = [
        {"creditor_id": page.creditors[creditor], "customer_no": number, "debtor_id": debtors[one.debtor], **one.codes}
        for (creditor, number), one in page.accounts.items()
        if one.id is None
    ]
    ids = {key: one.id for key, one in page.accounts.items() if one.id is not None}
    if new:
        added = _added(AccountRow, "creditor_id", "customer_no")
        ids |= {(names[creditor], number): id_ for id_, creditor, number in session.execute(added, new)}
    for account in page.accounts.values():
        if account.patch:
            session.execute(update(AccountRow).where(AccountRow.id == account.id).values(**account.patch))
    return ids


def _write_invoices(session: Session, page: Page, accounts: Mapping[tuple[str, str], int], now: datetime) -> None:
    names = {id_: name for name, id_ in page.creditors.items()}
    new = []
    for (creditor, number), invoice in page.invoices.items():
        if invoice.id is None:
            facts = dict(invoice.facts)
            account = accounts[(creditor, facts.pop("customer_no"))]
            whose = {"creditor_id": page.creditors[creditor], "account_id": account, "number": number}
            new.append({**whose, "known_at": now, **facts})
    ids = {key: invoice.id for key, invoice in page.invoices.items() if invoice.id is not None}
    if new:
        added = _added(InvoiceRow, "creditor_id", "number")
        ids |= {(names[creditor], number): id_ for id_, creditor, number in session.execute(added, new)}
    for invoice in page.invoices.values():
        if invoice.id is not None and (invoice.patch or invoice.payment):
            # Relative to what stands there, which may have moved by a payment of another way.
            less = {"open_minor": InvoiceRow.open_minor - invoice.payment} if invoice.payment else {}
            session.execute(update(InvoiceRow).where(InvoiceRow.id == invoice.id).values(**invoice.patch, **less))
    _write_payments(session, {key: one for key, one in page.invoices.items() if one.payment}, ids, now)


def _write_payments(
    session: Session, paid: Mapping[tuple[str, str], Invoice], ids: Mapping[tuple[str, str], int], now: datetime
) -> None:
    if not paid:
        return
    references = {
        payment_reference(creditor, number, one.told): (creditor, number) for (creditor, number), one in paid.items()
    }
    rows = [
        {
            "source": SOURCE,
            "reference": reference,
            "amount_minor": paid[key].payment,
            "currency": paid[key].facts["currency"],
            "paid_on": utc_date(now),
            "seen_at": now,
        }
        for reference, key in references.items()
    ]
    added = session.execute(_added(PaymentRow, "reference"), rows)
    allocations = [
        {"payment_id": id_, "invoice_id": ids[key], "amount_minor": paid[key].payment}
        for id_, reference in added
        for key in (references[reference],)
    ]
    _add(session, AllocationRow, allocations)


def _add(session: Session, row: type[Base], rows: list[dict[str, Any]]) -> None:
    if rows:
        session.execute(insert(_table(row)), rows)


@cache
def _added(row: type[Base], *names: str) -> Any:
    """An insert of many rows that gives their ids and names back."""
    table = _table(row)
    return insert(table).returning(table.c.id, *(table.c[name] for name in names))


def _table(row: type[Base]) -> Table:
    # Without the mapper's bookkeeping a bulk insert costs half.
    return cast(Table, row.__table__)


def _audit(now: datetime, what: str, subject: str, detail: dict[str, Any]) -> AuditRow:
    return AuditRow(at=now, by=SOURCE, what=f"{what} changed by a list", subject=subject, detail=detail)


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value

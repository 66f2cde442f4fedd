"""Writes checked facts of a history into the books, in the caller's unit of work."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from typing import Any, cast

from sqlalchemy import Table, insert, select, update
from sqlalchemy.orm import Session

from ledger.database import Base
from ledger.hold_store import number_hash
from ledger.intake.history.columns import Kind
from ledger.intake.history.fact import Fact
from ledger.intake.history.known_store import source_key, unknown_facts
from ledger.intake.history.payment_store import write_payments
from ledger.intake.history.stop import stop_of
from ledger.intake.page_store import SOURCE
from ledger.slot import next_slot
from ledger.tables import (
    AccountRow,
    AgreementInvoiceRow,
    AgreementRow,
    ContactRow,
    CreditorRow,
    DebtorRow,
    HoldRow,
    InstalmentRow,
    InvoiceRow,
    WishRow,
)

#: Agreements that are judged by what comes in on their invoices.
_ABOUT_MONEY = frozenset({"promise", "plan"})


def write_facts(session: Session, kind: Kind, facts: Sequence[Fact], now: datetime, via: str) -> int:
    """Write those that are new; how many they were. `via` says where they come from."""
    fresh = unknown_facts(session, kind, facts)
    if fresh:
        _WRITERS[kind](session, fresh, now, via)
    return len(fresh)


def _contacts(session: Session, facts: Sequence[Fact], now: datetime, via: str) -> None:
    ids = _debtor_ids(session, facts)
    taken: dict[tuple[int | str, date], list[int]] = defaultdict(list)
    days = {fact.values["local_date"] for fact in facts}
    addresses = {fact.values["address"] for fact in facts}
    slots = select(ContactRow.debtor_id, ContactRow.local_date, ContactRow.debtor_slot)
    for debtor, day, slot in session.execute(
        slots.where(ContactRow.debtor_id.in_(ids.values()), ContactRow.local_date.in_(days))
    ):
        taken[debtor, day].append(slot)
    of_address = select(ContactRow.address, ContactRow.local_date, ContactRow.address_slot)
    for address, day, slot in session.execute(
        of_address.where(ContactRow.address.in_(addresses), ContactRow.local_date.in_(days))
    ):
        taken[address, day].append(slot)
    rows = []
    for fact in facts:
        row = dict(fact.values)
        row["debtor_id"] = ids[row.pop("debtor")]
        for name, who in (("debtor_slot", row["debtor_id"]), ("address_slot", row["address"])):
            before = taken[who, row["local_date"]]
            row[name] = next_slot(before, solicited=row["solicited"])
            before.append(row[name])
        rows.append(row)
    session.execute(insert(_table(ContactRow)), rows)
    stops = [stop for fact in facts if (stop := stop_of(fact)) is not None]
    if stops := unknown_facts(session, Kind.HOLDS, stops):
        _holds(session, stops, now, via)


def _agreements(session: Session, facts: Sequence[Fact], now: datetime, via: str) -> None:
    ids = _debtor_ids(session, facts)
    by_creditor: dict[str, set[str]] = defaultdict(set)
    for fact in facts:
        by_creditor[fact.values["creditor"]].update(fact.values["invoices"])
    invoices = _invoice_ids(session, by_creditor)
    for fact in facts:
        row = dict(fact.values)
        debtor, creditor = row.pop("debtor"), row.pop("creditor")
        numbers, parts = row.pop("invoices"), row.pop("instalments")
        agreement = AgreementRow(source_key=source_key(fact), debtor_id=ids[debtor], **row)
        session.add(agreement)
        session.flush()
        about = [invoices[creditor, number] for number in dict.fromkeys(numbers)]
        if not about and agreement.state == "open" and agreement.kind in _ABOUT_MONEY:
            about = _owed(session, agreement, creditor)
        session.add_all(AgreementInvoiceRow(agreement_id=agreement.id, invoice_id=one) for one in about)
        for n, (day, minor) in enumerate(parts, start=1):
            due = date.fromisoformat(day)
            session.add(InstalmentRow(agreement_id=agreement.id, n=n, due_on=due, amount_minor=minor))
    session.flush()


def _owed(session: Session, agreement: AgreementRow, creditor: str) -> list[int]:
    """What an agreement that names no invoice is about: all that the person owes (to its creditor, in its currency).

    Of no invoice nothing would be open, and a promise would count as kept the moment it is judged.
    """
    query = (
        select(InvoiceRow.id)
        .join(AccountRow, AccountRow.id == InvoiceRow.account_id)
        .join(CreditorRow, CreditorRow.id == InvoiceRow.creditor_id)
        .where(AccountRow.debtor_id == agreement.debtor_id, InvoiceRow.open_minor > 0)
    )
    if creditor:
        query = query.where(CreditorRow.name == creditor)
    if agreement.currency is not None:
        query = query.where(InvoiceRow.currency == agreement.currency)
    return list(session.scalars(query.order_by(InvoiceRow.id)))


def _holds(session: Session, facts: Sequence[Fact], now: datetime, via: str) -> None:
    ids = _debtor_ids(session, facts)
    by_creditor: dict[str, set[str]] = defaultdict(set)
    for fact in facts:
        if fact.values["invoice"]:
            by_creditor[fact.values["creditor"]].add(fact.values["invoice"])
    invoices = _invoice_ids(session, by_creditor)
    rows = []
    for fact in facts:
        row = dict(fact.values)
        debtor, creditor, number = row.pop("debtor"), row.pop("creditor"), row.pop("invoice")
        row["debtor_id"] = ids[debtor] if debtor else None
        row["invoice_id"] = invoices[creditor, number] if number else None
        row["number_hash"] = number_hash(session, row["e164"])
        rows.append(row | {"by": SOURCE, "via": via, "source_key": source_key(fact)})
    session.execute(insert(_table(HoldRow)), rows)


def _wishes(session: Session, facts: Sequence[Fact], now: datetime, via: str) -> None:
    ids = _debtor_ids(session, facts)
    rows = [dict(fact.values) for fact in facts]
    session.execute(insert(_table(WishRow)), [row | {"debtor_id": ids[row.pop("debtor")]} for row in rows])


def _payments(session: Session, facts: Sequence[Fact], now: datetime, via: str) -> None:
    write_payments(session, facts, now)


def _letters(session: Session, facts: Sequence[Fact], now: datetime, via: str) -> None:
    by_creditor: dict[str, set[str]] = defaultdict(set)
    for fact in facts:
        by_creditor[fact.values["creditor"]].add(fact.values["invoice"])
    ids = _invoice_ids(session, by_creditor)
    for fact in facts:
        said = {name: value for name, value in fact.values.items() if name not in ("creditor", "invoice")}
        invoice = ids[fact.values["creditor"], fact.values["invoice"]]
        known = {name: value for name, value in said.items() if value is not None}
        session.execute(update(InvoiceRow).where(InvoiceRow.id == invoice).values(**known))


def _debtor_ids(session: Session, facts: Sequence[Fact]) -> dict[str, int]:
    refs = {fact.values["debtor"] for fact in facts if fact.values["debtor"]}
    return dict(session.execute(select(DebtorRow.ref, DebtorRow.id).where(DebtorRow.ref.in_(refs))).all())


def _invoice_ids(session: Session, wanted: Mapping[str, set[str]]) -> dict[tuple[str, str], int]:
    found: dict[tuple[str, str], int] = {}
    for creditor, numbers in wanted.items():
        query = (
            select(InvoiceRow.number, InvoiceRow.id)
            .join(CreditorRow, InvoiceRow.creditor_id == CreditorRow.id)
            .where(CreditorRow.name == creditor, InvoiceRow.number.in_(numbers))
        )
        found |= {(creditor, number): id_ for number, id_ in session.execute(query)}
    return found


def _table(row: type[Base]) -> Table:
    return cast(Table, row.__table__)


_Writer = Callable[[Session, Sequence[Fact], datetime, str], Any]
_WRITERS: dict[Kind, _Writer] = {
    Kind.CONTACTS: _contacts,
    Kind.AGREEMENTS: _agreements,
    Kind.HOLDS: _holds,
    Kind.WISHES: _wishes,
    Kind.PAYMENTS: _payments,
    Kind.LETTERS: _letters,
}

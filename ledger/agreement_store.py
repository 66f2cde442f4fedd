"""Reads what was agreed, asked and stopped: agreements with their instalments, opt-outs, holds."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from ledger.hold_store import numbers_by_hash, on_numbers
from ledger.money import Money
from ledger.tables import (
    AccountRow,
    AgreementInvoiceRow,
    AgreementRow,
    DebtorRow,
    HoldRow,
    InstalmentRow,
    InvoiceRow,
    PhoneRow,
)


@dataclass(frozen=True, kw_only=True)
class Instalment:
    """One part of a plan."""

    n: int
    due_on: date
    amount: Money


@dataclass(frozen=True, kw_only=True)
class Agreement:
    """What was agreed or asked, as `ledger.tables.AgreementRow` describes it."""

    id: int
    #: None: a caller whom we don't recognise.
    debtor: str | None
    kind: str
    state: str
    amount: Money | None
    due_on: date | None
    from_at: datetime | None
    until_at: datetime | None
    owner: str | None
    #: Invoice numbers.
    invoices: tuple[str, ...]
    instalments: tuple[Instalment, ...]
    #: A dispute in the person's own words: its file's name and its seconds, or since when it is deleted.
    statement: str | None
    statement_seconds: int | None
    statement_deleted_at: str | None
    made_at: datetime
    #: What made it: conversation, turn and kind, or a note.
    source: str
    #: Which of our people wrote it down; None: nobody did, it was said on a call or came with a list.
    noted_by: str | None


@dataclass(frozen=True, kw_only=True)
class Hold:
    """What stops contact: on a debtor, a number or an invoice."""

    id: int
    kind: str
    debtor: str | None
    #: E.164; shown masked.
    number: str | None
    invoice: str | None
    #: None: every channel.
    channel: str | None
    from_at: datetime
    until_at: datetime | None
    by: str
    via: str
    #: What made it, as an agreement's.
    source: str
    lifted_at: datetime | None
    lifted_by: str | None
    lifted_why: str | None


def debtor_id(session: Session, ref: str) -> int | None:
    """The row of a debtor's ref, or None where there is none."""
    return session.scalar(select(DebtorRow.id).where(DebtorRow.ref == ref))


def agreements(session: Session, debtor: int | None = None) -> list[Agreement]:
    """Every agreement, or one debtor's, the oldest first."""
    query = select(AgreementRow, DebtorRow.ref).outerjoin(DebtorRow, AgreementRow.debtor_id == DebtorRow.id)
    if debtor is not None:
        query = query.where(AgreementRow.debtor_id == debtor)
    found = session.execute(query.order_by(AgreementRow.id)).all()
    ids = {row.id for row, _ in found} if debtor is not None else None
    invoices, parts = _invoices(session, ids), _instalments(session, ids)
    return [
        Agreement(
            id=row.id,
            debtor=ref,
            kind=row.kind,
            state=row.state,
            amount=Money(row.amount_minor, row.currency or "EUR") if row.amount_minor is not None else None,
            due_on=row.due_on,
            from_at=row.from_at,
            until_at=row.until_at,
            owner=row.owner,
            invoices=tuple(invoices.get(row.id, ())),
            instalments=tuple(
                Instalment(n=part.n, due_on=part.due_on, amount=Money(part.amount_minor, row.currency or "EUR"))
                for part in parts.get(row.id, ())
            ),
            statement=row.detail.get("statement"),
            statement_seconds=row.detail.get("seconds"),
            statement_deleted_at=row.detail.get("statement_deleted_at"),
            made_at=row.made_at,
            source=row.source_key,
            noted_by=row.detail.get("noted_by"),
        )
        for row, ref in found
    ]


def holds(session: Session, debtor: int | None = None) -> list[Hold]:
    """Every hold that was ever made, lifted ones too, or those that touch one debtor; the oldest first."""
    query = (
        select(HoldRow, DebtorRow.ref, InvoiceRow.number)
        .outerjoin(DebtorRow, HoldRow.debtor_id == DebtorRow.id)
        .outerjoin(InvoiceRow, HoldRow.invoice_id == InvoiceRow.id)
    )
    if debtor is not None:
        numbers = list(session.scalars(select(PhoneRow.e164).where(PhoneRow.debtor_id == debtor)))
        theirs = on_numbers(numbers, numbers_by_hash(session, numbers))
        accounts = select(AccountRow.id).where(AccountRow.debtor_id == debtor)
        query = query.where(or_(HoldRow.debtor_id == debtor, theirs, InvoiceRow.account_id.in_(accounts)))
    return [
        Hold(
            id=row.id,
            kind=row.kind,
            debtor=ref,
            number=row.e164,
            invoice=number,
            channel=row.channel,
            from_at=row.from_at,
            until_at=row.until_at,
            by=row.by,
            via=row.via,
            source=row.source_key,
            lifted_at=row.lifted_at,
            lifted_by=row.lifted_by,
            lifted_why=row.lifted_why,
        )
        for row, ref, number in session.execute(query.order_by(HoldRow.id))
    ]


def _invoices(session: Session, ids: Iterable[int] | None) -> dict[int, list[str]]:
    query = (
        select(AgreementInvoiceRow.agreement_id, InvoiceRow.number)
        .join(InvoiceRow, AgreementInvoiceRow.invoice_id == InvoiceRow.id)
        .order_by(InvoiceRow.id)
    )
    if ids is not None:
        query = query.where(AgreementInvoiceRow.agreement_id.in_(ids))
    found: dict[int, list[str]] = {}
    for agreement, number in session.execute(query):
        found.setdefault(agreement, []).append(number)
    return found


def _instalments(session: Session, ids: Iterable[int] | None) -> dict[int, list[InstalmentRow]]:
    query = select(InstalmentRow).order_by(InstalmentRow.agreement_id, InstalmentRow.n)
    if ids is not None:
        query = query.where(InstalmentRow.agreement_id.in_(ids))
    found: dict[int, list[InstalmentRow]] = {}
    for part in session.scalars(query):
        found.setdefault(part.agreement_id, []).append(part)
    return found

"""Agreements in the books for tests of what comes after the call: plans, requests, disputes, payments on a day."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy.orm import Session

from books import NOW, add_debtor, add_hold, rows
from ledger.database import Database
from ledger.tables import (
    AgreementInvoiceRow,
    AgreementRow,
    AllocationRow,
    CreditorRow,
    HoldRow,
    InstalmentRow,
    InvoiceRow,
    OutboxRow,
    PaymentRow,
)

#: Three instalments of 40.00 for the 120.00 that everybody of the books owes; the first day is past, with its grace.
DAYS = (NOW.date() - timedelta(days=10), NOW.date() + timedelta(days=20), NOW.date() + timedelta(days=50))
MADE = NOW - timedelta(days=30)


def agreement(session: Session, n: int, kind: str, **over: Any) -> AgreementRow:
    """An open agreement of debtor `n` about invoice `n`, with the hold that the call made."""
    hold = over.pop("hold", True)
    row = AgreementRow(
        **{
            "source_key": f"call-{n}:4:{kind}", "debtor_id": n, "kind": kind, "state": "open", "detail": {},
            "made_at": MADE, "currency": "EUR", **over,
        }
    )  # fmt: skip
    session.add(row)
    session.flush()
    session.add(AgreementInvoiceRow(agreement_id=row.id, invoice_id=n))
    if hold:
        add_hold(session, f"{row.source_key}:0", debtor_id=n, kind=kind, from_at=row.made_at)
    return row


def plan(session: Session, n: int, days: tuple[date, ...] = DAYS, **over: Any) -> AgreementRow:
    """A plan of equal instalments on these days."""
    row = agreement(session, n, "plan", **{"amount_minor": 40_00 * len(days), **over})
    for part, day in enumerate(days, 1):
        session.add(InstalmentRow(agreement_id=row.id, n=part, due_on=day, amount_minor=40_00))
    session.flush()
    return row


def somebody(session: Session, n: int = 1, **over: Any) -> None:
    """A debtor with a telephone that takes messages."""
    add_debtor(session, n, **over)


def money(session: Session, n: int, minor: int, at: datetime = NOW, reference: str = "") -> None:
    """A payment on invoice `n`, seen at a moment; negative: it went back."""
    paid = PaymentRow(
        source="bank", reference=reference or f"{n}-{minor}-{at.isoformat()}", amount_minor=minor, currency="EUR",
        paid_on=at.date(), seen_at=at,
    )  # fmt: skip
    session.add(paid)
    session.flush()
    session.add(AllocationRow(payment_id=paid.id, invoice_id=n, amount_minor=minor))
    session.get_one(InvoiceRow, n).open_minor -= minor


def templates(database: Database) -> list[str]:
    """What is to be sent, the first written first."""
    return [row.template for row in rows(database, OutboxRow)]


def policy(session: Session, **said: Any) -> None:
    """What the creditor chose."""
    session.get_one(CreditorRow, 1).policy = said


def lifted(database: Database, kind: str) -> list[bool]:
    """Of the holds of a kind: is each lifted?"""
    return [row.lifted_at is not None for row in rows(database, HoldRow, kind=kind)]

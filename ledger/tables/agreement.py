"""What was agreed, and the instalments of a plan."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, BigInteger, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from ledger.database import Base


class AgreementRow(Base):
    """What was agreed or asked. `kind`: promise, plan, plan_request, dispute, copy, callback, person, hardship,
    already_paid, deceased, representative, complaint, letter, crisis."""

    __tablename__ = "agreement"
    __table_args__ = (UniqueConstraint("source_key"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    #: Conversation + turn + kind, or a form's token: the same cause binds once.
    source_key: Mapped[str] = mapped_column(String(160))
    #: None: a caller whom we don't recognise asks for a person (`detail.e164`).
    debtor_id: Mapped[int | None] = mapped_column(ForeignKey("debtor.id"), index=True)
    kind: Mapped[str] = mapped_column(String(24))
    #: open → kept | broken | withdrawn, by conditional update only.
    state: Mapped[str] = mapped_column(String(16), default="open")
    amount_minor: Mapped[int | None] = mapped_column(BigInteger)
    currency: Mapped[str | None] = mapped_column(String(3))
    #: Promise: the day of payment; dispute, plan request: the day of our answer.
    due_on: Mapped[date | None]
    #: Call-back: its window.
    from_at: Mapped[datetime | None]
    until_at: Mapped[datetime | None]
    #: Call-back by `machine` or `person`; dispute: the department.
    owner: Mapped[str | None] = mapped_column(String(64))
    #: Kind of dispute, when it was paid, number to call: data of the kind.
    detail: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    made_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]


class AgreementInvoiceRow(Base):
    """Which invoices an agreement is about."""

    __tablename__ = "agreement_invoice"

    agreement_id: Mapped[int] = mapped_column(ForeignKey("agreement.id"), primary_key=True)
    invoice_id: Mapped[int] = mapped_column(ForeignKey("invoice.id"), primary_key=True)


class InstalmentRow(Base):
    """One part of a plan; the parts' sum is exactly the plan's amount."""

    __tablename__ = "instalment"

    agreement_id: Mapped[int] = mapped_column(ForeignKey("agreement.id"), primary_key=True)
    n: Mapped[int] = mapped_column(primary_key=True)
    due_on: Mapped[date]
    amount_minor: Mapped[int] = mapped_column(BigInteger)
    #: The day it had before it was moved, once; None: it was not moved.
    moved_from: Mapped[date | None]

"""What is owed and what was paid of it."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from ledger.database import Base


class InvoiceRow(Base):
    """A bill. `open_minor` = amount + charges - allocations, kept in the same unit of work."""

    __tablename__ = "invoice"
    __table_args__ = (UniqueConstraint("creditor_id", "number"), CheckConstraint("amount_minor > 0", name="amount"))

    id: Mapped[int] = mapped_column(primary_key=True)
    creditor_id: Mapped[int] = mapped_column(ForeignKey("creditor.id"))
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), index=True)
    number: Mapped[str] = mapped_column(String(64))
    amount_minor: Mapped[int] = mapped_column(BigInteger)
    open_minor: Mapped[int] = mapped_column(BigInteger)
    currency: Mapped[str] = mapped_column(String(3))
    issued_on: Mapped[date]
    due_on: Mapped[date]
    #: A general word for what it is for; class `debt`.
    about: Mapped[str | None] = mapped_column(String(120))
    #: The structured reference to pay with (OGM, RF or betalingskenmerk).
    reference: Mapped[str | None] = mapped_column(String(40))
    first_letter_sent_on: Mapped[date | None]
    #: `post` or `email`.
    first_letter_by: Mapped[str | None] = mapped_column(String(8))
    costs_in_letter_minor: Mapped[int | None] = mapped_column(BigInteger)
    #: When a list brought it in; None: nobody noted it.
    known_at: Mapped[datetime | None]


class ChargeRow(Base):
    """A lawful cost on an invoice, with the law row that allows it."""

    __tablename__ = "charge"
    __table_args__ = (UniqueConstraint("invoice_id", "kind", "step"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    invoice_id: Mapped[int] = mapped_column(ForeignKey("invoice.id"))
    kind: Mapped[str] = mapped_column(String(16))
    step: Mapped[int]
    amount_minor: Mapped[int] = mapped_column(BigInteger)
    currency: Mapped[str] = mapped_column(String(3))
    law: Mapped[str] = mapped_column(String(120))
    made_at: Mapped[datetime]


class PaymentRow(Base):
    """Money that came in; a reversal is a new, negative row."""

    __tablename__ = "payment"
    __table_args__ = (UniqueConstraint("source", "reference"), Index(None, "seen_at"))

    id: Mapped[int] = mapped_column(primary_key=True)
    source: Mapped[str] = mapped_column(String(32))
    reference: Mapped[str] = mapped_column(String(120))
    amount_minor: Mapped[int] = mapped_column(BigInteger)
    currency: Mapped[str] = mapped_column(String(3))
    paid_on: Mapped[date]
    seen_at: Mapped[datetime]


class AllocationRow(Base):
    """What part of a payment went to which invoice; their sum never passes the payment."""

    __tablename__ = "allocation"
    __table_args__ = (UniqueConstraint("payment_id", "invoice_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    payment_id: Mapped[int] = mapped_column(ForeignKey("payment.id"))
    invoice_id: Mapped[int] = mapped_column(ForeignKey("invoice.id"), index=True)
    amount_minor: Mapped[int] = mapped_column(BigInteger)


class PaymentIntentRow(Base):
    """A link or order to pay one exact amount, committed before a provider hears of it."""

    __tablename__ = "payment_intent"

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(64), unique=True)
    debtor_id: Mapped[int] = mapped_column(ForeignKey("debtor.id"))
    amount_minor: Mapped[int] = mapped_column(BigInteger)
    currency: Mapped[str] = mapped_column(String(3))
    state: Mapped[str] = mapped_column(String(16))
    made_at: Mapped[datetime]

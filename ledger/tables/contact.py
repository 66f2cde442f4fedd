"""Every try to reach a human: budgets, receipts, messages."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from ledger.database import Base


class ContactRow(Base):
    """One try to reach a human on any channel. Its two unique keys are the last wall against a second call."""

    __tablename__ = "contact"
    __table_args__ = (
        UniqueConstraint("debtor_id", "local_date", "debtor_slot"),
        UniqueConstraint("address", "local_date", "address_slot"),
        Index(None, "debtor_id", "begun_at"),
        Index(None, "address", "begun_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    debtor_id: Mapped[int] = mapped_column(ForeignKey("debtor.id"))
    #: E.164 or e-mail address.
    address: Mapped[str] = mapped_column(String(200))
    channel: Mapped[str] = mapped_column(String(8))
    #: True for what the person asked for (a call-back, their own call to us): not in our own budget.
    solicited: Mapped[bool] = mapped_column(default=False)
    #: The call-back that this contact keeps.
    callback_id: Mapped[int | None] = mapped_column(ForeignKey("agreement.id"))
    zone: Mapped[str] = mapped_column(String(64))
    local_date: Mapped[date]
    #: 1 = first try of that day …; a call-back uses a slot of its own.
    debtor_slot: Mapped[int]
    address_slot: Mapped[int]
    begun_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    #: `ledger.contact.Disposition`; None while it lasts.
    disposition: Mapped[str | None] = mapped_column(String(24))
    #: Somebody answered and said something; `right_party`: it was the debtor, proved.
    talked: Mapped[bool] = mapped_column(default=False)
    right_party: Mapped[bool] = mapped_column(default=False)


class BudgetRow(Base):
    """The row that a claim locks, in key order, before it counts contacts: `d:ID` or `a:ADDRESS`."""

    __tablename__ = "budget"

    key: Mapped[str] = mapped_column(String(208), primary_key=True)


class ReceiptRow(Base):
    """Why a contact was or was not made: verdict, rule, value, source, zone, versions of law and texts."""

    __tablename__ = "receipt"

    id: Mapped[int] = mapped_column(primary_key=True)
    contact_id: Mapped[int | None] = mapped_column(ForeignKey("contact.id"), index=True)
    debtor_id: Mapped[int] = mapped_column(ForeignKey("debtor.id"), index=True)
    asked_at: Mapped[datetime]
    channel: Mapped[str] = mapped_column(String(8))
    verdict: Mapped[str] = mapped_column(String(8))
    rule: Mapped[str | None] = mapped_column(String(24))
    value: Mapped[str | None] = mapped_column(String(200))
    source: Mapped[str | None] = mapped_column(String(200))
    zone: Mapped[str | None] = mapped_column(String(64))
    law_version: Mapped[str] = mapped_column(String(32))
    text_version: Mapped[str | None] = mapped_column(String(32))


class RefusalCountRow(Base):
    """The day's refusals per campaign and rule; a person's own reason is computed anew by `why --at`."""

    __tablename__ = "refusal_count"

    campaign_id: Mapped[int] = mapped_column(primary_key=True)
    day: Mapped[date] = mapped_column(primary_key=True)
    rule: Mapped[str] = mapped_column(String(24), primary_key=True)
    refused: Mapped[int] = mapped_column(default=0)


class OutboxRow(Base):
    """What must be sent once. `unknown` is looked up, never sent again."""

    __tablename__ = "outbox"
    __table_args__ = (UniqueConstraint("cause", "template", "channel"), Index(None, "state", "due_at"))

    id: Mapped[int] = mapped_column(primary_key=True)
    cause: Mapped[str] = mapped_column(String(160))
    template: Mapped[str] = mapped_column(String(64))
    channel: Mapped[str] = mapped_column(String(8))
    #: None: a message to ourselves, about a caller whom we don't recognise.
    debtor_id: Mapped[int | None] = mapped_column(ForeignKey("debtor.id"), index=True)
    slots: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    due_at: Mapped[datetime]
    #: pending | claimed | sent | unknown | failed
    state: Mapped[str] = mapped_column(String(16), default="pending")
    owner: Mapped[str | None] = mapped_column(String(64))
    lease_until: Mapped[datetime | None]
    tries: Mapped[int] = mapped_column(default=0)

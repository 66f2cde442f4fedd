"""Who is owed, and by which policy of theirs."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from ledger.database import Base


class CreditorRow(Base):
    """Who is owed the money: the names that may be spoken, where money goes, and its own rules."""

    __tablename__ = "creditor"

    id: Mapped[int] = mapped_column(primary_key=True)
    #: The creditor's own name. Class `debt` when it differs from `sender`.
    name: Mapped[str] = mapped_column(String(120), unique=True)
    #: The neutral name that anybody may hear.
    sender: Mapped[str] = mapped_column(String(120))
    #: `creditor` calls for itself, `collector` for somebody else.
    role: Mapped[str] = mapped_column(String(16), default="creditor")
    contact_person: Mapped[str | None] = mapped_column(String(120))
    callback_number: Mapped[str | None] = mapped_column(String(20))
    iban: Mapped[str | None] = mapped_column(String(34))
    policy: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    policy_version: Mapped[int] = mapped_column(default=1)
    #: The last good update of payments; None: this creditor sends none.
    payments_seen_at: Mapped[datetime | None]


class PolicyVersionRow(Base):
    """What a creditor's policy was from a moment on: appended only, so that the past can be asked."""

    __tablename__ = "policy_version"
    __table_args__ = (UniqueConstraint("creditor_id", "n"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    creditor_id: Mapped[int] = mapped_column(ForeignKey("creditor.id"))
    n: Mapped[int]
    policy: Mapped[dict[str, Any]] = mapped_column(JSON)
    from_at: Mapped[datetime]
    by: Mapped[str] = mapped_column(String(64))
    note: Mapped[str | None] = mapped_column(String(200))

"""What stops contact."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from ledger.database import Base


class HoldRow(Base):
    """What stops contact. Exactly one of debtor, number, invoice; of an erased number its hash is left. An import adds
    holds and never lifts one.

    `kind` is one of the hold rules of the closed list (`deceased`, `dispute`, `opt_out`, `wrong_number` …).
    """

    __tablename__ = "hold"
    __table_args__ = (
        CheckConstraint(
            "(CASE WHEN debtor_id IS NULL THEN 0 ELSE 1 END)"
            " + (CASE WHEN e164 IS NULL AND number_hash IS NULL THEN 0 ELSE 1 END)"
            " + (CASE WHEN invoice_id IS NULL THEN 0 ELSE 1 END) = 1",
            name="one_subject",
        ),
        UniqueConstraint("source_key"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    debtor_id: Mapped[int | None] = mapped_column(ForeignKey("debtor.id"), index=True)
    e164: Mapped[str | None] = mapped_column(String(20), index=True)
    invoice_id: Mapped[int | None] = mapped_column(ForeignKey("invoice.id"), index=True)
    #: None: every channel; else voice, sms, email, post.
    channel: Mapped[str | None] = mapped_column(String(8))
    kind: Mapped[str] = mapped_column(String(24))
    from_at: Mapped[datetime]
    #: Exclusive end; None: until a person lifts it.
    until_at: Mapped[datetime | None]
    by: Mapped[str] = mapped_column(String(64))
    via: Mapped[str] = mapped_column(String(64))
    #: What made it, so that the same cause never adds it twice.
    source_key: Mapped[str] = mapped_column(String(160))
    #: Keyed hash of the number (`ledger.number_key`), so that an opt-out survives erasure.
    number_hash: Mapped[str | None] = mapped_column(String(64), index=True)
    lifted_at: Mapped[datetime | None]
    lifted_by: Mapped[str | None] = mapped_column(String(64))
    lifted_why: Mapped[str | None] = mapped_column(String(200))

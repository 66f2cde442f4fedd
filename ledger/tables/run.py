"""The run itself, what people changed, and lists that came in."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, BigInteger, ForeignKey, String, text
from sqlalchemy.orm import Mapped, mapped_column

from ledger.database import Base


class RunRow(Base):
    """One row: the run's clock offset, whether all dialling is stopped, and since when (state, not an order)."""

    __tablename__ = "run"

    id: Mapped[int] = mapped_column(primary_key=True)
    #: Campaign time minus real time, in milliseconds; 0 with a real trunk.
    clock_offset_ms: Mapped[int] = mapped_column(BigInteger, default=0)
    #: `running`, `stopping` (no new call, conversations run on) or `stopped`.
    state: Mapped[str] = mapped_column(String(16), default="running")
    changed_at: Mapped[datetime]


class AuditRow(Base):
    """Who changed what, in the change's own unit of work; appended only."""

    __tablename__ = "audit"

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime]
    by: Mapped[str] = mapped_column(String(64))
    what: Mapped[str] = mapped_column(String(64))
    subject: Mapped[str] = mapped_column(String(160))
    detail: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)


class ImportBatchRow(Base):
    """One list that was handed over. Nobody of an unfinished batch is called."""

    __tablename__ = "import_batch"

    id: Mapped[int] = mapped_column(primary_key=True)
    file_hash: Mapped[str] = mapped_column(String(64), unique=True)
    name: Mapped[str] = mapped_column(String(200))
    #: What its rows are: debtors, or a kind of history (`ledger.intake.history.columns.Kind`).
    kind: Mapped[str] = mapped_column(String(16), default="debtors", server_default=text("'debtors'"))
    #: writing | done
    state: Mapped[str] = mapped_column(String(16))
    rows: Mapped[int]
    written: Mapped[int] = mapped_column(default=0)
    begun_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]


class ImportSliceRow(Base):
    """A checked part of a batch that waits to be written, so that a crashed import can be finished without the file."""

    __tablename__ = "import_slice"

    batch_id: Mapped[int] = mapped_column(ForeignKey("import_batch.id"), primary_key=True)
    n: Mapped[int] = mapped_column(primary_key=True)
    rows: Mapped[list[dict[str, Any]]] = mapped_column(JSON)
    done: Mapped[bool] = mapped_column(default=False, server_default=text("false"))


class ImportDebtorRow(Base):
    """Who is touched by an unfinished batch: claims look here and wait."""

    __tablename__ = "import_debtor"

    batch_id: Mapped[int] = mapped_column(ForeignKey("import_batch.id"), primary_key=True)
    debtor_ref: Mapped[str] = mapped_column(String(64), primary_key=True, index=True)

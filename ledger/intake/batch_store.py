"""A list on its way into the books: staged whole, written slice by slice, finished after a crash.

`staging`: nothing of it is in the books, a crash forgets it. `writing`: every row is checked and stored here, a crash
loses nothing. `done`: its rows are gone from here.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

from sqlalchemy import Table, delete, insert, select, update
from sqlalchemy.orm import Session

from ledger.intake.survey import Survey
from ledger.tables import AuditRow, ImportBatchRow, ImportDebtorRow, ImportSliceRow


@dataclass(frozen=True, kw_only=True)
class Batch:
    """A list that was handed over."""

    id: int
    name: str
    #: What its rows are (`ledger.intake.history.columns.Kind`).
    kind: str
    #: staging, writing or done.
    state: str
    rows: int
    begun_at: datetime


def batch_of(session: Session, digest: str) -> Batch | None:
    """The batch of the same file, under whatever name."""
    row = session.query(ImportBatchRow).filter_by(file_hash=digest).one_or_none()
    return _batch(row) if row else None


def unfinished(session: Session) -> list[Batch]:
    """Batches that a crash left, the oldest first."""
    query = select(ImportBatchRow).where(ImportBatchRow.state != "done").order_by(ImportBatchRow.id)
    return [_batch(row) for row in session.scalars(query)]


def _batch(row: ImportBatchRow) -> Batch:
    return Batch(id=row.id, name=row.name, kind=row.kind, state=row.state, rows=row.rows, begun_at=row.begun_at)


def open_batch(session: Session, found: Survey, kind: str, rows: int, now: datetime) -> Batch:
    """A new batch, to be staged."""
    name = found.path.name[:200]
    row = ImportBatchRow(file_hash=found.digest, name=name, kind=kind, state="staging", rows=rows, begun_at=now)
    session.add(row)
    session.flush()
    return _batch(row)


def stage(session: Session, batch: Batch, slices: Iterable[tuple[int, list[Any]]]) -> None:
    """Store checked rows as slices."""
    rows = [{"batch_id": batch.id, "n": n, "rows": entries, "done": False} for n, entries in slices]
    session.execute(insert(cast(Table, ImportSliceRow.__table__)), rows)


def stage_debtors(session: Session, batch: Batch, refs: Sequence[str]) -> None:
    """Name people whom the list touches: they are not called until it is written."""
    rows = [{"batch_id": batch.id, "debtor_ref": ref} for ref in refs]
    session.execute(insert(cast(Table, ImportDebtorRow.__table__)), rows)


def begin_writing(session: Session, batch: Batch, now: datetime) -> None:
    """From here on a crash loses nothing."""
    session.execute(update(ImportBatchRow).where(ImportBatchRow.id == batch.id).values(state="writing"))
    detail = {"rows": batch.rows}
    session.add(AuditRow(at=now, by="import", what="list imported", subject=batch.name[:160], detail=detail))


def next_slices(session: Session, batch: Batch, most: int) -> list[tuple[int, list[Any]]]:
    """The next slices to write, in order."""
    query = (
        select(ImportSliceRow.n, ImportSliceRow.rows)
        .where(ImportSliceRow.batch_id == batch.id, ImportSliceRow.done.is_(False))
        .order_by(ImportSliceRow.n)
        .limit(most)
    )
    return [(n, rows) for n, rows in session.execute(query)]


def slices_done(session: Session, batch: Batch, numbers: Sequence[int], written: int) -> None:
    """These slices are in the books: their copy of people's data goes."""
    session.execute(delete(ImportSliceRow).where(ImportSliceRow.batch_id == batch.id, ImportSliceRow.n.in_(numbers)))
    session.execute(
        update(ImportBatchRow).where(ImportBatchRow.id == batch.id).values(written=ImportBatchRow.written + written)
    )


def free_debtors(session: Session, batch: Batch, most: int) -> list[str]:
    """Let some people of the batch be called again; who they were."""
    some = select(ImportDebtorRow.debtor_ref).where(ImportDebtorRow.batch_id == batch.id).limit(most)
    refs = list(session.scalars(some))
    if refs:
        session.execute(
            delete(ImportDebtorRow).where(ImportDebtorRow.batch_id == batch.id, ImportDebtorRow.debtor_ref.in_(refs))
        )
    return refs


def drop_slices(session: Session, batch: Batch, most: int) -> int:
    """Forget some staged slices of a batch that never began to be written; how many."""
    some = select(ImportSliceRow.n).where(ImportSliceRow.batch_id == batch.id).limit(most)
    numbers = list(session.scalars(some))
    if numbers:
        session.execute(
            delete(ImportSliceRow).where(ImportSliceRow.batch_id == batch.id, ImportSliceRow.n.in_(numbers))
        )
    return len(numbers)


def close_batch(session: Session, batch: Batch, now: datetime) -> None:
    """The list is in the books."""
    session.execute(update(ImportBatchRow).where(ImportBatchRow.id == batch.id).values(state="done", ended_at=now))


def forget_batch(session: Session, batch: Batch) -> None:
    """A batch that never began to be written: as if it had not been."""
    session.execute(delete(ImportBatchRow).where(ImportBatchRow.id == batch.id))

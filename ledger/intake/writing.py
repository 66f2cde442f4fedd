"""A checked list goes into the books: staged whole first, then written slice by slice."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from ledger.database import Database
from ledger.intake.batch_store import (
    Batch,
    begin_writing,
    close_batch,
    drop_slices,
    forget_batch,
    free_debtors,
    next_slices,
    open_batch,
    slices_done,
    stage,
    stage_debtors,
    unfinished,
)
from ledger.intake.checked import Creditor, Entry
from ledger.intake.checking import CheckedList
from ledger.intake.history.columns import Kind
from ledger.intake.history.fact import Fact
from ledger.intake.history.write_store import write_facts
from ledger.intake.pace import in_units, until_none
from ledger.intake.page_store import read_page
from ledger.intake.posting import post
from ledger.intake.survey import Survey
from ledger.intake.write_store import write_creditors, write_page

#: The slice that holds the creditors, written before all rows.
_CREDITORS = 0

#: Told, in the unit of work that lets people be called again, who they are (refs): something of them has changed.
Freed = Callable[[Any, Sequence[str]], object]


def nobody_waits(_session: Any, _refs: Sequence[str]) -> None:
    """No campaign waits for anybody."""


def stage_list(
    database: Database, found: Survey, checked: CheckedList, now: datetime, kind: Kind = Kind.DEBTORS
) -> Batch:
    """Store a list whose every row is good, so that it survives a crash. Nobody in it is called from here on."""
    with database.unit_of_work() as session:
        batch = open_batch(session, found, kind, checked.report.rows, now)
    in_units(database, checked.debtors, lambda session, some: stage_debtors(session, batch, some))
    in_units(database, enumerate(checked.slices()), lambda session, some: stage(session, batch, some))
    with database.unit_of_work() as session:
        begin_writing(session, batch, now)
    return batch


def write_list(
    database: Database, batch: Batch, freed: Freed = nobody_waits, progress: Callable[[int], None] = lambda _: None
) -> int:
    """Write what is staged and not yet written. How many rows changed the books; `progress` hears of rows done."""
    done = changed = 0

    def some(session: Any, most: int) -> int:
        nonlocal done, changed
        slices = next_slices(session, batch, most)
        if slices:
            rows = [row for n, some_rows in slices if n != _CREDITORS for row in some_rows]
            if slices[0][0] == _CREDITORS:
                write_creditors(session, [Creditor(**row) for row in slices[0][1]], batch.begun_at)
            written = _write_rows(session, batch, rows)
            slices_done(session, batch, [n for n, _ in slices], written)
            done += len(rows)
            changed += written
        return len(slices)

    def telling(session: Any, most: int) -> int:
        progress(done)
        return some(session, most)

    until_none(database, telling)
    until_none(database, lambda session, most: _free(session, batch, most, freed))
    with database.unit_of_work() as session:
        close_batch(session, batch, batch.begun_at)
    progress(done)
    return changed


def finish_lists(database: Database, freed: Freed = nobody_waits) -> int:
    """Finish what a crash left: write what was staged whole, forget what was not. How many lists were written."""
    with database.reading() as session:
        left = unfinished(session)
    for batch in left:
        if batch.state == "writing":
            write_list(database, batch, freed)
            continue
        until_none(database, lambda session, most, batch=batch: drop_slices(session, batch, most))  # type: ignore[misc]
        until_none(database, lambda session, most, batch=batch: _free(session, batch, most))  # type: ignore[misc]
        with database.unit_of_work() as session:
            forget_batch(session, batch)
    return sum(batch.state == "writing" for batch in left)


def _free(session: Any, batch: Batch, most: int, freed: Freed = nobody_waits) -> int:
    refs = free_debtors(session, batch, most)
    freed(session, refs)
    return len(refs)


def _write_rows(session: Any, batch: Batch, rows: list[Any]) -> int:
    via = f"list {batch.name}"[:64]
    if batch.kind != Kind.DEBTORS:
        return write_facts(session, Kind(batch.kind), [Fact.from_json(row) for row in rows], batch.begun_at, via)
    entries = [Entry.from_json(row) for row in rows]
    page = read_page(session, entries, lock=True)
    changed = sum(post(page, entry) for entry in entries)
    write_page(session, page, batch.begun_at, via)
    return changed

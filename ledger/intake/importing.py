"""The import of a list: look at the file, check all of it, then write it; or finish one that a crash cut short."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import closing
from datetime import datetime
from pathlib import Path

from ledger.database import Database
from ledger.errors import ImportBusy
from ledger.intake.batch_store import Batch, batch_of, unfinished
from ledger.intake.checking import CheckedList, check_list
from ledger.intake.history.checking import check_history
from ledger.intake.history.columns import Kind
from ledger.intake.memory import few_searches
from ledger.intake.report import Report
from ledger.intake.survey import Survey, survey
from ledger.intake.turn import import_turn
from ledger.intake.writing import Freed, finish_lists, nobody_waits, stage_list, write_list

#: Told how far it is: what is being done (`checking`, `writing`), how much of it is done, of how much.
Progress = Callable[[str, int, int], None]


def no_progress(_what: str, _done: int, _of: int) -> None:
    """Nobody looks."""


def import_list(
    database: Database,
    path: Path,
    now: datetime,
    *,
    kind: Kind = Kind.DEBTORS,
    dry_run: bool = False,
    progress: Progress = no_progress,
    freed: Freed = nobody_waits,
) -> Report:
    """Bring a list into the books, whole or not at all; the report says what was found and done.

    A list with an error is not written, nor is any with `dry_run`. `now` is campaign time: from then on its numbers
    and holds count; what a history tells counts from its own time. `freed` hears in the end who was touched. Raises
    `ListUnreadable` for a file that is no list, `ImportBusy` while another import is at work.
    """
    found = survey(path)
    if dry_run:
        with few_searches():
            return _dry_run(database, found, kind, now, progress)
    with import_turn(database), few_searches():
        finish_lists(database, freed)
        with database.reading() as session:
            before = batch_of(session, found.digest)
        if before:
            return _known(found, before)
        with closing(_check(database, found, kind, now, _reading(found, progress))) as checked:
            report = checked.report
            if not report.refused:
                batch = stage_list(database, found, checked, now, kind)
                report.written = write_list(database, batch, freed, lambda done: progress("writing", done, batch.rows))
                report.already = report.rows - report.written
            return report


def finish_imports(database: Database, freed: Freed = nobody_waits) -> int:
    """Finish the lists that a crash cut short; how many. What another process imports just now is left to it."""
    with database.reading() as session:
        if not unfinished(session):
            return 0
    try:
        with import_turn(database):
            return finish_lists(database, freed)
    except ImportBusy:
        return 0


def _dry_run(database: Database, found: Survey, kind: Kind, now: datetime, progress: Progress) -> Report:
    with database.reading() as session:
        before = batch_of(session, found.digest)
    if before and before.state == "done":
        return _known(found, before)
    with closing(_check(database, found, kind, now, _reading(found, progress), compare=True)) as checked:
        return checked.report


def _check(
    database: Database, found: Survey, kind: Kind, now: datetime, told: Callable[[int], None], *, compare: bool = False
) -> CheckedList:
    if kind is Kind.DEBTORS:
        return check_list(database, found, now, told, compare=compare)
    return check_history(database, found, kind, now, told, compare=compare)


def _known(found: Survey, before: Batch) -> Report:
    return Report(str(found.path), rows=before.rows, already=before.rows, known_since=before.begun_at)


def _reading(found: Survey, progress: Progress) -> Callable[[int], None]:
    return lambda at: progress("checking", at, found.size)

"""A whole list is checked, row against cell rules, rows before it and the books; nothing is written."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from contextlib import ExitStack
from datetime import date, datetime
from itertools import islice
from typing import Any

from ledger.database import Database, utc_date
from ledger.intake.checked import CheckedRow, Creditor, Entry
from ledger.intake.finding import RowError
from ledger.intake.known_store import known_for
from ledger.intake.page_store import read_page
from ledger.intake.posting import post
from ledger.intake.reading import Row, read_rows
from ledger.intake.register import Register
from ledger.intake.report import Report
from ledger.intake.row import check_row
from ledger.intake.shelf import Shelf
from ledger.intake.spool import Spool
from ledger.intake.stops import stops_of
from ledger.intake.survey import Survey
from ledger.intake.words import Status

#: Rows that are held against the books at once.
_ROWS_AT_ONCE = 500


class CheckedList:
    """A list that was checked: its report and, when it has no error, its rows, those with holds and money first."""

    def __init__(self, file: str) -> None:
        self.report = Report(file)
        self.creditors: tuple[Creditor, ...] = ()
        #: Every debtor of the list, once; read while the list is open.
        self.debtors: Collection[str] = ()
        self._first, self._rest = Spool(), Spool()
        self._open = ExitStack()
        for spool in (self._first, self._rest):
            self._open.callback(spool.close)

    def add(self, entry: Entry) -> None:
        """A row that is good."""
        protects = entry.terms.status is not Status.OPEN or entry.bill.paid_minor > 0
        (self._first if protects else self._rest).add(entry)

    def add_fact(self, fact: Any) -> None:
        """A row of a history that is good; histories are written in their own order."""
        self._rest.add(fact)

    def slices(self) -> Iterator[list[Any]]:
        """The rows in the order in which they are written; the creditors come before them."""
        yield [vars(creditor) for creditor in self.creditors]
        yield from self._first.slices()
        yield from self._rest.slices()

    def keep(self, close: Callable[[], None]) -> None:
        """What the list stands on is closed with it."""
        self._open.callback(close)

    def close(self) -> None:
        """The waiting rows go, and what the list was remembered by."""
        self._open.close()


def check_list(
    database: Database, found: Survey, now: datetime, progress: Callable[[int], None], *, compare: bool = False
) -> CheckedList:
    """Check every row. With `compare` (a dry run) count too how many rows the books say already, and keep none."""
    checked = CheckedList(str(found.path))
    report, register, today = checked.report, Register(), utc_date(now)
    stops: Shelf[str, int] = Shelf()
    for shelf in (register, stops):
        checked.keep(shelf.close)
    rows = read_rows(found, progress, lettered=report.letters.update)
    while chunk := list(islice(rows, _ROWS_AT_ONCE)):
        report.rows += len(chunk)
        good: list[CheckedRow] = []
        for row in chunk:
            if isinstance(row, RowError):
                report.tell((row,), ())
            elif (one := _checked(row, report, today)) is not None:
                good.append(one)
        with database.reading() as session:
            known = known_for(session, good)
            admitted = [register.admit(one, known) for one in good]
            entries = [one.entry for one in admitted if one.entry is not None]
            if compare and known.invoices:  # a row with a new invoice always says something new
                page = read_page(session, entries, lock=False)
                report.already += sum(not post(page, entry) for entry in entries)
        for one_admitted in admitted:
            report.tell(one_admitted.errors, one_admitted.warnings)
        for entry in entries:
            if entry.terms.status is not Status.OPEN:
                for stop in stops_of(entry):
                    stops.put(stop.source_key, entry.line)
            if not report.refused and not compare:
                checked.add(entry)
    report.debtors, report.invoices, report.holds = len(register.debtors), register.invoices, len(stops)
    checked.creditors, checked.debtors = register.creditors, register.debtors
    return checked


def _checked(row: Row, report: Report, today: date) -> CheckedRow | None:
    result = check_row(row.cells, row.line, today)
    if result.errors or result.warnings:
        report.tell(result.errors, result.warnings)
    return result.row

"""A whole history is checked, row against cell rules, rows before it and the books; nothing is written."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from datetime import datetime
from itertools import islice

from ledger.database import Database
from ledger.intake.checking import CheckedList
from ledger.intake.finding import Findings, RowError, RowWarning
from ledger.intake.history.bonds import check_agreement, check_hold, check_payment
from ledger.intake.history.books_store import books_for
from ledger.intake.history.columns import HISTORIES, Kind
from ledger.intake.history.events import check_contact, check_letter, check_wish
from ledger.intake.history.fact import Books, Fact
from ledger.intake.history.known_store import unknown_facts
from ledger.intake.history.stop import stop_of
from ledger.intake.reading import Row, read_rows
from ledger.intake.row import cleaned
from ledger.intake.shelf import Shelf
from ledger.intake.survey import Survey
from ledger.intake.text import NOTHING

Check = Callable[[Mapping[str, str], int, Books, datetime, Findings], Fact | None]
CHECKS: dict[Kind, Check] = {
    Kind.CONTACTS: check_contact,
    Kind.AGREEMENTS: check_agreement,
    Kind.HOLDS: check_hold,
    Kind.WISHES: check_wish,
    Kind.PAYMENTS: check_payment,
    Kind.LETTERS: check_letter,
}
#: What was named so far: the line, and a key of all that was said.
Lines = Shelf[str, tuple[int, str]]
_ROWS_AT_ONCE = 500
#: What makes two rows of a list one and the same thing, where that is less than all they say.
_NAMES = {Kind.PAYMENTS: ("source", "reference"), Kind.LETTERS: ("creditor", "invoice")}


def check_history(
    database: Database, found: Survey, kind: Kind, now: datetime, progress: Callable[[int], None], *, compare: bool
) -> CheckedList:
    """Check every row of a history. With `compare` (a dry run) count how many the books have already."""
    checked = CheckedList(str(found.path))
    report = checked.report
    people: Shelf[str, int] = Shelf()
    invoices: Shelf[str, int] = Shelf()
    lines: Lines = Shelf(json.dumps, json.loads)
    for shelf in (people, invoices, lines):
        checked.keep(shelf.close)
    rows = read_rows(found, progress, HISTORIES[kind], report.letters.update)
    while chunk := list(islice(rows, _ROWS_AT_ONCE)):
        report.rows += len(chunk)
        report.tell(tuple(row for row in chunk if isinstance(row, RowError)), ())
        good = [row for row in chunk if isinstance(row, Row)]
        with database.reading() as session:
            books = books_for(session, [row.cells for row in good])
            facts = []
            for row in good:
                fact, errors, warnings = check_fact(row, kind, books, now)
                if fact is not None and (twice := _twice(fact, kind, lines)):
                    fact, errors = None, (twice,)
                report.tell(errors, warnings)
                if fact is not None:
                    facts.append(fact)
            if compare:
                report.already += len(facts) - len(unknown_facts(session, kind, facts))
        for fact in facts:
            report.holds += kind is Kind.HOLDS or (kind is Kind.CONTACTS and stop_of(fact) is not None)
            for debtor in fact.debtors:
                people.put(debtor, fact.line)
            if fact.values.get("invoice"):
                invoices.put(f"{fact.values['creditor']}\0{fact.values['invoice']}", fact.line)
            if not report.refused and not compare:
                checked.add_fact(fact)
    report.debtors, report.invoices = len(people), len(invoices)
    checked.debtors = people
    return checked


def check_fact(
    row: Row, kind: Kind, books: Books, now: datetime
) -> tuple[Fact | None, tuple[RowError, ...], tuple[RowWarning, ...]]:
    """One row by itself: its fact, or its errors; warnings either way."""
    cells, spoilt = cleaned(row.cells, row.line)
    found = Findings()
    for column in HISTORIES[kind].all:
        if len(cells[column.name]) > column.longest:
            found.refuse(column.name, f"is longer than {column.longest} characters", "shorten it")
    said = {name: "" if text in NOTHING else text for name, text in cells.items()}
    fact = None if spoilt or found.errors else CHECKS[kind](said, row.line, books, now, found)
    errors = (*spoilt, *(RowError(row.line, *one) for one in found.errors))
    return None if errors else fact, errors, tuple(RowWarning(row.line, *one) for one in found.warnings)


def _twice(fact: Fact, kind: Kind, lines: Lines) -> RowError | None:
    """Two rows that name one thing say the same of it, or nobody knows which is right."""
    names = _NAMES.get(kind)
    if names is None:
        return None
    name = "\0".join(str(fact.values[one]) for one in names)
    before = lines.get(name)
    if before is None:
        lines.add(name, (fact.line, fact.key))
        return None
    line, key = before
    if key == fact.key:
        return None
    return RowError(fact.line, names[-1], f"stands in line {line} too, with something else", "keep the right row")

"""Rows of a list a second: checked, and checked and written, against a bare `csv.DictReader` with `executemany`."""

from __future__ import annotations

import csv
import sqlite3
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from desk.bench.people import COLUMNS, write_people
from desk.bench.report import AtLeast, Row
from desk.bench.stage import AT
from desk.migrate import migrate
from ledger.database import Database
from ledger.intake.importing import import_list

#: Rows of the list.
ROWS = 50_000
GOAL = AtLeast(20_000)

Tell = Callable[[str], None]


def intake(tell: Tell, rows: int = ROWS) -> list[Row]:
    """Measure both, in a temporary folder."""
    with tempfile.TemporaryDirectory(prefix="beltoon-bench-") as folder:
        listed = Path(folder) / "people.csv"
        tell(f"writing a list of {rows} rows")
        write_people(listed, rows, AT.date())
        tell("reading it, barely")
        read = rows / _seconds(lambda: sum(1 for _ in _read(listed)))
        written = rows / _seconds(lambda: _write(listed, Path(folder) / "bare.db"))
        database = Database(f"sqlite:///{folder}/beltoon.db")
        migrate(database)
        tell("checking it")
        checked = rows / _seconds(lambda: import_list(database, listed, AT, dry_run=True))
        tell("checking and writing it")
        imported = rows / _seconds(lambda: import_list(database, listed, AT))
        database.close()
    return [
        Row(
            name="rows checked a second", ours=checked, baseline=read, unit="rows/s", goal=GOAL,
            note="the baseline reads the cells and looks at nothing",
        ),
        Row(
            name="rows checked and written a second", ours=imported, baseline=written, unit="rows/s",
            note="the baseline writes one table of text",
        ),
    ]  # fmt: skip


def _seconds(work: Callable[[], object]) -> float:
    begun = time.perf_counter()
    work()
    return time.perf_counter() - begun


def _read(listed: Path) -> Iterator[dict[str, str]]:
    with listed.open(newline="") as file:
        yield from csv.DictReader(file)


def _write(listed: Path, path: Path) -> None:
    names = ", ".join(COLUMNS)
    connection = sqlite3.connect(path)
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("PRAGMA synchronous=FULL")
    connection.execute(f"CREATE TABLE list ({names})")
    values = ", ".join(f":{name}" for name in COLUMNS)
    connection.executemany(f"INSERT INTO list ({names}) VALUES ({values})", _read(listed))  # noqa: S608 - our own names
    connection.commit()
    connection.close()

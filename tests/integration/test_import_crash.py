"""An import that is killed: at the next start it is finished, or as if it had never been (4 D 27, P5)."""

from __future__ import annotations

import signal
import subprocess
import sys
from pathlib import Path

import pytest
from sqlalchemy import func, select

from a_list import NOW, good, write_list
from desk.migrate import migrate
from ledger.database import Base, Database
from ledger.intake.importing import finish_imports, import_list
from ledger.intake.turn import import_turn
from ledger.tables import (
    AllocationRow,
    DebtorRow,
    HoldRow,
    ImportBatchRow,
    ImportDebtorRow,
    ImportSliceRow,
    InvoiceRow,
    PaymentRow,
    PhoneRow,
)

#: An import that kills itself, as kill -9 would, in the n-th unit of work of a stage, just before its commit.
KILLED = """
import os, signal, sys
from datetime import datetime
from pathlib import Path
from sqlalchemy import event, select
from sqlalchemy.orm import Session
from ledger.database import Database
from ledger.intake.importing import import_list
from ledger.tables import ImportBatchRow

url, path, now, stage, left = sys.argv[1], sys.argv[2], sys.argv[3], sys.argv[4], int(sys.argv[5])
database, eye = Database(url), Database(url)

def committing(session):
    global left
    with eye.reading() as looking:
        if looking.scalar(select(ImportBatchRow.state)) == stage:
            left -= 1
    if left < 0:
        os.kill(os.getpid(), signal.SIGKILL)

event.listen(Session, "before_commit", committing)
import_list(database, Path(path), datetime.fromisoformat(now))
"""
ROWS = [
    good(
        invoice=str(n),
        customer_no=str(n * 2 // 3),
        name=f"Els Maes {'abcdefghij'[n * 2 // 3 % 10]}",
        birth_date="",
        phone_1=f"0470 12 {n * 2 // 3 // 100:02d} {n * 2 // 3 % 100:02d}",
        status=("", "", "", "betwist", "paid")[n % 5],
        paid="20" if n % 7 == 0 else "",
    )
    for n in range(600)
]


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> dict[str, int]:
    """What stands in the books after an import that nothing disturbed."""
    folder = tmp_path_factory.mktemp("whole")
    database = Database(f"sqlite:///{folder / 'books.db'}")
    migrate(database)
    import_list(database, write_list(folder / "list.csv", *ROWS), NOW)
    found = counts(database)
    database.close()
    return found


def counts(database: Database) -> dict[str, int]:
    def count(row: type[Base]) -> int:
        with database.reading() as session:
            return session.scalar(select(func.count()).select_from(row)) or 0

    with database.reading() as session:
        left = session.scalar(select(func.sum(InvoiceRow.open_minor))) or 0
    kinds = (DebtorRow, PhoneRow, InvoiceRow, PaymentRow, AllocationRow, HoldRow)
    return {row.__tablename__: count(row) for row in kinds} | {"open": left}


def staged(database: Database) -> tuple[list[str], int, int]:
    with database.reading() as session:
        states = list(session.scalars(select(ImportBatchRow.state)))
        slices = session.scalar(select(func.count()).select_from(ImportSliceRow)) or 0
        waiting = session.scalar(select(func.count()).select_from(ImportDebtorRow)) or 0
    return states, slices, waiting


def import_and_die(database: Database, path: Path, stage: str, unit: int) -> None:
    url = database.url.render_as_string(hide_password=False)
    command = [sys.executable, "-c", KILLED, url, str(path), NOW.isoformat(), stage, str(unit)]
    died = subprocess.run(command, capture_output=True, timeout=120, check=False)
    assert died.returncode == -signal.SIGKILL, died.stderr
    assert staged(database)[0] == [stage]


@pytest.mark.parametrize("unit", [0, 1, 3, 6])
def test_killed_while_it_is_written_it_is_finished_at_the_next_start(
    database: Database, tmp_path: Path, whole: dict[str, int], unit: int
) -> None:
    path = write_list(tmp_path / "list.csv", *ROWS)
    import_and_die(database, path, "writing", unit)
    _, slices, waiting = staged(database)
    assert slices == 0 or waiting == whole["debtor"], "nobody on a list that is half written may be called"
    assert finish_imports(database) == 1
    assert staged(database) == (["done"], 0, 0)
    assert counts(database) == whole
    assert finish_imports(database) == 0
    assert import_list(database, path, NOW).known_since == NOW
    assert counts(database) == whole


@pytest.mark.parametrize("unit", [0, 2, 5, 9])
def test_killed_before_all_of_it_is_stored_it_never_was(
    database: Database, tmp_path: Path, whole: dict[str, int], unit: int
) -> None:
    path = write_list(tmp_path / "list.csv", *ROWS)
    import_and_die(database, path, "staging", unit)
    assert counts(database)["invoice"] == 0
    assert finish_imports(database) == 0
    assert staged(database) == ([], 0, 0)
    assert import_list(database, path, NOW).written == len(ROWS)
    assert counts(database) == whole


def test_the_same_import_run_again_finishes_what_was_left(
    database: Database, tmp_path: Path, whole: dict[str, int]
) -> None:
    path = write_list(tmp_path / "list.csv", *ROWS)
    import_and_die(database, path, "writing", 1)
    assert import_list(database, path, NOW).known_since == NOW
    assert counts(database) == whole


def test_what_another_process_imports_just_now_is_left_to_it(database: Database, tmp_path: Path) -> None:
    path = write_list(tmp_path / "list.csv", *ROWS)
    import_and_die(database, path, "writing", 1)
    before = staged(database)
    with import_turn(database):
        assert finish_imports(database) == 0
    assert staged(database) == before

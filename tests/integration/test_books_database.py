"""The one door to the database: what a unit of work and a look promise, on SQLite and on PostgreSQL."""

from __future__ import annotations

import contextlib
import os
import sqlite3
import stat
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import delete, event, func, insert, select, text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import IntegrityError

from dialer.claim_store import lock_budget
from ledger.clock import real_now
from ledger.database import Database, Watch
from ledger.errors import DatabaseUnusable
from ledger.tables import AuditRow, BudgetRow, CreditorRow
from postgres_fixture import Postgres

ROUNDS = 20
#: A commit of another connection is heard within this; on an idle machine in a millisecond.
HEARD_SECONDS = 5.0
#: Nothing is on its way any more when nothing came for so long.
QUIET_SECONDS = 0.5


@pytest.fixture
def file(tmp_path: Path, sqlite_books: Path) -> Path:
    """A file of SQLite with our tables."""
    path = tmp_path / "beltoon.db"
    path.write_bytes(sqlite_books.read_bytes())
    return path


def mark(database: Database, what: str = "mark") -> None:
    """Commit something."""
    with database.unit_of_work() as session:
        session.add(AuditRow(at=real_now(), by="test", what=what, subject="s", detail={}))


def marks(database: Database) -> int:
    with database.reading() as session:
        return session.scalar(select(func.count()).select_from(AuditRow)) or 0


def refusal(work: Callable[[], object]) -> str:
    """The one line that a person reads."""
    with pytest.raises(DatabaseUnusable) as caught:
        work()
    told = str(caught.value)
    assert told and "\n" not in told
    return told


# -- a unit of work ------------------------------------------------------------------------------------------------


def test_two_who_count_and_then_insert_never_both_do(database: Database) -> None:
    """The reason for `BEGIN IMMEDIATE`, and on PostgreSQL for the budget rows."""
    together = threading.Barrier(2)

    def count_then_insert(n: int) -> bool:
        together.wait()
        with database.unit_of_work() as session:
            lock_budget(session, (f"d:{n}",))
            here = select(func.count()).where(AuditRow.subject == str(n))
            if session.scalar(here):
                return False
            time.sleep(0.005)  # the other has every chance to count too
            session.add(AuditRow(at=real_now(), by="test", what="claim", subject=str(n), detail={}))
            return True

    with ThreadPoolExecutor(2) as pool:
        for n in range(ROUNDS):
            assert sorted(pool.map(count_then_insert, (n, n))) == [False, True]


def test_every_unit_on_sqlite_begins_immediate_and_every_look_does_not(file: Path) -> None:
    database = Database(f"sqlite:///{file}")
    said: list[str] = []
    event.listen(database.engine, "before_cursor_execute", lambda _c, _k, sql, *_: said.append(sql))
    mark(database)
    marks(database)
    watch = database.watch()
    watch.changed()
    watch.close()
    mark(database)
    assert [sql for sql in said if sql.startswith("BEGIN")] == ["BEGIN IMMEDIATE", "BEGIN", "BEGIN IMMEDIATE"]
    database.close()


def test_what_sqlite_has_committed_outlives_a_power_cut(file: Path) -> None:
    database = Database(f"sqlite:///{file}")
    for door in (database.unit_of_work, database.reading):
        with door() as session:
            ask = session.connection().exec_driver_sql
            kept = [ask(f"PRAGMA {name}").scalar() for name in ("journal_mode", "synchronous", "foreign_keys")]
            assert kept == ["wal", 2, 1]
    database.close()


@pytest.mark.postgres
def test_what_postgresql_has_committed_outlives_a_power_cut_whatever_its_defaults_are(postgres: Postgres) -> None:
    address = postgres.database()
    name = make_url(address).database
    for setting in ("synchronous_commit = off", "default_transaction_isolation = 'serializable'"):
        postgres.tell(f'ALTER DATABASE "{name}" SET {setting}')
    database = Database(address)
    shown = {}
    for door in (database.unit_of_work, database.reading):
        with door() as session:
            for asked in ("synchronous_commit", "transaction_isolation", "lock_timeout"):
                shown[door.__name__, asked] = session.scalar(text(f"SHOW {asked}"))
    database.close()
    postgres.drop(address)
    assert shown["unit_of_work", "synchronous_commit"] == "on"
    assert shown["unit_of_work", "transaction_isolation"] == "read committed"
    assert shown["reading", "transaction_isolation"] == "repeatable read"
    assert shown["unit_of_work", "lock_timeout"] == "10s"


def test_a_unit_that_fails_has_changed_nothing(database: Database) -> None:
    with pytest.raises(ZeroDivisionError), database.unit_of_work() as session:
        session.add(AuditRow(at=real_now(), by="test", what="half", subject="s", detail={}))
        session.flush()
        raise ZeroDivisionError
    assert marks(database) == 0


def test_an_error_tells_no_value_of_a_statement(database: Database) -> None:
    """What an error says may end in a log, where nobody's name belongs (P10)."""
    statement = insert(CreditorRow).values(
        name=None, sender="Els Janssens", role="creditor", policy={}, policy_version=1
    )
    with pytest.raises(IntegrityError) as caught, database.unit_of_work() as session:
        session.execute(statement)
    if database.is_sqlite:  # PostgreSQL itself names the failing row in its detail
        assert "Janssens" not in str(caught.value)
    assert "[parameters" not in str(caught.value)


# -- a look ----------------------------------------------------------------------------------------------------------


def test_a_look_sees_one_moment_and_holds_up_nobody(database: Database) -> None:
    with database.reading() as session:
        before = session.scalar(select(func.count()).select_from(AuditRow))
        mark(database)
        mark(database)
        assert session.scalar(select(func.count()).select_from(AuditRow)) == before == 0
    assert marks(database) == 2


def test_a_look_sees_nothing_of_a_change_that_goes_on_and_does_not_wait_for_it(database: Database) -> None:
    with database.unit_of_work() as session:
        session.execute(delete(AuditRow))
        session.add(AuditRow(at=real_now(), by="test", what="mark", subject="s", detail={}))
        session.flush()
        assert marks(database) == 0
    assert marks(database) == 1


def test_nothing_is_written_by_a_look(database: Database) -> None:
    with contextlib.suppress(DatabaseUnusable), database.reading() as session:
        session.execute(insert(BudgetRow).values(key="d:1"))
    with database.reading() as session:
        assert session.scalar(select(func.count()).select_from(BudgetRow)) == 0


# -- the signal ------------------------------------------------------------------------------------------------------


@pytest.fixture
def watch(database: Database) -> Iterator[Watch]:
    opened = database.watch()
    yield opened
    opened.close()


def heard(watch: Watch) -> bool:
    """Whether a change is heard within a while: a server tells of it when it gets to it."""
    deadline = time.monotonic() + HEARD_SECONDS
    while not watch.changed():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.002)
    return True


def quiet(watch: Watch) -> None:
    """Wait until nothing more comes: two commits may come as two signals, the second a moment later."""
    calm_since = time.monotonic()
    while time.monotonic() - calm_since < QUIET_SECONDS:
        if watch.changed():
            calm_since = time.monotonic()
        time.sleep(0.01)


def test_the_first_look_is_always_worth_it_and_then_only_changes_are(database: Database, watch: Watch) -> None:
    assert watch.changed()
    assert not watch.changed()
    mark(database)
    mark(database)
    assert heard(watch)
    quiet(watch)
    marks(database)
    assert not watch.changed()


def test_a_change_that_was_undone_is_no_change(database: Database, watch: Watch) -> None:
    watch.changed()
    with pytest.raises(ZeroDivisionError), database.unit_of_work() as session:
        session.execute(insert(BudgetRow).values(key="d:1"))
        raise ZeroDivisionError
    assert not watch.changed()


def test_the_signal_comes_with_the_commit_and_not_before(database: Database, watch: Watch) -> None:
    watch.changed()
    with database.unit_of_work() as session:
        session.execute(insert(BudgetRow).values(key="d:1"))
        session.flush()
        assert not watch.changed()
    assert heard(watch)


def test_a_watcher_hears_of_other_processes(database: Database, books_url: str, watch: Watch) -> None:
    watch.changed()
    other = Database(books_url)
    mark(other)
    other.close()
    assert heard(watch)


@pytest.mark.postgres
def test_a_server_that_was_started_again_is_watched_again(postgres: Postgres, postgres_books: str) -> None:
    address = postgres.database(template=postgres_books)
    database = Database(address)
    watch = database.watch()
    watch.changed()
    postgres.cut(address)
    assert heard(watch), "what was missed meanwhile is looked at"
    assert not watch.changed()
    mark(database)
    assert heard(watch)
    watch.close()
    database.close()
    postgres.drop(address)


# -- what bad input gets -----------------------------------------------------------------------------------------


def test_a_file_that_is_locked_for_too_long_is_said_so(file: Path) -> None:
    database = Database(f"sqlite:///{file}", busy_seconds=0.05)
    with contextlib.closing(sqlite3.connect(file, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        assert "locked by another program" in refusal(lambda: mark(database))
        assert marks(database) == 0, "looking is possible all the while"
        other.execute("ROLLBACK")
    mark(database)
    database.close()


@pytest.mark.postgres
def test_a_row_that_is_locked_for_too_long_is_said_so(postgres: Postgres, postgres_books: str) -> None:
    address = postgres.database(template=postgres_books)
    first, second = Database(address), Database(address, busy_seconds=0.05)
    with first.unit_of_work() as session:
        lock_budget(session, ("d:1",))

        def wait() -> None:
            with second.unit_of_work() as other:
                lock_budget(other, ("d:1",))

        assert "locked by another program" in refusal(wait)
    for database in (first, second):
        database.close()
    postgres.drop(address)


def test_a_file_that_may_not_be_written_is_said_so() -> None:
    folder = Path(tempfile.mkdtemp(prefix="beltoon-"))  # an ordinary user reaches it, unlike a test's own folder
    folder.chmod(0o755)
    path = folder / "beltoon.db"
    Database(f"sqlite:///{path}").close()
    with contextlib.closing(sqlite3.connect(path)) as made:
        made.execute("CREATE TABLE audit (id INTEGER)")
    path.chmod(0o444)
    folder.chmod(0o555)
    told = _as_ordinary_user(_write, str(path))
    folder.chmod(0o755)
    path.unlink()
    folder.rmdir()
    assert told == f"The database {path} is read-only; make the file and its folder writable"


def _write(path: str) -> None:
    with Database(f"sqlite:///{path}").unit_of_work() as session:
        session.execute(text("INSERT INTO audit VALUES (1)"))


def _as_ordinary_user(work: Callable[[str], None], path: str) -> str:
    """What a process that is not root is told; rights don't stop root."""
    context = get_context("fork")
    mine, its = context.Pipe()

    def run() -> None:
        if os.geteuid() == 0:
            os.setgroups([])
            os.setgid(65534)
            os.setuid(65534)
        try:
            work(path)
            its.send("nothing was wrong")
        except DatabaseUnusable as error:
            its.send(str(error))

    process = context.Process(target=run)
    process.start()
    assert mine.poll(20), "no answer came"
    told: str = mine.recv()
    process.join()
    return told


def test_a_file_that_is_no_database_is_said_so(tmp_path: Path) -> None:
    path = tmp_path / "debtors.csv"
    path.write_text("creditor;customer_no\n" * 400)
    database = Database(f"sqlite:///{path}")
    told = f"The database {path} is not a database; name another file"
    assert refusal(lambda: mark(database)) == refusal(lambda: marks(database)) == told


def test_a_database_without_tables_is_said_so(empty_url: str) -> None:
    database = Database(empty_url)
    name = database.url.database
    told = f"The database {name} has no tables yet; run: beltoon migrate"
    assert refusal(lambda: mark(database)) == refusal(lambda: marks(database)) == told
    database.close()


@pytest.mark.parametrize(
    ("url", "told"),
    [
        ("sqlite:////nowhere/at/all/beltoon.db", "The folder of the database, /nowhere/at/all, does not exist"),
        ("sqlite:////", "is a folder; name a file"),
        ("sqlite://", "needs a database file that its processes share"),
        ("sqlite:///:memory:", "needs a database file that its processes share"),
        ("beltoon.db", "BELTOON_DATABASE_URL can't be read"),
        ("mysql://root@localhost/beltoon", "BELTOON_DATABASE_URL names mysql; give sqlite:///PATH or postgresql://"),
        ("postgresql+asyncpg://localhost/beltoon", "BELTOON_DATABASE_URL names postgresql+asyncpg"),
    ],
)
def test_an_address_that_can_not_be_is_refused_before_anything_is_opened(url: str, told: str) -> None:
    assert told in refusal(lambda: Database(url))


def test_a_server_that_is_not_there_is_said_so(tmp_path: Path) -> None:
    database = Database(f"postgresql:///beltoon?host={tmp_path}")
    assert refusal(lambda: marks(database)).startswith("The database beltoon can't be reached; start its server")
    assert refusal(database.watch).startswith("The database beltoon can't be reached")
    database.close()


@pytest.mark.postgres
def test_a_database_that_its_server_does_not_have_is_said_so(postgres: Postgres) -> None:
    database = Database(postgres.url.set(database="nobodys").render_as_string(hide_password=False))
    assert refusal(lambda: mark(database)).startswith("The database nobodys does not exist; make it first")
    database.close()


@pytest.mark.postgres
def test_a_server_that_may_not_be_written_is_said_so(postgres: Postgres, postgres_books: str) -> None:
    address = postgres.database(template=postgres_books)
    postgres.tell(f'ALTER DATABASE "{make_url(address).database}" SET default_transaction_read_only = on')
    database = Database(address)
    assert "is read-only; name a server that may be written" in refusal(lambda: mark(database))
    database.close()
    postgres.drop(address)


def test_a_new_database_is_readable_by_its_owner_alone(tmp_path: Path) -> None:
    before = os.umask(0)
    try:
        Database(f"sqlite:///{tmp_path / 'new.db'}").close()
    finally:
        os.umask(before)
    assert stat.S_IMODE((tmp_path / "new.db").stat().st_mode) == 0o600


def test_an_instant_without_a_zone_is_refused_and_one_with_a_zone_comes_back_the_same(database: Database) -> None:
    moment = real_now().replace(microsecond=123456)
    with database.unit_of_work() as session:
        session.add(AuditRow(at=moment, by="test", what="w", subject="s", detail={"ä": [1, None, True]}))
    with database.reading() as session:
        row: Any = session.scalars(select(AuditRow)).one()
        assert (row.at, row.at.utcoffset(), row.detail) == (moment, moment.utcoffset(), {"ä": [1, None, True]})
    with pytest.raises(Exception, match="naive"), database.unit_of_work() as session:
        session.add(AuditRow(at=moment.replace(tzinfo=None), by="test", what="w", subject="s", detail={}))

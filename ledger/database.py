"""The one door to the database: the engine, `unit_of_work()` to change things, `reading()` to look.

On SQLite the driver's own transactions are off: every unit begins `IMMEDIATE`, so that "count, then insert" can't
let two dialers through; WAL and `synchronous=FULL` keep what was committed through a power cut. On PostgreSQL a unit
runs READ COMMITTED and locks its budget rows first (see `dialer.claim_store`).
"""

from __future__ import annotations

import contextlib
import os
import sqlite3
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import DateTime, MetaData, create_engine, event, text
from sqlalchemy.engine import Dialect, make_url
from sqlalchemy.exc import ArgumentError, DatabaseError, OperationalError
from sqlalchemy.orm import DeclarativeBase, Session
from sqlalchemy.types import TypeDecorator

from ledger.errors import DatabaseUnusable

#: Alembic can only alter what has a name, so every constraint gets one from the first day.
NAMING = {
    "ix": "ix_%(column_0_N_label)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}


class UtcDateTime(TypeDecorator[datetime]):
    """An instant: aware in Python, UTC in the database. A naive value is refused."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("an instant needs its zone; a naive datetime was given")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Base(DeclarativeBase):
    """The root of every row class (`…Row`)."""

    metadata = MetaData(naming_convention=NAMING)
    type_annotation_map = {datetime: UtcDateTime}  # noqa: RUF012


class Database:
    """One database and the only two ways in.

    `url` is an SQLAlchemy address; `sqlite:///path` or `postgresql://…`. `busy_seconds` is how long a SQLite unit
    waits for another writer before it gives up with `DatabaseUnusable`.
    """

    def __init__(self, url: str, busy_seconds: float = 10.0) -> None:
        try:
            self.url = make_url(url)
        except ArgumentError as error:
            raise DatabaseUnusable("BELTOON_DATABASE_URL can't be read; give sqlite:///PATH") from error
        self.is_sqlite = self.url.get_backend_name() == "sqlite"
        if self.is_sqlite:
            self._prepare_file()
            self.engine = create_engine(
                self.url, connect_args={"timeout": busy_seconds, "check_same_thread": False}, pool_size=8
            )
            event.listen(self.engine, "connect", _open_sqlite)
            event.listen(self.engine, "begin", _begin_sqlite)
        else:
            self.engine = create_engine(self.url, pool_size=8, pool_pre_ping=True)

    def _prepare_file(self) -> None:
        name = self.url.database
        if not name or name == ":memory:":
            raise DatabaseUnusable("Beltoon needs a database file that its processes share; give sqlite:///PATH")
        path = Path(name)
        if path.is_dir():
            raise DatabaseUnusable(f"The database {path} is a folder; name a file")
        if not path.parent.is_dir():
            raise DatabaseUnusable(f"The folder of the database, {path.parent}, does not exist; make it first")
        if not path.exists():
            with contextlib.suppress(OSError):
                os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))

    @contextlib.contextmanager
    def unit_of_work(self) -> Iterator[Session]:
        """A change: committed whole at the end, or not at all. Holds SQLite's only write lock: under 200 ms.

        Raises `DatabaseUnusable` where the database can't be reached, is locked for too long or is read-only.
        """
        with (
            _saying_what_is_wrong(self.url.database),
            Session(self.engine, expire_on_commit=False) as session,
            session.begin(),
        ):
            yield session
            if not self.is_sqlite:
                session.flush()
                session.execute(text("NOTIFY beltoon"))

    @contextlib.contextmanager
    def reading(self) -> Iterator[Session]:
        """A look: one consistent snapshot, no lock taken; nothing is written."""
        engine = self.engine.execution_options(beltoon_reading=True)
        with _saying_what_is_wrong(self.url.database), Session(engine, expire_on_commit=False) as session:
            yield session
            session.rollback()

    def close(self) -> None:
        """Give back every connection."""
        self.engine.dispose()

    def watch(self) -> Watch:
        """A watcher with a connection of its own: did anybody commit since I last looked?"""
        return Watch(self)


class Watch:
    """A signal that only says "look again": SQLite's `data_version`, PostgreSQL's NOTIFY. Losing one harms nothing."""

    def __init__(self, database: Database) -> None:
        self._connection = database.engine.connect().execution_options(isolation_level="AUTOCOMMIT")
        self._raw = self._connection.connection.driver_connection
        self._sqlite = database.is_sqlite
        self._seen = -1
        if not self._sqlite:
            self._raw.execute("LISTEN beltoon")  # type: ignore[union-attr]

    def changed(self) -> bool:
        """True once after each burst of commits by others; the first look is always True. Takes microseconds."""
        raw: Any = self._raw
        if self._sqlite:
            version = int(raw.execute("PRAGMA data_version").fetchone()[0])
            if version == self._seen:
                return False
            self._seen = version
            return True
        first, self._seen = self._seen < 0, 0
        return bool(list(raw.notifies(timeout=0))) or first

    def close(self) -> None:
        """Give the connection back."""
        self._connection.close()


def _open_sqlite(connection: Any, _record: object) -> None:
    connection.isolation_level = None
    cursor = connection.cursor()
    with contextlib.suppress(sqlite3.OperationalError):  # read-only: the first write says so in a sentence
        cursor.execute("PRAGMA journal_mode=WAL")
    cursor.execute("PRAGMA synchronous=FULL")
    cursor.execute("PRAGMA foreign_keys=ON")
    cursor.close()


def _begin_sqlite(connection: Any) -> None:
    reading = connection.get_execution_options().get("beltoon_reading", False)
    connection.exec_driver_sql("BEGIN" if reading else "BEGIN IMMEDIATE")


@contextlib.contextmanager
def _saying_what_is_wrong(name: str | None) -> Iterator[None]:
    try:
        yield
    except OperationalError as error:
        raise DatabaseUnusable(_sentence(str(error.orig), name)) from error
    except DatabaseError as error:
        if "not a database" in str(error.orig):
            raise DatabaseUnusable(f"{name} is not a database; name another file") from error
        raise


def _sentence(said: str, name: str | None) -> str:
    if "locked" in said:
        return f"The database {name} is locked by another program; stop that one or try again"
    if "readonly" in said:
        return f"The database {name} is read-only; make the file and its folder writable"
    if "unable to open" in said:
        return f"The database {name} can't be opened; check the path and its rights"
    if "no such table" in said:
        return f"The database {name} has no tables yet; run: beltoon migrate"
    return f"The database {name} can't be used: {said.splitlines()[0]}"


def utc_date(moment: datetime) -> date:
    """The UTC day of an instant."""
    return moment.astimezone(UTC).date()


#: The longest that a unit of work may hold the write lock (design: slices).
LONGEST_UNIT = timedelta(milliseconds=200)

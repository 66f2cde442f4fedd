"""The one door to the database: the engine, `unit_of_work()` to change things, `reading()` to look.

On SQLite the driver's own transactions are off: every unit begins `IMMEDIATE`, so that "count, then insert" can't
let two dialers through; WAL and `synchronous=FULL` keep what was committed through a power cut. On PostgreSQL a unit
runs READ COMMITTED and locks its budget rows first (see `dialer.claim_store`); a look is one snapshot. Whatever the
server's defaults are, a commit is on its disk, and nobody waits for a lock longer than on SQLite.
"""

from __future__ import annotations

import contextlib
import os
import sqlite3
import threading
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import DateTime, MetaData, create_engine, event, text
from sqlalchemy.engine import URL, Dialect, make_url
from sqlalchemy.exc import ArgumentError, DatabaseError, DataError, IntegrityError, OperationalError
from sqlalchemy.orm import DeclarativeBase, Session
from sqlalchemy.types import TypeDecorator

from ledger.errors import DatabaseUnusable
from ledger.trouble import first_line, sentence

#: How long a unit of work waits for another writer before it gives up, unless it is told otherwise.
BUSY_SECONDS = 10.0
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

    `url` is `sqlite:///path` or `postgresql://…`. `busy_seconds` is how long a unit waits for another writer before
    it gives up with `DatabaseUnusable`. The values of a statement never stand in an error's text.
    """

    def __init__(self, url: str, busy_seconds: float = BUSY_SECONDS) -> None:
        self.url = _address(url)
        self.is_sqlite = self.url.get_backend_name() == "sqlite"
        #: On SQLite only one unit writes. Ours wait here for each other and are woken at once; the file's own lock,
        #: which others hold, is asked again and again with growing pauses.
        self._turn = threading.Lock() if self.is_sqlite else None
        self._busy_seconds = busy_seconds
        look: dict[str, Any]
        if self.is_sqlite:
            self._prepare_file()
            patience: dict[str, Any] = {"timeout": busy_seconds, "check_same_thread": False}
            self.engine = create_engine(self.url, connect_args=patience, pool_size=8, hide_parameters=True)
            event.listen(self.engine, "connect", _open_sqlite)
            event.listen(self.engine, "begin", _begin_sqlite)
            look = {"beltoon_reading": True}
        else:
            own = f"-c synchronous_commit=on -c datestyle=ISO -c lock_timeout={round(busy_seconds * 1000)}ms"
            self.engine = create_engine(
                self.url,
                connect_args={"options": f"{self.url.query.get('options', '')} {own}".strip()},
                isolation_level="READ COMMITTED",
                pool_size=8,
                pool_pre_ping=True,
                hide_parameters=True,
            )
            look = {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}
        self._looking = self.engine.execution_options(**look)

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
            self._our_turn(),
            _saying_what_is_wrong(self.url),
            Session(self.engine, expire_on_commit=False) as session,
            session.begin(),
        ):
            yield session
            if not self.is_sqlite:
                session.flush()
                session.execute(text("NOTIFY beltoon"))

    @contextlib.contextmanager
    def _our_turn(self) -> Iterator[None]:
        if self._turn is None:
            yield
            return
        if not self._turn.acquire(timeout=self._busy_seconds):
            raise DatabaseUnusable(f"The database {self.url.database} is busy with other changes of ours; try again")
        try:
            yield
        finally:
            self._turn.release()

    @contextlib.contextmanager
    def reading(self) -> Iterator[Session]:
        """A look: one consistent snapshot, no lock taken; nothing is written."""
        with _saying_what_is_wrong(self.url), Session(self._looking, expire_on_commit=False) as session:
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
        self._database = database
        self._errors = database.engine.dialect.loaded_dbapi.Error
        self._open()

    def _open(self) -> None:
        self._seen = -1
        with _saying_what_is_wrong(self._database.url):
            self._connection = self._database.engine.connect()
            if not self._database.is_sqlite:
                self._connection.execution_options(isolation_level="AUTOCOMMIT").exec_driver_sql("LISTEN beltoon")
        self._raw: Any = self._connection.connection.driver_connection

    def changed(self) -> bool:
        """True once after each burst of commits by others; the first look is always True. Takes microseconds.

        A connection that was lost is opened again, and then something may have changed. Raises `DatabaseUnusable`
        while that fails.
        """
        try:
            return self._look()
        except self._errors:
            self.close()
            self._open()
            return self._look()

    def _look(self) -> bool:
        if self._database.is_sqlite:
            version = int(self._raw.execute("PRAGMA data_version").fetchone()[0])
            if version == self._seen:
                return False
            self._seen = version
            return True
        first, self._seen = self._seen < 0, 0
        return bool(list(self._raw.notifies(timeout=0))) or first

    def close(self) -> None:
        """End the connection; on the server it listens, so nobody else may have it."""
        self._connection.invalidate()
        self._connection.close()


def _address(url: str) -> URL:
    """The address, with the driver that we have. Raises `DatabaseUnusable`."""
    try:
        address = make_url(url)
    except ArgumentError as error:
        raise DatabaseUnusable("BELTOON_DATABASE_URL can't be read; give sqlite:///PATH") from error
    if address.drivername in ("postgresql", "postgres"):
        return address.set(drivername="postgresql+psycopg")
    if address.drivername not in ("sqlite", "postgresql+psycopg"):
        raise DatabaseUnusable(
            f"BELTOON_DATABASE_URL names {address.drivername}; give sqlite:///PATH or postgresql://HOST/NAME"
        )
    return address


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
def _saying_what_is_wrong(url: URL) -> Iterator[None]:
    name = url.database or url.host or "server"
    try:
        yield
    except OperationalError as error:
        raise DatabaseUnusable(sentence(error.orig, name) or first_line(error.orig, name)) from error
    except DatabaseError as error:
        told = None if isinstance(error, IntegrityError | DataError) else sentence(error.orig, name)
        if told is None:
            raise
        raise DatabaseUnusable(told) from error


def utc_date(moment: datetime) -> date:
    """The UTC day of an instant."""
    return moment.astimezone(UTC).date()


#: The longest that a unit of work may hold the write lock (design: slices).
LONGEST_UNIT = timedelta(milliseconds=200)

"""One import at a time: a lock that dies with the process that holds it."""

from __future__ import annotations

import contextlib
import fcntl
import os
from collections.abc import Iterator

from ledger.database import Database
from ledger.errors import ImportBusy

#: PostgreSQL's advisory lock of imports: any number that nobody else uses.
_KEY = 5_177_001
_BUSY = "Another import is at work on this database; try again when it is done"


@contextlib.contextmanager
def import_turn(database: Database) -> Iterator[None]:
    """Hold the right to import. Raises `ImportBusy` where another process has it."""
    if database.is_sqlite:
        with _file_turn(f"{database.url.database}.import"):
            yield
    else:
        with _server_turn(database):
            yield


@contextlib.contextmanager
def _file_turn(path: str) -> Iterator[None]:
    handle = os.open(path, os.O_CREAT | os.O_RDWR | os.O_CLOEXEC, 0o600)
    try:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise ImportBusy(_BUSY) from None
        yield
    finally:
        os.close(handle)


@contextlib.contextmanager
def _server_turn(database: Database) -> Iterator[None]:
    # A session's lock, on a connection of its own: the server frees it when the process dies.
    with database.engine.connect() as connection:
        connection = connection.execution_options(isolation_level="AUTOCOMMIT")
        if not connection.exec_driver_sql(f"SELECT pg_try_advisory_lock({_KEY})").scalar():
            raise ImportBusy(_BUSY)
        try:
            yield
        finally:
            connection.exec_driver_sql(f"SELECT pg_advisory_unlock({_KEY})")

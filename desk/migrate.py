"""Schema changes: brought up by `beltoon migrate`, only checked by everything else."""

from __future__ import annotations

from importlib.resources import files

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import inspect

from desk.errors import SchemaMissing, SchemaWrong
from ledger.database import Database


def _config(database: Database) -> Config:
    config = Config()
    config.set_main_option("script_location", str(files("desk") / "migrations"))
    config.attributes["engine"] = database.engine
    return config


def head() -> str:
    """The newest revision that this program knows."""
    config = Config()
    config.set_main_option("script_location", str(files("desk") / "migrations"))
    return ScriptDirectory.from_config(config).get_current_head() or ""


def migrate(database: Database) -> str:
    """Bring the database to this program's schema, or leave it as it is. Gives the revision.

    Raises `SchemaWrong` when the database is newer than this program or holds somebody else's tables.
    """
    with database.reading() as session:
        connection = session.connection()
        current = MigrationContext.configure(connection).get_current_revision()
        tables = set(inspect(connection).get_table_names())
    if current is None and tables - {"alembic_version"}:
        raise SchemaWrong("This database holds tables that are not Beltoon's; name an empty one")
    _refuse_newer(database, current)
    command.upgrade(_config(database), "head")
    return head()


def check_schema(database: Database) -> None:
    """Raises `SchemaWrong` unless the database has exactly this program's schema."""
    with database.reading() as session:
        current = MigrationContext.configure(session.connection()).get_current_revision()
    if current == head():
        return
    if current is None:
        raise SchemaMissing("The database has no tables yet; run: beltoon migrate")
    _refuse_newer(database, current)
    raise SchemaWrong("The database is older than this program; run: beltoon migrate")


def _refuse_newer(database: Database, current: str | None) -> None:
    if current is None:
        return
    known = {script.revision for script in ScriptDirectory.from_config(_config(database)).walk_revisions()}
    if current not in known:
        raise SchemaWrong("The database is newer than this program; update Beltoon")

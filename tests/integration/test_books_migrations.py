"""The schema on both engines: what the steps make is what the rows say, up, down, interrupted, and by two at once."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Iterator
from typing import Any

import pytest
from alembic import command
from sqlalchemy import CheckConstraint, event, inspect, text
from sqlalchemy.engine import make_url

from desk.errors import SchemaMissing, SchemaWrong
from desk.migrate import alembic_config, check_schema, head, migrate
from ledger.database import Base, Database
from ledger.errors import DatabaseUnusable
from postgres_fixture import Postgres

_OURS = re.compile(r"(pk|uq|ix|ck|fk)_[a-z0-9_]+")


@pytest.fixture
def empty(empty_url: str) -> Iterator[Database]:
    """A database without any table."""
    opened = Database(empty_url)
    yield opened
    opened.close()


def tables(database: Database) -> set[str]:
    return set(inspect(database.engine).get_table_names())


def stamp(database: Database, revision: str) -> None:
    """As a program of another day would have left it."""
    with database.unit_of_work() as session:
        session.execute(text("UPDATE alembic_version SET version_num = :to"), {"to": revision})


def schema(database: Database) -> dict[str, dict[str, list[str]]]:
    """All that an engine tells of its tables, as text."""
    asked = inspect(database.engine)
    found: dict[str, dict[str, list[str]]] = {}
    for what in ("columns", "pk_constraint", "unique_constraints", "check_constraints", "indexes", "foreign_keys"):
        for (_, table), told in getattr(asked, f"get_multi_{what}")().items():
            rows = told if isinstance(told, list) else [told]
            found.setdefault(table, {})[what] = sorted(_told(row) for row in rows if row)
    found.pop("alembic_version", None)
    return found


def _told(value: Any) -> str:
    if isinstance(value, dict):
        return str([(name, _told(inner)) for name, inner in sorted(value.items()) if name != "comment"])
    return str(value)


def names(database: Database) -> list[str | None]:
    """The name of everything in the schema that can have one."""
    asked = inspect(database.engine)
    found: list[str | None] = []
    for what in ("pk_constraint", "unique_constraints", "check_constraints", "indexes", "foreign_keys"):
        for (_, table), told in getattr(asked, f"get_multi_{what}")().items():
            if table != "alembic_version":
                found += [row["name"] for row in (told if isinstance(told, list) else [told])]
    return found


def test_the_steps_from_nothing_make_what_the_rows_say(empty: Database) -> None:
    assert migrate(empty) == head()
    check_schema(empty)
    by_steps = schema(empty)
    with empty.unit_of_work() as session:
        connection = session.connection()
        for table in ("alembic_version", *reversed(list(by_steps))):
            cascade = "" if empty.is_sqlite else " CASCADE"
            connection.exec_driver_sql(f'DROP TABLE "{table}"{cascade}')
    Base.metadata.create_all(empty.engine)
    by_rows = schema(empty)
    assert by_steps.keys() == by_rows.keys() == set(Base.metadata.tables)
    for table, told in by_rows.items():
        assert by_steps[table] == told, table


def test_alembic_itself_finds_nothing_to_do(database: Database) -> None:
    with database.unit_of_work() as session:
        command.check(alembic_config(session.connection()))


def test_everything_that_can_be_named_is_named_by_the_convention(database: Database) -> None:
    found = names(database)
    assert len(found) > 100
    assert [name for name in found if not _OURS.fullmatch(str(name))] == []


def test_every_rule_of_a_row_has_a_name_of_its_own() -> None:
    unnamed = [
        constraint
        for table in Base.metadata.tables.values()
        for constraint in table.constraints
        if isinstance(constraint, CheckConstraint) and constraint.name is None
    ]
    assert unnamed == []


def test_down_to_nothing_and_up_again(empty: Database) -> None:
    migrate(empty)
    before = schema(empty)
    with empty.unit_of_work() as session:
        command.downgrade(alembic_config(session.connection()), "base")
    assert tables(empty) == {"alembic_version"}
    with pytest.raises(SchemaMissing, match="no tables yet; run: beltoon migrate"):
        check_schema(empty)
    migrate(empty)
    assert schema(empty) == before


def test_a_database_that_is_up_to_date_is_left_as_it_is(database: Database) -> None:
    before = schema(database)
    said: list[str] = []
    event.listen(database.engine, "before_cursor_execute", lambda _c, _k, sql, *_: said.append(sql.split()[0]))
    assert migrate(database) == head()
    assert schema(database) == before
    assert not {"CREATE", "ALTER", "DROP", "UPDATE", "INSERT"} & set(said)


def test_one_that_is_broken_off_has_changed_nothing_and_can_be_done_again(empty: Database) -> None:
    """Interrupted in the middle, as by a full disk or a signal (4 F 9)."""
    made = 0

    def fail(_c: Any, _k: Any, sql: str, *_: Any) -> None:
        nonlocal made
        made += sql.lstrip().startswith("CREATE TABLE")
        if made == 12:
            raise KeyboardInterrupt

    event.listen(empty.engine, "before_cursor_execute", fail)
    with pytest.raises(KeyboardInterrupt):
        migrate(empty)
    event.remove(empty.engine, "before_cursor_execute", fail)
    assert tables(empty) == set()
    assert migrate(empty) == head()
    check_schema(empty)


def test_a_newer_database_is_refused_and_not_touched(database: Database) -> None:
    stamp(database, "9999")
    before = schema(database)
    for look in (migrate, check_schema):
        with pytest.raises(SchemaWrong, match="newer than this program; update Beltoon"):
            look(database)
    assert schema(database) == before


def test_somebody_elses_tables_are_refused_and_not_touched(empty: Database) -> None:
    with empty.unit_of_work() as session:
        session.execute(text("CREATE TABLE customers (id INTEGER)"))
    with pytest.raises(SchemaWrong, match="not Beltoon's; name an empty one"):
        migrate(empty)
    assert tables(empty) == {"customers"}


def test_an_empty_database_is_no_older_one(empty: Database) -> None:
    with pytest.raises(SchemaMissing, match="run: beltoon migrate"):
        check_schema(empty)
    assert tables(empty) == set()


def test_two_processes_at_once_make_it_once(empty_url: str) -> None:
    """Each waits for the other or finds it done; none fails (4 F 9)."""
    program = (
        "import sys\nfrom desk.migrate import migrate\nfrom ledger.database import Database\n"
        "database = Database(sys.argv[1])\nprint('ready', flush=True)\nsys.stdin.readline()\nprint(migrate(database))\n"
    )
    both = [
        subprocess.Popen(
            [sys.executable, "-c", program, empty_url],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        )
        for _ in range(2)
    ]  # fmt: skip
    for one in both:
        assert one.stdout is not None
        assert one.stdout.readline() == "ready\n"
    for one in both:
        assert one.stdin is not None
        one.stdin.write("go\n")
        one.stdin.flush()
    told = [one.communicate(timeout=60) for one in both]
    assert [(out.strip(), err) for out, err in told] == [(head(), "")] * 2
    made = Database(empty_url)
    check_schema(made)
    made.close()


@pytest.mark.postgres
def test_a_role_that_may_not_make_tables_is_told_so_in_one_line(postgres: Postgres) -> None:
    address = postgres.database()
    postgres.tell("CREATE ROLE looker LOGIN")
    with Database(address).unit_of_work() as session:
        session.execute(text("REVOKE ALL ON SCHEMA public FROM public"))
    database = Database(make_url(address).set(username="looker").render_as_string(hide_password=False))
    with pytest.raises(DatabaseUnusable, match="does not let our user make tables; grant the rights"):
        migrate(database)
    database.close()
    postgres.drop(address)
    postgres.tell("DROP ROLE looker")

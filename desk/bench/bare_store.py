"""The barest queue that does the same, tuned by hand: one table, its best indexes, and the driver alone."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from sqlalchemy.orm import Session

from ledger.database import Database

#: In the order of rank, or by moments and then sorted: the database takes the better.
_INDEXES = {
    "ix_bare_rank": "rank, id, next_eligible_at, open_until, debtor_id",
    "ix_bare_moment": "next_eligible_at, open_until, rank, id, debtor_id",
}
_COLUMNS = "id, debtor_id, rank, next_eligible_at, open_until"


def copy_bare(database: Database) -> None:
    """The candidates as they wait now, in a table of their own."""
    with database.unit_of_work() as session:
        session.connection().exec_driver_sql("DROP TABLE IF EXISTS bare")
        columns = f"{_COLUMNS}, CAST(NULL AS VARCHAR(16)) AS owner"
        session.connection().exec_driver_sql(f"CREATE TABLE bare AS SELECT {columns} FROM candidate")  # noqa: S608
        session.connection().exec_driver_sql("CREATE UNIQUE INDEX uq_bare ON bare (id)")
        for name, columns in _INDEXES.items():
            session.connection().exec_driver_sql(f"CREATE INDEX {name} ON bare ({columns})")
    if not database.is_sqlite:
        with database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.exec_driver_sql("VACUUM ANALYZE bare")


def bare_next(session: Session, now: datetime, limit: int) -> list[tuple[Any, ...]]:
    """The next in order, as the driver reads them; the candidate's id comes first."""
    raw, mark, moment = _driver(session, now)
    query = (
        f"SELECT {_COLUMNS} FROM bare WHERE next_eligible_at <= {mark} AND open_until > {mark}"  # noqa: S608
        f" ORDER BY rank, id LIMIT {mark}"
    )
    found: list[tuple[Any, ...]] = raw.execute(query, (moment, moment, limit)).fetchall()
    return found


def bare_claim(session: Session, owner: str, now: datetime) -> int | None:
    """Claim the next one by a bare `UPDATE … RETURNING`; gives the debtor."""
    raw, mark, moment = _driver(session, now)
    skip = "" if mark == "?" else " FOR UPDATE SKIP LOCKED"
    statement = (
        f"UPDATE bare SET owner = {mark} WHERE id = (SELECT id FROM bare WHERE owner IS NULL"  # noqa: S608
        f" AND next_eligible_at <= {mark} AND open_until > {mark} ORDER BY rank, id LIMIT 1{skip}) RETURNING debtor_id"
    )
    row = raw.execute(statement, (owner, moment, moment)).fetchone()
    return None if row is None else int(row[0])


def _driver(session: Session, now: datetime) -> tuple[Any, str, Any]:
    """The driver's own connection, how it marks a value, and an instant as it stores it."""
    raw = session.connection().connection.driver_connection
    if session.get_bind().dialect.name == "sqlite":
        return raw, "?", f"{now.astimezone(UTC):%Y-%m-%d %H:%M:%S.%f}"
    return raw, "%s", now

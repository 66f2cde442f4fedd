"""Inserts that give way to a row that is there already, on either database."""

from __future__ import annotations

from typing import Any

from sqlalchemy import inspect
from sqlalchemy.dialects.postgresql import insert as pg_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlalchemy.orm import Session

from ledger.database import Base


def insert_or_leave(session: Session, row: type[Base], **values: Any) -> bool:
    """Insert a row unless its key is taken; True where it was inserted."""
    # What comes back tells on both databases; a count of rows does not.
    key = list(inspect(row).primary_key)
    if session.get_bind().dialect.name == "sqlite":
        result = session.execute(sqlite_insert(row).values(**values).on_conflict_do_nothing().returning(*key))
    else:
        result = session.execute(pg_insert(row).values(**values).on_conflict_do_nothing().returning(*key))
    return result.first() is not None

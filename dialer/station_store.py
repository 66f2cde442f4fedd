"""The stations: which processes work, and what they want others to see. Real time always."""

from __future__ import annotations

import os
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.dialects.postgresql import insert as pg_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlalchemy.orm import Session

from dialer.tables import StationRow
from ledger.database import Database

#: A station that has not been seen for this long is gone.
GONE = timedelta(seconds=5)
#: Room for a name; a machine's own may be longer.
_NAME = 64


def seen(database: Database, name: str, role: str, detail: dict[str, Any], real_now: datetime, fence: int = 0) -> None:
    """Say that this process lives."""
    with database.unit_of_work() as session:
        note(session, name, role, detail, real_now, fence)


def note(session: Session, name: str, role: str, detail: dict[str, Any], real_now: datetime, fence: int) -> None:
    """The same inside a unit of work."""
    told = {"role": role, "fence": fence, "pid": os.getpid(), "seen_at": real_now, "detail": detail}
    insert = sqlite_insert if session.get_bind().dialect.name == "sqlite" else pg_insert
    session.execute(
        insert(StationRow).values(name=name[:_NAME], **told).on_conflict_do_update(index_elements=["name"], set_=told)
    )


def leave(database: Database, name: str) -> None:
    """This process ends."""
    with database.unit_of_work() as session:
        session.execute(delete(StationRow).where(StationRow.name == name[:_NAME]))


def detail_of(session: Session, role: str, real_now: datetime) -> dict[str, Any] | None:
    """What the newest living station of a role tells; None where none lives."""
    query = (
        select(StationRow.detail)
        .where(StationRow.role == role, StationRow.seen_at > real_now - GONE)
        .order_by(StationRow.seen_at.desc())
        .limit(1)
    )
    found: dict[str, Any] | None = session.scalar(query)
    return found


def names_of(session: Session, role: str, real_now: datetime) -> list[str]:
    """The living stations of a role."""
    alive = select(StationRow.name).where(StationRow.role == role, StationRow.seen_at > real_now - GONE)
    return list(session.scalars(alive))


def pid_of(session: Session, role: str, real_now: datetime) -> int | None:
    """The process of the newest living station of a role; None where none lives."""
    alive = select(StationRow.pid).where(StationRow.role == role, StationRow.seen_at > real_now - GONE)
    return session.scalar(alive.order_by(StationRow.seen_at.desc()).limit(1))

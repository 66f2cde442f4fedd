"""The run's row: the clock's offset, and whether dialling is stopped."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy.dialects.postgresql import insert as pg_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlalchemy.orm import Session

from ledger.clock import real_now
from ledger.tables import RunRow


def clock_offset(session: Session) -> int:
    """Campaign time minus real time, in milliseconds; 0 where nobody set it."""
    row = session.get(RunRow, 1)
    return row.clock_offset_ms if row else 0


def set_clock_offset(session: Session, offset: timedelta) -> None:
    """Move the campaign's clock; every process follows at its next look."""
    _row(session).clock_offset_ms = int(offset / timedelta(milliseconds=1))


def run_state(session: Session) -> str:
    """`running`, `stopping` or `stopped`."""
    row = session.get(RunRow, 1)
    return row.state if row else "running"


def set_run_state(session: Session, state: str) -> None:
    """Stop or resume all dialling: state, not an order, so a restart obeys it too."""
    _row(session).state = state


def _row(session: Session) -> RunRow:
    row = session.get(RunRow, 1)
    if row is None:  # two may be first at once
        insert = sqlite_insert if session.get_bind().dialect.name == "sqlite" else pg_insert
        first = {"id": 1, "clock_offset_ms": 0, "state": "running", "changed_at": real_now()}
        session.execute(insert(RunRow).values(first).on_conflict_do_nothing())
        row = session.get_one(RunRow, 1)
    row.changed_at = real_now()
    return row

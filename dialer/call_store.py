"""The rows of calls on the line: tickets, moves, the first word, the end."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from dialer.call import CallEvent, moved_by
from dialer.tables import AttemptRow, CallRow, EntryRow
from ledger.among import among
from ledger.database import Base

#: The way by which a call comes in at its beginning; back from an agent it is `done` or `lost`.
FIRST = "first"
#: A ticket is good this long after the answer.
TICKET_AFTER_ANSWER = timedelta(seconds=10)


def redeem(session: Session, entry: str, real_now: datetime) -> tuple[str, dict[str, Any], str] | None:
    """Use a ticket, once and in time: the call that it is for, its frozen briefing, and the way by which somebody comes
    in; None for a stranger."""
    used = session.execute(
        update(EntryRow)
        .where(EntryRow.uuid == entry, EntryRow.used_at.is_(None), EntryRow.valid_until >= real_now)
        .values(used_at=real_now)
        .returning(EntryRow.call_uuid, EntryRow.way),
        execution_options={"synchronize_session": False},
    ).one_or_none()
    if used is None:
        return None
    call, way = used
    live = select(CallRow.briefing).where(CallRow.uuid == call, CallRow.ended_at.is_(None))
    briefing = session.execute(live).scalar_one_or_none()
    return None if briefing is None else (call, briefing, way)


def limit_tickets(session: Session, calls: Collection[str], answered_real: datetime) -> None:
    """These calls were answered: their unused tickets are good for ten seconds more, no longer."""
    session.execute(
        update(EntryRow)
        .where(among(EntryRow.call_uuid, calls), EntryRow.used_at.is_(None))
        .values(valid_until=answered_real + TICKET_AFTER_ANSWER)
    )


def briefing_json(session: Session, call: str) -> dict[str, Any]:
    """The frozen briefing of a call, as it was gathered."""
    found: dict[str, Any] = session.execute(select(CallRow.briefing).where(CallRow.uuid == call)).scalar_one()
    return found


def talking(session: Session, calls: Collection[str], now: datetime) -> None:
    """Somebody is on the line of these."""
    for row in (CallRow, AttemptRow):
        _move(session, row, calls, CallEvent.ANSWERED, answered_at=func.coalesce(row.answered_at, now))


def ringing(session: Session, calls: Collection[str]) -> None:
    """The other sides ring."""
    for row in (CallRow, AttemptRow):
        _move(session, row, calls, CallEvent.RINGS)


def lost(session: Session, calls: Collection[str]) -> None:
    """Nobody knows where these stand."""
    for row in (CallRow, AttemptRow):
        _move(session, row, calls, CallEvent.LOST)


def _move(
    session: Session, row: type[CallRow | AttemptRow], calls: Collection[str], event: CallEvent, **values: Any
) -> None:
    """Move those that stand where the table lets the event move them; the others stay."""
    for state, before in moved_by(event).items():
        session.execute(
            update(row).where(row.uuid.in_(calls), row.state.in_(before)).values(state=state.value, **values),
            execution_options={"synchronize_session": False},
        )


def first_audio(session: Session, call: str, ms: int) -> None:
    """How long the caller waited for our first audible sample."""
    session.execute(
        update(CallRow).where(CallRow.uuid == call, CallRow.first_audio_ms.is_(None)).values(first_audio_ms=ms)
    )


def write_all(session: Session, row: type[Base], rows: Sequence[dict[str, Any]]) -> None:
    """Write these columns of rows that we hold locked, by their keys, in one statement."""
    if rows:
        session.execute(update(row), rows)


def over(session: Session, attempts: Collection[str]) -> list[str]:
    """Those that are ended, or that never were."""
    live = set(session.scalars(select(CallRow.uuid).where(among(CallRow.uuid, attempts), CallRow.state != "ended")))
    return [attempt for attempt in attempts if attempt not in live]

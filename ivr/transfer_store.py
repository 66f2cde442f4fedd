"""Who waits on the line for one of our people: waiting → taken → joined → over, each step a conditional update.

At most one wait of a call is not over. The caller may leave (`no_longer`) in the same moment in which an agent is
taken for them; then the wait stays taken, and is over, not waiting again, should that agent be let go.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, select, update
from sqlalchemy.orm import Session

from ivr.tables import TransferRow
from ledger.among import among

WAITING, TAKEN, JOINED, OVER = "waiting", "taken", "joined", "over"
#: How a wait ends that nobody took, and a talk whose agent's line broke.
NOBODY, LOST = "none", "lost"


@dataclass(frozen=True, kw_only=True)
class Wait:
    """Somebody on the line who waits for one of our people."""

    call: str
    #: `person`, `crisis`, or `first`.
    why: str
    #: nl, fr, de, en.
    language: str
    asked_at: datetime
    #: The turn that asked for it.
    turn: int


def await_agent(session: Session, call: str, turn: int, at: datetime, *, why: str, language: str) -> None:
    """From this turn on the caller waits. Whoever is on the way to them already comes for this wait instead."""
    _end(session, call, WAITING, NOBODY, at)
    # They could not ask us if they were still with somebody.
    _end(session, call, JOINED, LOST, at)
    wanted = {"why": why, "language": language}
    if not _moved(session, call, TAKEN, wanted | {"result": None, "ended_at": None}):
        session.add(TransferRow(call_id=call, turn=turn, state=WAITING, asked_at=at, **wanted))
        session.flush()


def no_longer(session: Session, call: str, at: datetime) -> None:
    """The caller waits no more, and has not been joined."""
    _end(session, call, WAITING, NOBODY, at)
    _moved(session, call, TAKEN, {"result": NOBODY, "ended_at": at})


def waiting(session: Session) -> list[Wait]:
    """Everybody who waits and for whom nobody is taken yet, the longest wait first."""
    query = select(TransferRow).where(TransferRow.state == WAITING).order_by(TransferRow.asked_at, TransferRow.id)
    return [
        Wait(call=row.call_id, why=row.why, language=row.language, asked_at=row.asked_at, turn=row.turn)
        for row in session.scalars(query)
    ]


def take(session: Session, call: str, agent: str) -> bool:
    """An agent comes for them. False: they wait no more, or another was first."""
    return _moved(session, call, WAITING, {"state": TAKEN, "agent": agent})


def let_go(session: Session, call: str) -> bool:
    """The agent vanished before the join: they wait again. False: nobody was taken, or they have left meanwhile."""
    _moved(session, call, TAKEN, {"state": OVER}, TransferRow.result == NOBODY)
    return _moved(session, call, TAKEN, {"state": WAITING, "agent": None})


def joined(session: Session, call: str, at: datetime) -> bool:
    """Agent and caller hear each other. False: nobody was taken for this call."""
    return _moved(session, call, TAKEN, {"state": JOINED, "joined_at": at, "result": None, "ended_at": None})


def ended(session: Session, call: str, result: str, at: datetime) -> bool:
    """The talk, or the way to it, is over: `done`, `lost` or `gone`. False: nobody was taken, or it was over before."""
    return _end(session, call, TAKEN, result, at) or _end(session, call, JOINED, result, at)


def standing_of(session: Session, call: str) -> str | None:
    """The state of the newest wait of a call; None: nobody was ever waited for."""
    newest = select(TransferRow.state).where(TransferRow.call_id == call).order_by(TransferRow.turn.desc()).limit(1)
    return session.scalar(newest)


def away(session: Session) -> list[str]:
    """The calls that are with an agent, or on the way there."""
    return list(session.scalars(select(TransferRow.call_id).where(TransferRow.state.in_((TAKEN, JOINED)))))


def said(session: Session, call: str, word: str) -> None:
    """What the agent says of the newest talk of this call; a later word counts."""
    newest = select(TransferRow.id).where(TransferRow.call_id == call, TransferRow.joined_at.is_not(None))
    last = newest.order_by(TransferRow.turn.desc()).limit(1).scalar_subquery()
    session.execute(update(TransferRow).where(TransferRow.id == last).values(said=word))


def words_of(session: Session, calls: Collection[str]) -> dict[str, str | None]:
    """What the agent says of the newest talk, by those of these calls on which one has talked; None: nothing."""
    talks = select(TransferRow.call_id, TransferRow.said).where(
        among(TransferRow.call_id, calls), TransferRow.joined_at.is_not(None)
    )
    return {row.call_id: row.said for row in session.execute(talks.order_by(TransferRow.turn))}


def was_joined(session: Session, calls: Collection[str]) -> set[str]:
    """Those of these calls on which an agent has talked with the caller."""
    talked = select(TransferRow.call_id).where(among(TransferRow.call_id, calls), TransferRow.joined_at.is_not(None))
    return set(session.scalars(talked))


def _end(session: Session, call: str, state: str, result: str, at: datetime) -> bool:
    return _moved(session, call, state, {"state": OVER, "result": result, "ended_at": at})


def _moved(session: Session, call: str, seen: str, values: dict[str, Any], *also: ColumnElement[bool]) -> bool:
    """Change the wait of this call that stands there; False: none does."""
    step = update(TransferRow).where(TransferRow.call_id == call, TransferRow.state == seen, *also).values(**values)
    return bool(session.execute(step).rowcount)  # type: ignore[attr-defined]

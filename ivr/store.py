"""The conversation's rows: begun once, moved only from the turn that was seen, each turn under its input key."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import cast

from sqlalchemy import CursorResult, select, update
from sqlalchemy.orm import Session

from ivr import record_store
from ivr.act import Act
from ivr.briefing import Briefing
from ivr.cause import Cause
from ivr.codec import Json, acts_from_json, acts_to_json, state_from_json, state_to_json
from ivr.script import SCRIPT_VERSION
from ivr.state import State
from ivr.tables import ConversationRow, TurnRow
from ivr.transfer_store import no_longer
from ivr.turn import Turn
from voices.catalogue import text_version


@dataclass(frozen=True)
class Seen:
    """A conversation as it was read; a turn is stored only if it still stands there."""

    id: int
    state: State
    turn_no: int
    #: The acts of this input key, if it was heard before.
    acts: tuple[Act, ...] | None
    ended: bool


def begin(session: Session, briefing: Briefing, state: State, at: datetime, input_key: str | None = None) -> Seen:
    """Insert the conversation unless it is there; where it stands, as `look` tells."""
    known = look(session, briefing.call_id, input_key)
    if known is not None:
        return known
    row = ConversationRow(
        call_id=briefing.call_id,
        debtor_id=briefing.debtor_id,
        state=state_to_json(state),
        script_version=f"{SCRIPT_VERSION}+{text_version(briefing.language)}",
        turn_no=0,
        begun_at=at,
    )
    session.add(row)
    session.flush()
    return Seen(id=row.id, state=state, turn_no=0, acts=None, ended=False)


def look(session: Session, call_id: str, input_key: str | None) -> Seen | None:
    """The conversation of a call; None: none was begun."""
    row = session.scalar(select(ConversationRow).where(ConversationRow.call_id == call_id))
    if row is None:
        return None
    acts: list[Json] | None = None
    if input_key is not None:
        same_key = (TurnRow.conversation_id == row.id) & (TurnRow.input_key == input_key)
        acts = session.scalar(select(TurnRow.acts).where(same_key))
    return Seen(
        id=row.id,
        state=state_from_json(row.state),
        turn_no=row.turn_no,
        acts=None if acts is None else acts_from_json(acts),
        ended=row.ended_at is not None,
    )


def keep(
    session: Session,
    seen: Seen,
    turn: Turn,
    briefing: Briefing,
    input_key: str,
    heard: Json,
    at: datetime,
    *,
    alarm_to: str | None = None,
) -> bool:
    """Store a turn with all that it makes, if the conversation stands where it was seen. False: somebody was first,
    or has ended it. `alarm_to`: the house's own address for alarms."""
    changed = cast(
        "CursorResult[tuple[()]]",
        session.execute(
            update(ConversationRow)
            .where(
                ConversationRow.id == seen.id,
                ConversationRow.turn_no == seen.turn_no,
                ConversationRow.ended_at.is_(None),
            )
            .values(state=state_to_json(turn.state), turn_no=seen.turn_no + 1)
        ),
    )
    if changed.rowcount != 1:
        return False
    n = seen.turn_no + 1
    acts = acts_to_json(turn.acts)
    session.add(TurnRow(conversation_id=seen.id, n=n, input_key=input_key, heard=heard, acts=acts, at=at))
    cause = Cause(briefing, n, at, alarm_to)
    for record in turn.records:
        record_store.apply(session, record, cause)
    return True


def going_on(session: Session, calls: Collection[str]) -> set[str]:
    """Those of these calls whose conversation has begun and not ended."""
    query = select(ConversationRow.call_id).where(
        ConversationRow.call_id.in_(calls), ConversationRow.ended_at.is_(None)
    )
    return set(session.scalars(query))


def end(session: Session, call_id: str, at: datetime) -> State | None:
    """Close the conversation, once; its last state. None: none was begun."""
    row = session.scalar(select(ConversationRow).where(ConversationRow.call_id == call_id))
    if row is None:
        return None
    if row.ended_at is None:
        row.ended_at = at
        # A line that died has told nobody that its caller waits no more.
        no_longer(session, call_id, at)
    return state_from_json(row.state)

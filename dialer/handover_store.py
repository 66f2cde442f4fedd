"""Callers between our line and our people: taken, joined, back with us, or gone; each move once."""

from __future__ import annotations

import uuid
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import or_, select, update
from sqlalchemy.orm import Session

from dialer import agent_store
from dialer.agent import Agent, AgentState, Waiting
from dialer.call import CallEvent, CallState, moved_by
from dialer.tables import AttemptRow, CallRow, EntryRow
from ivr import store as talk_store
from ivr import transfer_store
from ivr.tables import ConversationRow
from ledger.tables import AgreementRow

#: The ways back to us.
DONE, LOST = "done", "lost"
#: How a transfer ends where the caller hangs up.
GONE = "gone"
#: Where a transfer stands while the caller is with an agent, or on the way there.
_AWAY = ("taken", "joined")
#: Where a call stands that nobody has written up (an index finds them).
_OPEN = moved_by(CallEvent.ENDED)[CallState.ENDED]
#: The request that an agent who talked with the caller has answered.
_PERSON = "person"


@dataclass(frozen=True, kw_only=True)
class PutThrough:
    """A caller who is ours to put through."""

    call: str
    #: The carrier's name of the call.
    channel: str
    leg: str
    back_done: str
    back_lost: str


def take(session: Session, one: Waiting, agent: Agent, longest: timedelta, real_now: datetime) -> PutThrough | None:
    """This agent takes this caller: both are kept for each other, and the tickets back are issued. None: one of them
    has somebody else by now."""
    assert agent.leg is not None  # noqa: S101 - who is free has a line
    if agent.state is AgentState.RESERVED:
        theirs = agent_store.coming(session, agent.leg, real_now)
    else:
        theirs = agent_store.kept_for(session, agent.leg, one.call, real_now)
    if not theirs:
        return None
    call = select(CallRow.carrier_ref).where(CallRow.uuid == one.call, CallRow.ended_at.is_(None))
    channel = session.scalar(call.with_for_update())  # a call before its transfer, as whoever ends it does
    if channel is None or not transfer_store.take(session, one.call, agent.name):
        agent_store.freed(session, agent.leg, real_now)
        return None
    tickets = {way: str(uuid.uuid4()) for way in (DONE, LOST)}
    for way, ticket in tickets.items():
        session.add(
            EntryRow(uuid=ticket, call_uuid=one.call, issued_at=real_now, valid_until=real_now + longest, way=way)
        )
    return PutThrough(call=one.call, channel=channel, leg=agent.leg, back_done=tickets[DONE], back_lost=tickets[LOST])


def not_joined(session: Session, leg: str, call: str, real_now: datetime) -> None:
    """It could not be done: the agent is free again, and the caller waits on."""
    agent_store.freed(session, leg, real_now)
    if transfer_store.let_go(session, call):
        _worthless(session, call, real_now)


def handed_over(session: Session, call: str) -> bool:
    """Is the caller with an agent, or on the way there?"""
    return transfer_store.standing_of(session, call) in _AWAY


def came_back(session: Session, call: str, way: str, now: datetime) -> None:
    """The caller is with us again."""
    transfer_store.ended(session, call, way, now)
    if way == DONE:
        _served(session, [call], now)


def gone(session: Session, calls: Collection[str], now: datetime) -> list[str]:
    """Those of these callers who hung up while they were with an agent, or on the way there: their talks end here."""
    left = [call for call in calls if handed_over(session, call)]
    for call in left:  # the talk before its wait, as its turns do
        talk_store.end(session, call, now)
        session.flush()
        transfer_store.ended(session, call, GONE, now)
    _served(session, transfer_store.was_joined(session, left), now)
    return left


def served(session: Session) -> list[str]:
    """Calls on which an agent has talked, of which all has ended, and which nobody has written up yet."""
    ended = (
        select(CallRow.uuid)
        .join(ConversationRow, ConversationRow.call_id == CallRow.uuid)
        .outerjoin(AttemptRow, AttemptRow.uuid == CallRow.attempt_uuid)
        .where(CallRow.state.in_(_OPEN), ConversationRow.ended_at.is_not(None))
        .where(or_(CallRow.attempt_uuid.is_(None), AttemptRow.ended_at.is_not(None)))
    )
    talked = transfer_store.was_joined(session, list(session.scalars(ended)))
    return sorted(talked - agent_store.held_calls(session, talked))


def left_to_agents(session: Session, calls: Collection[str]) -> list[str]:
    """Those of these calls whose talk is over, and of which only the agent's word is missing."""
    held = agent_store.held_calls(session, calls)
    return sorted(held - talk_store.going_on(session, held))


def _served(session: Session, calls: Collection[str], now: datetime) -> None:
    """Who asked for a person, and talked with one, needs no call-back any more."""
    for call in calls:
        asked = AgreementRow.source_key.startswith(f"{call}:", autoescape=True)
        session.execute(
            update(AgreementRow)
            .where(asked, AgreementRow.kind == _PERSON, AgreementRow.state == "open")
            .values(state="kept", ended_at=now)
        )


def _worthless(session: Session, call: str, real_now: datetime) -> None:
    """No ticket back of this call is needed any more."""
    unused = (EntryRow.call_uuid == call) & (EntryRow.way != "first") & EntryRow.used_at.is_(None)
    session.execute(update(EntryRow).where(unused).values(valid_until=real_now))

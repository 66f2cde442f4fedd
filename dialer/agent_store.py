"""The rows of agents, moved by conditional updates along `dialer.agent.AGENT_MOVES`."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import Any

from sqlalchemy import or_, select, update
from sqlalchemy.orm import Session

from dialer.agent import Agent, AgentEvent, AgentState, Wanted, before
from dialer.tables import AgentRow, CallRow
from ivr.tables import TransferRow
from ledger.among import among

#: Kept for no call, and on none.
NOBODY: Mapping[str, Any] = MappingProxyType({"call_uuid": None})
#: The states in which an agent's line is up.
SIGNED_ON = tuple(s.value for s in AgentState if s not in (AgentState.OFF, AgentState.RINGING))


def agent_of(row: AgentRow) -> Agent:
    """An agent's row as a value."""
    return Agent(
        id=row.id,
        name=row.name,
        phone=row.phone,
        languages=tuple(row.languages),
        wanted=Wanted(row.wanted),
        state=AgentState(row.state),
        leg=row.leg,
        call=row.call_uuid,
        owner=row.owner,
        since=row.since,
        wrap_up=timedelta(seconds=row.wrap_up_seconds),
    )


def any_agent(session: Session) -> bool:
    """Has this house agents?"""
    return session.scalar(select(AgentRow.id).limit(1)) is not None


def agents_of(session: Session, owner: str) -> list[Agent]:
    """Those whose line this dialer holds."""
    return [agent_of(row) for row in session.scalars(select(AgentRow).where(AgentRow.owner == owner))]


def all_with_lines(session: Session) -> list[Agent]:
    """Those whose line some dialer holds."""
    return [agent_of(row) for row in session.scalars(select(AgentRow).where(AgentRow.leg.is_not(None)))]


def to_ring(session: Session, living: Collection[str]) -> list[Agent]:
    """Those who want to be signed on, and whose line no living dialer holds."""
    free = or_(AgentRow.owner.is_(None), ~among(AgentRow.owner, living))
    wanted = select(AgentRow).where(AgentRow.wanted == Wanted.ON.value, free)
    return [agent_of(row) for row in session.scalars(wanted.order_by(AgentRow.id))]


def left_behind(session: Session, living: Collection[str]) -> list[Agent]:
    """Those whose line a dialer held that is no more."""
    gone = AgentRow.owner.is_not(None) & ~among(AgentRow.owner, living)
    return [agent_of(row) for row in session.scalars(select(AgentRow).where(gone).order_by(AgentRow.id))]


def rung(session: Session, agent: Agent, owner: str, leg: str, real_now: datetime) -> bool:
    """This dialer rings them, under this name. False: another was first, or it is not wanted any more."""
    mine = (AgentRow.id == agent.id) & (AgentRow.wanted == Wanted.ON.value) & (AgentRow.state == AgentState.OFF.value)
    same = AgentRow.owner.is_(None) if agent.owner is None else AgentRow.owner == agent.owner
    values = {"state": AgentState.RINGING.value, "owner": owner, "leg": leg, "since": real_now, "call_uuid": None}
    return _changed(session, mine & same, values)


def adopted(session: Session, agent: Agent, owner: str, state: AgentState, real_now: datetime) -> bool:
    """A line that a dialer before us held is ours now, in this state."""
    left = (AgentRow.id == agent.id) & (AgentRow.owner == agent.owner) & (AgentRow.leg == agent.leg)
    values: dict[str, Any] = {"owner": owner, "state": state.value, "since": real_now}
    if state is not AgentState.TALKING:
        values["call_uuid"] = None
    return _changed(session, left, values)


def move(
    session: Session, leg: str, event: AgentEvent, real_now: datetime, values: Mapping[str, Any] = MappingProxyType({})
) -> bool:
    """Move the agent who has this line; False where the table has no such move from where they stand."""
    moved = False
    for to, states in before(event).items():
        held = (AgentRow.leg == leg) & AgentRow.state.in_([state.value for state in states])
        moved |= _changed(session, held, {"state": to.value, "since": real_now, **values})
    return moved


def line_gone(session: Session, leg: str, real_now: datetime) -> None:
    """Whoever hangs up, or can't be rung, signs off; a telephone is never rung again and again."""
    off = {"leg": None, "owner": None, "call_uuid": None, "wanted": Wanted.OFF.value}
    move(session, leg, AgentEvent.LINE_GONE, real_now, off)


def reserve(session: Session, owner: str, language: str, call: str, real_now: datetime) -> Agent | None:
    """Keep, for a call, the agent of this dialer who speaks the language and is free for longest; None: nobody is."""
    ready = select(AgentRow).where(
        AgentRow.owner == owner, AgentRow.state == AgentState.READY.value, AgentRow.wanted == Wanted.ON.value
    )
    free = ready.order_by(AgentRow.since, AgentRow.id).with_for_update(skip_locked=True)
    for row in session.scalars(free):
        if language in row.languages:
            agent = agent_of(row)
            return agent if agent.leg and kept_for(session, agent.leg, call, real_now) else None
    return None


def kept_for(session: Session, leg: str, call: str, real_now: datetime) -> bool:
    """This agent is kept for this call. False: they are not free any more."""
    return move(session, leg, AgentEvent.RESERVED, real_now, {"call_uuid": call})


def coming(session: Session, leg: str, real_now: datetime) -> bool:
    """Who was kept for a call is put through to it from now on. False: they are not kept any more."""
    kept = (AgentRow.leg == leg) & (AgentRow.state == AgentState.RESERVED.value)
    return _changed(session, kept, {"since": real_now})


def freed(session: Session, leg: str, real_now: datetime) -> bool:
    """The call that this agent was kept for does not come."""
    return move(session, leg, AgentEvent.FREED, real_now, NOBODY)


def kept_in_vain(session: Session, owner: str) -> list[Agent]:
    """Those who are kept for a call that is over, or on which nobody waits for them any more."""
    waits = select(TransferRow.id).where(TransferRow.call_id == AgentRow.call_uuid)
    waited = waits.exists() & ~waits.where(TransferRow.state != "over").exists()
    kept = (
        select(AgentRow)
        .outerjoin(CallRow, CallRow.uuid == AgentRow.call_uuid)
        .where(AgentRow.owner == owner, AgentRow.state == AgentState.RESERVED.value)
        .where(or_(CallRow.uuid.is_(None), CallRow.state == "ended", waited))
    )
    return [agent_of(row) for row in session.scalars(kept)]


def call_of(session: Session, leg: str) -> str | None:
    """The call that the agent of this line is kept for, or talks on."""
    return session.scalar(select(AgentRow.call_uuid).where(AgentRow.leg == leg))


def coming_to(session: Session, leg: str) -> str | None:
    """The call that the agent of this line is kept for, and does not talk on yet."""
    kept = (AgentRow.leg == leg) & (AgentRow.state == AgentState.RESERVED.value)
    return session.scalar(select(AgentRow.call_uuid).where(kept))


def written_up_by(session: Session, leg: str) -> str | None:
    """The call that the agent of this line has just ended, and writes up; None: their line is at something else."""
    ended = (AgentRow.leg == leg) & (AgentRow.state == AgentState.WRAP_UP.value)
    return session.scalar(select(AgentRow.call_uuid).where(ended))


def held_calls(session: Session, calls: Collection[str]) -> set[str]:
    """Those of these calls on which an agent talks, or of which one still has a word to say."""
    states = (AgentState.TALKING.value, AgentState.WRAP_UP.value)
    theirs = select(AgentRow.call_uuid).where(AgentRow.state.in_(states), among(AgentRow.call_uuid, calls))
    return {call for call in session.scalars(theirs) if call is not None}


def kept_calls(session: Session, calls: Collection[str]) -> set[str]:
    """Those of these calls for which an agent is kept."""
    kept = select(AgentRow.call_uuid).where(
        AgentRow.state == AgentState.RESERVED.value, among(AgentRow.call_uuid, calls)
    )
    return {call for call in session.scalars(kept) if call is not None}


def languages_served(session: Session) -> frozenset[str]:
    """The languages that somebody speaks who is signed on and takes calls."""
    on = select(AgentRow.languages).where(AgentRow.state.in_(SIGNED_ON), AgentRow.wanted == Wanted.ON.value)
    return frozenset(language for languages in session.scalars(on) for language in languages)


def free_now(session: Session, owner: str) -> list[tuple[str, ...]]:
    """What each of the agents speaks who is free on this dialer, whoever is free for longest first."""
    ready = select(AgentRow.languages).where(
        AgentRow.owner == owner, AgentRow.state == AgentState.READY.value, AgentRow.wanted == Wanted.ON.value
    )
    return [tuple(languages) for languages in session.scalars(ready.order_by(AgentRow.since, AgentRow.id))]


def _changed(session: Session, which: Any, values: Mapping[str, Any]) -> bool:
    changed = session.execute(
        update(AgentRow).where(which).values(**values).returning(AgentRow.id),
        execution_options={"synchronize_session": False},
    )
    return bool(changed.all())

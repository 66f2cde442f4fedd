"""The life of an agent's line, as a table: signed on once, it stays up between talks.

What people want of an agent (on, pause, off) is state of its own, `Wanted`, and obeyed as soon as nobody is talking.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from dialer.switchboard import Stand

#: The `why` of somebody who must not wait.
CRISIS = "crisis"


class Wanted(StrEnum):
    """What was asked of an agent; it holds until something else is asked."""

    ON = "on"
    #: Signed on, but no call: a break.
    PAUSE = "pause"
    OFF = "off"


class AgentState(StrEnum):
    """Where an agent stands."""

    #: No line to their telephone.
    OFF = "off"
    #: Their telephone rings.
    RINGING = "ringing"
    READY = "ready"
    #: Kept for one call that rings, or that waits for them.
    RESERVED = "reserved"
    TALKING = "talking"
    #: A moment to write down what was agreed.
    WRAP_UP = "wrap_up"
    PAUSED = "paused"


class AgentEvent(StrEnum):
    """What moves it."""

    RUNG = "rung"
    #: Their telephone was answered, and its line is held.
    ON_FLOOR = "on_floor"
    RESERVED = "reserved"
    #: The call that they were kept for will not come.
    FREED = "freed"
    JOINED = "joined"
    TALK_ENDED = "talk_ended"
    WRAPPED_UP = "wrapped_up"
    PAUSED = "paused"
    BACK = "back"
    #: Their line has ended, by whomever.
    LINE_GONE = "line_gone"


_S, _E = AgentState, AgentEvent
#: (state, event) → state; what does not stand here leaves the state as it is.
AGENT_MOVES: dict[AgentState, dict[AgentEvent, AgentState]] = {
    _S.OFF: {_E.RUNG: _S.RINGING},
    _S.RINGING: {_E.ON_FLOOR: _S.READY, _E.LINE_GONE: _S.OFF},
    _S.READY: {_E.RESERVED: _S.RESERVED, _E.PAUSED: _S.PAUSED, _E.LINE_GONE: _S.OFF},
    _S.RESERVED: {_E.JOINED: _S.TALKING, _E.FREED: _S.READY, _E.LINE_GONE: _S.OFF},
    _S.TALKING: {_E.TALK_ENDED: _S.WRAP_UP, _E.LINE_GONE: _S.OFF},
    _S.WRAP_UP: {_E.WRAPPED_UP: _S.READY, _E.PAUSED: _S.PAUSED, _E.LINE_GONE: _S.OFF},
    _S.PAUSED: {_E.BACK: _S.READY, _E.LINE_GONE: _S.OFF},
}


def before(event: AgentEvent) -> dict[AgentState, tuple[AgentState, ...]]:
    """Where an event leads, and from which states."""
    found: dict[AgentState, tuple[AgentState, ...]] = {}
    for state, moves in AGENT_MOVES.items():
        if (to := moves.get(event)) is not None:
            found[to] = (*found.get(to, ()), state)
    return found


@dataclass(frozen=True, kw_only=True)
class Agent:
    """One of our people who talk with debtors, as they stand."""

    id: int
    name: str
    #: Their telephone, E.164.
    phone: str
    #: nl, fr, de, en.
    languages: tuple[str, ...]
    wanted: Wanted
    state: AgentState
    #: The channel of their held line; None while there is none.
    leg: str | None = None
    #: The call that they are kept for, or talk on.
    call: str | None = None
    #: The dialer that holds the line.
    owner: str | None = None
    #: In real time.
    since: datetime
    wrap_up: timedelta = timedelta(seconds=20)


@dataclass(frozen=True, kw_only=True)
class Waiting:
    """Somebody on the line who waits for one of our people."""

    call: str
    #: nl, fr, de, en.
    language: str
    #: `crisis` goes before everybody.
    why: str
    since: datetime


class PersonFirst(StrEnum):
    """Who speaks first on a call that we place."""

    #: The machine.
    NEVER = "never"
    #: One of our people, where one is free; else the machine.
    IF_FREE = "if_free"
    #: One of our people: without one the call is not placed.
    ONLY = "only"


class Deed(StrEnum):
    """What is done about an agent's line now."""

    WRAPPED_UP = "wrapped_up"
    PAUSE = "pause"
    BACK = "back"
    HANG_UP = "hang_up"
    END_TALK = "end_talk"


#: Where nobody is on the agent's line, nor kept for it.
_IDLE = frozenset({AgentState.RINGING, AgentState.READY, AgentState.WRAP_UP, AgentState.PAUSED})


def deed(agent: Agent, now: datetime, longest: timedelta) -> Deed | None:
    """What is wanted of an agent is obeyed as soon as nobody talks; after a talk there is time to write it down.

    `longest`: no talk lasts longer; a caller whose end was lost on the way would keep the line for ever."""
    if agent.state is AgentState.TALKING and now - agent.since >= longest:
        return Deed.END_TALK
    if agent.wanted is Wanted.OFF:
        return Deed.HANG_UP if agent.state in _IDLE else None
    if agent.state is AgentState.PAUSED:
        return Deed.BACK if agent.wanted is Wanted.ON else None
    if agent.wanted is Wanted.PAUSE and agent.state in (AgentState.READY, AgentState.WRAP_UP):
        return Deed.PAUSE
    wraps_up = agent.state is AgentState.WRAP_UP and now - agent.since >= agent.wrap_up
    return Deed.WRAPPED_UP if wraps_up else None


def put_right(agent: Agent, line: Stand | None, *, taken: bool) -> AgentEvent | None:
    """What has happened to an agent without our hearing of it, if their line stands so; None: nothing.

    `line`: None where there is none any more. `taken`: somebody was about to be put through to them."""
    if line is None:
        return AgentEvent.LINE_GONE
    unheard = {
        (Stand.FLOOR, AgentState.RINGING): AgentEvent.ON_FLOOR,
        (Stand.FLOOR, AgentState.TALKING): AgentEvent.TALK_ENDED,
        (Stand.JOINED, AgentState.RESERVED): AgentEvent.JOINED,
    }
    if line is Stand.FLOOR and agent.state is AgentState.RESERVED and taken:
        return AgentEvent.FREED
    return unheard.get((line, agent.state))


def whom_to_join(waiting: Collection[Waiting], agents: Collection[Agent]) -> list[tuple[Waiting, Agent]]:
    """Who is put through to whom: an agent who is kept for a call takes it; else the one who is free for longest and
    speaks the language. A crisis goes first, in whatever language; then whoever waits longest."""
    pairs: list[tuple[Waiting, Agent]] = []
    kept = {one.call: one for one in agents if one.state is AgentState.RESERVED and one.call is not None}
    free = sorted((one for one in agents if one.state is AgentState.READY), key=lambda one: (one.since, one.id))
    for one in sorted(waiting, key=lambda one: (one.why != CRISIS, one.since, one.call)):
        fits = [agent for agent in free if one.language in agent.languages]
        fits = fits or (free if one.why == CRISIS else [])
        agent = kept.get(one.call) or (fits[0] if fits else None)
        if agent is not None:
            pairs.append((one, agent))
            free = [other for other in free if other is not agent]
    return pairs

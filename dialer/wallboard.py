"""What a wallboard shows of a floor: who talks with whom about what, who is free, and who waits. Pure."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime

from dialer.agent import CRISIS, Agent, AgentState, Waiting, Wanted
from ivr.briefing import Briefing
from ledger.money import Money, total


@dataclass(frozen=True, kw_only=True)
class AgentCounts:
    """How many of our agents stand where."""

    agents: int
    #: They are to take calls: neither off nor at a break.
    wanted_on: int
    #: Their line is held, and nobody is on it.
    free: int
    #: Kept for a call, talking, or writing down what was agreed.
    busy: int


@dataclass(frozen=True, kw_only=True)
class Whom:
    """The person of a call, as its briefing has them."""

    #: Empty: a caller whom we don't recognise.
    name: str
    #: As lists and commands name them; None: a caller whom we don't recognise.
    debtor: str | None
    #: nl, fr, de, en.
    language: str
    #: All that is open, lawful costs included.
    open: Money
    #: 1 friendly, 2 friendly again, 3 firm and last.
    stage: int


@dataclass(frozen=True, kw_only=True)
class Talk:
    """The call that an agent is kept for, talks on, or has just ended."""

    call: str
    #: None: the call is claimed, and not briefed yet.
    whom: Whom | None
    #: What was agreed or asked on this call so far, in words; the first first.
    recorded: tuple[str, ...]
    #: They have proved on this call that they are the debtor: else not a word of an invoice before they do.
    proved: bool = False
    #: Whom the agent had on the line, as they said in their wrap-up; None: nothing was said yet.
    said: str | None = None


@dataclass(frozen=True, kw_only=True)
class Post:
    """One agent on the floor."""

    agent: Agent
    talk: Talk | None


@dataclass(frozen=True, kw_only=True)
class Waiter:
    """Somebody who waits for an agent. `since` is in the campaign's time."""

    waiting: Waiting
    #: Empty: a caller whom we don't recognise.
    name: str


@dataclass(frozen=True, kw_only=True)
class Wallboard:
    """The floor at one moment."""

    posts: tuple[Post, ...]
    #: Who is next stands first.
    waiting: tuple[Waiter, ...]

    @property
    def counts(self) -> AgentCounts:
        """How many stand where."""
        return counted([post.agent for post in self.posts])


_BUSY = frozenset({AgentState.RESERVED, AgentState.TALKING, AgentState.WRAP_UP})


def counted(agents: Collection[Agent]) -> AgentCounts:
    """How many stand where."""
    return AgentCounts(
        agents=len(agents),
        wanted_on=sum(one.wanted is Wanted.ON for one in agents),
        free=sum(one.state is AgentState.READY for one in agents),
        busy=sum(one.state in _BUSY for one in agents),
    )


def whom(briefing: Briefing, debtor: str | None) -> Whom:
    """The person of a call. `debtor`: as lists name them."""
    return Whom(
        name=briefing.full_name,
        debtor=debtor,
        language=briefing.language[:2],
        open=total([invoice.open for invoice in briefing.invoices]),
        stage=briefing.stage,
    )


def recorded(kind: str, state: str, amount: Money | None, due_on: date | None, from_at: datetime | None) -> str:
    """An agreement of this call in words: `promise 60.00 EUR by 2026-12-04`."""
    words = [kind.replace("_", " ")]
    if amount is not None:
        words.append(str(amount))
    if due_on is not None:
        words.append(f"by {due_on.isoformat()}")
    if from_at is not None:
        words.append(f"at {from_at:%d %b %H:%M} UTC")
    if state != "open":
        words.append(f"({state})")
    return " ".join(words)


def next_first(waiting: Iterable[Waiter]) -> tuple[Waiter, ...]:
    """In the order in which they are put through: a crisis first, then whoever waits longest."""
    return tuple(sorted(waiting, key=lambda one: (one.waiting.why != CRISIS, one.waiting.since, one.waiting.call)))


#: States in the words of people.
_SAID = {
    AgentState.RINGING: "rings",
    AgentState.READY: "free",
    AgentState.RESERVED: "kept",
    AgentState.WRAP_UP: "wrap-up",
    AgentState.PAUSED: "pause",
}
#: Where what is wanted is so already.
_OBEYED = {
    Wanted.ON: frozenset(AgentState) - {AgentState.OFF, AgentState.PAUSED},
    Wanted.PAUSE: frozenset({AgentState.PAUSED}),
    Wanted.OFF: frozenset({AgentState.OFF}),
}


def stands(agent: Agent) -> str:
    """Where an agent stands, and what follows where something else is wanted: `talking, then pause`."""
    now = _SAID.get(agent.state, agent.state.value)
    if agent.state in _OBEYED[agent.wanted]:
        return now
    return f"{now}, then {agent.wanted.value}"

"""A switchboard without telephones: agents' telephones do as they are told, and every order is written down.

`FakeSwitchboard` keeps the same contract as `AsteriskSwitchboard` (tests/contract).
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from dialer.agent import Agent, AgentState, Waiting, Wanted
from dialer.errors import CarrierDown, CarrierRefused, CarrierUnsure
from dialer.switchboard import (
    BoardBack,
    BoardEvent,
    BoardLost,
    CallerGone,
    Join,
    Joined,
    KeyPressed,
    LegGone,
    OnFloor,
    RingAgent,
    Stand,
    TalkOver,
)
from dialer.wallboard import Post, Talk, Waiter, Wallboard, Whom
from ledger.money import Money


@dataclass
class _Line:
    e164: str
    stands: Stand = Stand.SIGNING_ON
    #: The caller with whom it is joined.
    channel: str = ""


class FakeSwitchboard:
    """The `Switchboard` port. `away`: numbers that nobody answers; others sign on at once."""

    def __init__(self, away: Collection[str] = ()) -> None:
        self.away = set(away)
        #: Callers who can be put through: the carrier's names of their calls.
        self.callers: set[str] = set()
        #: Every order that came, in order.
        self.rung: list[RingAgent] = []
        self.whispered: list[tuple[str, str]] = []
        self.joins: list[Join] = []
        self.lines: dict[str, _Line] = {}
        #: Joins that come to nothing; that are not done, and of which nobody is told.
        self.fails = self.loses = False
        self._followed: set[str] = set()
        self._up = True
        self._told: asyncio.Queue[BoardEvent] = asyncio.Queue()

    async def ring(self, order: RingAgent) -> None:
        """Rung, and answered or not."""
        self._must_be_up()
        self.rung.append(order)
        if order.e164 in self.away:
            self._tell(LegGone(order.leg))
            return
        self.lines[order.leg] = _Line(order.e164, Stand.FLOOR)
        self._tell(OnFloor(order.leg))

    async def tell(self, leg: str, whisper: str) -> None:
        """Heard."""
        self._must_be_up()
        if leg not in self.lines:
            raise CarrierRefused("This line is no more")
        self.whispered.append((leg, whisper))

    async def join(self, order: Join) -> None:
        """Joined at once, where both are there."""
        self._must_be_up()
        if order.channel not in self.callers or order.leg not in self.lines:
            raise CarrierRefused("The caller is no more")
        self.joins.append(order)
        if self.loses:
            raise CarrierUnsure("Asterisk did not answer Redirect")
        if self.fails:
            self._tell(TalkOver(order.leg))
            self._tell(OnFloor(order.leg))
            return
        line = self.lines[order.leg]
        line.stands, line.channel = Stand.JOINED, order.channel
        self._tell(Joined(order.leg))

    async def end_talk(self, leg: str) -> None:
        """We end it."""
        self._must_be_up()
        if leg not in self.lines:
            raise CarrierRefused("This line is no more")
        self.agent_done(leg)

    async def follow(self, channel: str) -> bool:
        """Is it there?"""
        self._must_be_up()
        self._followed.add(channel)
        return channel in self.callers

    async def hang_up(self, leg: str) -> None:
        """We end a line."""
        self._must_be_up()
        self.agent_hangs_up(leg)

    async def held(self) -> dict[str, Stand]:
        """What stands."""
        self._must_be_up()
        return {leg: line.stands for leg, line in self.lines.items()}

    async def events(self) -> AsyncIterator[BoardEvent]:
        """All that happens."""
        yield BoardBack(await self.held())
        while True:
            yield await self._told.get()

    def holds(self, leg: str, e164: str) -> None:
        """A line that stands, whoever rang it."""
        self.lines[leg] = _Line(e164, Stand.FLOOR)

    # -- what people do ----------------------------------------------------------------------------------------

    def agent_done(self, leg: str) -> None:
        """Two stars."""
        line = self.lines[leg]
        line.stands, line.channel = Stand.FLOOR, ""
        self._tell(TalkOver(leg))
        self._tell(OnFloor(leg))

    def agent_presses(self, leg: str, key: str) -> None:
        """A key while nobody is on their line; only 1 to 5 mean something."""
        if key in "12345":
            self._tell(KeyPressed(leg, key))

    def agent_hangs_up(self, leg: str) -> None:
        """Their line ends; the caller stays."""
        if self.lines.pop(leg, None) is not None:
            self._tell(LegGone(leg))

    def caller_hangs_up(self, channel: str) -> None:
        """A caller who is with an agent, or not, hangs up."""
        self.callers.discard(channel)
        if channel in self._followed or any(join.channel == channel for join in self.joins):
            self._tell(CallerGone(channel))
        for leg, line in self.lines.items():
            if line.channel == channel:
                self.agent_done(leg)

    # -- the link ----------------------------------------------------------------------------------------------

    def cut(self) -> None:
        """We hear it no more; what happens meanwhile is not told."""
        self._up = False
        self._told.put_nowait(BoardLost())

    def mend(self) -> None:
        """We hear it again."""
        self._up = True
        self._told.put_nowait(BoardBack({leg: line.stands for leg, line in self.lines.items()}))

    def _tell(self, event: BoardEvent) -> None:
        if self._up:
            self._told.put_nowait(event)

    def _must_be_up(self) -> None:
        if not self._up:
            raise CarrierDown("The link is down")


def an_agent(name: str, state: AgentState, since: datetime, call: str | None = None) -> Agent:
    """An agent of Dutch and French who is signed on."""
    return Agent(
        id=1, name=name, phone="+32477123456", languages=("nl", "fr"), wanted=Wanted.ON, state=state, call=call,
        since=since,
    )  # fmt: skip


def a_floor(now: datetime) -> Wallboard:
    """Bruno talks with Els Janssens, Chiara is kept for a call that is not briefed yet, Dirk is free; a stranger waits
    in a crisis, and somebody else for longer."""
    els = Whom(name="Els Janssens", debtor="D-1001", language="nl", open=Money(120_00), stage=2)
    talk = Talk(call="c-1", whom=els, recorded=("promise 60.00 EUR by 2026-12-04", "callback"), proved=True)
    minute = timedelta(minutes=1)
    posts = (
        Post(agent=an_agent("Bruno", AgentState.TALKING, now - 2 * minute, "c-1"), talk=talk),
        Post(agent=an_agent("Chiara", AgentState.RESERVED, now, "c-2"), talk=Talk(call="c-2", whom=None, recorded=())),
        Post(agent=an_agent("Dirk", AgentState.READY, now - 90 * minute), talk=None),
    )
    waiting = (
        Waiter(waiting=Waiting(call="c-3", language="fr", why="crisis", since=now - minute), name=""),
        Waiter(waiting=Waiting(call="c-4", language="nl", why="person", since=now - 3 * minute), name="An Maes"),
    )
    return Wallboard(posts=posts, waiting=waiting)

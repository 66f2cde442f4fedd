"""A switchboard without telephones: agents' telephones do as they are told, and every order is written down.

`FakeSwitchboard` keeps the same contract as `AsteriskSwitchboard` (tests/contract).
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Collection
from dataclasses import dataclass

from dialer.errors import CarrierDown, CarrierRefused
from dialer.switchboard import (
    BoardBack,
    BoardEvent,
    BoardLost,
    CallerGone,
    Join,
    Joined,
    LegGone,
    OnFloor,
    RingAgent,
    Stand,
    TalkOver,
)


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
        line = self.lines[order.leg]
        line.stands, line.channel = Stand.JOINED, order.channel
        self._tell(Joined(order.leg))

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

    # -- what people do ----------------------------------------------------------------------------------------

    def agent_done(self, leg: str) -> None:
        """Two stars."""
        line = self.lines[leg]
        line.stands, line.channel = Stand.FLOOR, ""
        self._tell(TalkOver(leg))
        self._tell(OnFloor(leg))

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

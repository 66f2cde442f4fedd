"""The two worlds in which a switchboard keeps its promises: one that does as it is told, and an agent, a debtor and a
line at a real Asterisk."""

from __future__ import annotations

import asyncio
import contextlib
import uuid
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Protocol

from asterisk_calls import ADA, Line, Watched, until, watching
from asterisk_fixture import OurAsteriskPair
from dialer.asterisk_switchboard import AsteriskSwitchboard
from dialer.switchboard import BoardEvent, Join, Joined, OnFloor, RingAgent, Switchboard, new_leg
from dialer.testing_floor import FakeSwitchboard
from phone import IncomingCall, sound

BRUNO = "+3225550900"
#: Nobody's number: it answers as a machine does, and presses nothing.
MACHINE = "+3225550901"
#: What Bruno, and what Ada says, in hertz; each of their tones lasts so long.
BRUNO_HZ, ADA_HZ, MS = 500.0, 1000.0, 600


class FloorGround:
    """A switchboard, and the world behind it."""

    def __init__(self, board: Switchboard) -> None:
        self.board = board
        self.told: list[BoardEvent] = []

    async def until(self, event: BoardEvent, times: int = 1, within: float = 8.0) -> None:
        """Wait until this was told so often. Raises TimeoutError."""
        await until(lambda: self.told.count(event) >= times, within)

    async def rung(self, number: str = BRUNO) -> str:
        """Ring an agent; the name of the line."""
        leg = new_leg()
        await self.board.ring(RingAgent(leg=leg, e164=number, caller_id=ADA, ring_seconds=15, sentence="nl-BE"))
        return leg

    async def signed_on(self) -> str:
        """Bruno's line, held."""
        leg = await self.rung()
        await self.until(OnFloor(leg))
        return leg

    async def joined(self, leg: str, channel: str, times: int = 1, **over: object) -> Join:
        """Put a caller through."""
        order = an_order(leg, channel, **over)
        await self.board.join(order)
        await self.until(Joined(leg), times)
        return order


def an_order(leg: str, channel: str, **over: object) -> Join:
    """To put a caller through, with new tickets back."""
    tickets = {"back_done": str(uuid.uuid4()), "back_lost": str(uuid.uuid4())}
    return Join(**{"leg": leg, "channel": channel, "whisper": "", **tickets, **over})  # type: ignore[arg-type]


class People(Protocol):
    """What agent and caller do themselves; a ground of either world."""

    board: Switchboard
    told: list[BoardEvent]

    async def until(self, event: BoardEvent, times: int = 1, within: float = 8.0) -> None: ...
    async def rung(self, number: str = BRUNO) -> str: ...
    async def signed_on(self) -> str: ...
    async def joined(self, leg: str, channel: str, times: int = 1, **over: object) -> Join: ...
    async def caller(self) -> str: ...
    async def agent_done(self, leg: str) -> None: ...
    async def agent_presses(self, leg: str, key: str) -> None: ...
    async def agent_hangs_up(self, leg: str) -> None: ...
    async def caller_hangs_up(self, channel: str) -> None: ...


class FakeFloorGround(FloorGround):
    """Nobody is real."""

    def __init__(self, board: FakeSwitchboard) -> None:
        super().__init__(board)
        self.fake = board

    async def caller(self) -> str:
        channel = str(uuid.uuid4())
        self.fake.callers.add(channel)
        return channel

    async def agent_done(self, leg: str) -> None:
        self.fake.agent_done(leg)

    async def agent_presses(self, leg: str, key: str) -> None:
        self.fake.agent_presses(leg, key)

    async def agent_hangs_up(self, leg: str) -> None:
        self.fake.agent_hangs_up(leg)

    async def caller_hangs_up(self, channel: str) -> None:
        self.fake.caller_hangs_up(channel)


class AsteriskFloorGround(FloorGround):
    """Bruno and Ada at their telephones, and a line that hears who comes to it."""

    def __init__(self, board: AsteriskSwitchboard, watched: Watched, line: Line) -> None:
        super().__init__(board)
        self.watched, self.line = watched, line
        self.calls: dict[str, IncomingCall] = {}

    async def caller(self) -> str:
        """Ada's call, which hears our line."""
        before = len(self.line.entries)
        channel = await self.watched.place()
        await until(lambda: len(self.line.entries) > before)
        return channel

    async def agent_done(self, leg: str) -> None:
        await self.calls[BRUNO].press("**")

    async def agent_presses(self, leg: str, key: str) -> None:
        await self.calls[BRUNO].press(key)

    async def agent_hangs_up(self, leg: str) -> None:
        await self.calls[BRUNO].hang_up()

    async def caller_hangs_up(self, channel: str) -> None:
        await self.calls[ADA].hang_up()
        await self.watched.hangup_of(channel)

    async def back_with(self, entry: str, within: float = 5.0) -> None:
        """The line was opened by this ticket."""
        await until(lambda: entry in self.line.entries, within)

    async def both_speak(self) -> None:
        """Each says something, at one time."""
        await asyncio.gather(
            self.calls[BRUNO].say(sound.tone(BRUNO_HZ, MS)), self.calls[ADA].say(sound.tone(ADA_HZ, MS))
        )
        await asyncio.sleep(0.2)

    def persona(self, number: str) -> Callable[[IncomingCall], Awaitable[None]] | None:
        """Who answers which telephone, and how."""

        async def play(call: IncomingCall) -> None:
            self.calls[number] = call
            await call.answer()
            if number == BRUNO:
                await call.wait(0.3)
                await call.press("1")
            if number == MACHINE:
                await call.say(sound.tone(BRUNO_HZ, MS))
                await call.hang_up()

        return play if number in (ADA, BRUNO, MACHINE) else None


@contextlib.asynccontextmanager
async def fake_floor_ground() -> AsyncIterator[FakeFloorGround]:
    """The fake."""
    async with _heard(FakeFloorGround(FakeSwitchboard(away=[MACHINE]))) as ground:
        yield ground


@contextlib.asynccontextmanager
async def asterisk_floor_ground(our: OurAsteriskPair) -> AsyncIterator[AsteriskFloorGround]:
    """Our Asterisk."""
    async with watching(our) as watched, our.link() as link, Line().listening(our.ports.audiosocket) as line:
        ground = AsteriskFloorGround(AsteriskSwitchboard(link), watched, line)
        async with our.trunk_phone(ground.persona), _heard(ground):
            yield ground


@contextlib.asynccontextmanager
async def _heard(ground: FloorGround) -> AsyncIterator[FloorGround]:
    async def hear() -> None:
        async for event in ground.board.events():
            ground.told.append(event)

    hearing = asyncio.create_task(hear())
    await until(lambda: bool(ground.told))
    try:
        yield ground
    finally:
        hearing.cancel()
        await asyncio.gather(hearing, return_exceptions=True)

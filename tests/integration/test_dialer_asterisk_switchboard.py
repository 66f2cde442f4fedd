"""Agents' lines on a real Asterisk: signed on by a key, held between talks, joined with a caller who comes back by
himself."""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field

import pytest

from asterisk_calls import ADA, HEARD, Line, Watched, until, watching
from asterisk_fixture import OurAsteriskPair
from dialer.asterisk_switchboard import AsteriskSwitchboard
from dialer.errors import CarrierRefused
from dialer.switchboard import (
    BoardBack,
    BoardEvent,
    CallerGone,
    Join,
    Joined,
    LegGone,
    OnFloor,
    RingAgent,
    Stand,
    TalkOver,
    new_leg,
)
from phone import IncomingCall, sound
from phone.sound import strength

pytestmark = pytest.mark.asterisk

BRUNO = "+3225550900"
#: What Bruno, and what Ada says, in hertz; and what is whispered.
BRUNO_HZ, ADA_HZ, WHISPER_HZ = 500.0, 1000.0, 1400.0
#: How long each of their tones lasts.
MS = 600


@dataclass
class Stage:
    """A switchboard, the telephones of agent and debtor, a line, and all that was told."""

    our: OurAsteriskPair
    board: AsteriskSwitchboard
    watched: Watched
    line: Line
    calls: dict[str, IncomingCall]
    told: list[BoardEvent] = field(default_factory=list)

    async def until(self, event: BoardEvent, times: int = 1, within: float = 8.0) -> None:
        """Wait until this was told so often. Raises TimeoutError."""
        await until(lambda: self.told.count(event) >= times, within)

    async def signed_on(self) -> str:
        """Bruno's line."""
        leg = new_leg()
        order = RingAgent(leg=leg, e164=BRUNO, caller_id=ADA, ring_seconds=15, sentence="nl-BE")
        await self.board.ring(order)
        await self.until(OnFloor(leg))
        return leg

    async def with_us(self) -> str:
        """Ada's call, which hears our line."""
        before = len(self.line.entries)
        call = await self.watched.place()
        await until(lambda: len(self.line.entries) > before)
        return call

    async def joined(self, leg: str, call: str, whisper: str = "") -> Join:
        order = Join(
            leg=leg, channel=call, whisper=whisper, back_done=str(uuid.uuid4()), back_lost=str(uuid.uuid4()),
            longest_seconds=600,
        )  # fmt: skip
        await self.board.join(order)
        await self.until(Joined(leg))
        return order

    async def back_with(self, entry: str, within: float = 5.0) -> None:
        """The line was opened by this ticket."""
        await until(lambda: entry in self.line.entries, within)

    async def both_speak(self) -> None:
        await asyncio.gather(
            self.calls[BRUNO].say(sound.tone(BRUNO_HZ, MS)), self.calls[ADA].say(sound.tone(ADA_HZ, MS))
        )
        await asyncio.sleep(0.2)


@pytest.fixture
async def stage(our_asterisk: OurAsteriskPair) -> AsyncIterator[Stage]:
    (our_asterisk.process.top / "data/sounds/beltoon/who-1.sln").write_bytes(sound.tone(WHISPER_HZ, MS))
    calls: dict[str, IncomingCall] = {}

    def playing(then: Callable[[IncomingCall], Awaitable[None]]) -> Callable[[IncomingCall], Awaitable[None]]:
        async def play(call: IncomingCall) -> None:
            calls[call.number] = call
            await call.answer()
            await then(call)

        return play

    async def signs_on(call: IncomingCall) -> None:
        await call.wait(0.3)
        await call.press("1")

    async def stays(call: IncomingCall) -> None:
        return

    people = {BRUNO: playing(signs_on), ADA: playing(stays)}
    async with (
        our_asterisk.trunk_phone(people),
        watching(our_asterisk) as watched,
        our_asterisk.link() as link,
        Line().listening(our_asterisk.ports.audiosocket) as line,
    ):
        board = AsteriskSwitchboard(link)
        here = Stage(our_asterisk, board, watched, line, calls)
        hearing = asyncio.create_task(_hear(board, here.told))
        await until(lambda: bool(here.told))
        try:
            yield here
        finally:
            hearing.cancel()
            await asyncio.gather(hearing, return_exceptions=True)


async def _hear(board: AsteriskSwitchboard, told: list[BoardEvent]) -> None:
    async for event in board.events():
        told.append(event)


def _hears(call: IncomingCall, hz: float, since: float = 0.0) -> bool:
    return strength(call.record(since), hz) > HEARD


async def test_an_agent_and_a_debtor_hear_each_other_and_the_agent_alone_hears_who_it_is(stage: Stage) -> None:
    leg, call = await stage.signed_on(), await stage.with_us()
    await stage.joined(leg, call, whisper="who-1")
    await stage.both_speak()
    bruno, ada = stage.calls[BRUNO], stage.calls[ADA]
    assert _hears(bruno, WHISPER_HZ)
    assert _hears(bruno, ADA_HZ)
    assert _hears(ada, BRUNO_HZ)
    assert not _hears(ada, WHISPER_HZ)
    assert await stage.board.held() == {leg: Stand.JOINED}


async def test_by_two_stars_the_agent_is_free_again_and_the_debtor_is_back_with_us(stage: Stage) -> None:
    leg, call = await stage.signed_on(), await stage.with_us()
    order = await stage.joined(leg, call)
    await stage.calls[BRUNO].press("**")
    await stage.back_with(order.back_done)
    await stage.until(TalkOver(leg))
    await stage.until(OnFloor(leg), times=2)
    assert await stage.board.held() == {leg: Stand.FLOOR}
    assert not stage.calls[ADA].is_over


async def test_an_agent_who_hangs_up_is_gone_and_the_debtor_comes_back_as_from_a_lost_line(stage: Stage) -> None:
    leg, call = await stage.signed_on(), await stage.with_us()
    order = await stage.joined(leg, call)
    await stage.calls[BRUNO].hang_up()
    await stage.back_with(order.back_lost)
    await stage.until(LegGone(leg))
    assert TalkOver(leg) not in stage.told
    assert not stage.calls[ADA].is_over


async def test_a_debtor_who_hangs_up_leaves_the_agent_on_the_floor(stage: Stage) -> None:
    leg, call = await stage.signed_on(), await stage.with_us()
    await stage.joined(leg, call)
    await stage.calls[ADA].hang_up()
    await stage.until(CallerGone(call))
    await stage.until(TalkOver(leg))
    await stage.until(OnFloor(leg), times=2)
    assert not stage.calls[BRUNO].is_over


async def test_one_line_serves_one_talk_after_another(stage: Stage) -> None:
    leg = await stage.signed_on()
    for n in (1, 2):
        call = await stage.with_us()
        order = await stage.joined(leg, call)
        since = stage.calls[ADA].mark
        await stage.both_speak()
        assert _hears(stage.calls[ADA], BRUNO_HZ, since)
        await stage.calls[BRUNO].press("**")
        await stage.back_with(order.back_done)
        await stage.until(OnFloor(leg), times=n + 1)
        await stage.calls[ADA].hang_up()
        await stage.watched.hangup_of(call)


async def test_a_call_may_be_put_through_twice(stage: Stage) -> None:
    leg, call = await stage.signed_on(), await stage.with_us()
    first = await stage.joined(leg, call)
    await stage.calls[BRUNO].press("**")
    await stage.back_with(first.back_done)
    await stage.until(OnFloor(leg), times=2)
    order = Join(
        leg=leg, channel=call, whisper="", back_done=str(uuid.uuid4()), back_lost=str(uuid.uuid4()), longest_seconds=600
    )
    await stage.board.join(order)
    await stage.until(Joined(leg), times=2)
    since = stage.calls[ADA].mark
    await stage.both_speak()
    assert _hears(stage.calls[ADA], BRUNO_HZ, since)


async def test_a_caller_who_is_gone_is_refused_and_the_agent_stays_free(stage: Stage) -> None:
    leg, call = await stage.signed_on(), await stage.with_us()
    await stage.calls[ADA].hang_up()
    await stage.watched.hangup_of(call)
    order = Join(
        leg=leg, channel=call, whisper="", back_done=str(uuid.uuid4()), back_lost=str(uuid.uuid4()), longest_seconds=600
    )
    with pytest.raises(CarrierRefused):
        await stage.board.join(order)
    assert await stage.board.held() == {leg: Stand.FLOOR}


async def test_who_it_is_may_be_told_while_their_telephone_rings(stage: Stage) -> None:
    leg = await stage.signed_on()
    await stage.board.tell(leg, "who-1")
    await asyncio.sleep(0.3)
    call = await stage.with_us()
    await stage.joined(leg, call)
    await stage.both_speak()
    assert _hears(stage.calls[BRUNO], WHISPER_HZ)
    assert _hears(stage.calls[BRUNO], ADA_HZ)
    assert OnFloor(leg) in stage.told


async def test_an_answering_machine_presses_no_key_and_is_no_agent(our_asterisk: OurAsteriskPair) -> None:
    async def machine(call: IncomingCall) -> None:
        await call.answer()
        await call.say(sound.tone(BRUNO_HZ, MS))
        await call.hang_up()

    told: list[BoardEvent] = []
    async with our_asterisk.trunk_phone({BRUNO: machine}), our_asterisk.link() as link:
        board = AsteriskSwitchboard(link)
        hearing = asyncio.create_task(_hear(board, told))
        await asyncio.sleep(0.05)
        leg = new_leg()
        await board.ring(RingAgent(leg=leg, e164=BRUNO, caller_id=None, ring_seconds=15, sentence="nl-BE"))
        await until(lambda: LegGone(leg) in told)
        hearing.cancel()
    assert OnFloor(leg) not in told


async def test_a_telephone_that_is_busy_is_told_as_gone(our_asterisk: OurAsteriskPair) -> None:
    async def busy(call: IncomingCall) -> None:
        await call.reject(486)

    told: list[BoardEvent] = []
    async with our_asterisk.trunk_phone({BRUNO: busy}), our_asterisk.link() as link:
        board = AsteriskSwitchboard(link)
        hearing = asyncio.create_task(_hear(board, told))
        await asyncio.sleep(0.05)
        leg = new_leg()
        await board.ring(RingAgent(leg=leg, e164=BRUNO, caller_id=None, ring_seconds=15, sentence="nl-BE"))
        await until(lambda: LegGone(leg) in told)
        hearing.cancel()
    assert isinstance(told[0], BoardBack)

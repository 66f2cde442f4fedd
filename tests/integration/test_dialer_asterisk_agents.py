"""What is heard on agents' lines at a real Asterisk, and by which ticket a caller is with us again.

What every switchboard promises besides stands in tests/contract."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest

from asterisk_calls import ADA, HEARD
from asterisk_fixture import OurAsteriskPair
from dialer.switchboard import OnFloor
from phone import IncomingCall, sound
from phone.sound import strength
from switchboard_ground import ADA_HZ, BRUNO, BRUNO_HZ, MS, AsteriskFloorGround, asterisk_floor_ground

pytestmark = pytest.mark.asterisk

#: What is whispered, in hertz.
WHISPER_HZ = 1400.0


@pytest.fixture
async def stage(our_asterisk: OurAsteriskPair) -> AsyncIterator[AsteriskFloorGround]:
    (our_asterisk.process.top / "data/sounds/beltoon/who-1.sln").write_bytes(sound.tone(WHISPER_HZ, MS))
    async with asterisk_floor_ground(our_asterisk) as ground:
        yield ground


def _hears(call: IncomingCall, hz: float, since: float = 0.0) -> bool:
    return strength(call.record(since), hz) > HEARD


async def test_agent_and_debtor_hear_each_other_and_the_agent_alone_hears_who_it_is(
    stage: AsteriskFloorGround,
) -> None:
    leg, call = await stage.signed_on(), await stage.caller()
    await stage.joined(leg, call, whisper="who-1")
    await stage.both_speak()
    bruno, ada = stage.calls[BRUNO], stage.calls[ADA]
    assert _hears(bruno, WHISPER_HZ)
    assert _hears(bruno, ADA_HZ)
    assert _hears(ada, BRUNO_HZ)
    assert not _hears(ada, WHISPER_HZ)


async def test_by_two_stars_the_debtor_is_back_with_us_by_the_ticket_of_an_agent_who_is_done(
    stage: AsteriskFloorGround,
) -> None:
    leg, call = await stage.signed_on(), await stage.caller()
    order = await stage.joined(leg, call)
    await stage.agent_done(leg)
    await stage.back_with(order.back_done)
    assert not stage.calls[ADA].is_over


async def test_when_the_agents_line_breaks_he_comes_back_by_the_ticket_of_one_who_was_lost(
    stage: AsteriskFloorGround,
) -> None:
    leg, call = await stage.signed_on(), await stage.caller()
    order = await stage.joined(leg, call)
    await stage.agent_hangs_up(leg)
    await stage.back_with(order.back_lost)
    assert not stage.calls[ADA].is_over


async def test_each_is_heard_in_one_talk_after_another(stage: AsteriskFloorGround) -> None:
    leg, call = await stage.signed_on(), await stage.caller()
    for n in (1, 2):
        order = await stage.joined(leg, call, times=n)
        since = stage.calls[ADA].mark
        await stage.both_speak()
        assert _hears(stage.calls[ADA], BRUNO_HZ, since)
        await stage.agent_done(leg)
        await stage.back_with(order.back_done)
        await stage.until(OnFloor(leg), times=n + 1)


async def test_who_it_is_may_be_told_while_their_telephone_rings_and_nothing_is_whispered_at_the_join(
    stage: AsteriskFloorGround,
) -> None:
    leg = await stage.signed_on()
    await stage.board.tell(leg, "who-1")
    await asyncio.sleep(0.3)
    call = await stage.caller()
    await stage.joined(leg, call)
    await stage.both_speak()
    assert _hears(stage.calls[BRUNO], WHISPER_HZ)
    assert _hears(stage.calls[BRUNO], ADA_HZ)


async def test_a_talk_that_we_end_brings_the_debtor_back_and_keeps_the_line(stage: AsteriskFloorGround) -> None:
    leg, call = await stage.signed_on(), await stage.caller()
    order = await stage.joined(leg, call)
    await stage.board.end_talk(leg)
    await stage.back_with(order.back_done)
    await stage.until(OnFloor(leg), times=2)
    assert not any(each.is_over for each in stage.calls.values())

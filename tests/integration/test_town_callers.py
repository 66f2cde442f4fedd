"""Who rings out of the town: people who missed our call, a softphone, and a stranger who may not."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
from in_town import SOFIE, US, Town, answered, refusal, tone, town_of_kinds

from phone import CallRefused, Credentials, IncomingCall, Phone

from ring import RingError, ring_in  # isort: skip - in_town shows the way

pytestmark = [pytest.mark.asterisk, pytest.mark.speech]


@pytest.fixture(scope="module")
def town(asterisk_root: Path) -> Iterator[Town]:
    with town_of_kinds(asterisk_root) as town:
        yield town


@pytest.fixture
async def phone(town: Town) -> AsyncIterator[Phone]:
    """A telephone where the town expects Beltoon; nobody answers at it."""
    async with Phone({}, port=town.peer_port) as phone:
        yield phone


async def test_somebody_who_was_busy_rings_in_and_can_be_asked_to(town: Town) -> None:
    rang: asyncio.Queue[IncomingCall] = asyncio.Queue()

    async def us(call: IncomingCall) -> None:
        await call.answer(0.1)
        await call.say(tone(0.8))
        await call.wait(1.6)
        await call.hang_up()
        rang.put_nowait(call)

    async with Phone({US: us}, port=town.peer_port) as phone:
        assert await refusal(phone, town, "+32470000011") == 486
        first = await asyncio.wait_for(rang.get(), 8.0)
        ring_in(town.folder, "+32470000011")
        second = await asyncio.wait_for(rang.get(), 8.0)
    for call in (first, second):
        assert call.caller_id == "+32470000011"
        assert [key.key for key in call.keys_heard] == ["2"]
    busy, *inward = await town.calls_of("+32470000011")
    assert busy.result == "busy"
    assert [(call.rang_in, call.result, call.keys, call.caller) for call in inward] == [
        (True, "answered", ("2",), US)
    ] * 2


async def test_somebody_who_rings_in_while_nobody_is_there_stands_in_the_log(phone: Phone, town: Town) -> None:
    before = len(await town.calls_of("+32470000011"))
    ring_in(town.folder, "+32470000011", seconds=0.5)
    for _ in range(40):
        calls = await town.calls_of("+32470000011")
        if len(calls) > before:
            break
    assert (calls[-1].rang_in, calls[-1].result) == (True, "not_taken")


def test_nobody_rings_who_has_no_reason_to(town: Town) -> None:
    with pytest.raises(RingError, match=r"\+32470000001 has no rings_in"):
        ring_in(town.folder, "+32470000001")


async def test_a_softphone_registers_is_called_as_a_debtor_and_calls_us(town: Town) -> None:
    heard: list[str] = []

    async def sofie(call: IncomingCall) -> None:
        heard.append(call.caller_id)
        await call.answer(0.1)

    async def us(call: IncomingCall) -> None:
        heard.append(call.caller_id)
        await call.answer(0.1)

    me = Credentials(SOFIE.user, SOFIE.secret)
    async with Phone({US: us}, port=town.peer_port) as phone, Phone(lambda _: sofie) as softphone:
        await softphone.register(town.sip, me)
        call = await answered(phone, town, SOFIE.number)
        await call.wait(0.3)
        await call.hang_up()
        back = softphone.ring(US, town.sip, caller_id=SOFIE.user, credentials=me)
        await back.connected()
        await back.hang_up()
    assert heard == [US, SOFIE.number]
    to, back_to_us = await town.calls_of(SOFIE.number)
    assert [(to.rang_in, to.result), (back_to_us.rang_in, back_to_us.result)] == [
        (False, "answered"),
        (True, "answered"),
    ]


async def test_a_softphone_that_has_not_registered_does_not_answer(phone: Phone, town: Town) -> None:
    assert await refusal(phone, town, SOFIE.number) == 480


async def test_a_stranger_on_the_network_is_refused(town: Town) -> None:
    async with Phone({}) as stranger:
        assert await refusal(stranger, town, "+32470000001") == 401
        with pytest.raises(CallRefused):
            await stranger.register(town.sip, Credentials(SOFIE.user, "a guess"))

"""The telephone of the tests calls another of its kind over the loopback."""

from __future__ import annotations

import asyncio
import random
import socket
from dataclasses import replace

import pytest

from phone import CallOver, CallRefused, Endpoint, IncomingCall, OutgoingCall, Persona, Phone
from phone.sdp import parse, render
from phone.sound import PCMA, strength, tone
from phone.wire import Wire

#: Low, so that what is lost is said again soon.
T1 = 0.05


async def picks_up(call: IncomingCall) -> None:
    await call.answer()


async def test_voices_are_heard_both_ways() -> None:
    async def ada(call: IncomingCall) -> None:
        await call.answer()
        await call.prompt_ended(quiet_ms=100)
        await call.say(tone(1000, 200))

    async with Phone({"100": ada}) as town, Phone() as caller:
        call = caller.ring("100", town.address, caller_id="+3225550000")
        await call.connected()
        said = await call.say(tone(440, 200))
        voice = await call.wait_for_voice()
        await call.wait_for_quiet(100)
        (there,) = town.calls.values()
        heard_there, heard_here = there.record(), call.record()
        first_there = there.ear.first_voice(0)
        await call.hang_up()
    assert strength(heard_there[-3200 * 3 :], 1000) < 50 < strength(heard_there, 440)
    assert strength(heard_here, 440) < 50 < strength(heard_here, 1000)
    assert voice > said.ended
    assert first_there is not None
    assert first_there >= said.began


async def test_keys_arrive_in_order_and_are_in_the_log() -> None:
    async def ada(call: IncomingCall) -> None:
        await call.answer()
        await call.press("1#A")
        await call.hang_up()

    async with Phone({"100": ada}) as town, Phone() as caller:
        call = caller.ring("100", town.address)
        await call.connected()
        ended = await call.until_over()
    assert [(heard.key, heard.hold_ms) for heard in call.keys_heard] == [("1", 100), ("#", 100), ("A", 100)]
    assert call.reception().lost == 0
    assert (ended.ended_by, town.log.calls[0].ended_by, town.log.calls[0].pressed) == ("them", "us", "1#A")


async def test_the_log_tells_who_was_called_how_often_and_by_whom() -> None:
    async with Phone({"100": picks_up, "200": picks_up}) as town, Phone() as caller:
        for number in ("100", "200", "100"):
            call = caller.ring(number, town.address, caller_id="+3225550000")
            await call.connected()
            await call.hang_up()
    assert town.log.times_called() == {"100": 2, "200": 1}
    assert {call.caller_id for call in town.log.to("100")} == {"+3225550000"}
    assert all(c.answered and c.ended and c.began < c.answered < c.ended for c in town.log.calls)


@pytest.mark.parametrize("status", [486, 603, 404, 503])
async def test_a_refusal_reaches_the_caller(status: int) -> None:
    async def refuses(call: IncomingCall) -> None:
        await call.reject(status)

    async with Phone({"100": refuses}) as town, Phone() as caller:
        with pytest.raises(CallRefused) as refused:
            await caller.ring("100", town.address).connected()
    assert refused.value.status == status
    assert (town.log.calls[0].status, town.log.calls[0].answered, town.log.calls[0].ended_by) == (status, None, "us")


async def test_a_number_that_nobody_has_does_not_exist() -> None:
    async with Phone({"100": picks_up}) as town, Phone() as caller:
        with pytest.raises(CallRefused) as refused:
            await caller.ring("101", town.address).connected()
    assert refused.value.status == 404
    assert town.log.times_called() == {"101": 1}


async def test_a_ring_is_heard_before_the_answer_and_can_be_given_up() -> None:
    async def never(call: IncomingCall) -> None:
        await call.ring_for_ever()

    async with Phone({"100": never}) as town, Phone() as caller:
        call = caller.ring("100", town.address)
        with pytest.raises(TimeoutError):
            await call.connected(within=0.1)
        assert call.rings
        await call.hang_up()
        with pytest.raises(CallRefused):
            await call.connected()
    assert (town.log.calls[0].status, town.log.calls[0].ended_by) == (487, "them")
    assert (call.log.status, call.log.ended_by) == (487, "us")


async def test_it_answers_after_ringing() -> None:
    async def slow(call: IncomingCall) -> None:
        await call.answer(after=0.2)

    async with Phone({"100": slow}) as town, Phone() as caller:
        call = caller.ring("100", town.address)
        assert await call.connected() - call.log.began >= 0.2


async def test_thirty_calls_at_once_lose_no_packet() -> None:
    async with Phone(lambda _number: picks_up, t1=2.0) as town, Phone(t1=2.0) as caller:
        calls = [caller.ring(str(n), town.address) for n in range(30)]
        await asyncio.gather(*(call.connected() for call in calls))
        await asyncio.sleep(1.0)
        there = [call.reception() for call in town.calls.values()]
        here = [call.reception() for call in calls]
        await asyncio.gather(*(call.hang_up() for call in calls))
    assert len(there) == 30
    assert all(heard.packets > 20 for heard in there + here)
    assert sum(heard.lost + heard.duplicated for heard in there + here) == 0
    assert len(town.log.calls) == 30


async def test_the_other_side_hanging_up_ends_what_was_being_done() -> None:
    async def talks_for_long(call: IncomingCall) -> None:
        await call.answer()
        await call.say(tone(440, 60_000))

    async with Phone({"100": talks_for_long}) as town, Phone() as caller:
        call = caller.ring("100", town.address)
        await call.connected()
        await call.wait_for_voice()
        await call.hang_up()
        with pytest.raises(CallOver):
            await call.press("1")
    assert town.log.calls[0].ended_by == "them"


async def test_a_persona_that_fails_is_reported_when_the_phone_closes() -> None:
    async def expects_too_much(call: IncomingCall) -> None:
        await call.answer(rtp=False)
        await call.wait_for_voice(within=0.1, since=call.mark + 60)

    with pytest.raises(ExceptionGroup) as failures:
        async with Phone({"100": expects_too_much}) as town, Phone() as caller:
            call = caller.ring("100", town.address)
            await call.connected()
            await call.until_over()
    assert isinstance(failures.value.exceptions[0], TimeoutError)


async def test_a_prompt_is_heard_to_its_end_and_the_next_one_apart() -> None:
    async def two_prompts(call: OutgoingCall) -> None:
        await call.say(tone(440, 100))
        await call.wait(0.8)
        await call.say(tone(440, 100))

    ends: list[float] = []

    async def listens(call: IncomingCall) -> None:
        await call.answer()
        ends.append(await call.prompt_ended(quiet_ms=300))
        ends.append(await call.prompt_ended(quiet_ms=300))
        await call.hang_up()

    async with Phone({"100": listens}) as town, Phone() as caller:
        await caller.ring("100", town.address, play=two_prompts).until_over()
    assert ends[1] - ends[0] > 0.5


async def misbehaves_with_garbage(call: IncomingCall) -> None:
    await call.answer()
    call.send_garbage(50, random.Random(1))
    await call.say(tone(440, 100))


async def misbehaves_with_two_answers(call: IncomingCall) -> None:
    await call.answer(times=3)
    await call.say(tone(440, 100))


@pytest.mark.parametrize("persona", [misbehaves_with_garbage, misbehaves_with_two_answers])
async def test_a_call_survives_bad_manners(persona: Persona) -> None:
    async with Phone({"100": persona}) as town, Phone() as caller:
        call = caller.ring("100", town.address)
        await call.connected()
        await call.wait_for_voice()
        assert not call.is_over
        await call.hang_up()
    assert town.log.calls[0].ended_by == "them"


async def test_a_second_bye_finds_no_call_and_harms_nobody() -> None:
    async def rude(call: IncomingCall) -> None:
        await call.answer()
        await call.hang_up(twice=True)

    async with Phone({"100": rude}) as town, Phone() as caller:
        call = caller.ring("100", town.address)
        await call.connected()
        assert (await call.until_over()).ended_by == "them"


async def test_a_mute_phone_sends_nothing() -> None:
    async def mute(call: IncomingCall) -> None:
        await call.answer(rtp=False)

    async with Phone({"100": mute}) as town, Phone() as caller:
        call = caller.ring("100", town.address)
        await call.connected()
        await asyncio.sleep(0.2)
        assert call.reception().packets == 0
        (there,) = town.calls.values()
        assert there.reception().packets > 3
        await call.hang_up()


async def test_a_phone_without_power_answers_nothing_any_more() -> None:
    async def unplugs(call: IncomingCall) -> None:
        await call.answer()
        call.vanish()

    async with Phone({"100": unplugs}, t1=T1) as town, Phone(t1=T1) as caller:
        call = caller.ring("100", town.address)
        await call.connected()
        await asyncio.sleep(0.1)
        count = call.reception().packets
        await asyncio.sleep(0.1)
        assert call.reception().packets == count
        assert not call.is_over
        call.vanish()


async def test_repeated_requests_are_answered_from_memory_and_open_no_second_call(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """On a network that loses one datagram in eight and doubles most others."""
    sent = Wire.send
    rng = random.Random(7)

    def unreliable(wire: Wire, data: bytes, to: tuple[str, int]) -> None:
        for _ in range(3):
            if rng.random() > 0.5:
                sent(wire, data, to)

    monkeypatch.setattr(Wire, "send", unreliable)
    async with Phone(lambda _number: picks_up, t1=T1) as town, Phone(t1=T1) as caller:
        for n in range(10):
            call = caller.ring(str(n), town.address)
            await call.connected()
            await call.hang_up()
    assert town.log.times_called() == {str(n): 1 for n in range(10)}
    assert {call.ended_by for call in town.log.calls} == {"them"}


async def test_nobody_there_ends_the_call_after_patience() -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as deaf:
        deaf.bind(("127.0.0.1", 0))
        async with Phone(t1=0.005) as caller:
            call = caller.ring("100", deaf.getsockname())
            with pytest.raises(CallOver, match="no answer"):
                await call.connected()


async def test_noise_on_the_sip_port_is_counted_and_calls_go_on() -> None:
    async with Phone({"100": picks_up}) as town, Phone() as caller:
        rng = random.Random(3)
        for _ in range(200):
            caller.wire.send(rng.randbytes(rng.randrange(1, 300)), town.address)
        call = caller.ring("100", town.address)
        await call.connected()
        await call.hang_up()
    assert town.wire.garbage > 150


async def test_options_and_an_unknown_dialog_get_their_answers() -> None:
    async with Phone({"100": picks_up}) as town, Phone() as caller:
        call = caller.ring("100", town.address)
        await call.connected()
        options = await caller.wire.ask(call.dialog.request("OPTIONS"), town.address).final
        stranger = await caller.wire.ask(replace(call.dialog, call_id="another").request("BYE"), town.address).final
        refused = await caller.wire.ask(call.dialog.request("REFER"), town.address).final
        await call.hang_up()
    assert [options.status, stranger.status, refused.status] == [200, 481, 405]


async def test_the_sound_moves_when_the_other_side_asks_for_it() -> None:
    """A re-INVITE from PCMU to PCMA: both go on in the new coding."""
    async with Phone({"100": picks_up}) as town, Phone() as caller:
        call = caller.ring("100", town.address)
        await call.connected()
        (there,) = town.calls.values()
        offer = Endpoint(call.media.here.host, call.media.here.port, (PCMA,))
        more = (("Content-Type", "application/sdp"),)
        invite = call.dialog.request("INVITE", more=more, body=render(offer))
        response = await caller.wire.ask(invite, town.address).final
        caller.wire.send(call.dialog.request("ACK", invite.cseq[0]).render(), town.address)
        answer = parse(response.body)
        call.media.agree(answer, answer.codecs[0])
        await call.say(tone(440, 100))
        await there.wait_for_voice()
        await call.hang_up()
    assert (response.status, answer.codecs) == (200, (PCMA,))
    assert len(town.log.calls) == 1

"""The town on a real Asterisk, called by a telephone of our own that knows nothing of it."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
from in_town import US, Town, answered, refusal, tone, town_of_kinds

from phone import CallOver, Phone

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


@pytest.mark.parametrize(
    ("number", "status", "result"),
    [
        ("+32470000012", 486, "busy"),
        ("+32470000014", 603, "rejected"),
        ("+32470000016", 404, "unallocated"),
        ("+32470000017", 503, "congestion"),
        ("+32499999999", 404, "unallocated"),
    ],
)
async def test_each_line_that_nobody_answers_ends_as_the_network_ends_it(
    phone: Phone, town: Town, number: str, status: int, result: str
) -> None:
    assert await refusal(phone, town, number) == status
    (call,) = await town.calls_of(number)
    assert (call.result, call.answered_at, call.caller) == (result, None, US)


async def test_a_call_that_rang_and_was_given_up_stands_in_the_log(phone: Phone, town: Town) -> None:
    call = phone.ring("+32470000013", town.sip, caller_id=US)
    with pytest.raises(TimeoutError):
        await call.connected(1.0)
    assert call.rings
    await call.hang_up()
    (seen,) = await town.calls_of("+32470000013")
    assert (seen.result, seen.rang_in) == ("given_up", False)
    assert 0.9 < (seen.ended_at - seen.started_at).total_seconds() < 3.0


async def test_an_announcement_is_heard_before_the_number_is_said_not_to_exist(phone: Phone, town: Town) -> None:
    began = time.monotonic()
    assert await refusal(phone, town, "+32470000015") == 404
    assert time.monotonic() - began > 1.0


async def test_a_person_waits_for_the_prompts_end_and_presses_keys(phone: Phone, town: Town) -> None:
    call = await answered(phone, town, "+32470000001")
    await call.wait_for_voice(2.0)
    prompt = await call.say(tone(1.5))
    await call.wait(1.6)
    (first,) = call.keys_heard
    assert first.key == "1"
    assert 1.0 < first.began - prompt.ended < 1.5
    await call.say(tone(1.0))
    await call.wait(2.5)
    assert "".join(key.key for key in call.keys_heard) == "19*#0"
    last = await call.say(tone(0.6))
    over = await call.until_over(3.0)
    assert over.ended is not None
    assert 1.0 < over.ended - last.ended < 1.5
    (seen,) = await town.calls_of("+32470000001")
    assert (seen.keys, seen.step, seen.hung_up, seen.result) == (("1", "9*#0"), "4 of 4", True, "answered")
    assert seen.answered_at is not None
    assert 0.3 < (seen.answered_at - seen.started_at).total_seconds() < 1.0


async def test_a_person_who_knows_the_menu_presses_over_the_prompt(phone: Phone, town: Town) -> None:
    call = await answered(phone, town, "+32470000002")
    prompt = await call.say(tone(2.5))
    (key,) = call.keys_heard
    assert key.key == "3"
    assert 0.4 < key.began - prompt.began < 1.2
    await call.hang_up()


async def test_a_person_hangs_up_in_mid_prompt(phone: Phone, town: Town) -> None:
    call = await answered(phone, town, "+32470000003")
    began = time.monotonic()
    with pytest.raises(CallOver):
        await call.say(tone(4.0))
    assert 0.8 < time.monotonic() - began < 2.0


async def test_an_answering_machine_keeps_how_long_we_spoke(phone: Phone, town: Town) -> None:
    call = await answered(phone, town, "+32470000004")
    await call.prompt_ended(1500)
    await call.say(tone(2.0))
    await call.wait(0.5)
    await call.hang_up()
    (seen,) = await town.calls_of("+32470000004")
    assert seen.message is not None
    assert seen.message.exists()
    assert 1.8 < seen.message_seconds < 2.2


async def test_somebody_says_nothing_at_all_but_their_telephone_sends_silence(phone: Phone, town: Town) -> None:
    call = await answered(phone, town, "+32470000005")
    since = time.monotonic()
    await call.wait(1.0)
    assert len(call.heard_since(since)) > 40
    with pytest.raises(TimeoutError):
        await call.wait_for_voice(0.1, since)
    await call.hang_up()


async def test_the_second_call_may_go_another_way(phone: Phone, town: Town) -> None:
    for key in "577":
        call = await answered(phone, town, "+32470000006")
        await call.say(tone(0.6))
        await call.wait(1.6)
        assert [heard.key for heard in call.keys_heard] == [key]
        await call.hang_up()
    assert [call.keys for call in await town.calls_of("+32470000006")] == [("5",), ("7",), ("7",)]

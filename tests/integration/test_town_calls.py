"""The town on a real Asterisk, called by a telephone of our own that knows nothing of it."""

from __future__ import annotations

import asyncio
import math
import sys
import tempfile
import time
from array import array
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from dialer.asterisk_process import AsteriskProcess
from dialer.asterisk_tree import AsteriskTree
from dialer.files import docker_folder
from dialer.ports import pick_ports
from phone import CallOver, CallRefused, Credentials, IncomingCall, OutgoingCall, Phone

sys.path.insert(0, str(docker_folder("town")))

from build import build
from dialplan import Softphone
from log import TownCall, read_calls
from ring import RingError, ring_in

pytestmark = [pytest.mark.asterisk, pytest.mark.speech]

KINDS = Path(__file__).with_name("town_kinds.toml")
#: Our number, as the town's people see it.
US = "+3225550142"
SOFIE = Softphone(user="sofie", secret="sofies-secret", number="+32470000100")


@dataclass(frozen=True)
class Town:
    folder: Path
    sip: tuple[str, int]
    #: Where the town expects Beltoon's Asterisk.
    peer_port: int

    async def calls_of(self, number: str) -> list[TownCall]:
        """What the town wrote down of this number's ended calls; it writes a moment after the end."""
        await asyncio.sleep(0.3)
        return [call for call in read_calls(self.folder) if call.number == number]


@pytest.fixture(scope="module")
def town(asterisk_root: Path) -> Iterator[Town]:
    # Not pytest's own folder: started by root, Asterisk runs as somebody who may not look into it.
    with tempfile.TemporaryDirectory(prefix="town-") as name:
        folder = Path(name)
        folder.chmod(0o755)
        first = pick_ports(104)
        build(
            folder / "town",
            asterisk_root,
            sip_port=first,
            peer=("127.0.0.1", first + 1),
            rtp_ports=(first + 4, first + 103),
            personas=KINDS,
            softphone=SOFIE,
        )
        process = AsteriskProcess(AsteriskTree(asterisk_root, ""), folder / "town")
        process.start()
        try:
            yield Town(folder / "town", ("127.0.0.1", first), first + 1)
        finally:
            process.stop()


@pytest.fixture
async def phone(town: Town) -> AsyncIterator[Phone]:
    """A telephone where the town expects Beltoon; nobody answers at it."""
    async with Phone({}, port=town.peer_port) as phone:
        yield phone


def tone(seconds: float) -> bytes:
    """Something that is not silence: our prompt."""
    samples = (round(6000 * math.sin(2 * math.pi * 440 * n / 8000)) for n in range(int(8000 * seconds)))
    return array("h", samples).tobytes()


async def refusal(phone: Phone, town: Town, number: str) -> int:
    with pytest.raises(CallRefused) as refused:
        await phone.ring(number, town.sip, caller_id=US).connected()
    return refused.value.status


async def answered(phone: Phone, town: Town, number: str) -> OutgoingCall:
    call = phone.ring(number, town.sip, caller_id=US)
    await call.connected()
    return call


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

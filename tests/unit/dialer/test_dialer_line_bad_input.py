"""What may come to the line's port on a bad day: no other call hears of it, and the next caller is served."""

from __future__ import annotations

import asyncio
import random
import struct
import uuid
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field

import pytest

from dialer import connection
from dialer.asterisk_line import LineServer
from dialer.line_port import Moved
from dialer.ports import pick_ports
from ivr.act import Ask, Expect
from ivr.heard import Heard, HungUp, Keys
from phone.audiosocket import DTMF, HANGUP, SLIN, UUID_KIND, frame, introduction
from phone.audiosocket_client import AudioSocketClient
from phone.sound import FRAME_BYTES, tone

WORDS = tone(600, 400)
QUESTION = Ask(Expect.MENU, choices="1", patience_s=60.0)
NOBODY = uuid.UUID(int=0)


@dataclass
class Desk:
    """Conversations that say the same for ever, and know whose tickets are good."""

    good: set[str] = field(default_factory=set)
    heard: list[tuple[str, Heard]] = field(default_factory=list)
    over_: list[str] = field(default_factory=list)

    def ticket(self) -> uuid.UUID:
        entry = uuid.uuid4()
        self.good.add(str(entry))
        return entry

    async def open(self, entry: str) -> str | None:
        if entry not in self.good:
            return None
        self.good.remove(entry)
        return entry

    async def step(self, call: str, input_key: str, heard: Heard) -> Moved:
        self.heard.append((call, heard))
        return Moved(call, b"" if isinstance(heard, HungUp) else WORDS, QUESTION)

    async def handed_over(self, call: str, first_audio_ms: int | None) -> bool:
        """Nobody of ours takes calls."""
        return False

    async def over(self, call: str, first_audio_ms: int | None) -> None:
        self.over_.append(call)

    def keys_of(self, entry: uuid.UUID) -> list[str]:
        return [heard.keys for call, heard in self.heard if call == str(entry) and isinstance(heard, Keys)]


@dataclass
class Here:
    desk: Desk
    server: LineServer
    port: int

    async def stranger(self) -> AudioSocketClient:
        return await AudioSocketClient.connect("127.0.0.1", self.port)

    async def caller(self) -> tuple[AudioSocketClient, uuid.UUID]:
        """Somebody who is let in, and hears us."""
        client, entry = await self.stranger(), self.desk.ticket()
        client.introduce(entry)
        await client.wait_for_voice()
        return client, entry


@pytest.fixture
async def here() -> AsyncIterator[Here]:
    desk, port = Desk(), pick_ports(1)
    server = LineServer(desk)
    await server.start("127.0.0.1", port)
    yield Here(desk, server, port)
    await server.close()


Bad = Callable[[AudioSocketClient], None]


def says(data: bytes) -> Bad:
    return lambda client: client.send_raw(data)


def resets_in_mid_frame(client: AudioSocketClient) -> None:
    client.send_raw(frame(SLIN, bytes(320))[:100])
    client.reset()


#: From people without a ticket, or with a bad one: closed without a byte.
STRANGERS: dict[str, bytes] = {
    "2 a length of 65,535": bytes((SLIN, 0xFF, 0xFF)) + b"ten bytes.",
    "8 a hangup that says something": frame(HANGUP, b"goodbye"),
    "9 sound before a ticket": frame(SLIN, bytes(FRAME_BYTES)),
    "9 a key before a ticket": frame(DTMF, b"1"),
    "10 a ticket of 15 bytes": frame(UUID_KIND, bytes(15)),
    "10 a ticket of 17 bytes": frame(UUID_KIND, bytes(17)),
    "1 a ticket of nothing": frame(UUID_KIND),
    "11 a ticket of zeros": introduction(NOBODY),
    "13 a ticket that nobody gave": introduction(uuid.uuid4()),
    "another protocol": b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n",
    "nothing but noise": random.Random(7).randbytes(5000),
}
#: In mid-call: the call is cut, and ends as every other.
BREAKS: dict[str, Bad] = {
    "2 a length of 65,535": says(bytes((SLIN, 0xFF, 0xFF)) + b"ten bytes."),
    "7 an error": says(frame(0xFF, b"\x01")),
    "8 a hangup that says something": says(frame(HANGUP, b"goodbye")),
    "12 a second ticket": says(introduction(uuid.uuid4())),
    "24 a reset in mid-frame": resets_in_mid_frame,
}
#: In mid-call: passed over.
PASSED_OVER: dict[str, bytes] = {
    "1 sound of nothing": frame(SLIN),
    "5 an odd number of bytes": frame(SLIN, bytes(319)),
    "6 a kind that nobody knows": frame(0x42, b"what?"),
    "15 other rates of sound": b"".join(frame(kind, bytes(640)) for kind in range(0x11, 0x19)),
    "16 keys that no telephone has": b"".join(frame(DTMF, key) for key in (b"", b"11", b"G", b"\x00", b"\xff", b"a")),
    "20 sound at ten times its speed": frame(SLIN, bytes(FRAME_BYTES)) * 500,
    "21 the loudest sounds there are": b"".join(
        frame(SLIN, struct.pack("<h", sample) * 160) * 50 for sample in (-0x8000, 0x7FFF, -1)
    ),
    "21 a square wave": frame(SLIN, (b"\xff\x7f" * 20 + b"\x00\x80" * 20) * 4) * 200,
    "22 noise": b"".join(frame(SLIN, random.Random(n).randbytes(FRAME_BYTES)) for n in range(500)),
}


@pytest.mark.parametrize("name", STRANGERS)
async def test_a_stranger_is_closed_without_a_byte(here: Here, name: str) -> None:
    async with await here.stranger() as client:
        client.send_raw(STRANGERS[name])
        await client.closed(within=1.5)
        assert (client.frames, client.ear.since(0.0)) == ([], [])
    assert here.desk.heard == []
    await _next_one_is_served(here)


@pytest.mark.parametrize("name", BREAKS)
async def test_what_breaks_a_call_ends_it_and_no_other(here: Here, name: str) -> None:
    other, _ = await here.caller()
    client, entry = await here.caller()
    BREAKS[name](client)
    await client.closed(within=1.5)
    await _until(lambda: str(entry) in here.desk.over_)
    assert (str(entry), HungUp()) in here.desk.heard
    since = asyncio.get_running_loop().time()
    await asyncio.sleep(0.1)
    assert other.ear.since(since)
    other.close()
    await _next_one_is_served(here)


@pytest.mark.parametrize("name", PASSED_OVER)
async def test_what_means_nothing_is_passed_over_and_the_key_behind_it_counts(here: Here, name: str) -> None:
    client, entry = await here.caller()
    client.send_raw(PASSED_OVER[name])
    client.press("1")
    await _until(lambda: here.desk.keys_of(entry) == ["1"])
    assert client.closed_at is None
    client.close()
    await _next_one_is_served(here)


async def test_3_a_ticket_may_come_byte_by_byte(here: Here) -> None:
    async with await here.stranger() as client:
        for byte in introduction(here.desk.ticket()):
            client.send_raw(bytes([byte]))
            await asyncio.sleep(0.001)
        await client.wait_for_voice()
        assert client.closed_at is None


async def test_4_half_a_frame_and_then_nothing_leaves_the_call_as_it_is(here: Here) -> None:
    client, entry = await here.caller()
    key = frame(DTMF, b"1")
    client.send_raw(key[:2])
    await asyncio.sleep(0.2)
    assert client.closed_at is None
    client.send_raw(key[2:])
    await _until(lambda: here.desk.keys_of(entry) == ["1"])
    client.close()


async def test_13_and_14_a_ticket_is_good_once(here: Here) -> None:
    client, entry = await here.caller()
    for live in (True, False):
        async with await here.stranger() as second:
            second.introduce(entry)
            await second.closed(within=1.5)
            assert second.ear.since(0.0) == []
        if live:
            assert client.closed_at is None
            client.close()
            await _until(lambda: str(entry) in here.desk.over_)


async def test_17_a_thousand_keys_in_a_moment_are_answered_in_order_and_break_nothing(here: Here) -> None:
    client, entry = await here.caller()
    client.press("1" * 1000)
    await _until(lambda: len(here.desk.keys_of(entry)) > 0)
    assert set(here.desk.keys_of(entry)) == {"1"}
    other, _ = await here.caller()
    assert client.closed_at is None
    client.close()
    other.close()


async def test_19_a_caller_who_sends_no_sound_is_talked_to(here: Here) -> None:
    client, _ = await here.caller()
    await asyncio.sleep(0.6)
    assert len(client.ear.since(0.0)) > 25
    client.close()


async def test_23_who_says_nothing_is_closed_and_five_hundred_of_them_starve_nobody(
    here: Here, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connection, "TICKET_SECONDS", 0.4)
    caller, _ = await here.caller()
    silent = await asyncio.gather(*(here.stranger() for _ in range(500)))
    since = asyncio.get_running_loop().time()
    await asyncio.gather(*(client.closed(within=3.0) for client in silent))
    assert caller.closed_at is None
    assert caller.ear.since(since)
    caller.close()
    await _next_one_is_served(here)


async def _next_one_is_served(here: Here) -> None:
    client, entry = await here.caller()
    client.press("1")
    await _until(lambda: here.desk.keys_of(entry) == ["1"])
    client.close()
    await client.closed()


async def _until(done: Callable[[], bool], within: float = 3.0) -> None:
    async with asyncio.timeout(within):
        while not done():  # noqa: ASYNC110
            await asyncio.sleep(0.01)

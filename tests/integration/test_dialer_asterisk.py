"""Our Asterisk as it is shipped: it boots, it is least privileged, and nobody who is connected hears a dead line."""

from __future__ import annotations

import asyncio
import contextlib
import os
import socket
import struct
import subprocess
import sys
import time
import uuid
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path

import pytest
from asterisk_fixture import DUTCH_HZ, INBOUND_HZ, SENTENCE_MS, OurAsteriskPair

from dialer.ami_link import AmiEvent, AmiLink
from dialer.errors import CarrierRefused
from dialer.fastagi import CallIn, FastAgiServer, Ticket
from phone import CallRefused, IncomingCall, Phone
from phone.audiosocket import HANGUP, SLIN, FrameReader, frame
from phone.call_log import CallRecord
from phone.sound import FRAME_BYTES, strength

pytestmark = pytest.mark.asterisk

ADA, US = "+3225550101", "+3225550142"
LINE_HZ = 600.0
#: A pitch is in what was heard when its amplitude is above this (the tones are made with 8000).
HEARD = 500.0

Ending = Callable[[asyncio.StreamWriter], None]


# -- the line's side: a server that ends the connection as it is told ------------------------------------------------


def says_goodbye(writer: asyncio.StreamWriter) -> None:
    writer.write(frame(HANGUP))
    writer.close()


def resets(writer: asyncio.StreamWriter) -> None:
    writer.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    writer.transport.abort()


def sends_nonsense(writer: asyncio.StreamWriter) -> None:
    writer.write(frame(0x42, b"what"))


def stays(writer: asyncio.StreamWriter) -> None:
    """Speaks on."""


class Line:
    """An AudioSocket server: silence every 20 ms; ends each connection so, after so long. `goes`: who has gone."""

    def __init__(self, ending: Ending = stays, after: float = 0.3) -> None:
        self._ending, self._after = ending, after
        self.entries: list[bytes] = []
        self.closed: list[float] = []
        self._tasks: set[asyncio.Task[None]] = set()

    @contextlib.asynccontextmanager
    async def listening(self, port: int) -> AsyncIterator[Line]:
        server = await asyncio.start_server(self._serve, "127.0.0.1", port)
        try:
            yield self
        finally:
            server.close()
            for task in self._tasks:
                task.cancel()
            await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.create_task(self._speak(writer))
        self._tasks.add(task)
        frames = FrameReader()
        with contextlib.suppress(ConnectionError):
            while data := await reader.read(4096):
                self.entries += [payload for kind, payload in frames.feed(data) if kind == 0x01]
        task.cancel()
        self.closed.append(time.monotonic())
        writer.close()

    async def _speak(self, writer: asyncio.StreamWriter) -> None:
        ends = time.monotonic() + self._after
        while not writer.is_closing():
            if self._ending is not stays and time.monotonic() > ends:
                self._ending(writer)
                return
            writer.write(frame(SLIN, bytes(FRAME_BYTES)))
            await asyncio.sleep(0.02)


# -- a call that we place, and what was seen of it -------------------------------------------------------------------


class Watched:
    """What AMI told while a test ran."""

    def __init__(self, link: AmiLink) -> None:
        self.link = link
        self.events: list[AmiEvent] = []
        self._task = asyncio.create_task(self._watch())

    async def _watch(self) -> None:
        async for event in self.link.events():
            if isinstance(event, AmiEvent):
                self.events.append(event)

    def lost(self, call: str) -> bool:
        return any(e.name == "UserEvent" and e["userevent"] == "LineLost" and e["call"] == call for e in self.events)

    async def hangup_of(self, call: str, within: float = 8.0) -> AmiEvent:
        async with asyncio.timeout(within):
            while True:
                for event in self.events:
                    if event.name == "Hangup" and event["uniqueid"] == call:
                        return event
                await asyncio.sleep(0.02)

    async def place(self, **variables: str) -> str:
        """An Originate as AsteriskCarrier sends it; the call's id."""
        call = str(uuid.uuid4())
        given = {"UUID": str(uuid.uuid4()), "CALLID": call, "LONGEST": "900", "FALLBACK": "nl-BE"} | variables
        await self.link.action(
            "Originate", ActionID=call, ChannelId=call, Channel=f"PJSIP/{ADA}@trunk", Context="ivr", Exten="s",
            Priority="1", Timeout="8000", Async="true", Variable=[f"{name}={value}" for name, value in given.items()],
        )  # fmt: skip
        return call


@pytest.fixture
async def watched(our_asterisk: OurAsteriskPair) -> AsyncIterator[Watched]:
    async with our_asterisk.link() as link:
        yield Watched(link)


async def picks_up(call: IncomingCall) -> None:
    await call.answer()


def pitches(pcm: bytes) -> set[float]:
    """Which of the tones of these tests are in a sound."""
    return {hz for hz in (INBOUND_HZ, DUTCH_HZ, LINE_HZ) if strength(pcm, hz) > HEARD}


async def heard_by_ada(
    our: OurAsteriskPair, watched: Watched, play: Callable[[IncomingCall], Awaitable[None]] = picks_up, **variables: str
) -> tuple[str, set[float], CallRecord]:
    """One call to Ada: its id, the tones that she heard, and how it went."""
    return (await _listened(our, watched, play, **variables))[:3]


async def _listened(
    our: OurAsteriskPair, watched: Watched, play: Callable[[IncomingCall], Awaitable[None]] = picks_up, **variables: str
) -> tuple[str, set[float], CallRecord, int]:
    heard: list[IncomingCall] = []

    async def ada(call: IncomingCall) -> None:
        heard.append(call)
        await play(call)

    async with our.trunk_phone({ADA: ada}) as phone:
        call = await watched.place(**variables)
        await watched.hangup_of(call)
        record = await heard[0].until_over(2.0)
        assert len(phone.log.calls) == 1
    loud = sum(packet.audible for packet in heard[0].heard_since(0.0))
    return call, pitches(heard[0].record()), record, loud


# -- the end of a call on the line -----------------------------------------------------------------------------------


async def test_our_goodbye_ends_the_call_and_no_sentence_follows(
    our_asterisk: OurAsteriskPair, watched: Watched
) -> None:
    async with Line(says_goodbye).listening(our_asterisk.ports.audiosocket):
        call, heard, record = await heard_by_ada(our_asterisk, watched)
    assert heard == set()
    assert not watched.lost(call)
    assert record.ended_by == "them"


async def test_the_callers_own_end_is_no_failure_of_the_line(our_asterisk: OurAsteriskPair, watched: Watched) -> None:
    async def hangs_up(call: IncomingCall) -> None:
        await call.answer()
        await call.wait(0.2)
        await call.hang_up()

    async with Line().listening(our_asterisk.ports.audiosocket) as line:
        call, _, record = await heard_by_ada(our_asterisk, watched, hangs_up)
        await asyncio.sleep(0.2)
    assert not watched.lost(call)
    assert record.ended_by == "us"
    assert len(line.closed) == 1


async def test_a_hangup_that_we_order_is_no_failure_of_the_line(
    our_asterisk: OurAsteriskPair, watched: Watched
) -> None:
    async with Line().listening(our_asterisk.ports.audiosocket) as line, our_asterisk.trunk_phone({ADA: picks_up}):
        call = await watched.place()
        while not line.entries:
            await asyncio.sleep(0.01)
        await watched.link.action("Hangup", Channel=call, Cause="16")
        await watched.hangup_of(call)
        await asyncio.sleep(0.1)
    assert not watched.lost(call)


async def test_the_longest_time_of_a_call_ends_it_without_a_sentence(
    our_asterisk: OurAsteriskPair, watched: Watched
) -> None:
    async with Line().listening(our_asterisk.ports.audiosocket):
        began = time.monotonic()
        call, heard, _ = await heard_by_ada(our_asterisk, watched, LONGEST="1")
    assert 0.9 < time.monotonic() - began < 2.5
    assert (heard, watched.lost(call)) == (set(), False)


@pytest.mark.parametrize("ending", [resets, sends_nonsense])
async def test_a_line_that_breaks_in_mid_call_leaves_a_sentence_in_the_callers_language(
    our_asterisk: OurAsteriskPair, watched: Watched, ending: Ending
) -> None:
    async with Line(ending).listening(our_asterisk.ports.audiosocket):
        call, heard, _ = await heard_by_ada(our_asterisk, watched)
    assert heard == {DUTCH_HZ}
    assert watched.lost(call)


@pytest.mark.parametrize(
    ("language", "hz"), [("nl-BE", DUTCH_HZ), ("inbound", INBOUND_HZ), ("", INBOUND_HZ), ("tlh", INBOUND_HZ)]
)
async def test_a_line_that_is_away_leaves_a_sentence_and_is_told(
    our_asterisk: OurAsteriskPair, watched: Watched, language: str, hz: float
) -> None:
    call, heard, record = await heard_by_ada(our_asterisk, watched, FALLBACK=language)
    assert heard == {hz}
    assert watched.lost(call)
    assert record.answered is not None
    assert record.ended is not None
    assert record.ended - record.answered > SENTENCE_MS / 1000


async def test_a_caller_may_hang_up_over_the_sentence(our_asterisk: OurAsteriskPair, watched: Watched) -> None:
    async def hangs_up(call: IncomingCall) -> None:
        await call.answer()
        await call.wait_for_voice(2.0)
        await call.hang_up()

    call, _, record = await heard_by_ada(our_asterisk, watched, hangs_up)
    assert record.ended_by == "us"
    assert watched.lost(call)


# -- the line's own server, in a process that dies -------------------------------------------------------------------


@contextlib.asynccontextmanager
async def line_process(port: int) -> AsyncIterator[asyncio.subprocess.Process]:
    child = await asyncio.create_subprocess_exec(
        sys.executable, str(Path(__file__).with_name("line_alone.py")), str(port),
        stdout=subprocess.PIPE, env=dict(os.environ, PYTHONPATH=os.pathsep.join(sys.path)),
    )  # fmt: skip
    assert child.stdout is not None
    try:
        assert await asyncio.wait_for(child.stdout.readline(), 10) == b"listening\n"
        yield child
    finally:
        with contextlib.suppress(ProcessLookupError):
            child.kill()
        await child.wait()


async def test_a_line_whose_process_is_killed_leaves_a_sentence_to_each_of_its_callers(
    our_asterisk: OurAsteriskPair, watched: Watched
) -> None:
    async with line_process(our_asterisk.ports.audiosocket) as line:

        async def hears_us_and_then_we_die(call: IncomingCall) -> None:
            await call.answer()
            await call.wait_for_voice(3.0)
            await call.wait(0.1)
            line.kill()

        entry = f"1{str(uuid.uuid4())[1:]}"
        call, heard, record = await heard_by_ada(our_asterisk, watched, hears_us_and_then_we_die, UUID=entry)
    assert heard == {LINE_HZ, DUTCH_HZ}
    assert watched.lost(call)


async def test_the_lines_own_goodbye_is_heard_to_its_last_sample_and_no_sentence_follows(
    our_asterisk: OurAsteriskPair, watched: Watched
) -> None:
    async with line_process(our_asterisk.ports.audiosocket):
        entry = f"0{str(uuid.uuid4())[1:]}"
        call, heard, _, loud = await _listened(our_asterisk, watched, UUID=entry)
    assert heard == {LINE_HZ}
    assert not watched.lost(call)
    assert loud >= 24

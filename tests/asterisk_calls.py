"""Calls through a real Asterisk of ours, and what was seen of them on every side."""

from __future__ import annotations

import asyncio
import contextlib
import socket
import struct
import time
import uuid
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass

from asterisk_fixture import DUTCH_HZ, INBOUND_HZ, OurAsteriskPair
from dialer.ami_link import AmiEvent, AmiLink
from phone import IncomingCall
from phone.audiosocket import HANGUP, SLIN, UUID_KIND, FrameReader, frame
from phone.call_log import CallRecord
from phone.sound import FRAME_BYTES, strength

ADA = "+3225550101"
#: What a line says that talks, in hertz.
LINE_HZ = 600.0
#: A pitch is in a sound when its amplitude is above this (the tones are made with 8000).
HEARD = 500.0


async def until(holds: Callable[[], bool], within: float = 8.0) -> None:
    """Wait until it holds. Raises TimeoutError."""
    async with asyncio.timeout(within):
        while True:
            if holds():
                return
            await asyncio.sleep(0.01)


Ending = Callable[[asyncio.StreamWriter], None]


def says_goodbye(writer: asyncio.StreamWriter) -> None:
    writer.write(frame(HANGUP))
    writer.close()


def resets(writer: asyncio.StreamWriter) -> None:
    writer.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    writer.transport.abort()


def sends_nonsense(writer: asyncio.StreamWriter) -> None:
    writer.write(frame(0x42, b"what"))


class Line:
    """An AudioSocket server: silence every 20 ms; with an `ending`, each connection ends so after a while."""

    def __init__(self, ending: Ending | None = None, after: float = 0.3) -> None:
        self.ending, self.after = ending, after
        #: The tickets that were shown, and how many connections have ended.
        self.entries: list[str] = []
        self.ended = 0
        self._opened = asyncio.Event()
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

    async def opened(self, within: float = 5.0) -> str:
        """Wait for a connection's ticket."""
        await asyncio.wait_for(self._opened.wait(), within)
        return self.entries[-1]

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.create_task(self._speak(writer))
        self._tasks.add(task)
        frames = FrameReader()
        with contextlib.suppress(ConnectionError):
            while data := await reader.read(4096):
                for kind, payload in frames.feed(data):
                    if kind == UUID_KIND:
                        self.entries.append(str(uuid.UUID(bytes=payload)))
                        self._opened.set()
        task.cancel()
        self.ended += 1
        writer.close()

    async def _speak(self, writer: asyncio.StreamWriter) -> None:
        ends = time.monotonic() + self.after
        while not writer.is_closing():
            if self.ending and time.monotonic() > ends:
                self.ending(writer)
                return
            writer.write(frame(SLIN, bytes(FRAME_BYTES)))
            await asyncio.sleep(0.02)


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

    def line_lost(self, call: str) -> bool:
        """Was it told that this call lost its line?"""
        return any(e.name == "UserEvent" and e["userevent"] == "LineLost" and e["call"] == call for e in self.events)

    async def hangup_of(self, call: str, within: float = 8.0) -> AmiEvent:
        return await self.seen("Hangup", "uniqueid", call, within)

    async def seen(self, name: str, header: str, value: str, within: float = 5.0) -> AmiEvent:
        """Wait for an event. Raises TimeoutError."""
        async with asyncio.timeout(within):
            while True:
                for event in self.events:
                    if event.name == name and event[header] == value:
                        return event
                await asyncio.sleep(0.01)

    async def place(self, **variables: str) -> str:
        """An Originate as `AsteriskCarrier` sends it; the call's id."""
        call = str(uuid.uuid4())
        given = {"UUID": str(uuid.uuid4()), "CALLID": call, "LONGEST": "900", "FALLBACK": "nl-BE"} | variables
        await self.link.action(
            "Originate", ActionID=call, ChannelId=call, Channel=f"PJSIP/{ADA}@trunk", Context="ivr", Exten="s",
            Priority="1", Timeout="8000", Async="true", Variable=[f"{name}={value}" for name, value in given.items()],
        )  # fmt: skip
        return call


@contextlib.asynccontextmanager
async def watching(our: OurAsteriskPair) -> AsyncIterator[Watched]:
    """Listen to AMI for a while."""
    async with our.link() as link:
        yield Watched(link)


@dataclass(frozen=True)
class Seen:
    """One call to Ada, as she and the log of her telephone saw it."""

    call: str
    tones: frozenset[float]
    #: Packets in which something could be heard.
    audible: int
    record: CallRecord

    @property
    def seconds(self) -> float:
        """From the answer to the end."""
        return (self.record.ended or 0.0) - (self.record.answered or 0.0)


async def picks_up(call: IncomingCall) -> None:
    await call.answer()


def tones_in(pcm: bytes) -> frozenset[float]:
    """Which of the tones of these tests are in a sound."""
    return frozenset(hz for hz in (INBOUND_HZ, DUTCH_HZ, LINE_HZ) if strength(pcm, hz) > HEARD)


async def call_ada(
    our: OurAsteriskPair, watched: Watched, play: Callable[[IncomingCall], Awaitable[None]] = picks_up, **variables: str
) -> Seen:
    """Place one call, let Ada play her part, wait for its end."""
    calls: list[IncomingCall] = []

    async def ada(call: IncomingCall) -> None:
        calls.append(call)
        await play(call)

    async with our.trunk_phone({ADA: ada}) as phone:
        call = await watched.place(**variables)
        await watched.hangup_of(call)
        record = await calls[0].until_over(2.0)
        assert len(phone.log.calls) == 1
    audible = sum(packet.audible for packet in calls[0].heard_since(0.0))
    return Seen(call, tones_in(calls[0].record()), audible, record)

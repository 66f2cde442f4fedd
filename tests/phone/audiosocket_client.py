"""The Asterisk side of an AudioSocket, without an Asterisk: it says who it is, speaks, presses keys, or misbehaves."""

from __future__ import annotations

import asyncio
import socket
import struct
import time
from collections import deque
from types import TracebackType
from uuid import UUID

from phone import sound
from phone.audiosocket import HANGUP, SLIN, FrameReader, frame, introduction, key_frame
from phone.clock import Clock
from phone.ear import Ear, Reception


class AudioSocketClient(asyncio.Protocol):
    """One connection. Asterisk's order is: `connect`, `introduce`, `start` (sound every 20 ms), keys, end.

    Nothing is sent that was not asked for, so each step can be left out, doubled or broken (`send_raw`).
    """

    def __init__(self, clock: Clock | None = None) -> None:
        self.clock = clock or Clock()
        self.ear = Ear(lambda payload: payload)
        #: Frames of other kinds than sound, with the monotonic second of their arrival.
        self.frames: list[tuple[float, int, bytes]] = []
        #: When the server closed, and whether it did so by a reset.
        self.closed_at: float | None = None
        self.was_reset = False
        self._reader = FrameReader()
        self._transport: asyncio.Transport | None = None
        self._closed = asyncio.Event()
        self._to_say: deque[bytes] = deque()
        self._heard = 0

    @classmethod
    async def connect(cls, host: str, port: int, clock: Clock | None = None) -> AudioSocketClient:
        """Open the connection and say nothing. Many clients may share a clock."""
        client = cls(clock)
        loop = asyncio.get_running_loop()
        client._transport, _ = await loop.create_connection(lambda: client, host, port)
        client._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        return client

    async def __aenter__(self) -> AudioSocketClient:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, _: TracebackType | None
    ) -> None:
        self.close()
        await self._closed.wait()

    def introduce(self, entry: UUID) -> None:
        """The UUID frame: may be sent again, or never."""
        self.send_raw(introduction(entry))

    def start(self) -> None:
        """From now on a frame every 20 ms, silence when there is nothing to say."""
        self.clock.join(self._tick)

    def stop(self) -> None:
        """No more sound: after two seconds Asterisk itself would end such a call."""
        self.clock.leave(self._tick)

    def say(self, pcm: bytes) -> None:
        """Speak after what was still to be said."""
        size = sound.FRAME_BYTES
        self._to_say.extend(pcm[n : n + size].ljust(size, b"\0") for n in range(0, len(pcm), size))

    def press(self, keys: str) -> float:
        """Key frames; when the last one was sent."""
        for key in keys:
            self.send_raw(key_frame(key))
        return time.monotonic()

    def hang_up(self) -> None:
        """Asterisk tells a hang-up by closing; the frame of kind 0 is what the server may send."""
        self.close()

    def send_hangup_frame(self) -> None:
        self.send_raw(frame(HANGUP))

    def send_raw(self, data: bytes) -> None:
        """Bytes as they are: half a frame, a length that lies, anything."""
        if self._transport and not self._transport.is_closing():
            self._transport.write(data)

    def close(self) -> None:
        self.stop()
        if self._transport:
            self._transport.close()

    def reset(self) -> None:
        """Break the connection off (RST), as a killed Asterisk does with bytes unread."""
        self.stop()
        if self._transport:
            self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            self._transport.abort()

    async def closed(self, within: float = 5.0) -> float:
        """Wait until the connection is gone; when that was. Raises TimeoutError."""
        await asyncio.wait_for(self._closed.wait(), within)
        return self.closed_at or time.monotonic()

    async def wait_for_voice(self, since: float = 0.0, within: float = 5.0) -> float:
        """When the first audible frame from an instant on came in. Raises TimeoutError."""
        return await asyncio.wait_for(self.ear.voice(since), within)

    async def wait_for_quiet(self, ms: int = 1100, since: float = 0.0, within: float = 60.0) -> float:
        """Wait for so much silence on end; when it began. Raises TimeoutError."""
        return await asyncio.wait_for(self.ear.quiet(ms, since), within)

    def record(self, since: float = 0.0) -> bytes:
        return self.ear.pcm(since)

    def reception(self, since: float = 0.0, until: float = float("inf")) -> Reception:
        """Gaps between frames. TCP loses nothing: `lost` is always 0 here."""
        return self.ear.reception(since, until)

    def data_received(self, data: bytes) -> None:
        now = time.monotonic()
        for kind, payload in self._reader.feed(data):
            if kind == SLIN:
                self.ear.hear(now, self._heard, sound.level(payload), payload)
                self._heard += 1
            else:
                self.frames.append((now, kind, payload))

    def connection_lost(self, exc: Exception | None) -> None:
        self.stop()
        self.closed_at, self.was_reset = time.monotonic(), exc is not None
        self._closed.set()

    @property
    def _socket(self) -> socket.socket:
        found: socket.socket = self._transport.get_extra_info("socket") if self._transport else socket.socket()
        return found

    def _tick(self) -> None:
        self.send_raw(frame(SLIN, self._to_say.popleft() if self._to_say else bytes(sound.FRAME_BYTES)))

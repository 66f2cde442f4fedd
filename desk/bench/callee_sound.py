"""One call's RTP: silence out every 20 ms, keys and words when they come; in, when each packet reached the kernel."""

from __future__ import annotations

import asyncio
import random
import socket
import struct
import time
from array import array
from collections.abc import Callable, Iterator

from desk.bench.callee_sip import Sound

_HEADER = struct.Struct("!BBHII")
_TIMESPEC = struct.Struct("@ll")
#: Linux: the kernel's own arrival time comes with each datagram.
_SO_TIMESTAMPNS = 35
_SILENCE = b"\xff" * 160
_FRAME = len(_SILENCE)
_KEYS = "0123456789*#"
#: A key is held for so many packets of 20 ms, and its end is said three times (RFC 4733).
_HELD, _ENDS = 4, 3


def _magnitude(code: int) -> int:
    """Of a mu-law byte (ITU-T G.711), in 128ths of full scale's 32768, at most 255."""
    code ^= 0xFF
    return min(255, ((((code & 0x0F) << 3) + 0x84 << (code >> 4 & 7)) - 0x84) // 16)


_MAGNITUDES = bytes(_magnitude(code) for code in range(256))
#: A packet can be heard when its mean magnitude is above 200 of 32768 (-44 dBFS), in steps of 16.
_AUDIBLE = 160 * 200 // 16


class CalleeSound:
    """Sends from `start` on. `heard(at, audible)` is told of each packet that came in (monotonic seconds)."""

    def __init__(self, host: str, port: int, heard: Callable[[float, bool], None]) -> None:
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._socket.setsockopt(socket.SOL_SOCKET, _SO_TIMESTAMPNS, 1)
        self._socket.bind((host, port))
        self._socket.setblocking(False)
        self.port = int(self._socket.getsockname()[1])
        self._heard = heard
        self._there: Sound | None = None
        self._sequence, self._stamp = random.getrandbits(16), random.getrandbits(32)
        self._ssrc = random.getrandbits(32)
        self._key: Iterator[tuple[bytes, int]] = iter(())
        self._pressing: tuple[bytes, int] | None = None
        self._key_stamp = 0
        #: What is left to be said.
        self._words = b""
        #: Arrivals of every packet.
        self.arrivals = array("d")
        asyncio.get_running_loop().add_reader(self._socket, self._readable)

    def agree(self, there: Sound) -> None:
        """Where our packets go."""
        self._there = there

    def press(self, key: str) -> None:
        """Hold a key, from the next packet on, for 80 ms."""
        event = _KEYS.index(key)
        held = [(struct.pack("!BBH", event, 10, 160 * n), 1) for n in range(1, _HELD + 1)]
        self._key = iter([*held, (struct.pack("!BBH", event, 0x8A, 160 * (_HELD + 1)), _ENDS)])
        self._pressing = next(self._key)
        self._key_stamp = self._stamp + 160 & 0xFFFFFFFF

    def say(self, ulaw: bytes) -> None:
        """Say this, from the next packet on. It is not empty."""
        self._words = ulaw

    def tick(self) -> float | None:
        """Send a packet; when the end of a key or of the words left, if it was that."""
        self._stamp = self._stamp + 160 & 0xFFFFFFFF
        if self._there is None:
            return None
        if self._pressing is None:
            return self._sound()
        payload, times = self._pressing
        now = time.monotonic()
        for _ in range(times):
            self._send(self._there.event_type, self._key_stamp, payload)
        self._pressing = next(self._key, None)
        return now if self._pressing is None else None

    def close(self) -> None:
        """Hear and say no more."""
        if self._socket.fileno() >= 0:
            asyncio.get_running_loop().remove_reader(self._socket)
            self._socket.close()

    def _sound(self) -> float | None:
        """A packet of words, or of silence."""
        piece, self._words = self._words[:_FRAME], self._words[_FRAME:]
        self._send(0, self._stamp, piece.ljust(_FRAME, _SILENCE[:1]))
        return time.monotonic() if piece and not self._words else None

    def _send(self, kind: int, stamp: int, payload: bytes) -> None:
        assert self._there is not None  # noqa: S101
        self._sequence = self._sequence + 1 & 0xFFFF
        packet = _HEADER.pack(0x80, kind, self._sequence, stamp, self._ssrc) + payload
        try:
            self._socket.sendto(packet, (self._there.host, self._there.port))
        except (BlockingIOError, ConnectionError):
            return

    def _readable(self) -> None:
        while self._socket.fileno() >= 0:
            try:
                data, extras, _, _ = self._socket.recvmsg(2048, 64)
            except (BlockingIOError, ConnectionError):
                return
            if len(data) <= _HEADER.size or data[1] & 0x7F:
                continue
            at = _arrival(extras)
            self.arrivals.append(at)
            self._heard(at, sum(data[_HEADER.size :].translate(_MAGNITUDES)) > _AUDIBLE)


def _arrival(extras: list[tuple[int, int, bytes]]) -> float:
    now = time.monotonic()
    for _, kind, stamp in extras:
        if kind == _SO_TIMESTAMPNS and len(stamp) == _TIMESPEC.size:
            seconds, nanoseconds = map(int, _TIMESPEC.unpack(stamp))
            # the kernel stamps in wall time; how long ago that was, holds on both clocks
            return now - max(time.time() - seconds - nanoseconds / 1e9, 0.0)
    return now

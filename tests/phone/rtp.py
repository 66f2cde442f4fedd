"""RTP packets (RFC 3550), their sequence, and a socket that knows when each packet reached the kernel."""

from __future__ import annotations

import socket
import struct
import time
from dataclasses import dataclass
from typing import NamedTuple

from phone.ports import SO_TIMESTAMPNS

_HEADER = struct.Struct("!BBHII")
_TIMESPEC = struct.Struct("@ll")


class RtpError(ValueError):
    """The datagram is not an RTP packet."""


class RtpPacket(NamedTuple):
    """A packet as it is sent: a tuple, since thousands are made in a second."""

    payload_type: int
    sequence: int
    stamp: int
    ssrc: int
    payload: bytes
    marker: bool = False

    def render(self) -> bytes:
        kind = self.payload_type | (0x80 if self.marker else 0)
        return _HEADER.pack(0x80, kind, self.sequence, self.stamp, self.ssrc) + self.payload


def parse_rtp(data: bytes) -> RtpPacket:
    """Read a datagram; contributing sources, header extension and padding are cut off. Raises `RtpError`."""
    if len(data) < _HEADER.size:
        raise RtpError("shorter than an RTP header")
    first, kind, sequence, stamp, ssrc = _HEADER.unpack_from(data)
    if first >> 6 != 2:
        raise RtpError("not RTP version 2")
    start, end = _HEADER.size + 4 * (first & 0x0F), len(data)
    if first & 0x10:
        if end < start + 4:
            raise RtpError("header extension cut short")
        start += 4 + 4 * int.from_bytes(data[start + 2 : start + 4], "big")
    if first & 0x20:
        end -= data[-1]
    if end < start:
        raise RtpError("header or padding longer than the packet")
    return RtpPacket(kind & 0x7F, sequence, stamp, ssrc, data[start:end], bool(kind & 0x80))


@dataclass
class SequenceReader:
    """Turns 16-bit sequence numbers into ever-growing ones, across wraps and changes of source."""

    sources: int = 0
    _ssrc: int = 0
    _last: int = -1
    _offset: int = 0

    def extend(self, sequence: int, ssrc: int) -> int:
        """A packet's place in all that was sent to us; a new source goes on where the old one stopped."""
        if self.sources == 0 or ssrc != self._ssrc:
            self.sources, self._ssrc = self.sources + 1, ssrc
            self._offset = self._last + 1 - sequence
            place = self._last + 1
        else:
            expected = self._last - self._offset
            place = self._last + ((sequence - expected + 0x8000 & 0xFFFF) - 0x8000)
        self._last = max(self._last, place)
        return place


def receive(sock: socket.socket) -> tuple[bytes, float] | None:
    """The next datagram and the monotonic second at which the kernel got it, however late we read it."""
    try:
        data, extras, _flags, _from = sock.recvmsg(2048, 64)
    except (BlockingIOError, ConnectionError):
        return None
    now = time.monotonic()
    for _level, kind, stamp in extras:
        if kind == SO_TIMESTAMPNS and len(stamp) == _TIMESPEC.size:
            seconds, nanoseconds = _TIMESPEC.unpack(stamp)
            # The kernel stamps in wall time; how long ago that was, holds on both clocks.
            return data, now - max(time.time() - seconds - nanoseconds / 1e9, 0.0)
    return data, now

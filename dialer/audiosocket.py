"""AudioSocket's frames: one byte of kind, two of length (big-endian), then the payload. Pure: bytes in, frames out.

How a connection ends matters to Asterisk: a frame 0x00 and a bare close are both a goodbye, only a reset is a failure
after which the caller hears the neutral sentence. So every connection is made to end in a reset (`ends_in_a_reset`),
even when our process is killed, until we have said goodbye in it (`ends_in_a_goodbye`).
"""

from __future__ import annotations

import asyncio
import socket
import struct
import uuid
from dataclasses import dataclass

KIND_HANGUP, KIND_UUID, KIND_DTMF, KIND_AUDIO, KIND_ERROR = 0x00, 0x01, 0x03, 0x10, 0xFF
#: Asterisk sends 320 bytes a frame; anything much longer is no telephone.
LONGEST_PAYLOAD = 4096


class BrokenFrame(Exception):
    """What came is not AudioSocket; the connection is closed."""


@dataclass(frozen=True)
class Frame:
    """One frame."""

    kind: int
    payload: bytes


class FrameReader:
    """Cuts a stream into frames; keeps what is not whole yet."""

    def __init__(self) -> None:
        self._buffer = bytearray()

    def feed(self, data: bytes) -> list[Frame]:
        """The frames that are whole now. Raises `BrokenFrame` for a length that no telephone sends."""
        self._buffer += data
        frames: list[Frame] = []
        at = 0
        while len(self._buffer) - at >= 3:
            length = self._buffer[at + 1] << 8 | self._buffer[at + 2]
            if length > LONGEST_PAYLOAD:
                raise BrokenFrame(f"a frame of {length} bytes")
            if len(self._buffer) - at < 3 + length:
                break
            frames.append(Frame(self._buffer[at], bytes(self._buffer[at + 3 : at + 3 + length])))
            at += 3 + length
        del self._buffer[:at]
        return frames


def frame(kind: int, payload: bytes = b"") -> bytes:
    """A frame's bytes; sent in one write, since Asterisk hangs up on half a frame."""
    return bytes((kind, len(payload) >> 8, len(payload) & 0xFF)) + payload


#: Our side ends the call.
HANGUP = frame(KIND_HANGUP)


def ends_in_a_reset(transport: asyncio.BaseTransport) -> None:
    """From now on this connection's close, and the death of our process, reach Asterisk as a failure of the line."""
    _linger(transport, True)


def ends_in_a_goodbye(transport: asyncio.BaseTransport) -> None:
    """Undo `ends_in_a_reset`: `HANGUP` was said, and must arrive before the close does."""
    _linger(transport, False)


def _linger(transport: asyncio.BaseTransport, on: bool) -> None:
    transport.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", on, 0))


def entry_of(payload: bytes) -> str:
    """The ticket in a UUID frame. Raises `BrokenFrame` unless it is 16 bytes."""
    if len(payload) != 16:
        raise BrokenFrame(f"a ticket of {len(payload)} bytes")
    return str(uuid.UUID(bytes=payload))


def key_of(payload: bytes) -> str | None:
    """The key of a DTMF frame, `0`-`9`, `*`, `#` or `A`-`D`; None for anything else."""
    if len(payload) == 1 and chr(payload[0]) in "0123456789*#ABCD":
        return chr(payload[0])
    return None

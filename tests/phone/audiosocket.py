"""AudioSocket frames as Asterisk's app_audiosocket makes them: a kind, a two-byte length, a payload."""

from __future__ import annotations

import struct
from uuid import UUID

HANGUP, UUID_KIND, DTMF, SLIN, ERROR = 0x00, 0x01, 0x03, 0x10, 0xFF
_HEADER = struct.Struct("!BH")


def frame(kind: int, payload: bytes = b"") -> bytes:
    return _HEADER.pack(kind, len(payload)) + payload


def introduction(entry: UUID) -> bytes:
    """The first frame of every connection."""
    return frame(UUID_KIND, entry.bytes)


def key_frame(key: str) -> bytes:
    """A key, sent by Asterisk at the key's end."""
    return frame(DTMF, key.encode("ascii"))


class FrameReader:
    """Cuts a stream into frames, however it was split on its way."""

    def __init__(self) -> None:
        self._rest = b""

    def feed(self, data: bytes) -> list[tuple[int, bytes]]:
        """Every frame that is now whole: kind and payload."""
        frames: list[tuple[int, bytes]] = []
        buffer, start = self._rest + data, 0
        while len(buffer) - start >= _HEADER.size:
            kind, length = _HEADER.unpack_from(buffer, start)
            end = start + _HEADER.size + length
            if len(buffer) < end:
                break
            frames.append((kind, buffer[start + _HEADER.size : end]))
            start = end
        self._rest = buffer[start:]
        return frames

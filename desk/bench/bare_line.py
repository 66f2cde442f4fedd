"""The barest AudioSocket server: what a line that thinks is measured against. No conversation, no database, no checks.

`python -m desk.bench.bare_line HOST PORT SOUND` plays SOUND (8 kHz, 16-bit, mono) at once when a call opens and at
once after each key, and silence in between, on the same clock as ours. It ends with its standard input.
"""

from __future__ import annotations

import asyncio
import gc
import sys
from pathlib import Path
from typing import cast

import uvloop

from dialer.audiosocket import KIND_AUDIO, KIND_DTMF, KIND_HANGUP, KIND_UUID, FrameReader, frame
from dialer.ticker import Ticker
from voices.audio import FRAME_BYTES, SILENCE

_SILENCE = frame(KIND_AUDIO, SILENCE)


class BareCall(asyncio.Protocol):
    """One connection."""

    def __init__(self, frames: list[bytes], ticker: Ticker) -> None:
        self._frames, self._ticker = frames, ticker
        self._reader = FrameReader()
        self._next = 0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)

    def data_received(self, data: bytes) -> None:
        for one in self._reader.feed(data):
            if one.kind == KIND_UUID:
                self._play()
                self._ticker.add(self)
            elif one.kind == KIND_DTMF:
                self._play()
            elif one.kind == KIND_HANGUP:
                self._transport.close()

    def connection_lost(self, exc: Exception | None) -> None:
        self._ticker.remove(self)

    def _play(self) -> None:
        """The first frame leaves now."""
        self._next = 0
        self.tick(0.0)

    def tick(self, now: float) -> None:
        """The next frame."""
        if not self._transport.is_closing():
            self._transport.write(self._frames[self._next] if self._next < len(self._frames) else _SILENCE)
            self._next += 1


async def _main(host: str, port: int, sound: bytes) -> None:
    chunks = (sound[n : n + FRAME_BYTES].ljust(FRAME_BYTES, b"\0") for n in range(0, len(sound), FRAME_BYTES))
    frames = [frame(KIND_AUDIO, chunk) for chunk in chunks]
    ticker = Ticker()
    loop = asyncio.get_running_loop()
    await loop.create_server(lambda: BareCall(frames, ticker), host, port, backlog=512)
    ticker.start()
    lines = asyncio.StreamReader()
    await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(lines), sys.stdin)
    gc.freeze()
    sys.stdout.write("listening\n")
    sys.stdout.flush()
    await lines.read()


if __name__ == "__main__":
    uvloop.run(_main(sys.argv[1], int(sys.argv[2]), Path(sys.argv[3]).read_bytes()))

"""The barest AudioSocket server there can be: what a line that thinks is measured against.

On a connection's UUID it plays one prompt at once, on each key the next prompt at once, and silence in between: no
conversation, no database, no recognition. `python -m phone.bare_echo_server PORT PROMPT.wav NEXT.wav` runs it alone.
"""

from __future__ import annotations

import asyncio
import gc
import socket
import sys
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from phone.audiosocket import DTMF, HANGUP, SLIN, UUID_KIND, FrameReader, frame
from phone.clock import Clock
from phone.ports import open_tcp
from phone.sound import FRAME_BYTES, read_wav

_SILENCE = frame(SLIN, bytes(FRAME_BYTES))


def frames_of(pcm: bytes) -> list[bytes]:
    """A prompt, cut and framed beforehand."""
    return [frame(SLIN, pcm[n : n + FRAME_BYTES].ljust(FRAME_BYTES, b"\0")) for n in range(0, len(pcm), FRAME_BYTES)]


class _Connection(asyncio.Protocol):
    def __init__(self, server: BareEchoServer) -> None:
        self._server = server
        self._reader = FrameReader()
        self._frames: Sequence[bytes] = ()
        self._next = 0
        self._transport: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = transport  # type: ignore[assignment]  # A TCP server's transport is a Transport.
        transport.get_extra_info("socket").setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def data_received(self, data: bytes) -> None:
        for kind, payload in self._reader.feed(data):
            if kind == UUID_KIND:
                self._server.entries.append(payload)
                self._play(self._server.prompt)
            elif kind == DTMF:
                self._server.keys.append(payload.decode("ascii", "replace"))
                self._play(self._server.next_prompt)
            elif kind == HANGUP and self._transport:
                self._transport.close()

    def connection_lost(self, exc: Exception | None) -> None:
        self._server.clock.leave(self._tick)

    def _play(self, frames: Sequence[bytes]) -> None:
        """The first frame leaves now, in place of the one that the clock would have sent next."""
        self._frames, self._next = frames, 0
        self._tick()
        self._server.clock.join_now(self._tick)

    def _tick(self) -> None:
        if self._transport is None or self._transport.is_closing():
            return
        if self._next < len(self._frames):
            self._transport.write(self._frames[self._next])
            self._next += 1
        else:
            self._transport.write(_SILENCE)


@dataclass
class BareEchoServer:
    """What it plays, and what it saw."""

    prompt: Sequence[bytes]
    next_prompt: Sequence[bytes]
    clock: Clock = field(default_factory=Clock)
    entries: list[bytes] = field(default_factory=list)
    keys: list[str] = field(default_factory=list)
    port: int = 0


async def bare_echo_server(
    prompt: bytes, next_prompt: bytes, port: int = 0, host: str = "127.0.0.1"
) -> tuple[BareEchoServer, asyncio.Server]:
    """Start it in this loop; close the second of what is returned. A port of 0 is picked."""
    sock = open_tcp(host, port)
    state = BareEchoServer(frames_of(prompt), frames_of(next_prompt))
    server = await asyncio.get_running_loop().create_server(lambda: _Connection(state), sock=sock)
    state.port = int(sock.getsockname()[1])
    return state, server


async def _alone(port: int, prompt: bytes, next_prompt: bytes) -> None:
    state, server = await bare_echo_server(prompt, next_prompt, port)
    print(state.port, flush=True)
    gc.freeze()
    await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(_alone(int(sys.argv[1]), read_wav(Path(sys.argv[2])), read_wav(Path(sys.argv[3]))))

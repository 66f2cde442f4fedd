"""The other end of the trunk in a bench: a process that answers every call at once and plays one person in each.

`python -m desk.bench.callee PORT FOLDER` writes `listening`, then obeys lines on standard input, each answered by one
line of JSON: `play THINKS SCRIPT|SCRIPT…` (a script is answers with spaces between; calls take one after the other),
`live`, `clear` (hang up everything), `forget` (what has ended), `report FROM UNTIL` (monotonic seconds). `now` as
script: hang up as soon as the call is acknowledged, without sound. An answer is keys, or `NAME=KEY`: the words of the
file NAME.ulaw in FOLDER, and the key where nobody hears them. It ends with its standard input.
"""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import cast

import uvloop

from desk.bench import callee_sip as sip
from desk.bench.callee_call import CalleeCall, Part
from desk.bench.reception import reception
from dialer.ticker import Ticker

_HOST = "127.0.0.1"


class Callee(asyncio.DatagramProtocol):
    """Every number of the world, on one port."""

    def __init__(self, words: Mapping[str, bytes]) -> None:
        self._words = words
        self.parts: tuple[Part, ...] = (Part(None, 0.0),)
        self.calls: list[CalleeCall] = []
        self.ticker = Ticker()
        self._live: dict[str, CalleeCall] = {}

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.DatagramTransport, transport)
        self.here = f"{_HOST}:{transport.get_extra_info('sockname')[1]}"

    def datagram_received(self, data: bytes, addr: tuple[str, int]) -> None:
        heard = sip.read(data)
        if heard is None or heard.word == "SIP/2.0":
            return
        call = self._live.get(heard.call_id)
        if heard.word == "INVITE" and call is None:
            part = self.parts[len(self.calls) % len(self.parts)]
            call = CalleeCall(
                heard, part, self._words, self.ticker, self.here, lambda data: self._transport.sendto(data, addr)
            )
            self.calls.append(call)
            self._live[heard.call_id] = call
            call.when_over = lambda: self._live.pop(heard.call_id, None)
            call.pick_up()
        elif call is not None:
            call.take(heard)
        elif heard.word != "ACK":
            self._transport.sendto(sip.response(heard, "200 OK"), addr)

    def do(self, line: str) -> object:
        """Obey one line."""
        word, _, rest = line.strip().partition(" ")
        if word == "play":
            thinks, _, scripts = rest.partition(" ")
            self.parts = tuple(Part.read(script, float(thinks)) for script in scripts.split("|"))
        elif word == "clear":
            for call in tuple(self._live.values()):
                call.hang_up()
        elif word == "report":
            since, until = map(float, rest.split())
            return reception(self.calls, since, until)
        elif word == "forget":
            self.calls = list(self._live.values())
        return {"live": len(self._live), "ended": sum(call.ended_at is not None for call in self.calls)}


async def _main(port: int, words: Mapping[str, bytes]) -> None:
    loop = asyncio.get_running_loop()
    _, callee = await loop.create_datagram_endpoint(lambda: Callee(words), local_addr=(_HOST, port))
    callee.ticker.start()
    lines = asyncio.StreamReader()
    await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(lines), sys.stdin)
    sys.stdout.write("listening\n")
    sys.stdout.flush()
    while line := await lines.readline():
        sys.stdout.write(json.dumps(callee.do(line.decode())) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    said = {file.stem: file.read_bytes() for file in Path(sys.argv[2]).glob("*.ulaw")}
    uvloop.run(_main(int(sys.argv[1]), said))

"""The barest dialer: Originates through AMI with a window of calls in flight. No database, no claims, no permission.

`python -m desk.bench.bare_loop AMI_PORT SECRET_FILE WINDOW PER_SECOND` begins at once. It ends with its standard input.
"""

from __future__ import annotations

import asyncio
import re
import sys
import uuid
from pathlib import Path

import uvloop

_UNIQUE_ID = re.compile(rb"^Uniqueid: (\S+)", re.MULTILINE)
_USER, _ENDPOINT, _CONTEXT = "beltoon", "trunk", "ivr"
#: Calls that were held up are made up for, but no more than those of so many seconds.
_MAKE_UP_SECONDS = 0.1


class BareLoop:
    """Keeps so many calls in flight, beginning no more than so many a second."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader, self._writer = reader, writer
        self._in_flight: set[bytes] = set()
        self._freed = asyncio.Event()

    async def sign_in(self, secret: str) -> None:
        """Begin to listen."""
        await self._reader.readline()
        self._send("Login", Username=_USER, Secret=secret, Events="call")

    async def place(self, window: int, per_second: float) -> None:
        """For ever."""
        loop = asyncio.get_running_loop()
        due, placed = loop.time(), 0
        while True:
            while len(self._in_flight) >= window:
                self._freed.clear()
                await self._freed.wait()
            due = max(due + 1 / per_second, loop.time() - _MAKE_UP_SECONDS)
            await asyncio.sleep(max(0.0, due - loop.time()))
            call, placed = str(uuid.uuid4()), placed + 1
            self._in_flight.add(call.encode())
            self._send(
                "Originate", ActionID=call, ChannelId=call, Channel=f"PJSIP/+3247{placed:07d}@{_ENDPOINT}",
                Context=_CONTEXT, Exten="s", Priority="1", Timeout="25000", Async="true",
                Variable=(f"UUID={uuid.uuid4()}", f"CALLID={call}", "LONGEST=900", "FALLBACK=en"),
            )  # fmt: skip

    async def listen(self) -> None:
        """A call's end makes room for the next."""
        rest = b""
        while data := await self._reader.read(1 << 16):
            *messages, rest = (rest + data).split(b"\r\n\r\n")
            for message in messages:
                failed = b"Event: OriginateResponse\r\n" in message and b"Response: Failure" in message
                if failed or message.startswith(b"Event: Hangup\r\n"):
                    found = _UNIQUE_ID.search(message)
                    if found:
                        self._in_flight.discard(found[1])
                        self._freed.set()

    def _send(self, action: str, **headers: str | tuple[str, ...]) -> None:
        lines = [f"Action: {action}"]
        for key, value in headers.items():
            lines += [f"{key}: {one}" for one in (value if isinstance(value, tuple) else (value,))]
        self._writer.write("\r\n".join([*lines, "", ""]).encode())


async def _main(port: int, secret: str, window: int, per_second: float) -> None:
    bare = BareLoop(*await asyncio.open_connection("127.0.0.1", port))
    await bare.sign_in(secret)
    lines = asyncio.StreamReader()
    await asyncio.get_running_loop().connect_read_pipe(lambda: asyncio.StreamReaderProtocol(lines), sys.stdin)
    sys.stdout.write("listening\n")
    sys.stdout.flush()
    tasks = [asyncio.ensure_future(w) for w in (bare.listen(), bare.place(window, per_second), lines.read())]
    await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)


if __name__ == "__main__":
    uvloop.run(_main(int(sys.argv[1]), Path(sys.argv[2]).read_text().strip(), int(sys.argv[3]), float(sys.argv[4])))

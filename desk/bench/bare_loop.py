"""The barest dialer: Originates through AMI with a window of calls in flight. No database, no claims, no permission."""

from __future__ import annotations

import asyncio
import contextlib
import re
import uuid

from dialer.ami_link import AmiAddress

_UNIQUE_ID = re.compile(rb"^Uniqueid: (\S+)", re.MULTILINE)
_ENDPOINT, _CONTEXT = "trunk", "ivr"


class BareLoop:
    """Use: `await open()`, `start(window, per_second)`, `await stop()`, `await close()`."""

    def __init__(self, address: AmiAddress) -> None:
        self._address = address
        self._in_flight: set[bytes] = set()
        self._freed = asyncio.Event()
        self._tasks: list[asyncio.Task[None]] = []
        #: Calls that have begun.
        self.placed = 0

    async def open(self) -> None:
        """Sign in."""
        self._reader, self._writer = await asyncio.open_connection(self._address.host, self._address.port)
        await self._reader.readline()
        self._send("Login", Username=self._address.user, Secret=self._address.secret, Events="call")
        self._listening = asyncio.create_task(self._listen())

    def start(self, window: int, per_second: float) -> None:
        """Keep so many calls in flight, beginning no more than so many a second."""
        self._tasks = [asyncio.create_task(self._place(window, per_second))]

    async def stop(self) -> None:
        """Begin no more calls."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        self._tasks = []

    async def close(self) -> None:
        """Sign off."""
        await self.stop()
        self._listening.cancel()
        await asyncio.gather(self._listening, return_exceptions=True)
        self._writer.close()
        with contextlib.suppress(ConnectionError):
            await self._writer.wait_closed()

    async def _place(self, window: int, per_second: float) -> None:
        loop = asyncio.get_running_loop()
        due = loop.time()
        while True:
            while len(self._in_flight) >= window:
                self._freed.clear()
                await self._freed.wait()
            due = max(due + 1 / per_second, loop.time() - 0.1)
            if due > loop.time():
                await asyncio.sleep(due - loop.time())
            call = str(uuid.uuid4())
            self._in_flight.add(call.encode())
            self.placed += 1
            number = f"+3247{self.placed:07d}"
            variables = f"UUID={uuid.uuid4()}", f"CALLID={call}", "LONGEST=900", "FALLBACK=en"
            self._send(
                "Originate", ActionID=call, ChannelId=call, Channel=f"PJSIP/{number}@{_ENDPOINT}", Context=_CONTEXT,
                Exten="s", Priority="1", Timeout="25000", Async="true", Variable=variables,
            )  # fmt: skip

    def _send(self, action: str, **headers: str | tuple[str, ...]) -> None:
        lines = [f"Action: {action}"]
        for key, value in headers.items():
            lines += [f"{key}: {one}" for one in (value if isinstance(value, tuple) else (value,))]
        self._writer.write("\r\n".join([*lines, "", ""]).encode())

    async def _listen(self) -> None:
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

"""A link between us and a manager interface that a test can cut: before an answer, or for a while."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator


class Relay:
    """Passes bytes on, both ways, until it is cut."""

    def __init__(self, port: int, to: int) -> None:
        self.port, self._to = port, to
        #: An action whose answer is lost: its bytes are passed on, then the link is cut.
        self.loses_answer_of = b""
        self._open = asyncio.Event()
        self._open.set()
        self._ends: set[asyncio.StreamWriter] = set()
        self._serving: set[asyncio.Future[None]] = set()

    @contextlib.asynccontextmanager
    async def running(self) -> AsyncIterator[Relay]:
        server = await asyncio.start_server(self._take, "127.0.0.1", self.port)
        try:
            yield self
        finally:
            server.close()
            self.mend()
            self._cut_all()
            await asyncio.gather(*self._serving)

    def cut(self) -> None:
        """Break the link; whoever connects waits for `mend`."""
        self._open.clear()
        self._cut_all()

    def mend(self) -> None:
        """Let it through again."""
        self._open.set()

    def _cut_all(self) -> None:
        for end in tuple(self._ends):
            end.close()

    def _take(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.ensure_future(self._serve(reader, writer))
        self._serving.add(task)
        task.add_done_callback(self._serving.discard)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await self._open.wait()
        there_reader, there_writer = await asyncio.open_connection("127.0.0.1", self._to)
        self._ends |= {writer, there_writer}
        await asyncio.gather(self._pass(reader, there_writer), self._pass(there_reader, writer))
        self._ends -= {writer, there_writer}

    async def _pass(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(ConnectionError):
            while data := await reader.read(65536):
                writer.write(data)
                if self.loses_answer_of and self.loses_answer_of in data:
                    self.loses_answer_of = b""
                    await writer.drain()
                    self._cut_all()
        writer.close()

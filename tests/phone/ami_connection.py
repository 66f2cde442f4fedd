"""One client's connection to the manager stand-in: messages written as scripted, actions read until a cut."""

from __future__ import annotations

import asyncio
import re
import socket
import struct
import time
from typing import TYPE_CHECKING

from phone.ami_wire import Action, Fields, parse_fields, render

if TYPE_CHECKING:
    from phone.ami_server import AmiServer

MESSAGE_END = re.compile(rb"\r?\n\r?\n")
_CHUNK = 65536


class AmiConnection:
    """One client's connection: what an answer writes to."""

    def __init__(self, server: AmiServer, sock: socket.socket, number: int) -> None:
        self.server, self.number = server, number
        self.logged_in = self.closed = False
        self._socket, self._buffer = sock, b""
        self._writing, self._ready = asyncio.Lock(), asyncio.Event()

    async def send(self, fields: Fields) -> None:
        """One message, unless the server is silent."""
        await self.send_raw(render(fields, self.server.line_end))

    async def respond(self, action: Action, kind: str, *fields: tuple[str, str]) -> None:
        """A response to an action: its ActionID comes second, as Asterisk has it."""
        number = (("ActionID", action.id),) if action.id else ()
        await self.send((("Response", kind), *number, *fields))

    async def send_raw(self, data: bytes, piece: int = 0) -> None:
        """Bytes as they are, all at once or so many at a time; a client that has gone is no error."""
        if self.server.silent:
            return
        size = piece or len(data) or 1
        async with self._writing:
            for start in range(0, len(data), size):
                if self.closed:
                    return
                try:
                    await asyncio.get_running_loop().sock_sendall(self._socket, data[start : start + size])
                except OSError:
                    return
                await asyncio.sleep(0)

    def close(self, reset: bool = False) -> None:
        """End the connection: politely, or by a reset."""
        if self.closed:
            return
        self.closed = True
        if reset:
            self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        asyncio.get_running_loop().remove_reader(self._socket)
        self._ready.set()
        self._socket.close()
        if self in self.server.connections:
            self.server.connections.remove(self)

    async def actions(self) -> list[Action] | None:
        """The next actions that are whole; None when the client, or a cut, has ended the connection."""
        try:
            # Looked at before it is taken, so that a cut can leave it unread.
            seen = await self._look()
            taken = self.server.take_before_cut(self._buffer, seen)
            if taken is None:
                self.close(reset=True)
                return None
            data = self._socket.recv(taken) if taken else b""
        except OSError:
            return None
        if not data:
            return None
        self._buffer += data
        *whole, self._buffer = MESSAGE_END.split(self._buffer)
        texts = (message.decode("utf-8", "replace") for message in whole if message.strip())
        return [Action(parse_fields(text), time.monotonic(), self.number) for text in texts]

    async def _look(self) -> bytes:
        loop = asyncio.get_running_loop()
        self._ready.clear()
        loop.add_reader(self._socket, self._ready.set)
        await self._ready.wait()
        if not self.closed:
            loop.remove_reader(self._socket)
        await self.server.hearing.wait()
        if self.closed:
            raise ConnectionResetError
        return self._socket.recv(_CHUNK, socket.MSG_PEEK)

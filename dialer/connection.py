"""One AudioSocket connection: a stranger until its ticket is redeemed, then the line of one call.

Keys come from 0x03 frames only, which Asterisk sends at a key's end. A ticket (UUID) is redeemed once; whoever brings
none, an unknown or a used one is closed without a byte.
"""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from typing import Any, Protocol, cast

import structlog

from dialer.audiosocket import (
    HANGUP,
    KIND_AUDIO,
    KIND_DTMF,
    KIND_ERROR,
    KIND_HANGUP,
    KIND_UUID,
    BrokenFrame,
    Frame,
    FrameReader,
    ends_in_a_goodbye,
    ends_in_a_reset,
    entry_of,
    frame,
    key_of,
)
from dialer.live_call import House, LiveCall

log = structlog.get_logger(__name__)

#: Whoever connects must show a ticket within this.
TICKET_SECONDS = 2.0
#: Connections without a ticket at one time; a flood of silent ones can't starve the calls.
MOST_STRANGERS = 200
#: A peer that does not read is dropped when this much waits for it.
MOST_UNREAD = 64_000


class Server(House, Protocol):
    """The line that a connection belongs to."""

    strangers: int


class Connection(asyncio.Protocol):
    """As long as it lasts. `gone`: nothing can be sent any more."""

    def __init__(self, server: Server) -> None:
        self.gone = False
        self._server = server
        self._loop = asyncio.get_running_loop()
        self._reader = FrameReader()
        self._asked_ticket = False
        self._opened_at = 0.0
        self._call: LiveCall | None = None
        self._tasks: set[asyncio.Task[None]] = set()

    # -- what asyncio tells --------------------------------------------------------------------------------------

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)  # uvloop's is one in all but name
        self._opened_at = self._loop.time()
        ends_in_a_reset(transport)  # whatever ends us but a goodbye: the caller hears the neutral sentence
        self._server.strangers += 1
        if self._server.strangers > MOST_STRANGERS:
            self.cut()
            return
        self._loop.call_later(TICKET_SECONDS, self._no_ticket)

    def data_received(self, data: bytes) -> None:
        try:
            for one in self._reader.feed(data):
                self._take(one)
                if self.gone:
                    return
        except BrokenFrame as broken:
            log.warning("line_broken_frame", call=self._call and self._call.call, why=str(broken))
            self.cut()

    def connection_lost(self, exc: Exception | None) -> None:
        self.gone = True
        if self._call is None:
            self._server.strangers -= 1
        else:
            self._call.lost()

    # -- what a call does with it --------------------------------------------------------------------------------

    def send(self, sound: bytes) -> None:
        """One frame of our sound. Whoever does not read is dropped."""
        if self._transport.get_write_buffer_size() > MOST_UNREAD:
            self.cut()
        else:
            self._transport.write(frame(KIND_AUDIO, sound))

    def goodbye(self) -> None:
        """Hang up in good order: all that was sent is heard."""
        ends_in_a_goodbye(self._transport)
        self._transport.write(HANGUP)
        self._transport.close()
        self.gone = True

    def cut(self) -> None:
        """Close the connection now, without a byte."""
        self.gone = True
        self._transport.abort()

    def spawn(self, work: Coroutine[Any, Any, None]) -> None:
        """Do this beside the clock; if it fails, the call can't go on."""
        task = self._loop.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._done)

    # -- the ticket ----------------------------------------------------------------------------------------------

    def _no_ticket(self) -> None:
        if not self._asked_ticket and not self.gone:
            self.cut()

    def _take(self, one: Frame) -> None:
        if one.kind == KIND_UUID:
            if self._asked_ticket:
                raise BrokenFrame("a second ticket")
            self._asked_ticket = True
            self.spawn(self._open(entry_of(one.payload)))
        elif not self._asked_ticket:
            raise BrokenFrame("no ticket first")
        elif one.kind in (KIND_HANGUP, KIND_ERROR):
            self.cut()
        elif self._call is not None and one.kind == KIND_AUDIO:
            self._call.sounded(one.payload)
        elif self._call is not None and one.kind == KIND_DTMF and (key := key_of(one.payload)) is not None:
            self._call.pressed(key)

    async def _open(self, entry: str) -> None:
        call = await self._server.host.open(entry)
        if call is None or self.gone:
            log.warning("line_stranger_refused", known=call is not None)
            self.cut()
            if call is not None:
                await self._server.host.over(call, None)
            return
        self._server.strangers -= 1
        self._call = LiveCall(self._server, self, call, self._opened_at)
        self._call.begin()

    def _done(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        if not task.cancelled() and task.exception() is not None:
            log.error("line_turn_failed", call=self._call and self._call.call, exc_info=task.exception())
            if not self.gone:
                self.cut()

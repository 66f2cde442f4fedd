"""One call on the line: plays what the conversation says, hands keys and words in.

Keys come from 0x03 frames only, which Asterisk sends at a key's end. A ticket (UUID) is redeemed once; whoever brings
none, an unknown or a used one is closed without a byte.
"""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine, Mapping
from typing import Any, Protocol, cast

import structlog

from dialer.answer import Greeting
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
from dialer.line_port import Host, Moved
from dialer.playback import Playback, audible
from dialer.question_ear import QuestionEar
from dialer.statement import Statement
from dialer.ticker import Ticker
from ivr.act import Expect
from ivr.gather import HEARD_S, Decision, Gather
from ivr.heard import Answered, Heard, HungUp, Keys, KeysOnly, MachineAnswered, PaymentSeen, TimeUp
from voices.audio import SILENCE
from voices.ears import Ears

log = structlog.get_logger(__name__)

#: Whoever connects must show a ticket within this.
TICKET_SECONDS = 2.0
#: Connections without a ticket at one time; a flood of silent ones can't starve the calls.
MOST_STRANGERS = 200
#: A peer that does not read is dropped when this much waits for it.
MOST_UNREAD = 64_000
#: We say goodbye before the carrier's own last limit.
GOODBYE_SECONDS = 30.0


class Server(Protocol):
    """The line that a call belongs to."""

    host: Host
    ears: Ears | None
    longest_seconds: float
    ticker: Ticker
    live: set[LiveCall]
    strangers: int


class LiveCall(asyncio.Protocol):
    """One connection: a stranger until its ticket is redeemed, then a call."""

    def __init__(self, server: Server) -> None:
        self._server = server
        self._loop = asyncio.get_running_loop()
        self._reader = FrameReader()
        self._playback = Playback()
        self._call: str | None = None
        self._asked_ticket = False
        self._gather: Gather | None = None
        self._greeting = Greeting()
        #: Words are not heard any more, and the caller is told so once ours are over: they never hide who calls.
        self._keys_only = False
        self._ear = QuestionEar(server.ears, self._loop.time)
        #: What is being recorded, after the caller's yes.
        self._statement: Statement | None = None
        #: What we sent in the last tick: our own voice may come back.
        self._played = SILENCE
        self._turn = 0
        self._busy = False
        self._hang_up_after = False
        self._gone = False
        self._wants_goodbye = False
        self._paid: PaymentSeen | None = None
        self._opened_at = 0.0
        self._first_audio_ms: int | None = None
        #: Words of the last turn are still being heard.
        self._speaking = False
        self._idle = asyncio.Event()
        self._tasks: set[asyncio.Task[None]] = set()
        self.ended = asyncio.Event()

    # -- the connection ----------------------------------------------------------------------------------------

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
                if self._gone:
                    return
        except BrokenFrame as broken:
            log.warning("line_broken_frame", call=self._call, why=str(broken))
            self.cut()

    def connection_lost(self, exc: Exception | None) -> None:
        self._gone = True
        self._ear.close()
        if self._call is None:
            self._server.strangers -= 1
            self.ended.set()
            return
        self._server.ticker.remove(self)
        self._spawn(self._finish())

    def cut(self) -> None:
        """Close the connection now, without a byte."""
        self._gone = True
        self._transport.abort()

    def _no_ticket(self) -> None:
        if not self._asked_ticket and not self._gone:
            self.cut()

    def _take(self, one: Frame) -> None:
        if one.kind == KIND_UUID:
            if self._asked_ticket:
                raise BrokenFrame("a second ticket")
            self._asked_ticket = True
            self._spawn(self._open(entry_of(one.payload)))
        elif not self._asked_ticket:
            raise BrokenFrame("no ticket first")
        elif one.kind == KIND_DTMF:
            key = key_of(one.payload)
            if key is not None:
                self._greeting.person()
                self._key(key)
        elif one.kind == KIND_AUDIO:
            if self._statement is not None:
                self._statement.feed(one.payload)
            elif self._call is not None:
                self._ear.feed(one.payload, self._played)
                if self._greeting.hears(one.payload):
                    self._machine()
        elif one.kind in (KIND_HANGUP, KIND_ERROR):
            self.cut()

    # -- the conversation --------------------------------------------------------------------------------------

    async def _open(self, entry: str) -> None:
        call = await self._server.host.open(entry)
        if call is None or self._gone:
            log.warning("line_stranger_refused", known=call is not None)
            self.cut()
            if call is not None:
                await self._server.host.over(call, None)
            return
        self._server.strangers -= 1
        self._call = call
        self._server.live.add(self)
        self._server.ticker.add(self)
        self._loop.call_later(max(1.0, self._server.longest_seconds - GOODBYE_SECONDS), self.time_up)
        self._step(Answered())

    def _step(self, heard: Heard) -> None:
        self._busy = True
        self._ear.close()
        if self._gather is not None:
            self._gather.answered()  # keys from now on are remembered for the next question, never lost
        self._spawn(self._advance(heard))

    async def _advance(self, heard: Heard) -> None:
        assert self._call is not None  # noqa: S101
        key, self._turn = str(self._turn), self._turn + 1
        try:
            moved = await self._server.host.step(self._call, key, heard)
        finally:
            self._busy = False
            self._idle.set()
        if self._gone:
            return
        now = self._loop.time()
        self._playback.play(moved.pcm)
        self._speaking = True
        self._hang_up_after = moved.ask is None
        if key == "0":  # the first words don't wait for their turn of the wheel
            self.tick(now)
        before, self._gather = self._gather, None
        if moved.ask is not None and moved.ask.expect is Expect.STATEMENT:
            self._statement = Statement(moved.ask, now)
        if moved.ask is not None:
            # what binds must have been heard; any other question may be answered over our first word
            asked_at = now + moved.question_ms / 1000
            self._gather = Gather(moved.ask, asked_at if moved.ask.binding else now, before)
            self._decided(self._gather.resume())
            if not self._busy:
                self._listen(moved, asked_at)
        if self._wants_goodbye and not self._busy:
            self._wants_goodbye = False
            self.time_up()

    def _key(self, key: str) -> None:
        if self._gather is not None:
            self._decided(self._gather.press(key, self._loop.time()))

    def _decided(self, decision: Decision | None) -> None:
        if decision is None:
            return
        if decision.stops_words:
            self._quiet()
        if decision.heard is not None and not self._busy:
            if self._statement is not None:
                self._hand_in(decision.heard.keys if isinstance(decision.heard, Keys) else "")
            else:
                self._step(decision.heard)

    def _hand_in(self, key: str = "") -> None:
        """The statement is over; the conversation hears of it once its sound is kept."""
        self._busy = True
        self._spawn(self._handed_in(key))

    async def _handed_in(self, key: str) -> None:
        assert self._call is not None and self._statement is not None  # noqa: S101
        heard = await self._statement.handed_in(self._server.host, self._call, key)
        self._statement = None
        await self._advance(heard)

    def _listen(self, moved: Moved, asked_at: float) -> None:
        """An ear for the question; where none is free, the caller is told to use the keys when our words are over."""
        if moved.ask is None or moved.ask.wants is None:
            return
        counts_from = asked_at + HEARD_S if moved.ask.binding else asked_at
        if not self._ear.listen(moved, counts_from, self._interrupted, self._said):
            self._keys_only = True

    def _interrupted(self) -> None:
        """Somebody speaks while the question sounds, or after it."""
        if not self._busy and self._gather is not None and not self._gather.typing:
            self._quiet()

    def _said(self, heard: Heard) -> None:
        """What was said, understood or not. Whoever is typing answers by keys."""
        if isinstance(heard, KeysOnly):
            self._keys_only = True
            return
        if self._busy or self._hang_up_after or self._gather is None or self._gather.typing:
            return
        self._gather.answered()
        self._greeting.person()
        self._quiet()
        self._step(heard)

    def _quiet(self) -> None:
        """Our words stop at the next frame; from now on the caller's time runs."""
        self._playback.stop()
        self._speaking = False
        if self._statement is not None:
            self._statement.open(self._loop.time())
        if self._gather is not None:
            self._gather.words_ended(self._loop.time())

    def _machine(self) -> None:
        if not self._busy and not self._hang_up_after:
            self._quiet()
            self._step(MachineAnswered())

    def time_up(self) -> None:
        """The call's time, or the house's, is over: the conversation says goodbye."""
        if self._gone or self._call is None or self._hang_up_after:
            return
        if self._busy:
            self._wants_goodbye = True
        elif self._statement is not None:  # what was said so far is kept first
            self._wants_goodbye = True
            self._hand_in()
        else:
            self._quiet()
            self._step(TimeUp())

    def payment_seen(self, news: Mapping[str, PaymentSeen]) -> None:
        """What this caller must hear of, if anything. A turn in work may just tell it: we are asked again."""
        if self._call is not None and not self._busy:
            self._paid = news.get(self._call)

    async def _finish(self) -> None:
        """The caller has gone, or we have hung up: the turn in work ends first, then the last one is taken."""
        assert self._call is not None  # noqa: S101
        while self._busy:
            self._idle.clear()
            await self._idle.wait()
        try:
            if self._statement is not None and self._statement.worth_keeping:
                kept = await self._statement.handed_in(self._server.host, self._call)
                key, self._turn = str(self._turn), self._turn + 1
                await self._server.host.step(self._call, key, kept)
            if not self._hang_up_after:
                await self._server.host.step(self._call, str(self._turn), HungUp())
        finally:
            await self._server.host.over(self._call, self._first_audio_ms)
            self._server.live.discard(self)
            self.ended.set()

    # -- the clock ---------------------------------------------------------------------------------------------

    def tick(self, now: float) -> None:
        """Send one frame; notice that the words have ended, or that the caller's time to answer has."""
        if self._gone:
            return
        if self._transport.get_write_buffer_size() > MOST_UNREAD:
            self.cut()
            return
        self._played = sound = self._playback.next_frame()
        if self._first_audio_ms is None and self._speaking and audible(sound):
            self._first_audio_ms = int((now - self._opened_at) * 1000)
        self._transport.write(frame(KIND_AUDIO, sound))
        if self._speaking and not self._playback.playing:
            if self._hang_up_after:
                ends_in_a_goodbye(self._transport)
                self._transport.write(HANGUP)
                self._transport.close()
                self._gone = True
                return
            self._quiet()
        if self._statement is not None:
            if not self._busy and self._statement.over(now):
                self._hand_in()
        elif self._gather is not None and not self._speaking and not self._busy and not self._ear.hearing:
            paid, self._paid = (None, self._paid) if self._gather.typing else (self._paid, None)
            heard = paid or self._gather.due(now)
            if heard is None and self._keys_only and not self._gather.typing:
                heard, self._keys_only = KeysOnly(), False
            if heard is not None:
                self._step(heard)

    def _spawn(self, work: Coroutine[Any, Any, None]) -> None:
        task = self._loop.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._done)

    def _done(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        if not task.cancelled() and task.exception() is not None:
            log.error("line_turn_failed", call=self._call, exc_info=task.exception())
            if not self._gone:
                self.cut()

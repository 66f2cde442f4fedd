"""One call on the line: plays what the conversation says, hands in what was heard, turn by turn.

A turn in work is never interrupted: what comes meanwhile waits, or belongs to the next question.
"""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine, Mapping
from typing import Any, Protocol

from dialer.line_port import Host
from dialer.open_question import OpenQuestion
from dialer.playback import Playback, audible
from dialer.ticker import Ticker
from ivr.gather import Decision
from ivr.heard import Answered, Heard, HungUp, Keys, MachineAnswered, PaymentSeen, TimeUp
from voices.audio import SILENCE
from voices.ears import Ears

#: We say goodbye before the carrier's own last limit.
GOODBYE_SECONDS = 30.0


class House(Protocol):
    """The line that a call belongs to."""

    host: Host
    ears: Ears | None
    longest_seconds: float
    ticker: Ticker
    live: set[LiveCall]


class Wire(Protocol):
    """The way to the caller."""

    gone: bool

    def send(self, sound: bytes) -> None:
        """One frame of our sound."""
        ...

    def goodbye(self) -> None:
        """Hang up in good order."""
        ...

    def cut(self) -> None:
        """Close now, without a byte."""
        ...

    def spawn(self, work: Coroutine[Any, Any, None]) -> None:
        """Do this beside the clock; if it fails, the call can't go on."""
        ...


class LiveCall:
    """A call from its redeemed ticket to its end."""

    def __init__(self, house: House, wire: Wire, call: str, opened_at: float) -> None:
        """`opened_at`: when the connection was opened, in the loop's time."""
        self.call = call
        self.ended = asyncio.Event()
        self._house, self._wire, self._opened_at = house, wire, opened_at
        self._loop = asyncio.get_running_loop()
        self._playback = Playback()
        self._question = OpenQuestion(self, house.ears, self._loop.time)
        #: What we sent in the last tick: our own voice may come back.
        self._played = SILENCE
        self._first_audio_ms: int | None = None
        self._turn = 0
        #: A turn is in work.
        self._busy = False
        self._idle = asyncio.Event()
        #: Words of the last turn are still being heard.
        self._speaking = False
        self._hang_up_after = False
        self._wants_goodbye = False

    # -- from the wire ---------------------------------------------------------------------------------------------

    def begin(self) -> None:
        """Somebody is there: the first words leave."""
        self._house.live.add(self)
        self._house.ticker.add(self)
        self._loop.call_later(max(1.0, self._house.longest_seconds - GOODBYE_SECONDS), self.time_up)
        self._step(Answered())

    def pressed(self, key: str) -> None:
        """A key, at its end."""
        self._decided(self._question.press(key))

    def sounded(self, sound: bytes) -> None:
        """One frame of what came in."""
        if self._question.feed(sound, self._played) and not self._busy and not self._hang_up_after:
            self._quiet()
            self._step(MachineAnswered())

    def lost(self) -> None:
        """The connection is closed, by whomever."""
        self._question.close()
        self._house.ticker.remove(self)
        self._wire.spawn(self._finish())

    # -- from the line ---------------------------------------------------------------------------------------------

    def cut(self) -> None:
        """Close the connection now, without a byte."""
        self._wire.cut()

    def time_up(self) -> None:
        """The call's time, or the house's, is over: the conversation says goodbye."""
        if self._wire.gone or self._hang_up_after:
            return
        if self._busy:
            self._wants_goodbye = True
        elif self._question.recording:  # what was said so far is kept first
            self._wants_goodbye = True
            self._hand_in()
        else:
            self._quiet()
            self._step(TimeUp())

    def payment_seen(self, news: Mapping[str, PaymentSeen]) -> None:
        """What this caller must hear of, if anything. A turn in work may just tell it: we are asked again."""
        if not self._busy:
            self._question.paid(news.get(self.call))

    def tick(self, now: float) -> None:
        """Send one frame; notice that the words have ended, or that the caller's time to answer has."""
        if self._wire.gone:
            return
        self._played = sound = self._playback.next_frame()
        if self._first_audio_ms is None and self._speaking and audible(sound):
            self._first_audio_ms = int((now - self._opened_at) * 1000)
        self._wire.send(sound)
        if self._wire.gone:
            return
        if self._speaking and not self._playback.playing:
            if self._hang_up_after:
                self._wire.goodbye()
                return
            self._quiet()
        if self._busy:
            return
        if self._question.statement_over(now):
            self._hand_in()
        elif not self._speaking and (heard := self._question.due(now)) is not None:
            self._step(heard)

    # -- from the question -----------------------------------------------------------------------------------------

    def interrupted(self) -> None:
        """Somebody speaks over the question, or after it."""
        if not self._busy:
            self._quiet()

    def said(self, heard: Heard) -> None:
        """What was said, understood or not."""
        if not self._busy and not self._hang_up_after:
            self._question.person()
            self._quiet()
            self._step(heard)

    # -- the turns -------------------------------------------------------------------------------------------------

    def _decided(self, decision: Decision | None) -> None:
        if decision is None:
            return
        if decision.stops_words:
            self._quiet()
        if decision.heard is not None and not self._busy:
            if self._question.recording:
                self._hand_in(decision.heard.keys if isinstance(decision.heard, Keys) else "")
            else:
                self._step(decision.heard)

    def _quiet(self) -> None:
        """Our words stop at the next frame; from now on the caller's time runs."""
        self._playback.stop()
        self._speaking = False
        self._question.words_over()

    def _step(self, heard: Heard) -> None:
        self._busy = True
        self._question.answered()
        self._wire.spawn(self._advance(heard))

    def _hand_in(self, key: str = "") -> None:
        """The statement is over; the conversation hears of it once its sound is kept."""
        self._busy = True
        self._wire.spawn(self._handed_in(key))

    async def _handed_in(self, key: str) -> None:
        await self._advance(await self._question.handed_in(self._house.host, self.call, key))

    async def _advance(self, heard: Heard) -> None:
        key, self._turn = str(self._turn), self._turn + 1
        try:
            moved = await self._house.host.step(self.call, key, heard)
        finally:
            self._busy = False
            self._idle.set()
        if self._wire.gone:
            return
        self._playback.play(moved.pcm)
        self._speaking = True
        self._hang_up_after = moved.ask is None
        if key == "0":  # the first words don't wait for their turn of the wheel
            self.tick(self._loop.time())
        self._decided(self._question.ask(moved))
        if not self._busy:
            self._question.listen(moved)
        if self._wants_goodbye and not self._busy:
            self._wants_goodbye = False
            self.time_up()

    async def _finish(self) -> None:
        """The caller has gone, or we have hung up: the turn in work ends first, then the last one is taken.

        Who was put through to one of our people has gone from this line, and may come back to another."""
        host = self._house.host
        while self._busy:
            self._idle.clear()
            await self._idle.wait()
        try:
            if self._hang_up_after or not await host.handed_over(self.call, self._first_audio_ms):
                await self._last_turn(host)
        finally:
            self._house.live.discard(self)
            self.ended.set()

    async def _last_turn(self, host: Host) -> None:
        try:
            if self._question.worth_keeping:
                kept = await self._question.handed_in(host, self.call)
                key, self._turn = str(self._turn), self._turn + 1
                await host.step(self.call, key, kept)
            if not self._hang_up_after:
                await host.step(self.call, str(self._turn), HungUp())
        finally:
            await host.over(self.call, self._first_audio_ms)

"""One call at the callee: picked up, played by a person, ended by either side."""

from __future__ import annotations

import asyncio
import secrets
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from desk.bench import callee_sip as sip
from desk.bench.callee_sound import CalleeSound
from desk.bench.person import Person
from dialer.ticker import Ticker

#: An answer that nobody acknowledged is said again after this.
AGAIN_SECONDS = 0.5
_HOST = "127.0.0.1"


@dataclass(frozen=True)
class Part:
    """What the person of a call does. No answers at all (None): hangs up at once, without sound."""

    answers: tuple[str, ...] | None
    thinks: float

    @classmethod
    def read(cls, script: str, thinks: float) -> Part:
        """`now`, or answers with spaces between."""
        return cls(None if script == "now" else tuple(script.split()), thinks)


class CalleeCall:
    """A call that came in."""

    def __init__(
        self,
        invite: sip.Heard,
        part: Part,
        words: Mapping[str, bytes],
        ticker: Ticker,
        here: str,
        send: Callable[[bytes], None],
    ) -> None:
        """`words`: the sound of each name that a script may say, as mu-law."""
        self._invite, self._part, self._ticker, self._here, self._send = invite, part, ticker, here, send
        self._words = words
        self._tag = secrets.token_hex(4)
        self._acknowledged = False
        self._said = b""
        self.person: Person | None = None
        self.sound = None if part.answers is None else CalleeSound(_HOST, 0, self._heard)
        self.answered_at: float | None = None
        self.ended_at: float | None = None
        self.when_over: Callable[[], object] = lambda: None

    def pick_up(self) -> None:
        """Ring once, and answer at once."""
        there = sip.sound_of(self._invite.body)
        if there is None:
            self._send(sip.response(self._invite, "488 Not Acceptable Here", self._tag))
            self._over()
            return
        self._send(sip.response(self._invite, "180 Ringing", self._tag, f"sip:callee@{self._here}"))
        body = sip.answer(_HOST, self.sound.port if self.sound else 9, there.event_type)
        self._said = sip.response(self._invite, "200 OK", self._tag, f"sip:callee@{self._here}", body)
        self.answered_at = time.monotonic()
        self._send(self._said)
        if self.sound is not None:
            self.sound.agree(there)
            self.person = Person(self._part.answers or (), self._part.thinks, self.answered_at)
        asyncio.get_running_loop().call_later(AGAIN_SECONDS, self._say_again)

    def take(self, heard: sip.Heard) -> None:
        """A request in this call."""
        if heard.word == "ACK":
            first, self._acknowledged = not self._acknowledged, True
            if first and self.sound is not None:
                self._ticker.add(self)
            elif first:
                self.hang_up()
        elif heard.word == "INVITE":
            self._send(self._said)
        elif heard.word in ("BYE", "CANCEL"):
            self._send(sip.response(heard, "200 OK", self._tag))
            self._over()
        else:
            self._send(sip.response(heard, "200 OK", self._tag))

    def hang_up(self) -> None:
        """End it from our side."""
        if self.ended_at is None:
            self._send(sip.bye(self._invite, self._tag, self._here))
            self._over()

    def tick(self, now: float) -> None:
        """Every 20 ms: a packet leaves, and the person may do something."""
        assert self.sound is not None and self.person is not None  # noqa: S101
        ended = self.sound.tick()
        if ended is not None:
            self.person.answer_ended(ended)
        does = self.person.due(time.monotonic())
        if does == "":
            self.hang_up()
        elif does is not None and does in self._words:
            self.sound.say(self._words[does])
        elif does is not None:
            self.sound.press(does)

    def _heard(self, at: float, audible: bool) -> None:
        if self.person is not None:
            self.person.heard(at, audible)

    def _say_again(self) -> None:
        if not self._acknowledged and self.ended_at is None:
            self._send(self._said)

    def _over(self) -> None:
        self.ended_at = time.monotonic()
        self._ticker.remove(self)
        if self.sound is not None:
            self.sound.close()
        self.when_over()

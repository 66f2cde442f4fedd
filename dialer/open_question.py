"""The question that a caller has been asked: its keys, its ear, or the recording of a statement; one after another.

What was heard is handed on as a value; when our words stop and when a turn is taken is for the call to decide.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from dialer.answer import Greeting
from dialer.line_port import Moved
from dialer.question_ear import QuestionEar
from dialer.statement import Keeps, Statement
from ivr.act import Expect
from ivr.gather import HEARD_S, Complete, Decision, Doubted, Gather
from ivr.heard import Heard, KeysOnly, PaymentSeen
from voices.ears import Ears


class Asks(Protocol):
    """The call whose question it is."""

    def interrupted(self) -> None:
        """Somebody speaks while the question sounds, or after it."""
        ...

    def said(self, heard: Heard) -> None:
        """What was said answers it, or was not understood."""
        ...


class OpenQuestion:
    """The open question of one call. Before the first one nothing is asked."""

    def __init__(self, asks: Asks, ears: Ears | None, now: Callable[[], float]) -> None:
        """`now`: seconds of one monotonic clock."""
        self._asks = asks
        self._now = now
        self._ear = QuestionEar(ears, now)
        self._gather: Gather | None = None
        self._greeting = Greeting()
        #: What is being recorded, after the caller's yes.
        self._statement: Statement | None = None
        #: Words are not heard any more, and the caller is told so once ours are over: they never hide who calls.
        self._keys_only = False
        self._paid: PaymentSeen | None = None

    # -- asking ----------------------------------------------------------------------------------------------------

    def ask(self, moved: Moved) -> Decision | None:
        """A new question, or with a last word none. Answers what keys that were typed ahead mean to it."""
        now, before, self._gather = self._now(), self._gather, None
        if moved.ask is None:
            return None
        if moved.ask.expect is Expect.STATEMENT:
            self._statement = Statement(moved.ask, now)
        # what binds must have been heard; any other question may be answered over our first word
        began_at = now + moved.question_ms / 1000 if moved.ask.binding else now
        self._gather = Gather(moved.ask, began_at, before)
        return self._gather.resume()

    def listen(self, moved: Moved) -> None:
        """An ear for the question; where none is free, the caller is told to use the keys when our words are over."""
        if moved.ask is None or moved.ask.wants is None:
            return
        counts_from = self._now() + moved.question_ms / 1000 + (HEARD_S if moved.ask.binding else 0.0)
        if not self._ear.listen(moved, counts_from, self._interrupted, self._said):
            self._keys_only = True

    def answered(self) -> None:
        """It is answered: keys from now on are remembered for the next question, never lost."""
        self._ear.close()
        if self._gather is not None:
            self._gather.answered()

    def close(self) -> None:
        """Nobody is there any more."""
        self._ear.close()

    def words_over(self) -> None:
        """Our words are over, or were stopped: from now on the caller's time runs."""
        if self._statement is not None:
            self._statement.open(self._now())
        if self._gather is not None:
            self._gather.words_ended(self._now())

    # -- what comes in ---------------------------------------------------------------------------------------------

    def press(self, key: str) -> Decision | None:
        """One key, and what it means: to the question, and in the middle of a greeting."""
        decision = self._gather.press(key, self._now()) if self._gather is not None else None
        answers = isinstance(decision, Complete)
        return Doubted(key) if self._greeting.holds(key, answers=answers) and answers else decision

    def feed(self, heard: bytes, played: bytes) -> bool:
        """One frame of what came in, and of what we played. True: it is a machine that picked up."""
        if self._statement is not None:
            self._statement.feed(heard)
            return False
        self._ear.feed(heard, played)
        return self._greeting.hears(heard)

    def paid(self, seen: PaymentSeen | None) -> None:
        """What the caller must hear of at the next good moment, if anything."""
        self._paid = seen

    def due(self, now: float) -> Heard | None:
        """What the passing of time means, once our words are over and nobody speaks; None: wait on."""
        if self._gather is None or self._statement is not None or self._ear.hearing:
            return None
        typing = self._gather.typing
        paid, self._paid = (None, self._paid) if typing else (self._paid, None)
        heard = paid or self._gather.due(now)
        if heard is None and self._keys_only and not typing:
            heard, self._keys_only = KeysOnly(), False
        return heard

    def _interrupted(self) -> None:
        if self._gather is not None and not self._gather.typing:
            self._asks.interrupted()

    def _said(self, heard: Heard) -> None:
        """Whoever is typing answers by keys."""
        if isinstance(heard, KeysOnly):
            self._keys_only = True
        elif self._gather is not None and not self._gather.typing:
            self._asks.said(heard)

    def person(self) -> None:
        """Whoever is understood is no machine."""
        self._greeting.person()

    # -- a statement -----------------------------------------------------------------------------------------------

    @property
    def recording(self) -> bool:
        """A statement is asked for, and is not handed in yet."""
        return self._statement is not None

    @property
    def worth_keeping(self) -> bool:
        """Of a statement enough was said, also of somebody who hung up in the middle."""
        return self._statement is not None and self._statement.worth_keeping

    def statement_over(self, now: float) -> bool:
        """A statement is done."""
        return self._statement is not None and self._statement.over(now)

    async def handed_in(self, keeps: Keeps, call: str, key: str = "") -> Heard:
        """Give the statement's sound away, and what the conversation hears then. `key`: the key that ended it."""
        assert self._statement is not None  # noqa: S101
        heard = await self._statement.handed_in(keeps, call, key)
        self._statement = None
        return heard

"""Who plays the debtor in a bench: answers after a moment, always the same. Pure: times in, keys out.

An answer is written as its keys; after the last one the person listens a second longer and hangs up. Keys that belong
together (a postcode) are one answer. No answers at all: the person hangs up at the first audible word.

People don't wait for the end of our words, and neither does this one; but a key goes into a pause between two of them,
and is timed only where its end does too: elsewhere old words could not be told from new ones.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum

#: Between two keys of one answer, in seconds.
BETWEEN = 0.2
#: A person who hears nothing for so long hangs up.
PATIENCE = 15.0
#: What is heard of the last words.
LISTENS = 1.0
#: So long a silence is a pause between two phrases; a person who finds none presses the key all the same after a while.
PAUSE, FINDS_NONE = 0.1, 4.0


class _Doing(Enum):
    WAITING = "for words"
    LISTENING = "to them"
    PRESSING = "keys"


@dataclass
class Person:
    """One call, as it goes. All times are monotonic seconds."""

    answers: tuple[str, ...]
    #: From the first word heard to the key, in seconds.
    thinks: float
    answered_at: float
    #: The first audible packet after the answer.
    first_voice: float | None = None
    #: Of each answer of a single key that is timed: when its key ended, and when the next words began (None: never).
    keys: list[tuple[float, float | None]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._doing = _Doing.WAITING
        self._left = list(self.answers)
        self._rest = ""
        self._timed = False
        self._since = self.answered_at
        self._silent = True
        self._last_word_at = self.answered_at
        self._next_at = 0.0

    @property
    def waits(self) -> list[tuple[float, float | None]]:
        """The timed keys, and last the one after which nothing has been heard yet."""
        open_now = self._doing is _Doing.WAITING and self._timed
        return [*self.keys, (self._since, None)] if open_now else self.keys

    def heard(self, at: float, audible: bool) -> None:
        """A packet came in."""
        self._silent = not audible
        if audible:
            self._last_word_at = at
            if self._doing is _Doing.WAITING and at >= self._since:
                self._begin(at)

    def _begin(self, at: float) -> None:
        if self.first_voice is None:
            self.first_voice = at
        elif self._timed:
            self.keys.append((self._since, at))
        self._doing = _Doing.LISTENING
        self._next_at = at + (self.thinks if self._left else LISTENS if self.answers else 0.0)

    def key_ended(self, at: float) -> None:
        """The key that we were given has been pressed."""
        self._next_at = at + BETWEEN
        if not self._rest:
            self._doing, self._since = _Doing.WAITING, at
            self._timed = self._timed and self._silent

    def due(self, now: float) -> str | None:
        """The key to press now; empty: hang up now; None: wait."""
        if self._doing is _Doing.WAITING:
            return self._give_up() if now - self._since > PATIENCE else None
        if now < self._next_at:
            return None
        if self._doing is _Doing.LISTENING:
            if not self._left:
                return ""
            if now - self._last_word_at < PAUSE and now < self._next_at + FINDS_NONE:
                return None
            self._rest = self._left.pop(0)
            self._timed = len(self._rest) == 1
            self._doing = _Doing.PRESSING
        key, self._rest, self._next_at = self._rest[0], self._rest[1:], float("inf")
        return key

    def _give_up(self) -> str:
        if self._timed:
            self.keys.append((self._since, None))
        self._timed = False
        return ""

"""Who plays the debtor in a bench: answers after a moment, always the same. Pure: times in, keys out.

An answer is written as its keys, or as words with the key that stands in for them (`NAME=KEY`); after the last one the
person listens a second longer and hangs up. Keys that belong together (a postcode) are one answer. No answers at all:
the person hangs up at the first audible word.

People don't wait for the end of our words, and neither does this one; but a key goes into a pause between two of them,
and is timed only where its end does too: elsewhere old words could not be told from new ones. Who speaks does wait, and
whoever is not answered then presses the key.
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
#: So long a silence is the end of our words; who has said something and hears nothing for so long takes the keys.
OVER, UNHEARD = 0.7, 2.5


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
    #: The same of each answer in words; None: nobody heard them.
    words: list[tuple[float, float | None]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._doing = _Doing.WAITING
        self._left = list(self.answers)
        self._rest = ""
        #: The key for what has just been said; none: it was keys.
        self._instead = ""
        self._timed = False
        self._since = self.answered_at
        self._silent = True
        self._last_word_at = self.answered_at
        self._next_at = 0.0

    @property
    def waits(self) -> list[tuple[float, float | None]]:
        """The timed keys, and last the one after which nothing has been heard yet."""
        open_now = self._doing is _Doing.WAITING and self._timed and not self._instead
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
            (self.words if self._instead else self.keys).append((self._since, at))
        self._instead = ""
        self._doing = _Doing.LISTENING
        self._next_at = at + (self.thinks if self._left else LISTENS if self.answers else 0.0)

    def answer_ended(self, at: float) -> None:
        """The key has been pressed, or the words have been said."""
        self._next_at = at + BETWEEN
        if not self._rest:
            self._doing, self._since = _Doing.WAITING, at
            self._timed = self._timed and self._silent

    def due(self, now: float) -> str | None:
        """The key to press now, or the name of the words to say; empty: hang up now; None: wait."""
        if self._doing is _Doing.WAITING:
            if self._instead and now - self._since > UNHEARD:
                self.words.append((self._since, None))
                return self._press(self._instead)
            return self._give_up() if now - self._since > PATIENCE else None
        if now < self._next_at:
            return None
        if self._doing is _Doing.LISTENING:
            if not self._left:
                return ""
            words, _, keys = self._left[0].rpartition("=")
            if now - self._last_word_at < (OVER if words else PAUSE) and (words or now < self._next_at + FINDS_NONE):
                return None
            self._left.pop(0)
            return self._say(words, keys) if words else self._press(keys)
        return self._next_key()

    def _say(self, words: str, instead: str) -> str:
        self._instead, self._timed = instead, True
        self._doing, self._next_at = _Doing.PRESSING, float("inf")
        return words

    def _press(self, keys: str) -> str:
        self._instead, self._rest, self._timed = "", keys, len(keys) == 1
        self._doing = _Doing.PRESSING
        return self._next_key()

    def _next_key(self) -> str:
        key, self._rest, self._next_at = self._rest[0], self._rest[1:], float("inf")
        return key

    def _give_up(self) -> str:
        if self._timed:
            self.keys.append((self._since, None))
        self._timed = False
        return ""

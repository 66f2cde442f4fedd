"""Keys into answers, for lines that stream: forgiving to tired fingers. No clock of its own; times are handed in.

Seconds are floats of one monotonic clock. A `Gather` serves one open question; it goes on remembering keys after its
answer is complete, and the next question's `Gather` takes them over.
"""

from __future__ import annotations

from dataclasses import dataclass

from ivr.act import Ask, Expect
from ivr.heard import Heard, KeyInGreeting, Keys, Noise, Silence

#: The same key again this soon is one press of a trembling finger (menus).
TWICE_S = 0.4
#: `#` this soon after a whole entry is habit; further digits this soon are its tail and answer no menu.
TAIL_S = 1.5
#: Keys this soon after one that means nothing belong to it (a code that nobody asked for): one by one they would walk
#: through menus. Who corrects a slip takes longer.
BURST_S = 0.8
#: What binds must have been heard at least this long.
HEARD_S = 1.0
#: Keys that are remembered for the next question.
AHEAD_AT_MOST = 12


@dataclass(frozen=True)
class Complete:
    """The answer is whole."""

    keys: str
    stops_words = True

    @property
    def heard(self) -> Heard | None:
        """For the conversation."""
        return Keys(self.keys)


@dataclass(frozen=True)
class Doubted(Complete):
    """A menu's key, in the middle of what may be a machine's greeting."""

    @property
    def heard(self) -> Heard | None:
        """For the conversation."""
        return KeyInGreeting(self.keys)


@dataclass(frozen=True)
class Command(Complete):
    """`*` or `#`, which hold in every question."""


@dataclass(frozen=True)
class More:
    """A digit of an entry; more are wanted."""

    stops_words = True
    heard: Heard | None = None


@dataclass(frozen=True)
class Ignore:
    """Nothing happened, and our words go on."""

    why: str
    stops_words = False
    heard: Heard | None = None


@dataclass(frozen=True)
class Nonsense:
    """A key that means nothing here."""

    stops_words = True

    @property
    def heard(self) -> Heard | None:
        """For the conversation."""
        return Noise()


Decision = Complete | More | Ignore | Nonsense


class Gather:
    """The keys of one open question.

    `began_at`: when the words of the question itself (the last `Say` before the `Ask`) begin to sound.
    `before`: the gather of the question before, whose last keys may be a finger's echo or typed ahead.
    """

    def __init__(self, ask: Ask, began_at: float, before: Gather | None = None) -> None:
        self.ask = ask
        self.began_at = began_at
        self._typed = ""
        self._done = False
        self._ended_at: float | None = None
        self._last_key: str = before._last_key if before else ""
        self._last_at: float = before._last_at if before else float("-inf")
        #: The last key of an entry that is still running over into this question; its tail follows so soon.
        self._tail_at: float = before._tail_at if before else float("-inf")
        self._tail_s: float = before._tail_s if before else TAIL_S
        self._after_menu = before is not None and before.ask.expect is Expect.MENU
        self._ahead: list[tuple[str, float]] = []
        self._from_before = before._ahead if before else []

    def resume(self) -> Decision | None:
        """Take over what was typed ahead, once, when the question opens; None: that was no answer."""
        waiting, self._from_before = self._from_before, []
        found: Decision | None = None
        for key, at in waiting:
            decision = self.press(key, at)
            if found is None and decision.heard is not None:
                found = decision
        return found

    def press(self, key: str, at: float) -> Decision:
        """One key, at its time. After the answer is whole, keys are remembered for the next question."""
        if self._done:
            if len(self._ahead) < AHEAD_AT_MOST:
                self._ahead.append((key, at))
            return Ignore("ahead")
        decision = self._digits(key, at) if self.ask.expect is Expect.DIGITS else self._menu(key, at)
        self._last_key, self._last_at = key, at
        if decision.heard is not None:
            self._done = True
        if isinstance(decision, Nonsense) and key.isdecimal():
            self._tail_at, self._tail_s = at, BURST_S
        return decision

    @property
    def typing(self) -> bool:
        """An entry has begun and is not whole."""
        return bool(self._typed) and not self._done

    def answered(self) -> None:
        """The question was answered in words: further keys are remembered for the next one."""
        self._done = True

    def words_ended(self, at: float) -> None:
        """Our words are over, or were stopped: from now on the caller's time runs."""
        if self._ended_at is None:
            self._ended_at = at

    def due(self, now: float) -> Heard | None:
        """What the passing of time means: an entry that is all, or silence; None: wait on. Of a statement the line
        itself knows whether somebody speaks."""
        if self._done or self.ask.expect is Expect.STATEMENT:
            return None
        if self._typed:
            if now - self._last_at < self.ask.between_s:
                return None
            self._done, self._tail_at, self._tail_s = True, self._last_at, TAIL_S
            return Keys(self._typed)
        if self._ended_at is None or now - max(self._ended_at, self._last_at) < self.ask.patience_s:
            return None
        self._done = True
        return Silence()

    def _menu(self, key: str, at: float) -> Decision:
        if self._is_echo(key, at):
            return Ignore("twice")
        if at - self._tail_at < self._tail_s and (key.isdecimal() or key == "#"):
            self._tail_at = at
            return Ignore("tail of an entry")
        if at < self.began_at + (HEARD_S if self.ask.binding else 0.0):
            return Ignore("before the question")
        if self.ask.expect is not Expect.STATEMENT and key not in self.ask.choices:
            return Nonsense()
        return Command(key) if key in "*#" else Complete(key)

    def _digits(self, key: str, at: float) -> Decision:
        if self._after_menu and not self._typed and self._is_echo(key, at):
            return Ignore("twice")
        if key == "*":
            return Command(key)
        if key == "#":
            if at - self._tail_at < self._tail_s and not self._typed:
                return Ignore("habit")
            if not (self.ask.fewer and self._typed):
                return Command(key)
        elif key.isdecimal() and key.isascii():
            self._typed += key
            if len(self._typed) < self.ask.digits:
                return More()
        else:
            return Nonsense()
        self._tail_at, self._tail_s = at, TAIL_S
        return Complete(self._typed)

    def _is_echo(self, key: str, at: float) -> bool:
        return key == self._last_key and at - self._last_at < TWICE_S

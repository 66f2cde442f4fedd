"""The port of hearing: what a question listens for, what is heard, and whoever listens for it.

A question opens an `Ear` for its closed set of phrases and hands it every 20 ms what came in and what we played
meanwhile; what is heard comes back as events on the same loop. Nothing here decides what words mean.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from typing import Protocol


@dataclass(frozen=True, kw_only=True)
class Listening:
    """What a question listens for."""

    #: nl-BE, nl-NL, fr-BE, fr-FR, de or en; engines go by its first two letters.
    language: str
    #: The closed set of what can be heard; it is told in small letters. All else is heard as an utterance without text.
    phrases: tuple[str, ...]
    #: Digits and dates: people think between two of them, so the end of speech is waited for longer.
    patient: bool = False
    #: At a pause it is told what was said so far: a beginning may be the answer.
    pauses: bool = False
    #: Whole utterances, fewer than the phrases, for an engine that can only tell whole utterances apart; and words that
    #: may follow each other in any number. Empty: such an engine makes do with the phrases.
    sayings: tuple[str, ...] = ()
    repeated: tuple[str, ...] = ()

    @property
    def tongue(self) -> str:
        """The two letters by which an engine is found: nl, fr, de, en."""
        return self.language[:2]

    @cached_property
    def grammar(self) -> tuple[str, ...]:
        """The phrases as engines take them: in small letters, one space between words, each once."""
        phrases = (" ".join(phrase.lower().split()) for phrase in self.phrases)
        return tuple(dict.fromkeys(phrase for phrase in phrases if phrase))


@dataclass(frozen=True)
class SpeechBegan:
    """Somebody speaks, and it is not our own echo: the moment to stop our words."""


@dataclass(frozen=True)
class Partial:
    """What was said so far, as far as it fits. It may still change."""

    text: str


@dataclass(frozen=True)
class Pause:
    """They are silent for a moment (`voices.endpoint.PAUSE_MS`) and may go on. Told where the question asks for it."""

    #: What was said, should it end here; empty: it fits nothing.
    text: str


@dataclass(frozen=True)
class Utterance:
    """Somebody spoke and has ended."""

    #: Words of the phrases, perhaps of several of them; empty: it was speech, but fits nothing.
    text: str
    #: Further readings of the same sound, best first; may be empty. No figure says how sure a reading is.
    others: tuple[str, ...] = ()


@dataclass(frozen=True)
class Lost:
    """This ear hears nothing any more; the caller is told to use the keys. Nothing follows."""

    why: str


Event = SpeechBegan | Partial | Pause | Utterance | Lost
Tell = Callable[[Event], None]


class EarHealth(StrEnum):
    """How the engine of one language is."""

    #: Nobody has needed it yet; it costs nothing.
    IDLE = "idle"
    STARTING = "starting"
    READY = "ready"
    #: It was tried too often, or lacks words that every call needs: the language is not heard any more.
    DOWN = "down"


class Ear(Protocol):
    """Listens to one caller for one question."""

    def feed(self, heard: bytes, played: bytes) -> None:
        """One frame of the line each (20 ms, `voices.audio`): what came in, and what we played in that same tick.

        Never blocks, never raises. After `close` and after `Lost` it does nothing.
        """
        ...

    def close(self) -> None:
        """Listen no more; nothing is told from now on. Twice is as good as once."""
        ...


class Ears(Protocol):
    """All ears of a line."""

    async def start(self) -> None:
        """Look which languages can be heard. No engine is started before somebody needs it."""
        ...

    async def stop(self) -> None:
        """Close every ear and end every engine."""
        ...

    @property
    def languages(self) -> frozenset[str]:
        """Two letters of each language that can be heard now."""
        ...

    @property
    def busy(self) -> int:
        """Ears that are open."""
        ...

    @property
    def most(self) -> int:
        """Ears that may be open at once, so that nobody is ever heard late."""
        ...

    @property
    def health(self) -> Mapping[str, EarHealth]:
        """How the engine of each known language is."""
        ...

    def open(self, listening: Listening, tell: Tell) -> Ear | None:
        """An ear for this question; `tell` hears its events on the running loop.

        None where the language can't be heard, or as many ears are open as may be: the caller uses the keys.
        """
        ...

"""The port of a recogniser: sound in, words of a closed set out. It lives in the process of `voices.ear_child`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple, Protocol


class Reading(NamedTuple):
    """What an engine makes of a whole utterance."""

    #: Words of the phrases; empty: it fits nothing.
    text: str
    #: Further readings, best first.
    others: tuple[str, ...] = ()


class Stream(Protocol):
    """One utterance. Used by one thread at a time."""

    def feed(self, pcm: bytes) -> str | None:
        """Some more of its sound (8 kHz, 16-bit); answers what it may be so far, or None as long as it fits nothing."""
        ...

    def end(self) -> Reading:
        """The utterance is over. The stream can't be used any more."""
        ...


class Recogniser(Protocol):
    """An engine with its model of one language, loaded. Safe among threads."""

    #: Engine and model, for people: `vosk vosk-model-small-nl-0.22`.
    name: str
    #: It works while other threads do: it gives Python's lock free.
    parallel: bool
    #: It tells whole utterances apart, and can't put words of several together.
    whole: bool

    def unknown(self, words: Sequence[str]) -> frozenset[str]:
        """Those of the words that the model does not know and can never hear."""
        ...

    def open(self, phrases: Sequence[str], repeated: Sequence[str] = ()) -> Stream:
        """Begin to listen for these phrases and no others; every word of them is known. `repeated`: words that may
        follow each other in any number, for an engine that tells whole utterances apart.

        Raises `voices.errors.CannotHear`.
        """
        ...


def fitting(text: str, unknown: str) -> str:
    """The known words of a reading; none where the engine could not place more than it could."""
    words = text.split()
    known = [word for word in words if word != unknown]
    return " ".join(known) if 2 * len(known) >= len(words) else ""


def readings(texts: Sequence[str], unknown: str) -> Reading:
    """An engine's readings, best first, without its unknown token and without doubles."""
    fit = [fitting(text, unknown) for text in texts]
    best = fit[0] if fit else ""
    others = dict.fromkeys(text for text in fit[1:] if text and text != best)
    return Reading(best, tuple(others))


def vosk_reading(answer: Mapping[str, Any], unknown: str) -> Reading:
    """Vosk's own form of a result, with or without alternatives, as a library or a server gives it."""
    texts = [str(one.get("text", "")) for one in answer.get("alternatives", [])] or [str(answer.get("text", ""))]
    return readings(texts, unknown)


class Pieces:
    """What Vosk has ended by itself, in a pause, within one utterance of ours."""

    def __init__(self) -> None:
        self._ended: list[str] = []

    def ended(self, piece: Reading) -> None:
        """A pause came after this."""
        if piece.text:
            self._ended.append(piece.text)

    def so_far(self, now: str) -> str | None:
        """What was said up to now; None where nothing fits."""
        return " ".join(text for text in (*self._ended, now) if text) or None

    def whole(self, last: Reading) -> Reading:
        """The utterance. Other readings can be told of one piece alone."""
        return Reading(self.so_far(last.text) or "") if self._ended else last

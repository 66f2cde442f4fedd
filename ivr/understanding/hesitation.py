"""Somebody who thinks aloud has decided nothing: "uh", "no, hold on", "yes, erm", "I don't know"."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from importlib.resources import files

from ivr.understanding.lexicon import Lexicon, lexicon
from ivr.understanding.words import raw_words


class Hesitation(StrEnum):
    """What kind of time somebody takes."""

    #: No word at all.
    SOUND = "sound"
    #: They ask for time, in words, or halfway through an answer.
    THINKING = "thinking"
    #: They don't know.
    UNSURE = "unsure"
    #: They have not at hand what was asked.
    LACKING = "lacking"


@dataclass(frozen=True, kw_only=True)
class _Sayings:
    sounds: frozenset[str]
    answers: frozenset[str]
    thinking: frozenset[tuple[str, ...]]
    unsure: frozenset[tuple[str, ...]]
    lacking: frozenset[tuple[str, ...]]


def hesitation(text: str, own: Lexicon) -> Hesitation | None:
    """How a text hesitates and says nothing else; None: there is something in it to understand."""
    sayings = _sayings(own.language)
    words = raw_words(text, own)
    said = tuple(word for word in words if word not in sayings.sounds)
    if not said:
        return Hesitation.SOUND if words else None
    if said in sayings.unsure:
        return Hesitation.UNSURE
    if said in sayings.lacking:
        return Hesitation.LACKING
    if all(word in sayings.answers for word in said):
        return Hesitation.THINKING if words[-1] in sayings.sounds else None
    core = tuple(word for word in said if word not in sayings.answers)
    return Hesitation.THINKING if core in sayings.thinking else None


def plain_answers(own: Lexicon) -> frozenset[str]:
    """The plain words for yes and no: a "no" before a day answers, and denies no day."""
    return _sayings(own.language).answers


def hesitation_phrases(own: Lexicon) -> tuple[str, ...]:
    """What a recogniser listens for. Its sounds are left out: too much noise would be written down as one."""
    sayings = _sayings(own.language)
    return tuple(sorted(" ".join(words) for words in sayings.thinking | sayings.unsure | sayings.lacking))


@cache
def _sayings(language: str) -> _Sayings:
    """The file's words of a language, in the letters in which words are compared."""
    own = lexicon(language)
    told = tomllib.loads(files(__package__).joinpath("hesitations.toml").read_text(encoding="utf-8"))[own.language]

    def whole(name: str) -> frozenset[tuple[str, ...]]:
        return frozenset(raw_words(saying, own) for saying in told[name])

    def single(name: str) -> frozenset[str]:
        return frozenset(word for words in whole(name) for word in words)

    return _Sayings(
        sounds=single("sounds"),
        answers=single("answers"),
        thinking=whole("thinking"),
        unsure=whole("unsure"),
        lacking=whole("lacking"),
    )

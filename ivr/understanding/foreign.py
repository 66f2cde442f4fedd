"""Whether a text may be said in another language than the call's."""

from __future__ import annotations

from functools import cache

from ivr.understanding.grammar import always_phrases, closed
from ivr.understanding.lexicon import lexicon
from ivr.understanding.words import UNKNOWN, clauses

_HALF = 0.5
#: "Die" alone says nothing, whatever noise it stands in.
_FEW = 3


def sounds_like(text: str, language: str) -> bool:
    """More than half of it are words of that language: the German article "die" alone says nothing in English.

    No more is asked: nobody may be missed who cries for help in another language than the call's.
    """
    return familiar(text, language) > _HALF


def familiar(text: str, language: str) -> float:
    """The share of its words that are words of that language. What a recogniser could not make out is no word of any,
    as long as some words are left: of a cry in the noise those few are all that there is."""
    words = [word for clause in clauses(text, lexicon(language)) for word in clause.words]
    told = [word for word in words if word != UNKNOWN]
    words = told if len(told) >= _FEW else words
    return sum(word in _words(language) for word in words) / len(words) if words else 0.0


@cache
def _words(language: str) -> frozenset[str]:
    return frozenset(word for phrase in closed(always_phrases(lexicon(language))) for word in phrase.split())

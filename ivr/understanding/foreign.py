"""Whether a text may be said in another language than the call's."""

from __future__ import annotations

from functools import cache

from ivr.understanding.grammar import always_phrases, closed
from ivr.understanding.lexicon import lexicon
from ivr.understanding.words import clauses


def sounds_like(text: str, language: str) -> bool:
    """Most of it are words of that language: the German article "die" alone says nothing in English."""
    words = [word for clause in clauses(text, lexicon(language)) for word in clause.words]
    return sum(word in _words(language) for word in words) * 3 >= 2 * len(words) > 0


@cache
def _words(language: str) -> frozenset[str]:
    return frozenset(word for phrase in closed(always_phrases(lexicon(language))) for word in phrase.split())

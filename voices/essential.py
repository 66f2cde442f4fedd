"""The words without which no call can be led by speech: yes, no, and the digits."""

from __future__ import annotations

_WORDS = {
    "nl": "ja nee nul een twee drie vier vijf zes zeven acht negen",
    "fr": "oui non zéro un deux trois quatre cinq six sept huit neuf",
    "de": "ja nein null eins zwei drei vier fünf sechs sieben acht neun",
    "en": "yes no zero one two three four five six seven eight nine",
}


def essential_words(language: str) -> tuple[str, ...]:
    """Of a language by its two letters; none of one in which we don't speak."""
    return tuple(_WORDS.get(language, "").split())

"""The small words around a day, and where they end: "of the", "next week", "three | weeks"."""

from __future__ import annotations

from dataclasses import dataclass

from ivr.understanding.lexicon import Lexicon
from ivr.understanding.number import number_at


@dataclass(frozen=True)
class SmallWords:
    """Words in which the small ones of a language's calendar are looked for, by their place."""

    words: tuple[str, ...]
    lexicon: Lexicon

    def _counted(self, n: int, unit: str) -> tuple[int, int] | None:
        number = self._number(n)
        article = self._skip(n, "a") if number is None else None
        if article is not None:  # "a week", and "another two weeks"
            number = self._number(article) or (1, article)
        end = self._skip(number[1], unit) if number else None
        return (number[0], end) if number and end is not None else None

    def _number(self, n: int) -> tuple[int, int] | None:
        return number_at(self.words, n, self.lexicon.numbers) if n < len(self.words) else None

    def _starts(self, n: int, name: tuple[str, ...]) -> bool:
        return self.words[n : n + len(name)] == name

    def _skip(self, n: int, name: str) -> int | None:
        """Where the longest of the small words of this name ends; None where none stands here."""
        ends = (n + len(words) for words in self.lexicon.calendar.small.get(name, ()) if self._starts(n, words))
        return max(ends, default=None)

    def _optional(self, n: int, name: str) -> int:
        end = self._skip(n, name)
        return n if end is None else end

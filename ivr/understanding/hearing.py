"""Which rules a clause fulfils, and how much they weigh."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from ivr.understanding.lexicon import Lexicon
from ivr.understanding.rule import Item, Rule
from ivr.understanding.words import UNKNOWN, Clause

#: From the first word to after the last.
Span = tuple[int, int]
#: Words that may stand between two words of a sequence.
GAP = 2


@dataclass(frozen=True)
class Hearing:
    """A clause, with what the parsers found in it."""

    lexicon: Lexicon
    clause: Clause
    found: Mapping[str, tuple[Span, ...]] = field(default_factory=dict)

    def spans(self, part: str) -> Iterator[Span]:
        """Where a word, a stem or a concept stands."""
        if part == "NOT":
            yield from ((n, n + 1) for n in self._negations())
        elif part in self.found:
            yield from self.found[part]
        elif part in self.lexicon.concepts:
            for sequence in self.lexicon.concepts[part]:
                yield from self._literal(sequence)
        else:
            yield from self._literal((part,))

    def weight(self, rule: Rule, *, sure: bool) -> int:
        """What the rule weighs here; 0 where it is not fulfilled.

        `sure`: the meaning binds somebody, so an unknown word among its words could be the "not" and undoes it.
        """
        if any(self._matches(item) for item in rule.absent):
            return 0
        matches = [self._matches(item) for item in rule.needed]
        if not all(matches):
            return 0
        if not rule.heedless and not any(self._denies(match) for options in matches for match in options):
            matches = [[match for match in options if not self._denied(match)] for options in matches]
            if not all(matches):
                return 0
        if sure and self._unknown_between([options[0] for options in matches]):
            return 0
        return rule.weight + self.clause.after_but

    def _negations(self) -> Iterator[int]:
        return (n for n, word in enumerate(self.clause.words) if word in self.lexicon.negations)

    def _literal(self, sequence: tuple[str, ...]) -> Iterator[Span]:
        words = self.clause.words
        for n in range(len(words) - len(sequence) + 1):
            if all(_fits(words[n + k], wanted) for k, wanted in enumerate(sequence)):
                yield n, n + len(sequence)

    def _matches(self, item: Item) -> list[Span]:
        matches = list(self.spans(item.parts[0]))
        for part in item.parts[1:]:
            following = list(self.spans(part))
            matches = [(a, d) for a, b in matches for c, d in following if 0 <= c - b <= GAP]
        return matches

    def _denies(self, match: Span) -> bool:
        return any(match[0] <= n < match[1] for n in self._negations())

    def _denied(self, match: Span) -> bool:
        start, end = match[0] - self.lexicon.forward, match[1] + self.lexicon.back
        return any(start <= n < end for n in self._negations())

    def _unknown_between(self, matches: list[Span]) -> bool:
        first, last = min(a for a, _ in matches), max(b for _, b in matches)
        words = self.clause.words
        return UNKNOWN in words[first:last] or words.count(UNKNOWN) * 2 > len(words)


def _fits(word: str, wanted: str) -> bool:
    return word.startswith(wanted[:-1]) if wanted.endswith("*") else word == wanted

"""Which rules a clause fulfils, and how much they weigh."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from itertools import pairwise
from operator import le

from ivr.understanding.lexicon import Lexicon
from ivr.understanding.rule import THEN, Item, Rule
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
    #: What was looked for before: hundreds of rules name the same words.
    _seen: dict[str, tuple[Span, ...]] = field(default_factory=dict, compare=False)
    _matched: dict[Item, list[Span]] = field(default_factory=dict, compare=False)

    def spans(self, part: str) -> tuple[Span, ...]:
        """Where a word, a stem or a concept stands."""
        if part not in self._seen:
            self._seen[part] = tuple(self._look(part))
        return self._seen[part]

    def _look(self, part: str) -> Iterator[Span]:
        if part == "NOT":
            yield from ((n, n + 1) for n in self._negations)
        elif part in self.found:
            yield from self.found[part]
        else:
            for sequence in self.lexicon.sequences(part):
                if sequence[0] in self._words or sequence[0].endswith("*"):
                    yield from self._literal(sequence)

    @cached_property
    def _words(self) -> frozenset[str]:
        return frozenset(self.clause.words)

    def weight(self, rule: Rule, *, sure: bool) -> int:
        """What the rule weighs here; 0 where it is not fulfilled.

        `sure`: the meaning binds somebody, so an unknown word among its words could be the "not" and undoes it.
        """
        if not self.fulfils(rule):
            return 0
        matches = [self.matches(item) for item in rule.needed]
        if not rule.heedless and not any(self._speaks_of_not(item) for item in rule.needed):
            matches = [[match for match in options if not self._denied(match)] for options in matches]
            if not all(matches):
                return 0
        if sure and self._unknown_between([options[0] for options in matches]):
            return 0
        return rule.weight + self.clause.after_but

    def fulfils(self, rule: Rule) -> bool:
        """Whether all that a rule needs stands here, and nothing that it forbids; denied or not."""
        return all(self.matches(item) for item in rule.needed) and not any(self.matches(item) for item in rule.absent)

    @cached_property
    def _negations(self) -> tuple[int, ...]:
        return tuple(n for n, word in enumerate(self.clause.words) if word in self.lexicon.negations)

    def _literal(self, sequence: tuple[str, ...]) -> Iterator[Span]:
        words = self.clause.words
        for n in range(len(words) - len(sequence) + 1):
            if all(_fits(words[n + k], wanted) for k, wanted in enumerate(sequence)):
                yield n, n + len(sequence)

    def matches(self, item: Item) -> list[Span]:
        """Where an item stands, from its first word to after its last."""
        if item not in self._matched:
            matches = list(self.spans(item.parts[0]))
            for before, part in pairwise(item.parts):
                if not matches:
                    break
                if part == THEN:
                    continue
                follows = le if before == THEN else self._near
                following = self.spans(part)
                matches = [(a, d) for a, b in matches for c, d in following if follows(b, c)]
            self._matched[item] = matches
        return self._matched[item]

    def _near(self, end: int, start: int) -> bool:
        """Whether a word may follow another in a sequence: little stands between them, and no negation."""
        return 0 <= start - end <= GAP and not any(end <= n < start for n in self._negations)

    def _speaks_of_not(self, item: Item) -> bool:
        """Whether an item is itself a negation, so that it means what it says."""
        return any(part == "NOT" or self._is_negative(part) for part in item.parts)

    def _is_negative(self, part: str) -> bool:
        sequences = self.lexicon.sequences(part)
        return all(any(word in self.lexicon.negations for word in sequence) for sequence in sequences)

    def _denied(self, match: Span) -> bool:
        start, end = match[0] - self.lexicon.forward, match[1] + self.lexicon.back
        return any(start <= n < end for n in self._negations)

    def _unknown_between(self, matches: list[Span]) -> bool:
        """Whether a word that nobody knows stands where a "not" would deny these."""
        first = max(0, min(a for a, _ in matches) - self.lexicon.forward)
        last = max(b for _, b in matches) + self.lexicon.back
        words = self.clause.words
        return UNKNOWN in words[first:last] or words.count(UNKNOWN) * 2 > len(words)


def _fits(word: str, wanted: str) -> bool:
    return word.startswith(wanted[:-1]) if wanted.endswith("*") else word == wanted

"""What a text means, apart from what was asked: every intent that its clauses speak of, weighed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from ivr.understanding.amount import amounts
from ivr.understanding.hearing import Hearing, Span
from ivr.understanding.lexicon import Lexicon
from ivr.understanding.number import number_at
from ivr.understanding.rule import Rule
from ivr.understanding.spoken_date import dates
from ivr.understanding.words import Clause

#: What these say binds somebody, or silences us for good: an unknown word makes them unsure.
BINDING = frozenset(
    ("stop", "paid", "promise", "plan", "dispute", "wrong_person", "deceased", "representative"),
)


@dataclass(frozen=True)
class Meaning:
    """An intent with its weight and the rule that found it."""

    intent: str
    weight: int
    #: The rule as written, for whoever asks why.
    because: str


def hearings(clauses: Iterable[Clause], lexicon: Lexicon, today: date) -> tuple[Hearing, ...]:
    """The clauses with the days, amounts and numbers in them."""
    return tuple(Hearing(lexicon, clause, _found(clause.words, lexicon, today)) for clause in clauses)


def meanings(heard: Iterable[Hearing], rules: Mapping[str, tuple[Rule, ...]]) -> dict[str, Meaning]:
    """The best reading of every intent that is heard at all."""
    best: dict[str, Meaning] = {}
    for hearing in heard:
        for intent, alternatives in rules.items():
            for rule in alternatives:
                weight = hearing.weight(rule, sure=intent in BINDING)
                if weight > (best[intent].weight if intent in best else 0):
                    best[intent] = Meaning(intent, weight, rule.written)
    return best


def _found(words: tuple[str, ...], lexicon: Lexicon, today: date) -> dict[str, tuple[Span, ...]]:
    return {
        # Who says "today" pays now.
        "DATE": tuple((said.start, said.end) for said in dates(words, today, lexicon) if said.day != today),
        "MONTH": tuple((n, n + 1) for n, word in enumerate(words) if word in lexicon.calendar.months),
        "AMOUNT": tuple((a.start, a.end) for a in amounts(words, lexicon.numbers) if a.sure),
        "NUMBER": tuple(
            (n, number[1])
            for n in range(len(words))
            if (number := number_at(words, n, lexicon.numbers)) is not None and number[0] > 1
        ),
    }

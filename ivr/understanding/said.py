"""A text as it was said: its clauses, and all that the rules of its language find in them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from ivr.understanding.answer import Understood
from ivr.understanding.hearing import Hearing
from ivr.understanding.lexicon import Lexicon
from ivr.understanding.meaning import Meaning, hearings, meanings
from ivr.understanding.rule import Rule
from ivr.understanding.slot import slots
from ivr.understanding.words import clauses


@dataclass(frozen=True, slots=True)
class Said:
    """One text, read once."""

    text: str
    own: Lexicon
    #: The caller's local day.
    today: date
    heard: Sequence[Hearing]
    #: By intent.
    found: Mapping[str, Meaning]

    @property
    def words(self) -> tuple[str, ...]:
        """All words, over the clauses."""
        return tuple(word for hearing in self.heard for word in hearing.clause.words)

    def means(self, intent: str) -> Understood:
        """An intent, with what the words tell beside it."""
        return Understood(intent, slots(intent, self.heard, self.today, self.own))


def read(text: str, own: Lexicon, today: date) -> Said:
    """The clauses of a text, and all that the rules find in them."""
    return _read(text, own, today, own.rules)


def read_for(names: Sequence[str], text: str, own: Lexicon, today: date) -> Said:
    """The same, where only these intents are looked for."""
    return _read(text, own, today, {name: own.rules[name] for name in names if name in own.rules})


def _read(text: str, own: Lexicon, today: date, rules: Mapping[str, tuple[Rule, ...]]) -> Said:
    heard = hearings(clauses(text, own), own, today)
    return Said(text, own, today, heard, meanings(heard, {**rules, "language": _of_languages(own)}))


def _of_languages(own: Lexicon) -> tuple[Rule, ...]:
    return tuple(rule for name, rules in own.kinds.items() if name.startswith("language.") for rule in rules)

"""The words that a recogniser listens for at a question."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from ivr.understanding.hesitation import hesitation_phrases
from ivr.understanding.lexicon import Lexicon
from ivr.understanding.rule import THEN, Rule, is_concept

#: No word begins or ends a stem's mark.
_STEM = "*"


def rule_phrases(lexicon: Lexicon, rules: Mapping[str, tuple[Rule, ...]]) -> Iterator[str]:
    """Every phrase and every word that the rules know, in the order of the file."""
    for alternatives in rules.values():
        for rule in alternatives:
            for item in rule.needed:
                whole = " ".join(item.parts)
                if len(item.parts) > 1 and not any(part == THEN or is_concept(part) for part in item.parts):
                    yield whole
                for part in item.parts:
                    if part != THEN:
                        yield from _part_phrases(part, lexicon)


def always_phrases(lexicon: Lexicon) -> Iterator[str]:
    """What is heard at every question: the rules' words, the negations, and what is said for them."""
    yield from rule_phrases(lexicon, lexicon.rules)
    yield from rule_phrases(lexicon, lexicon.kinds)
    for twists in lexicon.twists.values():
        yield from rule_phrases(lexicon, dict(twists))
    yield from rule_phrases(lexicon, {"": lexicon.harmless})
    yield from sorted(lexicon.negations)
    yield from sorted(lexicon.but)
    yield from lexicon.forms
    yield from lexicon.same
    yield from hesitation_phrases(lexicon)


def number_phrases(lexicon: Lexicon) -> Iterator[str]:
    """Words of numbers; compounds of Dutch and German up to 99 as one word, since the recogniser knows whole words."""
    numbers = lexicon.numbers
    yield from numbers.values
    if numbers.units_first:
        units = [name for name, value in numbers.values.items() if 0 < value < 10]
        tens = [name for name, value in numbers.values.items() if value >= 20 and value % 10 == 0]
        for join in sorted(numbers.joins):
            yield from (_glued(unit, join, ten) for unit in units for ten in tens)
    for names in (numbers.hundred, numbers.thousand, numbers.joins):
        yield from sorted(names)


def digit_phrases(lexicon: Lexicon) -> Iterator[str]:
    """Beside numbers, what is said between digits."""
    yield from lexicon.numbers.digits
    yield from lexicon.numbers.times


def amount_phrases(lexicon: Lexicon) -> Iterator[str]:
    """Beside numbers, the words of money."""
    numbers = lexicon.numbers
    yield from numbers.halves
    for names in (numbers.euro, numbers.cent, numbers.comma):
        yield from sorted(names)


def calendar_phrases(lexicon: Lexicon) -> Iterator[str]:
    """Words of days: weekdays, months, ordinals, and the small words around them."""
    calendar, numbers = lexicon.calendar, lexicon.numbers
    yield from calendar.weekdays
    yield from calendar.months
    for name in (*calendar.days, *calendar.gone, *calendar.feasts, *calendar.easter, *calendar.parts):
        yield " ".join(name)
    for entries in calendar.small.values():
        for entry in entries:
            yield " ".join(entry)
    yield from numbers.ordinals
    yield from calendar.ordinals


def closed(phrases: Iterable[str]) -> tuple[str, ...]:
    """Each phrase and each of its words once, in stable order."""
    found: dict[str, None] = {}
    for phrase in phrases:
        if _STEM in phrase or not phrase.strip() or any(c.isdigit() or c == "€" for c in phrase):
            continue
        found[phrase] = None
        for word in phrase.split():
            found[word] = None
    return tuple(found)


def _glued(unit: str, join: str, ten: str) -> str:
    """`vijfendertig`; after an e the Dutch join is written with dots: `drieëntwintig`."""
    return f"{unit}{'ën' if unit.endswith('e') and join == 'en' else join}{ten}"


def _part_phrases(part: str, lexicon: Lexicon) -> Iterator[str]:
    if not is_concept(part):
        yield part
        return
    for sequence in lexicon.concepts.get(part) or lexicon.twist_words.get(part, ()):
        yield " ".join(sequence)

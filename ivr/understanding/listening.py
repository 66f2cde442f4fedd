"""What a recogniser listens for at a question: words and short parts, or whole utterances."""

from __future__ import annotations

from ivr.understanding.answer import Wants
from ivr.understanding.grammar import (
    always_phrases,
    amount_phrases,
    calendar_phrases,
    closed,
    digit_phrases,
    number_phrases,
    rule_phrases,
)
from ivr.understanding.lexicon import lexicon
from ivr.understanding.sayings import DIGITS, MENU, YES_NO, sayings


def phrases(language: str, wants: Wants) -> tuple[str, ...]:
    """The closed set of words and short parts that a recogniser listens for at a question, in stable order.

    A plain menu may be answered with a day or an amount, so it has those words too. Raises `BadLexicon`.
    """
    own = lexicon(language)
    menu = not (wants.yes_no or wants.digits or wants.amount or wants.date)
    parts = [always_phrases(own)]
    if wants.options:
        parts.append(rule_phrases(own, own.options))
    if menu or wants.options or wants.date or wants.amount or wants.digits:
        parts.append(number_phrases(own))
    if wants.digits:
        parts.append(digit_phrases(own))
    if menu or wants.amount:
        parts.append(amount_phrases(own))
    if menu or wants.date:
        parts.append(calendar_phrases(own))
    return closed(phrase for part in parts for phrase in part)


def whole_sayings(language: str, wants: Wants) -> tuple[str, ...]:
    """Whole utterances for a recogniser that can only tell those apart, fewer than `phrases`; empty: it has none."""
    asked = wants.yes_no or wants.digits or wants.date or wants.amount
    groups = (YES_NO,) if asked else (YES_NO, MENU)
    return sayings(language[:2], groups=groups, days=wants.date, amounts=wants.amount)


def repeated_words(language: str, wants: Wants) -> tuple[str, ...]:
    """Words that follow each other in any number, beside those utterances: digits, where digits are asked."""
    return DIGITS if wants.digits and language[:2] == "en" else ()

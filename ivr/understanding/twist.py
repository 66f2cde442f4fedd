"""What turns a meaning round though its words stand there: somebody else's word, a wish, a thing not done, a point that
comes last ("fifty a month is more than I can manage"). Rules as data, `[twists]` and `[harmless]` of a language's file;
they read the whole text, over its clauses, after rules and likeness have said what it sounds like.
"""

from __future__ import annotations

from datetime import date

from ivr.understanding.hearing import Hearing
from ivr.understanding.lexicon import ANY, NOTHING, Lexicon
from ivr.understanding.meaning import hearings
from ivr.understanding.words import clauses, whole

#: Nothing turns a cry round; what only sounds like one is cut out by `without_harmless`.
_CRY = "crisis"


def twisted(intent: str | None, text: str, own: Lexicon, today: date) -> str | None:
    """What is meant where `intent` is heard in a text; None: nothing. Most often the same."""
    if intent == _CRY:
        return intent
    heard = _whole(text, own, today)
    for name in (ANY, intent or NOTHING):
        for meant, alternatives in own.twists.get(name, ()):
            if heard is not None and any(heard.fulfils(rule) for rule in alternatives):
                return None if meant == NOTHING else meant
    return intent


def without_harmless(text: str, own: Lexicon, today: date) -> str | None:
    """A text without the turns of speech that only sound like a cry, as words; None where it has none."""
    heard = _whole(text, own, today)
    if heard is None:
        return None
    turns = [rule for rule in own.harmless if heard.fulfils(rule)]
    # what a turn needs besides only says that it is one
    cut = {n for rule in turns for start, end in heard.matches(rule.needed[0]) for n in range(start, end)}
    return " ".join(word for n, word in enumerate(heard.clause.words) if n not in cut) if cut else None


def without_unsaid(text: str, own: Lexicon, today: date) -> str | None:
    """A text without what is taken back and without clauses that are only said not to be meant, as words; None where it
    has none, or nothing else: "I'm not saying it's wrong, but I can't pay", "on Friday, no wait, on Monday"."""
    if (rest := _after_restart(text, own, today)) is not None:
        return rest
    heard = hearings(clauses(text, own), own, today)
    meant = [hearing for hearing in heard if not any(hearing.fulfils(rule) for rule in own.unsaid)]
    if not meant or len(meant) == len(heard):
        return None
    return " ".join(word for hearing in meant for word in hearing.clause.words)


def _after_restart(text: str, own: Lexicon, today: date) -> str | None:
    """What follows a restart; None where none is heard, or nothing stands before or after it."""
    heard = _whole(text, own, today)
    if heard is None:
        return None
    held = [rule for rule in own.restarts if heard.fulfils(rule)]
    spans = [min(heard.matches(rule.needed[0]), key=lambda span: (span[1], -span[0])) for rule in held]
    ends = [end for start, end in spans if start and end < len(heard.clause.words)]
    return " ".join(heard.clause.words[max(ends) :]) if ends else None


def _whole(text: str, own: Lexicon, today: date) -> Hearing | None:
    """The text as one clause; None where it has no word."""
    clause = whole(text, own)
    return hearings((clause,), own, today)[0] if clause.words else None

"""How far a guess is believed: what binds must be likelier than what does not, and likelier yet where it is hedged."""

from __future__ import annotations

from collections.abc import Sequence

from ivr.understanding.hearing import Hearing
from ivr.understanding.meaning import BINDING

#: How likely a guess must be: one that binds though something makes it less, one that binds, and any other. Chosen by
#: phrasings of writers whom the model had not read.
HEDGED, SURE, LIKELY = 0.7, 0.45, 0.2
#: And a cry: a false one costs somebody a question, one that is missed a life. At 0.3 a few more of unread cries were
#: heard, and one of 700 other sentences was taken for one.
CRY = 0.4
#: Of fewer words, none of which a rule knows ("everything", "twelve days"), nothing weighty is guessed.
FEWEST, WEIGHTY = 3, frozenset((*BINDING, "crisis", "hardship"))
#: Whoever says one of these may mean less than the words, or the opposite: "not", "if", "I thought", "he says", "half".
HEDGES = ("NOT", "IFW", "DOUBT", "SAYS", "ASKS", "HALF", "TRIED", "ONCE", "NEEDNOT")
#: Words of a condition behind its "if"; "good for me" is none.
_CONDITION = 2
#: Words of one short sentence.
_ONE_SENTENCE = 7


def needed(intent: str, heard: Sequence[Hearing]) -> float:
    """How likely a guess must be, 0 to 1, before it is believed."""
    # of many words some always sound like something else
    if hedged(intent, heard) or (intent in BINDING and _words(heard) > _ONE_SENTENCE):
        return HEDGED
    if intent == "crisis":
        return CRY
    return SURE if intent in BINDING else LIKELY


def hedged(intent: str, heard: Sequence[Hearing]) -> bool:
    """Whether it would bind somebody, and was said with a "not", a condition, a doubt or as another's word."""
    return intent in BINDING and any(hearing.spans(name) for hearing in heard for name in HEDGES)


def half_said(heard: Sequence[Hearing]) -> bool:
    """`Yes, if my wage comes`, `oui peut-être`, `I hope so`: a doubt, a hope, or a condition, which more than a word or
    two follow."""
    return any(
        hearing.spans("DOUBT")
        or hearing.spans("MAYBE")
        or any(len(hearing.clause.words) - end >= _CONDITION for _, end in hearing.spans("IFW"))
        for hearing in heard
    )


def said_what(heard: Sequence[Hearing]) -> bool:
    """One short sentence, or one with a sum of money in it: what somebody can't do any more may stand in it."""
    return _words(heard) <= _ONE_SENTENCE or any(hearing.spans("AMOUNT") for hearing in heard)


def _words(heard: Sequence[Hearing]) -> int:
    return sum(len(hearing.clause.words) for hearing in heard)


def unreal(heard: Sequence[Hearing]) -> bool:
    """`I would have paid`, `j'aurais payé`, `ich hätte bezahlt`: said of what did not happen."""
    return any(
        hearing.clause.words[n : n + len(form)] == form
        for hearing in heard
        for form in hearing.lexicon.unreal
        for n in range(len(hearing.clause.words))
    )

"""What the rules say, weighed by what such texts meant: doubted, replaced, or guessed where they say nothing."""

from __future__ import annotations

from ivr.understanding.answer import Understood, Wants
from ivr.understanding.belief import FEWEST, LIKELY, SURE, WEIGHTY, hedged, needed, said_what
from ivr.understanding.likeness import NOTHING, evidence, model
from ivr.understanding.meaning import BINDING
from ivr.understanding.ruling import FEW, ruled
from ivr.understanding.said import Said
from ivr.understanding.words import UNKNOWN, said_but

#: "Stop, wait": whoever says so may mean the calls, or only us.
STOPS = frozenset({"stop", "stopp", "stoppen", "arretez", "arrêtez", "arreter", "arrêter"})


def weighed(said: Said, wants: Wants, ruling: Understood | None) -> Understood | None:
    """What the rules say, weighed by what such texts meant: doubted, replaced, or guessed where they say nothing."""
    own, heard, words = said.own, said.heard, said.words
    if not words or (ruling is None and said_but(said.text, own) and len(words) <= FEW):
        return ruling
    if ruling is not None and ruling.intent == "wait" and not STOPS.isdisjoint(words):
        return Understood("stop")  # it is committed, and the question that undoes it is asked
    if ruling is not None and ruling.intent == "wait" and wants.yes_no:
        return ruling  # "no, wait" is not a no
    if ruling is not None and ruling.intent in ("crisis", "date", "amount", "digits", "option"):
        return ruling
    if ruling is not None and ruling.intent in said.found and said.found[ruling.intent].certain:
        return ruling
    if not model(own.language).knows(words):
        return ruling  # another language, or nothing to judge by
    plain = ruling if wants == Wants() else ruled(said, Wants())
    guess = model(own.language).guess(evidence(heard, said.found, plain.intent if plain else NOTHING))
    if ruling is not None and ruling.intent in ("yes", "no") and wants.yes_no:
        # an answer stays an answer, unless far more was said
        answers: tuple[str, ...] = ("yes", "no", NOTHING, "wrong_person" if ruling.intent == "no" else NOTHING)
        if ruling.intent == "no" and wants.date:
            answers = (*answers, "promise")  # "not on friday" promises no day
        more = guess.intent not in answers and guess.probability >= max(SURE, needed(guess.intent, heard))
        return said.means(guess.intent) if more else ruling
    if ruling is None and guess.intent in WEIGHTY and len(words) < FEWEST:
        return None
    if ruling is not None and ruling.intent == "pay" and ruling.slots and guess.intent == "plan":
        return ruling  # an amount, and no word of months: a part of it
    if guess.intent == "crisis" and said_what(heard):
        # "ik kan niet meer betalen", "… wachten": the "I can't any more" stands in it only by chance
        hardship = ruling is not None and ruling.intent == "hardship"
        if hardship and any(hearing.spans("PAY") for hearing in heard):
            return ruling
        if not own.errands.isdisjoint(words):
            return None if hardship else ruling
    enough = guess.probability >= needed(guess.intent, heard)
    if ruling is not None and guess.intent == ruling.intent:
        return ruling if enough or not hedged(guess.intent, heard) else None
    kind_told = ruling is not None and ruling.intent == wants.kind and UNKNOWN not in words
    if kind_told and (guess.intent == NOTHING or guess.probability < SURE):
        return ruling  # "yesterday" alone is like nothing, but it answers when it was paid
    if guess.intent == NOTHING:
        return None if guess.probability >= LIKELY or (ruling and ruling.intent in BINDING) else ruling
    if guess.intent in BINDING and UNKNOWN in words:
        return None  # it could be the "not"
    if enough:
        return said.means(guess.intent)
    return None if ruling is None or ruling.intent in BINDING else ruling

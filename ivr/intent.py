"""From words that a recogniser wrote down to what the caller wants. Pure, and it takes any text.

Each language is data (`ivr/understanding/nl.toml`); what cannot be told apart is not guessed: the dialogue asks again.
"""

from __future__ import annotations

from datetime import date

from ivr.understanding.answer import Understood, Wants
from ivr.understanding.belief import unreal
from ivr.understanding.foreign import familiar, sounds_like
from ivr.understanding.hesitation import Hesitation, hesitation
from ivr.understanding.lexicon import LANGUAGES, Lexicon, lexicon
from ivr.understanding.likeness import NOTHING, Evidence, evidence
from ivr.understanding.listening import phrases, repeated_words, whole_sayings
from ivr.understanding.meaning import BINDING
from ivr.understanding.ruling import FIRST, THEN, first, ruled
from ivr.understanding.said import Said, read, read_for
from ivr.understanding.slot import KIND_SLOT
from ivr.understanding.twist import twisted, without_harmless, without_unsaid
from ivr.understanding.weighing import weighed
from ivr.understanding.words import clauses

#: Heard in every language of ours, whatever the call's.
EVERYWHERE = ("crisis", "stop", "person", "language")


def understand(text: str, language: str, wants: Wants, today: date) -> Understood | None:
    """What a text means at a question; None where nothing was understood, or two meanings are as likely.

    `language`: one of the catalogue's, of which the first two letters count. `today`: the caller's local day.
    Raises `BadLexicon` for a language without words.
    """
    own = lexicon(language)
    if (taken := _taking_time(text, own, wants)) is not None:
        return taken
    said = read(text, own, today)
    understood = weighed(said, wants, ruled(said, wants))
    if understood is not None and understood.intent == "paid" and unreal(said.heard):
        understood = None
    if understood is not None and understood.intent in ("crisis", "deceased"):
        # a cry or a death that stands in a harmless turn of speech is none; another in the rest is heard
        rest = without_harmless(text, own, today)
        if rest is not None:  # a word alone, out of its sentence, says nothing
            return understand(rest, language, wants, today) if " " in rest else None
    elif (rest := without_unsaid(text, own, today)) is not None:
        meant = understand(rest, language, wants, today)
        if meant is not None or (understood is not None and understood.intent in BINDING):
            return meant
    understood = _turned_round(understood, said)
    settled = understood is not None and (understood.intent != "language" or bool(understood.slots))
    abroad = _abroad(text, own, today)
    cry = next((language for language, told in abroad.items() if told.intent == "crisis"), None)
    # "help me" asks for a person in Dutch; in words that are more English than Dutch it may be a cry
    if cry is not None and (not settled or familiar(text, cry) > familiar(text, own.language)):
        return abroad[cry]
    return next(iter(abroad.values())) if abroad and not settled else understood


def _turned_round(understood: Understood | None, said: Said) -> Understood | None:
    """What was meant by somebody who says it so."""
    intent = understood.intent if understood else None
    meant = twisted(intent, said.text, said.own, said.today)
    if meant == intent:
        return understood
    return said.means(meant) if meant else None


def _abroad(text: str, own: Lexicon, today: date) -> dict[str, Understood]:
    """What must be heard in every language of ours, by the language, where the text sounds like it."""
    found: dict[str, Understood] = {}
    for other in LANGUAGES:
        if other != own.language and sounds_like(text, other):
            said = read_for(EVERYWHERE, text, lexicon(other), today)
            if (foreign := first(said.found, EVERYWHERE)) is not None:
                found[other] = said.means(foreign.intent)
    return found


def words_of(text: str, language: str) -> tuple[str, ...]:
    """A text as words, in the letters in which they are compared."""
    return tuple(word for clause in clauses(text, lexicon(language)) for word in clause.words)


def evidence_of(text: str, language: str, today: date) -> Evidence:
    """What the likeness of a text is judged by."""
    said = read(text, lexicon(language), today)
    ruling = ruled(said, Wants())
    return evidence(said.heard, said.found, ruling.intent if ruling else NOTHING)


def _taking_time(text: str, own: Lexicon, wants: Wants) -> Understood | None:
    """Who only thinks aloud has decided nothing; who does not have the digits says so."""
    kind = hesitation(text, own)
    if kind is Hesitation.SOUND:
        return Understood("hesitation")
    if (kind is Hesitation.UNSURE and wants.digits) or (kind is Hesitation.LACKING and (wants.digits or wants.yes_no)):
        return Understood("no")
    if kind is Hesitation.THINKING or (kind is Hesitation.UNSURE and wants.yes_no):
        return Understood("wait")
    return None


__all__ = [
    "BINDING",
    "FIRST",
    "KIND_SLOT",
    "THEN",
    "Understood",
    "Wants",
    "phrases",
    "repeated_words",
    "understand",
    "whole_sayings",
]

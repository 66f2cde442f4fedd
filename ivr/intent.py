"""From words that a recogniser wrote down to what the caller wants. Pure, and it takes any text.

Each language is data (`ivr/understanding/nl.toml`); what cannot be told apart is not guessed: the dialogue asks again.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from ivr.understanding.answer import Understood, Wants, asked
from ivr.understanding.belief import FEWEST, LIKELY, SURE, WEIGHTY, hedged, needed, said_what, unreal
from ivr.understanding.foreign import familiar, sounds_like
from ivr.understanding.hearing import Hearing
from ivr.understanding.hesitation import Hesitation, hesitation
from ivr.understanding.lexicon import LANGUAGES, Lexicon, lexicon
from ivr.understanding.likeness import NOTHING, Evidence, evidence, model
from ivr.understanding.listening import phrases, repeated_words, whole_sayings
from ivr.understanding.meaning import BINDING, Meaning, hearings, meanings
from ivr.understanding.rule import Rule
from ivr.understanding.slot import KIND_SLOT, slots
from ivr.understanding.twist import twisted, without_harmless, without_unsaid
from ivr.understanding.words import UNKNOWN, clauses, said_but

#: These go before what the question asks, in this order.
FIRST = ("crisis", "representative", "deceased", "stop", "wrong_person", "person", "complaint")
#: These go even before what a rule leaves no doubt of.
_ABOVE_ALL = FIRST[:4]
#: What weighs the same is decided by this order; who names help or trouble is heard before who talks of paying.
THEN = (
    "wait", "hardship", "refuse", "paid", "invoice_missing", "dispute", "not_home", "plan", "promise", "later",
    "slower", "repeat", "genuine", "who", "language", "pay",
)  # fmt: skip
#: "Stop, wait": whoever says so may mean the calls, or only us.
STOPS = frozenset({"stop", "stopp", "stoppen", "arretez", "arrêtez", "arreter", "arrêter"})
#: Heard in every language of ours, whatever the call's.
EVERYWHERE = ("crisis", "stop", "person", "language")
#: Of these, two that weigh the same contradict each other: neither is believed.
RIVALS = frozenset(("paid", "dispute"))
#: A yes that nobody asked for stands alone, or nearly.
FEW = 4


def understand(text: str, language: str, wants: Wants, today: date) -> Understood | None:
    """What a text means at a question; None where nothing was understood, or two meanings are as likely.

    `language`: one of the catalogue's, of which the first two letters count. `today`: the caller's local day.
    Raises `BadLexicon` for a language without words.
    """
    own = lexicon(language)
    if (taken := _taking_time(text, own, wants)) is not None:
        return taken
    heard, found = _read(text, own, today)
    ruled = _ruled(heard, found, wants, today, own, text)
    understood = _weighed(heard, found, wants, today, own, text, ruled)
    if understood is not None and understood.intent == "paid" and unreal(heard):
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
    understood = _turned_round(understood, text, heard, own, today)
    settled = understood is not None and (understood.intent != "language" or bool(understood.slots))
    abroad = _abroad(text, own, today)
    cry = next((language for language, told in abroad.items() if told.intent == "crisis"), None)
    # "help me" asks for a person in Dutch; in words that are more English than Dutch it may be a cry
    if cry is not None and (not settled or familiar(text, cry) > familiar(text, own.language)):
        return abroad[cry]
    return next(iter(abroad.values())) if abroad and not settled else understood


def _turned_round(
    understood: Understood | None, text: str, heard: Sequence[Hearing], own: Lexicon, today: date
) -> Understood | None:
    """What was meant by somebody who says it so."""
    said = understood.intent if understood else None
    meant = twisted(said, text, own, today)
    if meant == said:
        return understood
    return _guessed(meant, heard, today) if meant else None


def _abroad(text: str, own: Lexicon, today: date) -> dict[str, Understood]:
    """What must be heard in every language of ours, by the language, where the text sounds like it."""
    found: dict[str, Understood] = {}
    for other in LANGUAGES:
        if other != own.language and sounds_like(text, other):
            foreign = _first(_heard_everywhere(text, lexicon(other), today), EVERYWHERE)
            if foreign is not None:
                heard = hearings(clauses(text, lexicon(other)), lexicon(other), today)
                found[other] = _with_slots(foreign, heard, today)
    return found


def words_of(text: str, language: str) -> tuple[str, ...]:
    """A text as words, in the letters in which they are compared."""
    return tuple(word for clause in clauses(text, lexicon(language)) for word in clause.words)


def evidence_of(text: str, language: str, today: date) -> Evidence:
    """What the likeness of a text is judged by."""
    own = lexicon(language)
    heard, found = _read(text, own, today)
    ruled = _ruled(heard, found, Wants(), today, own, text)
    return evidence(heard, found, ruled.intent if ruled else NOTHING)


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


Found = Mapping[str, Meaning]


def _read(text: str, own: Lexicon, today: date) -> tuple[Sequence[Hearing], Found]:
    """The clauses of a text, and all that the rules find in them."""
    heard = hearings(clauses(text, own), own, today)
    return heard, meanings(heard, {**own.rules, **_language_rules(own)})


def _weighed(
    heard: Sequence[Hearing], found: Found, wants: Wants, today: date, own: Lexicon, text: str, ruled: Understood | None
) -> Understood | None:
    """What the rules say, weighed by what such texts meant: doubted, replaced, or guessed where they say nothing."""
    words = [word for hearing in heard for word in hearing.clause.words]
    if not words or (ruled is None and said_but(text, own) and len(words) <= FEW):
        return ruled
    if ruled is not None and ruled.intent == "wait" and not STOPS.isdisjoint(words):
        return Understood("stop")  # it is committed, and the question that undoes it is asked
    if ruled is not None and ruled.intent == "wait" and wants.yes_no:
        return ruled  # "no, wait" is not a no
    if ruled is not None and ruled.intent in ("crisis", "date", "amount", "digits", "option"):
        return ruled
    if ruled is not None and ruled.intent in found and found[ruled.intent].certain:
        return ruled
    if not model(own.language).knows(words):
        return ruled  # another language, or nothing to judge by
    plain = ruled if wants == Wants() else _ruled(heard, found, Wants(), today, own, text)
    guess = model(own.language).guess(evidence(heard, found, plain.intent if plain else NOTHING))
    if ruled is not None and ruled.intent in ("yes", "no") and wants.yes_no:
        # an answer stays an answer, unless far more was said
        answers: tuple[str, ...] = ("yes", "no", NOTHING, "wrong_person" if ruled.intent == "no" else NOTHING)
        if ruled.intent == "no" and wants.date:
            answers = (*answers, "promise")  # "not on friday" promises no day
        more = guess.intent not in answers and guess.probability >= max(SURE, needed(guess.intent, heard))
        return _guessed(guess.intent, heard, today) if more else ruled
    if ruled is None and guess.intent in WEIGHTY and len(words) < FEWEST:
        return None
    if ruled is not None and ruled.intent == "pay" and ruled.slots and guess.intent == "plan":
        return ruled  # an amount, and no word of months: a part of it
    if guess.intent == "crisis" and said_what(heard):
        # "ik kan niet meer betalen", "… wachten": the "I can't any more" stands in it only by chance
        hardship = ruled is not None and ruled.intent == "hardship"
        if hardship and any(hearing.spans("PAY") for hearing in heard):
            return ruled
        if not own.errands.isdisjoint(words):
            return None if hardship else ruled
    enough = guess.probability >= needed(guess.intent, heard)
    if ruled is not None and guess.intent == ruled.intent:
        return ruled if enough or not hedged(guess.intent, heard) else None
    kind_told = ruled is not None and ruled.intent == wants.kind and UNKNOWN not in words
    if kind_told and (guess.intent == NOTHING or guess.probability < SURE):
        return ruled  # "yesterday" alone is like nothing, but it answers when it was paid
    if guess.intent == NOTHING:
        return None if guess.probability >= LIKELY or (ruled and ruled.intent in BINDING) else ruled
    if guess.intent in BINDING and UNKNOWN in words:
        return None  # it could be the "not"
    if enough:
        return _guessed(guess.intent, heard, today)
    return None if ruled is None or ruled.intent in BINDING else ruled


def _guessed(intent: str, heard: Sequence[Hearing], today: date) -> Understood:
    return _with_slots(Meaning(intent, 0, "likeness"), heard, today)


def _ruled(
    heard: Sequence[Hearing], found: Found, wants: Wants, today: date, own: Lexicon, text: str
) -> Understood | None:
    """What the rules alone say."""
    if said_but(text, own):
        # "Ja maar" takes the yes back.
        found = {name: m for name, m in found.items() if name not in ("yes", "no") or _after_but(heard, name)}
    first = _first(found, _ABOVE_ALL) or _certain(found) or _first(found, FIRST)
    if first and not _only_a_no(first, found, wants):
        return _with_slots(first, heard, today)
    answer = asked(heard, found, wants, today)
    if answer is not None:
        return answer
    rest = _heaviest(found, sum(len(hearing.clause.words) for hearing in heard))
    return _with_slots(rest, heard, today) if rest else None


def _first(found: Mapping[str, Meaning], names: Sequence[str]) -> Meaning | None:
    return next((found[name] for name in names if name in found), None)


def _certain(found: Found) -> Meaning | None:
    """What a rule leaves no doubt of."""
    return max((one for one in found.values() if one.certain), key=lambda one: one.weight, default=None)


def _heaviest(found: Mapping[str, Meaning], words: int) -> Meaning | None:
    rest = [found[name] for name in THEN if name in found]
    if not rest:
        # A yes or a no that nobody asked for is heard where nothing else was said.
        rest = [found[name] for name in ("yes", "no") if name in found] if words <= FEW else []
    if not rest:
        return None
    most = max(meaning.weight for meaning in rest)
    top = [meaning for meaning in rest if meaning.weight == most]
    said = {meaning.intent for meaning in top}
    return None if len(RIVALS & said) > 1 or said == {"yes", "no"} else top[0]


def _only_a_no(first: Meaning, found: Mapping[str, Meaning], wants: Wants) -> bool:
    """`Nee, dat ben ik niet` to "are you …" is a no, not yet a wrong number."""
    no = found.get("no")
    return wants.yes_no and first.intent == "wrong_person" and no is not None and no.weight >= first.weight


def _after_but(heard: Sequence[Hearing], name: str) -> bool:
    return name in meanings(heard[-1:], {name: heard[-1].lexicon.rules[name]}) if len(heard) > 1 else False


def _language_rules(own: Lexicon) -> dict[str, tuple[Rule, ...]]:
    return {"language": tuple(r for name, rules in own.kinds.items() if name.startswith("language.") for r in rules)}


def _heard_everywhere(text: str, other: Lexicon, today: date) -> dict[str, Meaning]:
    rules = {**{name: other.rules[name] for name in EVERYWHERE if name in other.rules}, **_language_rules(other)}
    return meanings(hearings(clauses(text, other), other, today), rules)


def _with_slots(meaning: Meaning, heard: Sequence[Hearing], today: date) -> Understood:
    return Understood(meaning.intent, slots(meaning.intent, heard, today, heard[0].lexicon))


__all__ = [
    "BINDING",
    "KIND_SLOT",
    "Understood",
    "Wants",
    "phrases",
    "repeated_words",
    "understand",
    "whole_sayings",
]

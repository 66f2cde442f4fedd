"""What a question wants in words, and the answer to it: yes or no, a day, an amount, digits, one of its choices."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from ivr.understanding.amount import one_amount, sure_amount
from ivr.understanding.belief import half_said
from ivr.understanding.choice import chosen, chosen_one
from ivr.understanding.digits import digits
from ivr.understanding.hearing import Hearing
from ivr.understanding.hesitation import plain_answers
from ivr.understanding.lexicon import Lexicon
from ivr.understanding.meaning import Meaning
from ivr.understanding.number import number_of
from ivr.understanding.slot import KIND_SLOT, Slots, kind_of, times_said
from ivr.understanding.spoken_date import denies_a_day, gone_day, one_date

#: One euro in cents: what an article alone would be read as.
_ONE = 100
_LONGEST_MONTH = 31


@dataclass(frozen=True, kw_only=True)
class Wants:
    """What answers the open question, beside the intents, which always may be said."""

    yes_no: bool = False
    date: bool = False
    amount: bool = False
    #: The yes binds money or a date: one with a condition, a doubt or an "I can't" is none.
    binds: bool = False
    #: How many digits; 0: none are asked.
    digits: int = 0
    #: The intent whose kind is asked: `paid` (when?) or `dispute` (what?); empty: none.
    kind: str = ""
    #: The names of the menu's choices, in the order of their keys.
    options: tuple[str, ...] = ()


@dataclass(frozen=True)
class Understood:
    """An intent and its slots, as `ivr.heard.Words` carries them."""

    intent: str
    slots: Slots = ()


def asked(heard: Sequence[Hearing], found: Mapping[str, Meaning], wants: Wants, today: date) -> Understood | None:
    """The answer to the open question itself; None where the words hold none."""
    parts = [hearing.clause.words for hearing in heard]
    words = tuple(word for part in parts for word in part)
    if not words:
        return None
    own = heard[0].lexicon
    told = [_besides_waiting(part, own) for part in parts] if "wait" in found else parts
    # "No, on Friday", "no, wait, fifty": what is told with it is the answer
    if wants.yes_no and wants.date and (named := one_date(told, today, own)):
        return _day(named, words, own)
    flat = tuple(word for part in told for word in part)
    if wants.yes_no and wants.amount and (minor := _amount(heard, flat, wants, own)):
        return Understood("amount", (("minor", str(minor)),))
    if wants.yes_no and "wait" in found:
        return Understood("wait")
    if wants.yes_no and wants.options and (one := chosen_one(heard, wants.options)):
        return Understood("option", (("n", str(one)),))
    if wants.yes_no and wants.date and denies_a_day(parts, today, own):
        return Understood("no")
    if wants.yes_no:
        yes, no = (found[name].weight if name in found else 0 for name in ("yes", "no"))
        if wants.binds and (_both(words, own) or (yes > no and (half_said(heard) or "hardship" in found))):
            return Understood("wait")
        if yes != no and not _asks(heard, words, own):
            return Understood("yes" if yes > no else "no")
    return _told(heard, words, wants, today, own)


def _both(words: tuple[str, ...], own: Lexicon) -> bool:
    """`Nee, ja`, `oui, enfin, non`: nobody knows which of them holds."""
    said = plain_answers(own).intersection(words)
    noes = {rule.needed[0].parts[0] for rule in own.rules["no"] if len(rule.needed) == len(rule.needed[0].parts) == 1}
    return bool(said & noes) and bool(said - noes)


def _asks(heard: Sequence[Hearing], words: tuple[str, ...], own: Lexicon) -> bool:
    """`What happens if I don't pay`: a question of theirs, and no plain yes or no in it."""
    return plain_answers(own).isdisjoint(words) and any(hearing.spans("ASKS") for hearing in heard)


def _told(
    heard: Sequence[Hearing], words: tuple[str, ...], wants: Wants, today: date, own: Lexicon
) -> Understood | None:
    """A kind, a day, digits, an amount or a choice."""
    parts = [hearing.clause.words for hearing in heard]
    if wants.kind and (kind := kind_of(wants.kind, heard, own)):
        return Understood(wants.kind, ((KIND_SLOT[wants.kind], kind),))
    # "The twenty-fifth" is a day, also where the digits of one may be said
    if wants.digits and wants.date and (named := one_date(parts, today, own)):
        return _day(named, words, own)
    if wants.amount and (minor := sure_amount(words, own.numbers)):
        return Understood("amount", (("minor", str(minor)),))
    if wants.amount and not wants.date and (count := times_said(heard)):
        return Understood("plan", (("count", str(count)),))
    # Of an amount, digits are said one by one: "twenty fifty" is no 2050
    apart = not wants.amount or len(words) >= wants.digits
    if wants.digits and apart and (said := digits(words, wants.digits, own.numbers)) and not _beyond(said, wants):
        return Understood("digits", (("digits", said),))
    day = (gone_day(words, today, own) or one_date(parts, today, own, bare=True)) if wants.date else None
    option = chosen(heard, wants.options)
    if day and option:
        return None
    if day:
        return _day(day, words, own)
    if wants.amount and (minor := _amount(heard, words, wants, own)):
        return Understood("amount", (("minor", str(minor)),))
    return Understood("option", (("n", str(option)),)) if option else None


def _besides_waiting(words: tuple[str, ...], own: Lexicon) -> tuple[str, ...]:
    """Without what asks for time: "a second" is no day of the month, "one moment" no euro."""
    numbers = own.numbers
    return tuple(word for word in words if word not in numbers.ordinals and number_of((word,), numbers) != 1)


def _beyond(said: str, wants: Wants) -> bool:
    """Digits of no day of any month, where a day or an amount is wanted: "no, rather forty"."""
    return wants.date and wants.amount and int(said) > _LONGEST_MONTH


def _amount(heard: Sequence[Hearing], words: tuple[str, ...], wants: Wants, own: Lexicon) -> int | None:
    """An amount in cents; where a day may be told too, a number alone is none, and an article never is.

    Nor is the number of "in three times".
    """
    sure = sure_amount(words, own.numbers)
    if sure or (wants.date and not wants.digits) or times_said(heard):
        return sure
    found = one_amount(words, own.numbers)
    return None if found == _ONE and any((word,) in own.calendar.small["a"] for word in words) else found


def _day(day: date, words: tuple[str, ...], own: Lexicon) -> Understood:
    """A day, and how much on it where that was said too."""
    minor = sure_amount(words, own.numbers)
    amount = (("minor", str(minor)),) if minor else ()
    return Understood("date", (("date", day.isoformat()), *amount))

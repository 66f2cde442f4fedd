"""What stands in a slot, as people say it and as they read it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, time
from functools import cache

from ledger.money import Money
from voices import catalogue
from voices.errors import UnknownPrompt
from voices.languages import Said, Tongue, tongue
from voices.prompt import Choice, Count, Digits, Name, Ordinal, Phone, Sentences, Slot, Spoken
from voices.speakable import fixed_text, name_text
from voices.template import Fixed, parse


def said(slot: Slot, language: str, form: str = "") -> Said:
    """The words of a slot in a language, with its rests. `form`: `weekday` or `year` for a date, else empty.

    Raises `UnknownPrompt` for what can't be spoken; `Sentences` are prompts of their own and have no words here.
    """
    speaker = tongue(language)
    _check_form(slot, form)
    match slot:
        case Money():
            return speaker.say_money(slot)
        case date():
            return speaker.say_date(slot, form)
        case time():
            return speaker.say_time(slot)
        case Digits(text):
            return speaker.say_digits(text)
        case Phone(e164):
            return speaker.say_phone(e164)
        case Count(n):
            return speaker.number(n)
        case Ordinal(n):
            return (speaker.ordinal(n),)
        case Choice(key):
            return (fixed_text(catalogue.word(language, key), language),)
        case Name(text):
            return (_some(name_text(text, language), "a name"),)
        case _:
            raise UnknownPrompt(f"{type(slot).__name__} is nothing that a slot can hold")


def in_writing(spoken: Spoken, language: str) -> str:
    """A prompt as people read it: `Het bedrag is € 85,50.` For the terminal and for messages.

    Raises `UnknownPrompt` for a prompt or slot that the catalogue doesn't have.
    """
    speaker = tongue(language)
    written = ""
    for part in parse(catalogue.text(language, spoken.key)).filled_by(spoken.slots):
        if isinstance(part, Fixed):
            # A sentence that ends in a filled-in one, or in a name like "N.V.", has one full stop.
            doubled = written.endswith(".") and part.text.startswith(".")
            written += part.text[1:] if doubled else part.text
        else:
            written += _written(spoken.slots[part.slot], language, part.form, speaker)
    return " ".join(written.split())


def _written(slot: Slot, language: str, form: str, speaker: Tongue) -> str:
    _check_form(slot, form)
    match slot:
        case Money():
            return speaker.write_money(slot)
        case date():
            return speaker.write_date(slot, form)
        case time():
            return speaker.write_time(slot)
        case Phone(e164):
            return speaker.write_phone(e164)
        case Count(n):
            return str(n)
        case Ordinal(n):
            return speaker.write_ordinal(n)
        case Choice(key):
            return catalogue.word(language, key)
        case Sentences(parts):
            return " ".join(in_writing(part, language) for part in parts)
        case Name(text) | Digits(text):
            return _some(text, "a name or reference")
        case _:
            raise UnknownPrompt(f"{type(slot).__name__} is nothing that a slot can hold")


def _check_form(slot: object, form: str) -> None:
    if isinstance(slot, datetime):
        raise UnknownPrompt("a slot holds a date or a time of day, never an instant")
    if form and not isinstance(slot, date):
        raise UnknownPrompt(f"{type(slot).__name__} has no {form}")


def _some(text: str, what: str) -> str:
    if not text.strip():
        raise UnknownPrompt(f"{what} is empty, or has nothing that can be spoken")
    return text


@cache
def closed_words(language: str) -> tuple[str, ...]:
    """Every word of which amounts below a million euro, dates, times, digits and choices are put together."""
    speaker = tongue(language)
    wholes = (*range(1000), *range(1000, 10_000, 1000), 1001, 10_000, 10_001, 80_000, 101_000, 200_000)
    said_things: list[Iterable[object]] = [speaker.say_money(Money(whole * 100)) for whole in wholes]
    said_things += [speaker.say_money(Money(cents)) for cents in range(100)]
    said_things += [speaker.say_money(Money(100 + cents)) for cents in range(100)]
    said_things += [speaker.number(n) for n in wholes]
    said_things += [speaker.year(n) for n in range(2010, 2050)]
    for month in range(1, 13):
        days = [date(2028, month, day) for day in range(1, 29)]
        said_things += [speaker.say_date(day, "weekday") for day in days]
    said_things += [speaker.say_date(date(2028, 1, day)) for day in (29, 30, 31)]
    said_things += [[speaker.ordinal(day)] for day in range(1, 32)]
    said_things += [speaker.say_time(time(hour, minute)) for hour in range(24) for minute in (0, 5, 30)]
    said_things += [speaker.say_digits("0123456789 abcdefghijklmnopqrstuvwxyz"), [speaker.plus]]
    said_things += [said(Choice(key), language) for key in catalogue.words(language)]
    return tuple(dict.fromkeys(word for words in said_things for word in words if isinstance(word, str)))

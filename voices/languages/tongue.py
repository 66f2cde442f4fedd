"""What every language can say: numbers, amounts, dates, times, digits and telephone numbers, as words.

What is said is a tuple of words from a closed set, each rendered once, and gaps that are a little longer than those
between words. Money is given as whole cents: num2words takes an int of cents for an amount a hundred times too small.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, time
from enum import Enum
from functools import cache
from typing import ClassVar

import phonenumbers
from babel.dates import format_date, get_day_names, get_month_names
from babel.numbers import format_currency
from num2words2 import num2words

from ledger.money import Money
from voices.errors import UnknownPrompt


class Gap(Enum):
    """A rest inside what is said."""

    #: Between two digits that people may write down.
    DIGIT = "digit"
    #: Between two groups of digits.
    GROUP = "group"


Said = tuple[str | Gap, ...]
Words = tuple[str, ...]


@dataclass(frozen=True)
class Unit:
    """How a currency is called: one and many, and the same for its hundredth part."""

    one: str
    many: str
    cent: str
    cents: str


@cache
def cardinal(n: int, language: str) -> str:
    """A whole number in num2words' words."""
    return str(num2words(n, lang=language))


@cache
def ordinal(n: int, language: str) -> str:
    """An ordinal in num2words' words."""
    return str(num2words(n, lang=language, to="ordinal"))


class Tongue(ABC):
    """One language as it is spoken and written. Subclasses say what is particular to it."""

    #: Babel's locale: `nl_BE`.
    locale: str
    #: The country whose numbers are said without their country code, if the language names one.
    country: str | None
    plus: str
    #: What "&" is called.
    ampersand: str
    #: What the dot of an internet address is called.
    dot: str
    #: Written so, said so: words that the voice reads wrong.
    said_as: ClassVar[Mapping[str, str]]
    #: The last word of a firm's name, in lower case, and how it is said.
    legal_forms: ClassVar[Mapping[str, str]]
    units: ClassVar[Mapping[str, Unit]]

    @abstractmethod
    def small(self, n: int) -> str:
        """A number below a hundred: one word."""

    @abstractmethod
    def number(self, n: int) -> Words:
        """A whole number, 0 to 999 999 999."""

    @abstractmethod
    def year(self, n: int) -> Words:
        """A year."""

    @abstractmethod
    def ordinal(self, n: int) -> str:
        """A day of the month as it stands in a sentence of ours."""

    @abstractmethod
    def day_and_month(self, day: date) -> Words:
        """A date without its year."""

    @abstractmethod
    def say_time(self, at: time) -> Words:
        """A time of day."""

    @abstractmethod
    def amount(self, whole: int, cents: int, unit: Unit) -> Words:
        """An amount, of which one part at least is more than nothing."""

    @abstractmethod
    def write_time(self, at: time) -> str:
        """A time of day, in writing."""

    @abstractmethod
    def write_ordinal(self, n: int) -> str:
        """A day of the month, in writing."""

    def say_money(self, amount: Money) -> Words:
        """An amount as people say it: no zero cents, and cents alone below one whole. Raises `UnknownPrompt`."""
        unit = self.units.get(amount.currency)
        if unit is None or amount.minor < 0:
            raise UnknownPrompt(f"an amount of {amount} can't be spoken")
        whole, cents = divmod(amount.minor, 100)
        return self.amount(whole, cents, unit)

    def say_date(self, day: date, form: str = "") -> Words:
        """A date; `form` adds its day of the week or its year."""
        said = self.day_and_month(day)
        if form == "weekday":
            return (self.weekday(day), *said)
        return (*said, *self.year(day.year)) if form == "year" else said

    def weekday(self, day: date) -> str:
        """The day of the week, as it stands before a date."""
        return self.day_name(day)

    def day_name(self, day: date) -> str:
        return str(get_day_names("wide", locale=self.locale)[day.weekday()])

    def month_name(self, day: date) -> str:
        return str(get_month_names("wide", locale=self.locale)[day.month])

    def character(self, sign: str) -> str:
        """One digit or letter; a voice that gets a single letter spells it."""
        return self.small(int(sign)) if sign.isdigit() else sign.lower()

    def say_digits(self, text: str) -> Said:
        """Characters one by one, with a rest between the groups in which they are printed."""
        said: list[str | Gap] = []
        for group in groups(text):
            said += [Gap.GROUP] if said else []
            for n, sign in enumerate(group):
                said += [Gap.DIGIT] if n else []
                said.append(self.character(sign))
        return tuple(said)

    def say_phone(self, e164: str) -> Said:
        """A telephone number as people of the language group it. Raises `UnknownPrompt`."""
        written = self.write_phone(e164)
        said = self.phone_groups(written.lstrip("+"))
        return (self.plus, Gap.DIGIT, *said) if written.startswith("+") else said

    def phone_groups(self, written: str) -> Said:
        """The groups of a written number."""
        return self.say_digits(written)

    def write_phone(self, e164: str) -> str:
        """Nationally where caller and language share a country, else with the country's code."""
        try:
            number = phonenumbers.parse(e164)
        except phonenumbers.NumberParseException:
            raise UnknownPrompt("a telephone number is not in E.164") from None
        national = self.country is not None and phonenumbers.region_code_for_number(number) == self.country
        style = phonenumbers.PhoneNumberFormat
        return phonenumbers.format_number(number, style.NATIONAL if national else style.INTERNATIONAL)

    def write_money(self, amount: Money) -> str:
        """An amount, in writing."""
        return plain_spaces(format_currency(amount.decimal, amount.currency, locale=self.locale))

    def write_date(self, day: date, form: str = "") -> str:
        """A date, in writing."""
        pattern = {"weekday": "EEEE d MMMM", "year": "d MMMM y"}.get(form, "d MMMM")
        return str(format_date(day, pattern, locale=self.locale))


def plain_spaces(text: str) -> str:
    """No-break and narrow spaces become plain ones."""
    return " ".join(text.split())


def groups(text: str) -> list[str]:
    """The letters and digits of a printed reference in its groups; what is printed as one long row is cut in fours.

    `+++090/9337/55493+++` has three groups, `BE68539007547034` four.
    """
    printed = "".join(sign if sign.isascii() and sign.isalnum() else " " for sign in text).split()
    cut = [[group[n : n + 4] for n in range(0, len(group), 4)] if len(group) > 6 else [group] for group in printed]
    return [group for pieces in cut for group in pieces]

"""French, as it is said in Belgium (septante, nonante) and in France.

A number and what it counts are one word to render, so that they are bound as in speech: "deux‿euros", "neuf‿heures".
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, time
from typing import ClassVar

from voices.languages.tongue import Gap, Said, Tongue, Unit, Words, cardinal, groups


class French(Tongue):
    """`mille deux cent trente-quatre euros cinquante`, `premier décembre`, `dix-sept heures trente`."""

    plus = "plus"
    ampersand = "et"
    dot = "point"
    said_as: ClassVar[Mapping[str, str]] = {
        "CPAS": "C P A S",
        "e-mail": "imèle",
    }
    legal_forms: ClassVar[Mapping[str, str]] = {
        "sa": "S A",
        "srl": "S R L",
        "sprl": "S P R L",
        "sas": "S A S",
        "asbl": "A S B L",
    }
    units: ClassVar[Mapping[str, Unit]] = {
        "EUR": Unit("euro", "euros", "centime", "centimes"),
        "GBP": Unit("livre", "livres", "penny", "pence"),
        "USD": Unit("dollar", "dollars", "cent", "cents"),
        "CHF": Unit("franc", "francs", "centime", "centimes"),
    }
    #: Nouns before which one is "une".
    _feminine = frozenset({"livre", "heure"})

    def __init__(self, country: str) -> None:
        self.country = country
        self.locale = f"fr_{country}"

    def small(self, n: int) -> str:
        # num2words' own Belgian has "quatre-vingt et un" and "quatre-vingt": only its tens of 70 and 90 are taken.
        belgian = self.country == "BE" and n // 10 in (7, 9)
        return cardinal(n, "fr_BE" if belgian else "fr").replace("-et-", " et ")

    def number(self, n: int) -> Words:
        millions, rest = divmod(n, 1_000_000)
        thousands, rest = divmod(rest, 1000)
        words: Words = (*self.number(millions), "million" if millions == 1 else "millions") if millions else ()
        if 1 <= thousands < 10:
            words += ("mille" if thousands == 1 else f"{self.small(thousands)} mille",)
        elif thousands:
            words += (*(self._unmarked(word) for word in self.number(thousands)), "mille")
        hundreds, ones = divmod(rest, 100)
        if hundreds:
            plural = "s" if hundreds > 1 and not ones else ""
            words += ("cent" if hundreds == 1 else f"{self.small(hundreds)} cent{plural}",)
        return (*words, self.small(ones)) if ones or not words else words

    def year(self, n: int) -> Words:
        return self.number(n)

    def ordinal(self, n: int) -> str:
        return "premier" if n == 1 else self.small(n)

    def day_and_month(self, day: date) -> Words:
        return (self.ordinal(day.day), self.month_name(day))

    def say_time(self, at: time) -> Words:
        if at.hour == 0 and at.minute == 0:
            return ("minuit",)
        hour = self._counted((self.small(at.hour),), "heure" if at.hour < 2 else "heures", "heure")
        return (*hour, *((self.small(at.minute),) if at.minute else ()))

    def amount(self, whole: int, cents: int, unit: Unit) -> Words:
        said: Words = ()
        if whole or not cents:
            # Nothing and one are singular in French.
            said = self._counted(self.number(whole), unit.one if whole < 2 else unit.many, unit.one)
        coins = self._counted((self.small(cents),), unit.cent if cents < 2 else unit.cents, unit.cent)
        if not whole and cents:
            return coins
        if 0 < cents < 10:
            return (*said, "et", *coins)
        return (*said, self.small(cents)) if cents else said

    def _counted(self, number: Words, noun: str, singular: str) -> Words:
        *first, last = number
        if singular in self._feminine and (last == "un" or last.endswith(" un")):
            last += "e"
        if last in ("million", "millions"):
            noun = f"d'{noun}" if noun[0] in "aeiou" else f"de {noun}"
        return (*first, f"{last} {noun}")

    @staticmethod
    def _unmarked(word: str) -> str:
        # "quatre-vingt mille", "deux cent mille": no s before mille.
        return word[:-1] if word.endswith(("vingts", "cents")) else word

    def phone_groups(self, written: str) -> Said:
        """In pairs and threes, each a number: `zéro quatre cent septante, douze, trente-quatre`."""
        said: list[str | Gap] = []
        for group in groups(written):
            said += [Gap.GROUP] if said else []
            said += self.digit_group(group)
        return tuple(said)

    def digit_group(self, group: str) -> Words:
        """One group of digits as a number: `0470` is "zéro quatre cent septante", `3114` "trente et un quatorze"."""
        zeros = len(group) - len(group.lstrip("0"))
        rest = group[zeros:]
        said = (self.small(0),) * zeros
        if len(rest) > 3:
            pairs = (rest[n : n + 2] for n in range(0, len(rest), 2))
            return (*said, *(word for pair in pairs for word in self.digit_group(pair)))
        return (*said, *self.number(int(rest))) if rest else said

    def write_time(self, at: time) -> str:
        return f"{at.hour} h {at.minute:02}" if at.minute else f"{at.hour} h"

    def write_ordinal(self, n: int) -> str:
        return "1er" if n == 1 else str(n)

    def write_date(self, day: date, form: str = "") -> str:
        written = super().write_date(day, form)
        return written.replace("1 ", "1er ", 1) if day.day == 1 else written

"""German. Ordinals and dates stand in the dative or accusative: our texts write "am", "vom", "bis zum" before them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, time
from typing import ClassVar

from babel.dates import format_date

from voices.languages.tongue import Tongue, Unit, Words, cardinal, ordinal


class German(Tongue):
    """`eintausend zweihundert vierunddreißig Euro und fünfzig Cent`, `fünften Dezember`, `siebzehn Uhr dreißig`."""

    locale = "de_DE"
    country = "DE"
    plus = "plus"
    ampersand = "und"
    dot = "Punkt"
    said_as: ClassVar[Mapping[str, str]] = {
        "PIN": "Pin",
        "Gebr": "Gebrüder",
    }
    legal_forms: ClassVar[Mapping[str, str]] = {
        "gmbh": "G M B H",
        "ag": "A G",
        "kg": "K G",
        "ug": "U G",
        "eg": "E G",
    }
    units: ClassVar[Mapping[str, Unit]] = {
        "EUR": Unit("Euro", "Euro", "Cent", "Cent"),
        "GBP": Unit("Pfund", "Pfund", "Penny", "Pence"),
        "USD": Unit("Dollar", "Dollar", "Cent", "Cent"),
        "CHF": Unit("Franken", "Franken", "Rappen", "Rappen"),
    }

    def small(self, n: int) -> str:
        return cardinal(n, "de")

    def number(self, n: int) -> Words:
        millions, rest = divmod(n, 1_000_000)
        thousands, rest = divmod(rest, 1000)
        words: Words = ()
        if millions:
            words = ("eine Million",) if millions == 1 else (*self.number(millions), "Millionen")
        if 1 <= thousands < 10:
            words += ("eintausend" if thousands == 1 else f"{self.small(thousands)}tausend",)
        elif thousands:
            words += (*self._counting(self.number(thousands)), "tausend")
        hundreds, ones = divmod(rest, 100)
        if hundreds:
            words += ("einhundert" if hundreds == 1 else f"{self.small(hundreds)}hundert",)
        return (*words, self.small(ones)) if ones or not words else words

    @staticmethod
    def _counting(number: Words) -> Words:
        # Before what it counts, "eins" is "ein": einhundertein Euro, einhunderteintausend.
        return (*number[:-1], "ein") if number[-1] == "eins" else number

    def year(self, n: int) -> Words:
        century, rest = divmod(n, 100)
        if 11 <= century < 20:
            return (f"{self.small(century)}hundert", *((self.small(rest),) if rest else ()))
        return self.number(n)

    def ordinal(self, n: int) -> str:
        return f"{ordinal(n, 'de')}n"

    def day_and_month(self, day: date) -> Words:
        return (self.ordinal(day.day), self.month_name(day))

    def weekday(self, day: date) -> str:
        return f"{self.day_name(day)}, den"

    def say_time(self, at: time) -> Words:
        hour = "ein" if at.hour == 1 else self.small(at.hour)
        return (hour, "Uhr", *((self.small(at.minute),) if at.minute else ()))

    def amount(self, whole: int, cents: int, unit: Unit) -> Words:
        coins = (*self._counting((self.small(cents),)), unit.cent if cents == 1 else unit.cents)
        if not whole and cents:
            return coins
        said = (*self._counting(self.number(whole)), unit.one if whole == 1 else unit.many)
        return (*said, "und", *coins) if cents else said

    def write_time(self, at: time) -> str:
        return f"{at.hour}:{at.minute:02} Uhr" if at.minute else f"{at.hour} Uhr"

    def write_ordinal(self, n: int) -> str:
        return f"{n}."

    def write_date(self, day: date, form: str = "") -> str:
        pattern = {"weekday": "EEEE, 'den' d. MMMM", "year": "d. MMMM y"}.get(form, "d. MMMM")
        return str(format_date(day, pattern, locale=self.locale))

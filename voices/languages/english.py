"""English, for people in countries where it is nobody's first language: no country's own numbers."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, time
from typing import ClassVar

from voices.languages.tongue import Tongue, Unit, Words, cardinal, ordinal


class English(Tongue):
    """`one thousand two hundred and thirty-four euros and fifty cents`, `fifth of December`."""

    locale = "en_GB"
    country = None
    plus = "plus"
    ampersand = "and"
    dot = "dot"
    said_as: ClassVar[Mapping[str, str]] = {
        "UK": "U K",
        "US": "U S",
    }
    legal_forms: ClassVar[Mapping[str, str]] = {
        "ltd": "limited",
        "plc": "P L C",
        "inc": "incorporated",
    }
    units: ClassVar[Mapping[str, Unit]] = {
        "EUR": Unit("euro", "euros", "cent", "cents"),
        "GBP": Unit("pound", "pounds", "penny", "pence"),
        "USD": Unit("dollar", "dollars", "cent", "cents"),
        "CHF": Unit("franc", "francs", "rappen", "rappen"),
    }

    def small(self, n: int) -> str:
        return cardinal(n, "en")

    def number(self, n: int) -> Words:
        millions, rest = divmod(n, 1_000_000)
        thousands, rest = divmod(rest, 1000)
        words: Words = (*self.number(millions), "million") if millions else ()
        if 1 <= thousands < 10:
            words += (f"{self.small(thousands)} thousand",)
        elif thousands:
            words += (*self.number(thousands), "thousand")
        hundreds, ones = divmod(rest, 100)
        if hundreds:
            words += (f"{self.small(hundreds)} hundred{' and' if ones else ''}",)
        elif words and ones:
            words += ("and",)
        return (*words, self.small(ones)) if ones or not words else words

    def year(self, n: int) -> Words:
        century, rest = divmod(n, 100)
        if n % 1000 < 10 or not 10 <= century < 100:
            return self.number(n)
        if rest == 0:
            return (f"{self.small(century)} hundred",)
        return (self.small(century), *(("oh",) if rest < 10 else ()), self.small(rest))

    def ordinal(self, n: int) -> str:
        return ordinal(n, "en")

    def day_and_month(self, day: date) -> Words:
        return (self.ordinal(day.day), f"of {self.month_name(day)}")

    def weekday(self, day: date) -> str:
        return f"{self.day_name(day)} the"

    def say_time(self, at: time) -> Words:
        if at.minute == 0 and at.hour in (0, 12):
            return ("noon",) if at.hour else ("midnight",)
        minute = (*(("oh",) if at.minute < 10 else ()), self.small(at.minute)) if at.minute else ()
        part = "in the morning" if at.hour < 12 else "in the afternoon" if at.hour < 18 else "in the evening"
        return (self.small(at.hour % 12 or 12), *minute, part)

    def amount(self, whole: int, cents: int, unit: Unit) -> Words:
        coins = (self.small(cents), unit.cent if cents == 1 else unit.cents)
        if not whole and cents:
            return coins
        said = (*self.number(whole), unit.one if whole == 1 else unit.many)
        return (*said, "and", *coins) if cents else said

    def write_time(self, at: time) -> str:
        half = "am" if at.hour < 12 else "pm"
        return f"{at.hour % 12 or 12}:{at.minute:02} {half}" if at.minute else f"{at.hour % 12 or 12} {half}"

    def write_ordinal(self, n: int) -> str:
        ending = "th" if 11 <= n % 100 <= 13 else {1: "st", 2: "nd", 3: "rd"}.get(n % 10, "th")
        return f"{n}{ending}"

    def write_date(self, day: date, form: str = "") -> str:
        if form == "weekday":
            return super().write_date(day, form)
        written = f"{self.write_ordinal(day.day)} of {self.month_name(day)}"
        return f"{written} {day.year}" if form == "year" else written

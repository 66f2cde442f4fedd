"""Dutch, as it is said in Belgium and the Netherlands."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, time
from typing import ClassVar

from voices.languages.tongue import Tongue, Unit, Words, cardinal, ordinal


class Dutch(Tongue):
    """`duizend tweehonderd vierendertig euro vijftig`, `vijf december`, `zeventien uur dertig`."""

    plus = "plus"
    ampersand = "en"
    dot = "punt"
    said_as: ClassVar[Mapping[str, str]] = {
        "OCMW": "O C M W",
        "app": "ep",
        "Zn": "Zoon",
        "Gebr": "Gebroeders",
    }
    legal_forms: ClassVar[Mapping[str, str]] = {
        "bv": "B V",
        "bvba": "B V B A",
        "nv": "N V",
        "vzw": "V Z W",
        "cv": "C V",
        "vof": "V O F",
    }
    units: ClassVar[Mapping[str, Unit]] = {
        "EUR": Unit("euro", "euro", "cent", "cent"),
        "GBP": Unit("pond", "pond", "penny", "pence"),
        "USD": Unit("dollar", "dollar", "cent", "cent"),
        "CHF": Unit("frank", "frank", "rappen", "rappen"),
    }

    def __init__(self, country: str) -> None:
        self.country = country
        self.locale = f"nl_{country}"

    def small(self, n: int) -> str:
        return cardinal(n, "nl")

    def number(self, n: int) -> Words:
        millions, rest = divmod(n, 1_000_000)
        thousands, rest = divmod(rest, 1000)
        words: Words = (*self.number(millions), "miljoen") if millions else ()
        if 1 <= thousands < 10:
            words += ("duizend" if thousands == 1 else f"{self.small(thousands)}duizend",)
        elif thousands:
            words += (*self.number(thousands), "duizend")
        hundreds, ones = divmod(rest, 100)
        if hundreds:
            words += ("honderd" if hundreds == 1 else f"{self.small(hundreds)}honderd",)
        return (*words, self.small(ones)) if ones or not words else words

    def year(self, n: int) -> Words:
        century, rest = divmod(n, 100)
        if 11 <= century < 20:
            return (f"{self.small(century)}honderd", *((self.small(rest),) if rest else ()))
        return self.number(n)

    def ordinal(self, n: int) -> str:
        return ordinal(n, "nl")

    def day_and_month(self, day: date) -> Words:
        return (self.small(day.day), self.month_name(day))

    def say_time(self, at: time) -> Words:
        return (self.small(at.hour), "uur", *((self.small(at.minute),) if at.minute else ()))

    def amount(self, whole: int, cents: int, unit: Unit) -> Words:
        said: Words = (*self.number(whole), unit.one if whole == 1 else unit.many) if whole or not cents else ()
        coin = unit.cent if cents == 1 else unit.cents
        if not whole and cents:
            return (self.small(cents), coin)
        if 0 < cents < 10:
            return (*said, "en", self.small(cents), coin)
        return (*said, self.small(cents)) if cents else said

    def write_time(self, at: time) -> str:
        return f"{at.hour}.{at.minute:02} uur" if at.minute else f"{at.hour} uur"

    def write_ordinal(self, n: int) -> str:
        return f"{n}e"

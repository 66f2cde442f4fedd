"""Whole utterances for a question, where a recogniser can only tell whole utterances apart. English alone has them."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib.resources import files

#: The groups of the file that a question listens for besides `always`.
YES_NO, MENU = "yes_no", "menu"
_WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_ORDINALS = (
    "first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth", "eleventh",
    "twelfth", "thirteenth", "fourteenth", "fifteenth", "sixteenth", "seventeenth", "eighteenth", "nineteenth",
    "twentieth", "twenty first", "twenty second", "twenty third", "twenty fourth", "twenty fifth", "twenty sixth",
    "twenty seventh", "twenty eighth", "twenty ninth", "thirtieth", "thirty first",
)  # fmt: skip
_AMOUNTS = (
    "five", "ten", "fifteen", "twenty", "twenty five", "thirty", "forty", "fifty", "sixty", "seventy", "seventy five",
    "eighty", "ninety", "a hundred", "a hundred and fifty", "two hundred",
)  # fmt: skip
#: Words that may follow each other in any order.
DIGITS = ("zero", "oh", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "double")


@cache
def _file(language: str) -> dict[str, dict[str, list[str]]]:
    file = files(__package__) / f"{language}_sayings.toml"
    return tomllib.loads(file.read_text(encoding="utf-8")) if file.is_file() else {}


def sayings(language: str, *, groups: tuple[str, ...], days: bool, amounts: bool) -> tuple[str, ...]:
    """The utterances of `always` and these groups, and of days and amounts; empty where the language has none."""
    told = _file(language)
    if not told:
        return ()
    found = [text for group in ("always", *groups) for texts in told[group].values() for text in texts]
    if days:
        found += ["tomorrow", "at the end of the month", *_ORDINALS, *(f"the {day}" for day in _ORDINALS)]
        found += [f"{before}{day}" for before in ("", "on ", "next ") for day in _WEEKDAYS]
    if amounts:
        found += [f"{amount} euros{after}" for amount in _AMOUNTS for after in ("", " a month")]
    return tuple(found)

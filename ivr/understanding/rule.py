"""A rule of a language's file: words that together mean something, in any order.

    NOT CAN PAY -WANT       every item stands in one clause; `-`: this one must not
    dat_ben_ik_niet         words in this order, at most two others between each
    overled*                any word that begins so
    TERMS>ALL               the first somewhere before the second
    ~ EMPTY ACCOUNT         a negation near by doesn't matter
    +2                      weighs more than its words

A concept (`CAN`) is a list of words in the file's [words]. A rule weighs as many words as it names.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass
from functools import cache

from ivr.errors import BadLexicon

_CONCEPT = re.compile(r"[A-Z]{2,}")
#: Between two parts: whatever stands between them.
THEN = ">"


@dataclass(frozen=True, eq=False)
class Item:
    """One thing that a rule asks for: words or concepts in a row; most often one. Made once: `item`."""

    parts: tuple[str, ...]


@cache
def item(parts: tuple[str, ...]) -> Item:
    """The one item of these parts: rules share it, so that it is looked for once and compared by identity."""
    return Item(parts)


@dataclass(frozen=True, kw_only=True)
class Rule:
    """What must be heard, what must not, and how much it weighs."""

    #: As it stands in the file, so that an answer can be explained.
    written: str
    needed: tuple[Item, ...]
    absent: tuple[Item, ...]
    weight: int
    #: A negation near by doesn't matter.
    heedless: bool = False


def is_concept(part: str) -> bool:
    """Concepts are written in capitals."""
    return _CONCEPT.fullmatch(part) is not None


def parsed(where: str, written: str, known: Collection[str]) -> Rule:
    """A rule from its text. Raises `BadLexicon` naming `where`, the rule and the concept that nobody defined."""
    needed: list[Item] = []
    absent: list[Item] = []
    extra = 0
    words = written.split()
    for word in words:
        if word == "~":
            continue
        if word.startswith("+"):
            extra = int(word[1:])
            continue
        parts = tuple(part for part in re.split(f"_|({THEN})", word.removeprefix("-")) if part)
        for part in parts:
            if is_concept(part) and part not in known:
                raise BadLexicon(f"{where}: {written!r} names {part}, which [words] does not have")
        (absent if word.startswith("-") else needed).append(item(parts))
    if not needed:
        raise BadLexicon(f"{where}: {written!r} asks for nothing")
    weight = sum(part != THEN for item in needed for part in item.parts) + extra
    return Rule(written=written, needed=tuple(needed), absent=tuple(absent), weight=weight, heedless="~" in words)

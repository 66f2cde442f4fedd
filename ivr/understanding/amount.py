"""Amounts as people say them: "vijfendertig euro vijftig", "anderhalf", "fifty fifty", "85,50"."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from ivr.understanding.lexicon import NumberWords
from ivr.understanding.number import number_at

_FIGURES = re.compile(r"(\d{1,3}(?:[.,]\d{3})+|\d{1,6})(?:[.,](\d{2}))?")


@dataclass(frozen=True)
class Amount:
    """An amount and where it stands."""

    #: Cents.
    minor: int
    start: int
    end: int
    #: A currency was said with it.
    sure: bool


def amounts(words: tuple[str, ...], numbers: NumberWords) -> tuple[Amount, ...]:
    """Every amount in the words; a number alone is one that is not sure."""
    found: list[Amount] = []
    n = 0
    while n < len(words):
        here = max(_at(words, n, numbers), key=lambda a: (a.sure, a.end), default=None)
        if here:
            found.append(here)
        n = here.end if here else n + 1
    return tuple(found)


def one_amount(words: tuple[str, ...], numbers: NumberWords) -> int | None:
    """The amount that answers a question for one, in cents; None where none or two were said."""
    found = [amount for amount in amounts(words, numbers) if amount.minor > 0]
    minors = {amount.minor for amount in found if amount.sure} or {amount.minor for amount in found}
    return minors.pop() if len(minors) == 1 else None


def sure_amount(words: tuple[str, ...], numbers: NumberWords) -> int | None:
    """The amount that was said with its currency, in cents; None where none or two were said."""
    minors = {amount.minor for amount in amounts(words, numbers) if amount.sure and amount.minor > 0}
    return minors.pop() if len(minors) == 1 else None


def _at(words: tuple[str, ...], start: int, numbers: NumberWords) -> Iterator[Amount]:
    signed = words[start] == "€"
    first = start + 1 if signed else start
    if first >= len(words):
        return
    if words[first] in numbers.halves:
        end = first + 1
        euro = end < len(words) and words[end] in numbers.euro
        yield Amount(numbers.halves[words[first]], start, end + euro, euro or signed)
        return
    whole = _whole(words, first, numbers)
    if whole is None:
        return
    minor, end, has_cents = whole
    if end < len(words) and words[end] in numbers.cent:
        yield Amount(minor // 100, start, end + 1, True)
        return
    euro = end < len(words) and words[end] in numbers.euro
    end += euro
    sure = euro or signed
    if not has_cents:
        cents = _cents(words, end, numbers, after_euro=euro)
        if cents:
            minor, end = minor + cents[0], cents[1]
            euro_after = end < len(words) and words[end] in numbers.euro
            sure, end = sure or euro_after, end + euro_after
    yield Amount(minor, start, end, sure)


def _whole(words: tuple[str, ...], start: int, numbers: NumberWords) -> tuple[int, int, bool] | None:
    """Euros (as cents), where they end, and whether the figures had cents."""
    figures = _FIGURES.fullmatch(words[start])
    if figures:
        euros, cents = figures.groups()
        return int(re.sub(r"[.,]", "", euros)) * 100 + int(cents or 0), start + 1, cents is not None
    number = number_at(words, start, numbers)
    return (number[0] * 100, number[1], False) if number else None


def _cents(words: tuple[str, ...], start: int, numbers: NumberWords, *, after_euro: bool) -> tuple[int, int] | None:
    """The cents after the euros; without the word "euro" only two digits after a pause are cents."""
    at = start
    comma = at < len(words) and words[at] in numbers.comma
    if at < len(words) and (comma or (after_euro and words[at] in numbers.joins)):
        at += 1
    number = number_at(words, at, numbers) if at < len(words) else None
    if number is None or not 0 < number[0] < 100:
        return None
    value, end = number
    if end < len(words) and words[end] in numbers.cent:
        return value, end + 1
    if comma and value < 10 and end == at + 1:
        return value * 10, end
    return (value, end) if after_euro or comma or value >= 10 else None

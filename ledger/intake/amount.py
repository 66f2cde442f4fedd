"""Amounts as people and spreadsheets write them: 1234.56, 1.234,56, 1,234.56, 1 234,56, € 12."""

from __future__ import annotations

import re
from decimal import Decimal
from functools import lru_cache

from ledger.intake.finding import BadCell

#: What we can say and account for; each has two decimals.
CURRENCIES = ("EUR", "GBP", "CHF", "USD")
_SIGNS = {"€": "EUR", "£": "GBP", "$": "USD", **{code: code for code in CURRENCIES}}
#: The most that one invoice may be: 999,999,999.99.
MOST_MINOR = 99_999_999_999

_SIMPLE = re.compile(r"([0-9]+)(?:[.,]([0-9]{1,2}))?")
#: 1.234 may be a thousand or a little more than one: only a person knows.
_AMBIGUOUS = re.compile(r"[1-9][0-9]{0,2}[.,][0-9]{3}")
_GROUPED = (
    re.compile(r"([0-9]{1,3}(?:\.[0-9]{3})+),([0-9]{1,2})"),
    re.compile(r"([0-9]{1,3}(?:,[0-9]{3})+)\.([0-9]{1,2})"),
    re.compile(r"([0-9]{1,3}(?:\.[0-9]{3}){2,})()"),
    re.compile(r"([0-9]{1,3}(?:,[0-9]{3}){2,})()"),
    re.compile(r"([0-9]{1,3}(?:[ '’][0-9]{3})+)(?:[.,]([0-9]{1,2}))?"),
)
_MORE_DECIMALS = re.compile(r"[0-9]+[.,][0-9]{3,}")
_FIX = "write it as 1234.56 or 1234,56"


@lru_cache(maxsize=16384)
def read_amount(text: str, currency: str) -> int:
    """Minor units of a written amount, zero or more. Raises `BadCell` for what can be read in two ways too."""
    simple = _SIMPLE.fullmatch(text)
    bare = text if simple else _without_sign(text, currency)
    simple = simple or _SIMPLE.fullmatch(bare)
    if simple:
        return _minor(simple[1], simple[2])
    if _AMBIGUOUS.fullmatch(bare):
        whole, rest = re.split("[.,]", bare)
        raise BadCell(
            f"{text} can be read in two ways", f"write {whole}{rest}.00, or {whole}.{rest[:2]} with two decimals"
        )
    for shape in _GROUPED:
        if found := shape.fullmatch(bare):
            return _minor(re.sub("[^0-9]", "", found[1]), found[2])
    raise BadCell(*_why_not(text, bare))


def read_positive(text: str, currency: str) -> int:
    """The same, above zero."""
    minor = read_amount(text, currency)
    if minor == 0:
        raise BadCell("is zero", "leave the row out: nobody is called about nothing")
    return minor


def read_currency(text: str) -> str:
    """An ISO 4217 code that we can say. Raises `BadCell`."""
    code = _SIGNS.get(text.strip().upper())
    if code is None:
        raise BadCell(f"{text} is no currency we know", "write " + ", ".join(CURRENCIES))
    return code


def _without_sign(text: str, currency: str) -> str:
    for sign, code in _SIGNS.items():
        if text.upper().startswith(sign) or text.upper().endswith(sign):
            if code != currency:
                raise BadCell(f"{text} names another currency than {currency}", "make amount and currency agree")
            bare = text[len(sign) :] if text.upper().startswith(sign) else text[: -len(sign)]
            return bare.strip()
    return text


def _minor(whole: str, decimals: str | None) -> int:
    if len(whole) > 12 or (minor := int(whole) * 100 + int((decimals or "").ljust(2, "0"))) > MOST_MINOR:
        raise BadCell("is more than 999999999.99", "check the amount")
    return minor


def _why_not(text: str, bare: str) -> tuple[str, str]:
    shown = text if len(text) <= 24 else text[:23] + "…"
    if _MORE_DECIMALS.fullmatch(bare):
        return f"{shown} has more than two decimals", "round it to cents"
    if bare[:1] in ("-", "−") or bare[-1:] == "-" or (bare[:1] == "(" and bare[-1:] == ")"):
        return f"{shown} is negative", "leave credit notes out, or put what was paid in the column paid"
    return f"{shown} is no amount", _FIX


def written(minor: int) -> str:
    """The shortest form that reads back as the same: 1234.56."""
    return str(Decimal(minor).scaleb(-2).quantize(Decimal("0.01")))

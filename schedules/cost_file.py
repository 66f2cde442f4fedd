"""Reads what may be charged (`schedules/law/costs/*.toml`) and checks every field before anything of it is used."""

from __future__ import annotations

import hashlib
import re
import tomllib
from datetime import date, datetime
from functools import lru_cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from itertools import pairwise
from typing import Any

from schedules.cost_rule import Band, CostRow, CostRules, Instalments
from schedules.errors import BadRules
from schedules.letter_term import LetterTerm

_CONFIDENCE = ("S1", "S2", "M", "D")
_PARTIES = ("consumer", "business")
_ROLES = ("creditor", "collector")
_INSTALMENTS = ("small_part_minor", "small_parts_most_minor", "small_parts_months")
_TEXTS = ("id", "section", "source")
_KEYS = frozenset(
    {
        *_TEXTS, *_INSTALMENTS, "countries", "party", "roles", "currency", "bands", "least_minor", "most_minor",
        "letter_days", "post_working_days", "post_days", "email_days", "vat", "together", "confidence", "checked_on",
        "valid_from", "valid_to",
    }
)  # fmt: skip
_BAND = frozenset({"above_minor", "base_minor", "rate_bp"})
#: A charge keeps `id` and `section` in one column (`ChargeRow.law`).
_LONGEST = {"id": 32, "section": 80}


@lru_cache(maxsize=1)
def shipped_cost_rules() -> CostRules:
    """The rules of costs that come with the program, read once."""
    return load_cost_rules(files("schedules").joinpath("law").joinpath("costs"))


def load_cost_rules(folder: Traversable) -> CostRules:
    """Every row of a folder. Raises `BadRules`, naming file, row and field; nothing is then taken."""
    texts = {item.name: item.read_bytes() for item in folder.iterdir() if item.name.endswith(".toml")}
    rows: list[CostRow] = []
    for name, text in sorted(texts.items()):
        try:
            table = tomllib.loads(text.decode("utf-8"))
        except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
            raise BadRules(f"{name} is not readable TOML: {error}") from error
        if not isinstance(table.get("row"), list) or set(table) != {"row"}:
            raise BadRules(f"{name}: write each rule of costs as one [[row]], and nothing else")
        rows += [_row(f"{name}, row {n}", one) for n, one in enumerate(table["row"], 1)]
    if twice := sorted({row.id for row in rows if sum(other.id == row.id for other in rows) > 1}):
        raise BadRules(f"costs, id: {twice[0]} is the name of two rows; a charge must name one")
    digest = hashlib.sha256(b"".join(name.encode() + text for name, text in sorted(texts.items()))).hexdigest()
    return CostRules(rows=tuple(rows), version=digest[:12])


def _row(where: str, given: dict[str, Any]) -> CostRow:
    if unknown := sorted(given.keys() - _KEYS):
        raise BadRules(f"{where}: {unknown[0]} is no key of a rule of costs")
    for key in _TEXTS:
        value = given.get(key)
        if not isinstance(value, str) or not value.strip() or len(value) > _LONGEST.get(key, 400):
            raise BadRules(f"{where}, {key}: give a text of at most {_LONGEST.get(key, 400)} characters")
    where = f"{where} ({given['id']})"
    for key, allowed in (("party", _PARTIES), ("confidence", _CONFIDENCE)):
        if given.get(key) not in allowed:
            raise BadRules(f"{where}, {key}: one of {', '.join(allowed)}")
    currency = given.get("currency")
    if not isinstance(currency, str) or not re.fullmatch("[A-Z]{3}", currency):
        raise BadRules(f"{where}, currency: give the ISO 4217 code, such as EUR")
    checked_on = _day(where, given, "checked_on")
    if checked_on is None:
        raise BadRules(f"{where}, checked_on: say when the source was read")
    valid_from, valid_to = _day(where, given, "valid_from"), _day(where, given, "valid_to")
    if valid_from and valid_to and valid_to < valid_from:
        raise BadRules(f"{where}, valid_to: lies before valid_from")
    least, most = _number(where, given, "least_minor") or 0, _number(where, given, "most_minor")
    if most is not None and most < least:
        raise BadRules(f"{where}, most_minor: lies below least_minor")
    return CostRow(
        id=given["id"],
        countries=_words(where, given, "countries", None),
        party=given["party"],
        roles=_words(where, given, "roles", _ROLES),
        section=given["section"],
        currency=currency,
        bands=_bands(where, given),
        least_minor=least,
        most_minor=most,
        letter=_letter(where, given),
        vat=_flag(where, given, "vat"),
        together=_flag(where, given, "together"),
        instalments=_instalments(where, given),
        source=given["source"],
        confidence=given["confidence"],
        checked_on=checked_on,
        valid_from=valid_from,
        valid_to=valid_to,
    )


def _bands(where: str, given: dict[str, Any]) -> tuple[Band, ...] | None:
    told = given.get("bands")
    if told is None:
        return None
    if not isinstance(told, list) or any(not isinstance(one, dict) or set(one) != _BAND for one in told):
        raise BadRules(f"{where}, bands: give each as {{ above_minor, base_minor, rate_bp }}; [] allows nothing")
    if any(_number(where, one, key) is None for one in told for key in _BAND):
        raise BadRules(f"{where}, bands: every figure is a whole number from 0")
    bands = tuple(Band(**one) for one in told)
    if bands and bands[0].above_minor != 0:
        raise BadRules(f"{where}, bands: the first begins above 0")
    for lower, upper in pairwise(bands):
        if upper.above_minor <= lower.above_minor:
            raise BadRules(f"{where}, bands: they go up in principal")
        if upper.base_minor < lower.of(upper.above_minor):
            raise BadRules(f"{where}, bands: costs may not fall where the principal rises")
    return bands


def _letter(where: str, given: dict[str, Any]) -> LetterTerm | None:
    days, working, post, email = (
        _number(where, given, key) for key in ("letter_days", "post_working_days", "post_days", "email_days")
    )
    if days is None:
        if working is not None or post is not None or email is not None:
            raise BadRules(f"{where}, letter_days: say how long the letter's term is")
        return None
    if (working is None) == (post is None) or email is None or 0 in (working, days):
        raise BadRules(f"{where}, letter_days: say when it begins by post_working_days or post_days, and email_days")
    return LetterTerm(days=days, post_working_days=working, post_days=post, email_days=email)


def _instalments(where: str, given: dict[str, Any]) -> Instalments | None:
    figures = [_number(where, given, key) for key in _INSTALMENTS]
    below, most, months = figures
    if below is None and most is None and months is None:
        return None
    if below is None or most is None or months is None or not _flag(where, given, "together"):
        raise BadRules(f"{where}, small_part_minor: give all three figures of instalments, and together = true")
    return Instalments(below_minor=below, most_minor=most, months=months)


def _words(where: str, given: dict[str, Any], key: str, allowed: tuple[str, ...] | None) -> frozenset[str]:
    told = given.get(key)
    good = isinstance(told, list) and told and all(isinstance(one, str) for one in told)
    if not good or (allowed and set(told or ()) - set(allowed)):
        raise BadRules(f"{where}, {key}: give a list of {', '.join(allowed) if allowed else 'ISO 3166 codes'}")
    if allowed is None and any(not re.fullmatch("[A-Z]{2}", one) for one in told or ()):
        raise BadRules(f"{where}, {key}: ISO 3166 codes in capitals, such as BE")
    return frozenset(told or ())


def _number(where: str, given: dict[str, Any], key: str) -> int | None:
    value = given.get(key)
    if value is not None and (not isinstance(value, int) or isinstance(value, bool) or value < 0):
        raise BadRules(f"{where}, {key}: give a whole number from 0, or leave it out")
    return value


def _flag(where: str, given: dict[str, Any], key: str) -> bool:
    value = given.get(key, False)
    if not isinstance(value, bool):
        raise BadRules(f"{where}, {key}: true or false")
    return value


def _day(where: str, given: dict[str, Any], key: str) -> date | None:
    value = given.get(key)
    if value is not None and (not isinstance(value, date) or isinstance(value, datetime)):
        raise BadRules(f"{where}, {key}: give a day, such as 2026-11-22")
    return value

"""Reads a table of bands and checks every field before any of it is used."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from ledger.contact import Channel
from schedules.band import Band, Bands, Evening
from schedules.errors import BadRules
from schedules.hours_text import week_from

_KEYS = frozenset(Band.__dataclass_fields__) - {"turns"} | {"hours", "every_second"}
_EVENING_KEYS = frozenset({"ages", "misses", "hours"})
_LISTENING = frozenset({"normal", "slow", "slow_at_trouble"})
#: A letter is the last of every order and needs no word.
_TOLD = frozenset(set(Channel) - {Channel.POST})
_KEY = re.compile(r"[a-z][a-z0-9_]{0,23}", re.ASCII)
_FULL_AGE, _OLDEST = 18, 150


def bands_from(file: str, table: Mapping[str, Any]) -> Bands:
    """The table of a TOML document. Raises `BadRules`, naming band and field; nothing is then taken."""
    listed, version = table.get("band"), table.get("version")
    if not isinstance(version, int) or isinstance(version, bool) or version < 1:
        raise BadRules(f"{file}, version: a whole number from 1")
    if not isinstance(table.get("source"), str) or not table["source"].strip():
        raise BadRules(f"{file}, source: say who decided these hours")
    if not isinstance(listed, list) or not listed:
        raise BadRules(f"{file} has no [[band]]; write each band as one")
    bands = tuple(_band(f"{file}, band {n}", one) for n, one in enumerate(listed, 1))
    _check_all(file, bands)
    return Bands(bands=bands, source=table["source"], version=str(version))


def _check_all(file: str, bands: tuple[Band, ...]) -> None:
    keys = [band.key for band in bands]
    if twice := sorted({key for key in keys if keys.count(key) > 1}):
        raise BadRules(f"{file}, key: {twice[0]} stands twice")
    if sum(band.unknown_age for band in bands) != 1:
        raise BadRules(f"{file}, unknown_age: exactly one band is for people whose age is not known")
    ages = [age for band in bands if band.ages for age in range(band.ages[0], band.ages[1] + 1)]
    if len(ages) != len(set(ages)) or set(ages) != set(range(_FULL_AGE, _OLDEST + 1)):
        raise BadRules(f"{file}, ages: each age from {_FULL_AGE} to {_OLDEST} belongs to one band, without a gap")


def _band(where: str, given: Mapping[str, Any]) -> Band:
    if unknown := sorted(given.keys() - _KEYS):
        raise BadRules(f"{where}: {unknown[0]} is no field of a band")
    key = given.get("key")
    if not isinstance(key, str) or not _KEY.fullmatch(key):
        raise BadRules(f"{where}, key: a short word of small letters, such as adult")
    where = f"{where} ({key})"
    title = given.get("title")
    if not isinstance(title, str) or not title.strip():
        raise BadRules(f"{where}, title: give the words by which people know this band")
    kinds, wait = given.get("kinds", []), given.get("wait_days", 0)
    if not isinstance(kinds, list) or not all(isinstance(kind, str) for kind in kinds):
        raise BadRules(f"{where}, kinds: a list of kinds of debtors, such as business")
    if not isinstance(wait, int) or isinstance(wait, bool) or not 0 <= wait <= 30:
        raise BadRules(f"{where}, wait_days: whole days from 0 to 30")
    first = _channels(f"{where}, first_contact", given.get("first_contact"))
    later = given.get("later_contact")
    if given.get("listening") not in _LISTENING:
        raise BadRules(f"{where}, listening: one of {', '.join(sorted(_LISTENING))}")
    turns = [week_from(f"{where}, hours", given.get("hours"))]
    if "every_second" in given:
        turns.append(week_from(f"{where}, every_second", given["every_second"]))
    return Band(
        key=key,
        title=title,
        kinds=frozenset(kinds),
        students=_flag(where, "students", given),
        ages=_ages(where, given["ages"]) if "ages" in given else None,
        unknown_age=_flag(where, "unknown_age", given),
        turns=tuple(turns),
        evening=_evening(f"{where}, evening", given["evening"]) if "evening" in given else None,
        first_contact=first,
        later_contact=_call_first(first, wait) if later is None else _channels(f"{where}, later_contact", later),
        as_last_reacted=_flag(where, "as_last_reacted", given),
        wait_days=wait,
        listening=given["listening"],
        person_first=_flag(where, "person_first", given),
    )


def _channels(where: str, given: Any) -> tuple[Channel, ...]:
    words = isinstance(given, list) and all(isinstance(one, str) for one in given)
    if not words or not given or not set(given) <= _TOLD or len(set(given)) != len(given):
        raise BadRules(f"{where}: channels in their order, each once: {', '.join(sorted(_TOLD))}")
    return tuple(Channel(one) for one in given)


def _call_first(first: tuple[Channel, ...], wait: int) -> tuple[Channel, ...]:
    """What a band without an order of its own from the second stage on has: a call, then what its first contact has.

    Who is given days to read a message is written to at every stage.
    """
    return first if wait else tuple(sorted(first, key=lambda one: one is not Channel.VOICE))


def _flag(where: str, name: str, given: Mapping[str, Any]) -> bool:
    value = given.get(name, False)
    if not isinstance(value, bool):
        raise BadRules(f"{where}, {name}: true or false")
    return value


def _ages(where: str, value: Any) -> tuple[int, int]:
    whole = isinstance(value, list) and len(value) == 2 and all(type(one) is int for one in value)
    if not whole or not _FULL_AGE <= value[0] <= value[1] <= _OLDEST:
        raise BadRules(f"{where}, ages: the first and the last age, from {_FULL_AGE} to {_OLDEST}, such as [25, 64]")
    return value[0], value[1]


def _evening(where: str, given: Any) -> Evening:
    if not isinstance(given, dict) or set(given) != _EVENING_KEYS:
        raise BadRules(f"{where}: give ages, misses and hours, and nothing else")
    misses = given["misses"]
    if type(misses) is not int or not 1 <= misses <= 6:
        raise BadRules(f"{where}, misses: whole tries from 1 to 6")
    return Evening(ages=_ages(where, given["ages"]), misses=misses, week=week_from(f"{where}, hours", given["hours"]))

"""The nations of the United Kingdom, the Länder of Germany and the states of the United States of an address.

The tables stand in `regions.toml`. What no table holds is not known, and then it may be any part.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping
from functools import lru_cache
from importlib.resources import files
from typing import Any

#: The country whose law holds, and the parts of it in which the address may lie.
Place = tuple[str, tuple[str, ...]]

#: The letters before the first digit; post for the forces may be written BFPO 57.
_AREA = re.compile(r"([A-Z]{1,2})(?:(?<=BF)PO)? ?[0-9]")
_ZIP = re.compile(r"([0-9]{5})(-?[0-9]{4})?", re.ASCII)


@lru_cache(maxsize=1)
def _tables() -> Mapping[str, Mapping[str, Any]]:
    return tomllib.loads(files("ledger").joinpath("regions.toml").read_text(encoding="utf-8"))


@lru_cache(maxsize=4)
def parts_of(country: str) -> tuple[str, ...]:
    """Every part of DE, GB or US, in the order of the table."""
    return tuple(part for part in _tables()[country] if part != "apart")


def british(named: str, postcode: str | None) -> Place:
    """The nations of an address; a post code of Jersey, Guernsey or Man names a country of its own."""
    if named in parts_of("GB"):
        return "GB", (named,)
    found = _AREA.match((postcode or "").strip().upper())
    return _within("GB", _areas().get(found[1], ()) if found else ())


def german(postcode: str) -> tuple[str, ...]:
    """The Länder in which a post code of five digits may lie; empty where its first two are in no line."""
    return tuple(land for land, codes in _tables()["DE"].items() if postcode[:2] in codes.split())


def american(named: str, postcode: str | None) -> Place:
    """The states of an address, a city with rules of its own beside its state's.

    Where column and post code name two states, both hold: a ZIP code may cross a border, and so may a mistake.
    """
    found = _ZIP.fullmatch((postcode or "").strip())
    coded = (*_zips().get(found[1][:3], ()), *_zips().get(found[1], ())) if found else ()
    if named in _cities():
        stated: tuple[str, ...] = (state_of(named), named)
    elif named not in parts_of("US"):
        stated = _zips().get(named, ()) if named.isalpha() else ()
    else:
        # Without a post code the address may lie in the city.
        stated = (named, *(city for city, state in _cities().items() if state == named and not coded))
    return _within("US", tuple(dict.fromkeys((*stated, *coded))))


def zones_of_states(parts: tuple[str, ...]) -> tuple[str, ...]:
    """The zones that the states keep; empty where nothing is known of them: then it is any of the country's."""
    if parts == parts_of("US"):
        return ()
    table = _tables()["US"]
    return tuple(dict.fromkeys(zone for part in parts if part in table for zone in table[part]["zones"]))


def state_of(part: str) -> str:
    """The state that a city with rules of its own lies in; of a state itself."""
    return _cities().get(part, part)


def _within(country: str, parts: tuple[str, ...]) -> Place:
    """A code that names a place apart leaves the country; none at all leaves every part of it open."""
    apart = _tables()[country]["apart"]
    if elsewhere := [part for part in parts if part in apart]:
        return elsewhere[-1], ("",)
    return country, parts or parts_of(country)


@lru_cache(maxsize=1)
def _cities() -> Mapping[str, str]:
    table = _tables()["US"]
    return {part: table[part]["within"] for part in parts_of("US") if "within" in table[part]}


@lru_cache(maxsize=1)
def _areas() -> Mapping[str, tuple[str, ...]]:
    table = _tables()["GB"]
    nations = {part: table[part] for part in parts_of("GB")} | table["apart"]
    found: dict[str, tuple[str, ...]] = {}
    for part, areas in nations.items():
        for area in areas.split():
            found[area] = (*found.get(area, ()), part)
    return found


@lru_cache(maxsize=1)
def _zips() -> Mapping[str, tuple[str, ...]]:
    table = _tables()["US"]
    states = {part: table[part]["zip"] for part in parts_of("US")} | table["apart"]
    found: dict[str, tuple[str, ...]] = {}
    for part, ranges in states.items():
        for prefix in _spread(ranges):
            found[prefix] = (*found.get(prefix, ()), part)
    return found


def _spread(ranges: str) -> Iterator[str]:
    """`005 100-149`: every number in it. A whole ZIP code and a code of the `region` column (`AE`) are themselves."""
    for piece in ranges.split():
        first, _, last = piece.partition("-")
        if first.isalpha():
            yield first
        else:
            yield from (f"{n:03}" for n in range(int(first), int(last or first) + 1))

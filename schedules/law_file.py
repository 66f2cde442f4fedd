"""Reads the law files (`schedules/law/*.toml`) and checks every field before anything of them is used."""

from __future__ import annotations

import hashlib
import re
import tomllib
from datetime import date, datetime
from functools import lru_cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Any

from ledger.region import known_parts
from schedules.band_file import bands_from
from schedules.errors import BadRules
from schedules.hours_text import hours_from
from schedules.row import COUNTS, EVE_HOURS, HOURS_BY_DAY, KINDS_OF_DAY, Force, Minutes, Row
from schedules.rules import Profile, Rules

_DEFAULTS = "default.toml"
_BANDS = "bands.toml"
_CONFIDENCE = frozenset({"S1", "S2", "M", "D"})
_KEYS = frozenset(Row.__dataclass_fields__) - {"hours", "count"} | {"value"}


@lru_cache(maxsize=1)
def shipped_rules() -> Rules:
    """The rules that come with the program, read once."""
    return load_rules(files("schedules").joinpath("law"))


def law_version() -> str:
    """The version of the shipped rules, as it stands in receipts."""
    return shipped_rules().version


def load_rules(folder: Traversable) -> Rules:
    """Every profile of a folder, and its bands. Raises `BadRules`, naming the place; nothing is then taken."""
    texts = {item.name: item.read_bytes() for item in folder.iterdir() if item.name.endswith(".toml")}
    if _DEFAULTS not in texts:
        raise BadRules(f"The folder of rules has no {_DEFAULTS}; nothing can be called without our defaults")
    if _BANDS not in texts:
        raise BadRules(f"The folder of rules has no {_BANDS}; nobody can be called without hours for their age")
    read = {name: _table(name, text) for name, text in sorted(texts.items())}
    bands = bands_from(_BANDS, read.pop(_BANDS))
    rows = {
        name: tuple(_row(name, n, one) for n, one in enumerate(_rows(name, table), 1)) for name, table in read.items()
    }
    defaults = rows.pop(_DEFAULTS)
    _check_defaults(defaults)
    profiles = {}
    for name, own in rows.items():
        profile = _profile(name, read[name], own)
        profiles[profile.country] = profile
    digest = hashlib.sha256(b"".join(name.encode() + text for name, text in sorted(texts.items()))).hexdigest()
    checked = max(row.checked_on for own in (defaults, *rows.values()) for row in own)
    version = f"{checked.isoformat()}-{digest[:12]}"
    return Rules(profiles=profiles, defaults=defaults, bands=bands, version=version)


def _table(name: str, text: bytes) -> dict[str, Any]:
    try:
        return tomllib.loads(text.decode("utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise BadRules(f"{name} is not readable TOML: {error}") from error


def _rows(name: str, table: dict[str, Any]) -> list[dict[str, Any]]:
    rows = table.get("row")
    if not isinstance(rows, list) or not rows:
        raise BadRules(f"{name} has no [[row]]; write each limit as one")
    return rows


def _profile(name: str, table: dict[str, Any], rows: tuple[Row, ...]) -> Profile:
    country, title, until = table.get("country"), table.get("name"), table.get("reviewed_until")
    if not (isinstance(country, str) and re.fullmatch("[A-Z]{2}", country)):
        raise BadRules(f"{name}, country: give the ISO 3166 code in capitals, such as BE")
    if not isinstance(title, str) or not title:
        raise BadRules(f"{name}, name: give the country's name as it stands in a sentence")
    if not isinstance(until, date) or isinstance(until, datetime):
        raise BadRules(f"{name}, reviewed_until: give a day, such as 2027-12-31")
    live = table.get("live", True)
    if not isinstance(live, bool):
        raise BadRules(f"{name}, live: true, or false while nobody there is to be called")
    for n, row in enumerate(rows, 1):
        _check_regions(f"{name}, row {n} ({row.name}), regions", country, row)
    everywhere = [row for row in rows if row.name == "hours" and not row.is_default and not row.regions]
    said = {kind for row in everywhere for kind in row.days}
    if missing := [kind for kind in KINDS_OF_DAY if kind not in said]:
        raise BadRules(f"{name}, hours: nothing is said of {', '.join(missing)}; a row without value says: none found")
    return Profile(country=country, name=title, reviewed_until=until, rows=rows, live=live)


def _check_regions(where: str, country: str, row: Row) -> None:
    if unknown := sorted(row.regions - known_parts(country)):
        raise BadRules(f"{where}: {unknown[0]} is no part of {country} that addresses are told apart by")
    if row.regions and row.is_default:
        raise BadRules(f"{where}: our own defaults hold in a whole country; a part has only limits")


def _check_defaults(rows: tuple[Row, ...]) -> None:
    if any(not row.is_default for row in rows):
        raise BadRules(f'{_DEFAULTS}: every row here has force = "default"')
    if any(row.regions for row in rows):
        raise BadRules(f"{_DEFAULTS}, regions: our defaults hold in every country")
    for name in HOURS_BY_DAY:
        covered = {kind for row in rows if row.name == name and row.hours is not None for kind in row.days}
        if missing := [kind for kind in KINDS_OF_DAY if kind not in covered]:
            raise BadRules(f"{_DEFAULTS}, {name}: no hours for {', '.join(missing)}")
    valued = {row.name for row in rows if row.hours is not None or row.count is not None}
    if lacking := sorted((COUNTS | {EVE_HOURS}) - valued):
        raise BadRules(f"{_DEFAULTS}: no value for {', '.join(lacking)}")


def _row(file: str, n: int, given: dict[str, Any]) -> Row:
    where = f"{file}, row {n}"
    if unknown := sorted(given.keys() - _KEYS):
        raise BadRules(f"{where}: {unknown[0]} is no key of a row")
    name = given.get("name")
    if name not in COUNTS | HOURS_BY_DAY | {EVE_HOURS}:
        raise BadRules(f"{where}, name: {name!r} is nothing that we limit")
    where = f"{where} ({name})"
    if given.get("force") not in set(Force):
        raise BadRules(f"{where}, force: one of {', '.join(Force)}")
    if given.get("confidence") not in _CONFIDENCE:
        raise BadRules(f"{where}, confidence: one of S1, S2, M, D")
    if not isinstance(given.get("source"), str) or not given["source"].strip():
        raise BadRules(f"{where}, source: say where it stands")
    valid_from, valid_to = (_day(where, given, key) for key in ("valid_from", "valid_to"))
    if valid_from and valid_to and valid_to < valid_from:
        raise BadRules(f"{where}, valid_to: lies before valid_from")
    checked_on = _day(where, given, "checked_on")
    if checked_on is None:
        raise BadRules(f"{where}, checked_on: say when the source was read")
    return Row(
        name=name,
        days=_days(where, name, given),
        hours=None if name in COUNTS else _hours(where, given),
        count=_count(where, given) if name in COUNTS else None,
        force=Force(given["force"]),
        source=given["source"],
        confidence=given["confidence"],
        checked_on=checked_on,
        valid_from=valid_from,
        valid_to=valid_to,
        regions=_regions(where, given.get("regions")),
        room=_room(where, given),
    )


def _day(where: str, given: dict[str, Any], key: str) -> date | None:
    value = given.get(key)
    if value is not None and (not isinstance(value, date) or isinstance(value, datetime)):
        raise BadRules(f"{where}, {key}: give a day, such as 2026-11-22")
    return value


def _days(where: str, name: str, given: dict[str, Any]) -> frozenset[str]:
    days = given.get("days", [])
    if (name in HOURS_BY_DAY) != bool(days):
        raise BadRules(f"{where}, days: hours have days, and nothing else has")
    if not isinstance(days, list) or any(day not in KINDS_OF_DAY for day in days) or len(set(days)) != len(days):
        raise BadRules(f"{where}, days: each once, of {', '.join(KINDS_OF_DAY)}")
    return frozenset(days)


def _regions(where: str, value: Any) -> frozenset[str]:
    if value is None:
        return frozenset()
    parts = value if isinstance(value, list) and all(isinstance(part, str) for part in value) else []
    if not parts or len(set(parts)) != len(parts):
        raise BadRules(f'{where}, regions: parts of the country, each once, such as ["MA"]; left out: all of it')
    return frozenset(parts)


def _count(where: str, given: dict[str, Any]) -> int | None:
    value = given.get("value")
    if value is not None and (not isinstance(value, int) or isinstance(value, bool) or value < 0):
        raise BadRules(f"{where}, value: give a whole number from 0, or leave it out where none was found")
    return value


def _room(where: str, given: dict[str, Any]) -> tuple[int, int] | None:
    room, value = given.get("room"), given.get("value")
    if room is None:
        return None
    whole = isinstance(room, list) and len(room) == 2 and all(type(one) is int for one in room)
    if given["force"] != Force.DEFAULT or type(value) is not int or not whole or not 0 <= room[0] <= value <= room[1]:
        raise BadRules(f"{where}, room: of our own counts, the least and the most that may be chosen, around the value")
    return room[0], room[1]


def _hours(where: str, given: dict[str, Any]) -> Minutes | None:
    value = given.get("value")
    if value is None:
        return None
    return hours_from(f"{where}, value", value)

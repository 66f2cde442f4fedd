"""The country's line for somebody in despair, as data; each with where it stands and when somebody last looked."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from importlib.resources import files
from typing import Any

from ivr.errors import BadHelpLine

_FILE = "help_lines.toml"
#: The line of a country for every language that has none of its own.
_OTHER = "other"
#: A number that nobody has looked up for longer may have changed.
STALE_AFTER = timedelta(days=365)


@dataclass(frozen=True, kw_only=True)
class HelpLine:
    """Numbers in the groups in which they are read out."""

    country: str
    #: `nl` …; `other`: every language that has no line of its own there.
    language: str
    number: str
    emergency: str
    source: str
    #: When somebody last looked whether the number is right.
    checked_on: date


def read_help_lines(text: str) -> tuple[HelpLine, ...]:
    """Every line of a file. Raises `BadHelpLine` with country, language and field."""
    return tuple(
        _line(country, language, entry, table)
        for country, table in tomllib.loads(text).items()
        for language, entry in table.items()
        if language != "emergency"
    )


@cache
def help_lines() -> tuple[HelpLine, ...]:
    """Every line that we name. Raises `BadHelpLine`."""
    return read_help_lines((files("ivr") / _FILE).read_text(encoding="utf-8"))


def help_line(country: str, language: str) -> HelpLine | None:
    """Of a country, in a language (`nl-BE` or `nl`); None: we know none there, and name none."""
    there = {one.language: one for one in help_lines() if one.country == country}
    return there.get(language[:2]) or there.get(_OTHER)


def stale(lines: Iterable[HelpLine], today: date) -> tuple[HelpLine, ...]:
    """Those that have to be looked up again: longer than a year ago, or on a day that is still to come."""
    return tuple(one for one in lines if not one.checked_on <= today <= one.checked_on + STALE_AFTER)


def _line(country: str, language: str, entry: Any, table: Mapping[str, Any]) -> HelpLine:
    where = f"{_FILE}, {country} {language}"
    if not isinstance(entry, dict):
        raise BadHelpLine(f"{where}: write a number with its source and the day on which it was looked up")
    for field in ("spoken", "source"):
        if not isinstance(entry.get(field), str) or not entry[field].strip():
            raise BadHelpLine(f"{where}, {field}: is missing")
    if type(entry.get("checked_on")) is not date:
        raise BadHelpLine(f"{where}, checked_on: write a day, as 2026-11-22")
    emergency = table.get("emergency")
    if not isinstance(emergency, str) or not emergency:
        raise BadHelpLine(f"{_FILE}, {country}, emergency: is missing")
    return HelpLine(
        country=country,
        language=language,
        number=entry["spoken"],
        emergency=emergency,
        source=entry["source"],
        checked_on=entry["checked_on"],
    )

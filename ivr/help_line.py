"""The country's line for somebody in despair, as data."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.resources import files


@dataclass(frozen=True)
class HelpLine:
    """Numbers in the groups in which they are read out."""

    number: str
    emergency: str
    source: str
    #: When somebody last looked whether the number is right.
    checked_on: date


@cache
def help_line(country: str, language: str) -> HelpLine | None:
    """Of a country, in a language (`nl-BE` or `nl`); None: we know none there, and name none."""
    lines = tomllib.loads((files("ivr") / "help_lines.toml").read_text(encoding="utf-8")).get(country)
    if lines is None:
        return None
    line = lines.get(language[:2]) or lines["other"]
    return HelpLine(line["spoken"], lines["emergency"], line["source"], lines["checked_on"])

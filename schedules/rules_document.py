"""A supervisor's choices as one document: bands and own defaults, laid over the rules that come with the program.

As TOML, and as `rules_version.document` holds it:

    source = "who decided"        stands in answers beside each rule; may be left out
    [[band]] …                    the whole table of bands, as in `law/bands.toml`; left out: the shipped one
    [[row]]                       one of our own defaults
    country = "FR"                only there; left out: everywhere, and a country's own default is cut by it
    name, days, value             as in `law/default.toml`

Law rows are no part of it: nothing here can change one.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from ledger.interval import intersection
from schedules.band import Bands
from schedules.band_file import bands_from
from schedules.errors import BadRules
from schedules.hours_text import hours_from
from schedules.row import COUNTS, EVE_HOURS, HOURS_BY_DAY, KINDS_OF_DAY, LESS_IS_STRICTER, Minutes, Row
from schedules.rules import Rules

_KEYS = frozenset({"source", "band", "row"})
#: What a copy of `law/bands.toml` has besides; versions are ours to count.
_LEFT_OUT = frozenset({"version", "checked_on"})
_ROW_KEYS = frozenset({"country", "name", "days", "value"})
SOURCE = "a supervisor's choice"
#: Longest text of a source; largest count: every one of them is days, minutes or cents that a calendar can hold.
_LONGEST_SOURCE, _LARGEST = 160, 100_000


@dataclass(frozen=True, kw_only=True, slots=True)
class Choice:
    """One of our own defaults, chosen: exactly one of `hours` and `count`."""

    #: How an error names it: "row 2 (hours)".
    where: str
    #: ISO 3166; None: everywhere.
    country: str | None
    name: str
    #: Kinds of day; empty for what is not hours by day.
    days: frozenset[str]
    hours: Minutes | None = None
    count: int | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Document:
    """A document that was read: its form is right, the law was not asked yet."""

    source: str
    #: None: the shipped bands.
    bands: Bands | None
    choices: tuple[Choice, ...]


def read_document(given: Mapping[str, Any], countries: Iterable[str]) -> Document:
    """Check the form of every field. Raises `BadRules`, naming the field; nothing is then taken."""
    if unknown := sorted(given.keys() - _KEYS - _LEFT_OUT):
        raise BadRules(f"{unknown[0]}: is no part of a document of rules; write source, [[band]] and [[row]]")
    source = given.get("source", SOURCE)
    if not isinstance(source, str) or not source.strip() or len(source) > _LONGEST_SOURCE:
        raise BadRules(f"source: say in 1 to {_LONGEST_SOURCE} letters who decided this")
    bands = None
    if "band" in given:
        bands = bands_from("bands", {"version": 1, "source": source, "band": given["band"]})
    rows = given.get("row", [])
    if not isinstance(rows, list) or not all(isinstance(one, dict) for one in rows):
        raise BadRules("row: write each of our own defaults as one [[row]]")
    known = frozenset(countries)
    choices = tuple(_choice(f"row {n}", one, known) for n, one in enumerate(rows, 1))
    _check_once(choices)
    return Document(source=source, bands=bands, choices=choices)


def rules_of(shipped: Rules, document: Document, n: int) -> Rules:
    """The rules with these choices laid over them; `n` is the version's number, and stands in every receipt.

    The law is as shipped, and cuts whatever stands here: a document that was right under an older law harms nobody.
    """
    chosen = document.choices
    everywhere = [one for one in chosen if one.country is None]
    defaults = _laid(shipped.defaults, shipped.defaults, everywhere, document.source)
    profiles = {}
    for country, profile in shipped.profiles.items():
        here = [one for one in chosen if one.country == country]
        rows = [cut for row in profile.rows for cut in (_cut(row, everywhere) if row.is_default else [row])]
        profiles[country] = replace(profile, rows=_laid(rows, shipped.defaults, here, document.source))
    bands = shipped.bands if document.bands is None else replace(document.bands, version=f"{shipped.bands.version}+{n}")
    return Rules(profiles=profiles, defaults=defaults, bands=bands, version=f"{shipped.version}+{n}")


def _choice(where: str, given: Mapping[str, Any], countries: frozenset[str]) -> Choice:
    if unknown := sorted(given.keys() - _ROW_KEYS):
        raise BadRules(f"{where}, {unknown[0]}: only country, name, days and value are a supervisor's to choose")
    name, country = given.get("name"), given.get("country")
    if name not in COUNTS | HOURS_BY_DAY | {EVE_HOURS}:
        raise BadRules(f"{where}, name: {str(name)[:40]!r} is nothing that we limit")
    where = f"{where} ({name})"
    if country is not None and country not in countries:
        raise BadRules(f"{where}, country: there are rules for {', '.join(sorted(countries))}, or leave it out")
    days, value = given.get("days", []), given.get("value")
    if (name in HOURS_BY_DAY) != bool(days):
        raise BadRules(f"{where}, days: hours have days, and nothing else has")
    if not isinstance(days, list) or any(day not in KINDS_OF_DAY for day in days) or len(set(days)) != len(days):
        raise BadRules(f"{where}, days: each once, of {', '.join(KINDS_OF_DAY)}")
    if name not in COUNTS:
        hours = hours_from(f"{where}, value", value)
        return Choice(where=where, country=country, name=name, days=frozenset(days), hours=hours)
    if type(value) is not int or not 0 <= value <= _LARGEST:
        raise BadRules(f"{where}, value: a whole number from 0 to {_LARGEST}")
    return Choice(where=where, country=country, name=name, days=frozenset(), count=value)


def _check_once(choices: Sequence[Choice]) -> None:
    seen: set[tuple[str | None, str, str]] = set()
    for one in choices:
        keys = {(one.country, one.name, day) for day in one.days or {""}}
        if twice := sorted(seen & keys, key=str):
            day = f" for {twice[0][2]}" if twice[0][2] else ""
            raise BadRules(f"{one.where}: says{day} what another row says already; keep one")
        seen |= keys


def _laid(rows: Iterable[Row], defaults: Iterable[Row], choices: Iterable[Choice], source: str) -> tuple[Row, ...]:
    """The rows with our own replaced by the choices, which take the day of their reading from what they replace."""
    laid = list(rows)
    for one in choices:
        model = next(row for row in defaults if row.name == one.name)
        kept = []
        for row in laid:
            if row.is_default and row.name == one.name:
                if not (left := row.days - one.days):
                    continue
                row = replace(row, days=left)
            kept.append(row)
        kept.append(replace(model, days=one.days, hours=one.hours, count=one.count, source=source, confidence="D"))
        laid = kept
    return tuple(laid)


def _cut(row: Row, everywhere: Iterable[Choice]) -> list[Row]:
    """A country's own default under what was chosen for everywhere: the stricter of both, day by day."""
    cut = [row]
    for one in everywhere:
        if one.name == row.name:
            cut = [piece for part in cut for piece in _narrowed(part, one)]
    return cut


def _narrowed(row: Row, one: Choice) -> Iterator[Row]:
    if row.count is not None and one.count is not None:
        stricter = min if row.name in LESS_IS_STRICTER else max
        yield replace(row, count=stricter(row.count, one.count))
        return
    both, rest = row.days & one.days, row.days - one.days
    if both or not row.days:
        yield replace(row, days=both, hours=intersection(row.hours or (), one.hours or ()))
    if rest:
        yield replace(row, days=rest)

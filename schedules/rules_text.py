"""A document of rules as TOML text that people edit: what was chosen stands plain, what is shipped as remarks."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from schedules.band import Band
from schedules.hours_text import hours_table, week_table
from schedules.row import KINDS_OF_DAY, Row
from schedules.rules import Rules
from schedules.rules_document import SOURCE

_HEAD = """\
# Rules of this house: whom we call at which hours, how often, and when a call comes at all.
# Change what stands here, then: beltoon rules check FILE, and beltoon rules apply FILE.
# The law is no part of this file and can't be changed by it. Lines behind # are the shipped choices: to choose
# otherwise, take the # away and change the value. A row with a country holds only there.
"""


def band_table(band: Band) -> dict[str, Any]:
    """A band as `schedules.band_file.bands_from` reads it."""
    told: dict[str, Any] = {"key": band.key, "title": band.title}
    if band.kinds:
        told["kinds"] = sorted(band.kinds)
    if band.students:
        told["students"] = True
    if band.ages is not None:
        told["ages"] = list(band.ages)
    if band.unknown_age:
        told["unknown_age"] = True
    for name, week in zip(("hours", "every_second"), band.turns, strict=False):
        told[name] = week_table(week)
    told["first_contact"] = [channel.value for channel in band.first_contact]
    told["later_contact"] = [channel.value for channel in band.later_contact]
    if band.as_last_reacted:
        told["as_last_reacted"] = True
    if band.wait_days:
        told["wait_days"] = band.wait_days
    told["listening"] = band.listening
    if band.person_first:
        told["person_first"] = True
    if band.evening is not None:
        evening = band.evening
        told["evening"] = {
            "ages": list(evening.ages), "misses": evening.misses, "hours": week_table(evening.week)
        }  # fmt: skip
    return told


def document_text(rules: Rules, shipped: Rules, document: Mapping[str, Any]) -> str:
    """The rules that hold as a document that can be edited and applied again."""
    lines = [_HEAD, f"source = {_value(document.get('source', SOURCE))}"]
    for band in rules.bands.bands:
        lines += ["", "[[band]]", *(f"{name} = {_value(value)}" for name, value in band_table(band).items())]
    for row in document.get("row", ()):
        lines += ["", "[[row]]", *(f"{name} = {_value(value)}" for name, value in row.items())]
    lines += ["", "# -- as shipped " + "-" * 60]
    for country, own in _shipped(shipped):
        lines += ["", *_remark(country, own)]
    return "\n".join(lines) + "\n"


def _shipped(shipped: Rules) -> Iterator[tuple[str | None, Row]]:
    for row in shipped.defaults:
        yield None, row
    for country, profile in sorted(shipped.profiles.items()):
        yield from ((country, row) for row in profile.rows if row.is_default)


def _remark(country: str | None, row: Row) -> Iterable[str]:
    yield "# [[row]]"
    if country is not None:
        yield f"# country = {_value(country)}"
    yield f"# name = {_value(row.name)}"
    if row.days:
        yield f"# days = {_value([day for day in KINDS_OF_DAY if day in row.days])}"
    yield f"# value = {_value(row.count if row.hours is None else hours_table(row.hours))}"


def _value(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return str(value)
    if isinstance(value, list | tuple):
        return f"[{', '.join(_value(one) for one in value)}]"
    if isinstance(value, Mapping):
        return f"{{ {', '.join(f'{name} = {_value(one)}' for name, one in value.items())} }}"
    return '"' + "".join(_letter(one) for one in str(value)) + '"'


def _letter(one: str) -> str:
    if one in '"\\':
        return f"\\{one}"
    return one if one.isprintable() else f"\\U{ord(one):08x}"

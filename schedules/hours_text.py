"""Hours as people write them: `["09:00-12:00", "14:00-17:00"]`; `[]` is closed."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from ledger.interval import union
from schedules.errors import BadRules
from schedules.row import Minutes

_HOURS = re.compile(r"([0-2][0-9]):([0-5][0-9])-([0-2][0-9]):([0-5][0-9])", re.ASCII)


def hours_from(where: str, value: Any) -> Minutes:
    """The minutes since midnight. Raises `BadRules`, which begins with `where`."""
    if not isinstance(value, list):
        raise BadRules(f'{where}: give a list of hours, such as ["09:00-12:00"]; [] is closed')
    pieces = tuple(_pieces(where, value))
    if union(pieces) != tuple(sorted(pieces)):
        raise BadRules(f"{where}: the hours overlap or touch; write them as one")
    return union(pieces)


def _pieces(where: str, value: list[Any]) -> Iterator[tuple[int, int]]:
    for text in value:
        match = _HOURS.fullmatch(text) if isinstance(text, str) else None
        if match is None:
            raise BadRules(f"{where}: {text!r} is no pair of hours; write 09:00-12:00")
        h1, m1, h2, m2 = map(int, match.groups())
        start, end = h1 * 60 + m1, h2 * 60 + m2
        if end > 24 * 60 or start >= end:
            raise BadRules(f"{where}: {text} ends before it starts; hours across midnight are two pairs")
        yield start, end

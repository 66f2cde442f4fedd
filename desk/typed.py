"""Numbers and moments as people type them.

A number that is None can't be read, and whoever asked for it says how to write it. Of a moment that can't be read comes
a text that says so.
"""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal, InvalidOperation

from ledger.clock import MEANT_YEARS


def whole(text: str) -> int | None:
    """A whole number: `20`."""
    try:
        return int(text)
    except ValueError:
        return None


def hundredths(text: str) -> int | None:
    """An amount in cents, a rate in hundredths of a percent: `5.00` is 500. Nothing is rounded."""
    try:
        found = Decimal(text) * 100
    except InvalidOperation:
        return None
    return int(found) if found.is_finite() and found == found.to_integral_value() else None


def instant(text: object) -> datetime | str:
    """A moment with its zone, from ISO 8601."""
    said = str(text)[:40]
    try:
        found = datetime.fromisoformat(text if isinstance(text, str) else "")
    except ValueError:
        return f"{said} is no time; write 2026-12-23T18:30:00+01:00"
    if found.tzinfo is None:
        return f"{said} lacks its zone; write +01:00 behind it, or Z"
    return found if found.year in MEANT_YEARS else f"{said} is too far away; check the year"


def day(text: str) -> date | str:
    """A day, from ISO 8601."""
    try:
        found = date.fromisoformat(text)
    except ValueError:
        return f"{text[:40]} is no day; write 2026-12-28"
    return found if found.year in MEANT_YEARS else f"{text[:40]} is too far away; check the year"

"""Numbers as people type them. None: it can't be read, and whoever asked for it says how to write it."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation


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

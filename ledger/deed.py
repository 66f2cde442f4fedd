"""What one of our people does to the books by hand: when, who, and why, as the audit keeps it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from ledger.errors import BadAnswer

#: Letters of a name and of a reason, as `ledger.tables.HoldRow` keeps them of who lifted it.
NAME_LETTERS, WHY_LETTERS = 64, 200


@dataclass(frozen=True, kw_only=True, slots=True)
class Deed:
    """It is made by `deed`, so that nobody does anything without a name and a reason."""

    at: datetime
    by: str
    why: str


def deed(at: datetime, by: str, why: str) -> Deed:
    """Raises `BadAnswer`, naming `by` or `why`, where one is empty, too long or more than a line."""
    return Deed(
        at=at,
        by=_line("by", by, NAME_LETTERS, "write who does this"),
        why=_line("why", why, WHY_LETTERS, "write the reason in a sentence, without names of third persons"),
    )


def _line(field: str, text: str, most: int, hint: str) -> str:
    said = text.strip()
    if not said:
        raise BadAnswer(f"{field}: is empty; {hint}")
    if not said.isprintable():
        raise BadAnswer(f"{field}: holds a line break or a character that can't be printed; {hint}")
    if len(said) > most:
        raise BadAnswer(f"{field}: has {len(said)} letters, {most} are the most; {hint}")
    return said

"""Days, moments and amounts as people type them; what can't be read is a `BadNote` that names the field."""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

from ivr.errors import BadNote
from ivr.notes.note import SHOWN, shown
from ledger.intake.amount import read_amount
from ledger.intake.day import read_day
from ledger.intake.finding import BadCell
from ledger.money import Money


def moment(text: str, zone: ZoneInfo) -> datetime:
    """A moment; without a zone by the person's own clock. Raises `BadNote`."""
    try:
        at = datetime.fromisoformat(text.strip())
    except ValueError:
        raise BadNote(f"at: {shown(text)} is no time; write it as 2026-11-25T10:30, by the person's clock") from None
    return at if at.tzinfo is not None else at.replace(tzinfo=zone)


def day_of(name: str, text: str | None) -> date:
    """A day, as lists may write it too. Raises `BadNote`."""
    try:
        return read_day(_plain(text))
    except BadCell as bad:
        raise BadNote(f"{name}: {bad.reason}; {bad.fix}") from None


def money(name: str, text: str | None, currency: str) -> Money:
    """An amount above zero, in any usual spelling. Raises `BadNote`."""
    try:
        minor = read_amount(_plain(text), currency)
    except BadCell as bad:
        raise BadNote(f"{name}: {bad.reason}; {bad.fix}") from None
    if not minor:
        raise BadNote(f"{name}: nothing is no amount; who can pay nothing now has hardship: note that")
    return Money(minor, currency)


def _plain(text: str | None) -> str:
    """Single spaces, on one line; nothing that can be read is so long that it is cut."""
    return " ".join((text or "").split())[:SHOWN]

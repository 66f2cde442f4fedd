"""Cells that several histories have: instants, numbers, closed lists, and who or what a row names."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, date, datetime

from ledger.clock import MEANT_YEARS
from ledger.intake.day import read_day
from ledger.intake.finding import BadCell
from ledger.intake.history.fact import Bill, Books, Who
from ledger.intake.telephone import read_number
from ledger.phone import Verdict, why_not
from ledger.zone import candidate_zones, zones_of_number

_FIX = "write it as 2026-03-02T14:05:00+01:00"


def read_instant(text: str) -> datetime:
    """An instant, in UTC. Raises `BadCell` where the zone is missing: nobody may guess it."""
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        raise BadCell(f"“{text[:40]}” is no instant", _FIX) from None
    if found.tzinfo is None:
        raise BadCell(f"{text} has no time zone", f"{_FIX}, with the offset at its end")
    if found.year < MEANT_YEARS.start:
        raise BadCell(f"{text} is too long ago to be true", "check the year")
    if found.year not in MEANT_YEARS:
        raise _too_far(text)
    return found.astimezone(UTC)


def read_coming_day(text: str) -> date:
    """A day that may still be to come. Raises `BadCell` for one that nobody means."""
    found = read_day(text)
    if found.year >= MEANT_YEARS.stop:
        raise _too_far(text)
    return found


def _too_far(text: str) -> BadCell:
    return BadCell(f"{text} is too far away to be true", "check the year; what has no end stays empty")


def read_past(text: str, now: datetime) -> datetime:
    """An instant that has been. Raises `BadCell`."""
    if not text:
        raise BadCell("is empty", _FIX)
    found = read_instant(text)
    if found > now:
        raise BadCell(f"{text} has not come yet", "a history tells what has been; check the date")
    return found


def read_past_day(text: str, now: datetime) -> date:
    """A day that has begun somewhere. Raises `BadCell`."""
    if not text:
        raise BadCell("is empty", "write it as 2026-03-02")
    found = read_day(text)
    if found.year < MEANT_YEARS.start or (found - now.date()).days > 1:
        raise BadCell(f"{text} has not come yet, or is too long ago", "a history tells what has been; check the date")
    return found


def read_word(text: str, words: Iterable[str]) -> str:
    """One word of a closed list. Raises `BadCell`."""
    found = "_".join(text.casefold().replace("-", " ").split())
    known = tuple(words)
    if found not in known:
        said = f"“{text[:32]}” is none of the words of this column" if text else "is empty"
        raise BadCell(said, "write " + ", ".join(known))
    return found


def read_e164(text: str, country: str | None) -> str:
    """A number in E.164. Raises `BadCell`: a history about an unreadable number binds nobody."""
    verdict, e164, _ = read_number(text, country)
    if verdict is Verdict.INVALID or not e164:
        raise BadCell(f"{text[:4]}… {why_not(verdict)}", "write it with its country: +32470123456")
    return e164


def read_debtor(text: str, books: Books) -> Who:
    """Somebody in the books. Raises `BadCell`."""
    if not text:
        raise BadCell("is empty", "write the debtor's lasting name, as in the list of debtors")
    if (found := books.debtors.get(text)) is None:
        raise BadCell(f"{text} is not in the books", "import the list of debtors first, or correct the name")
    return found


def read_bill(number: str, creditor: str, books: Books) -> Bill:
    """An invoice in the books. Raises `BadCell`."""
    if not number:
        raise BadCell("is empty", "write the number of the invoice")
    if (found := books.invoices.get((creditor, number))) is None:
        of = f"of {creditor}" if creditor else "without a creditor"
        raise BadCell(f"{number} {of} is not in the books", "import the list of debtors first, or correct the number")
    return found


def zones_of(who: Who | None, e164: str | None) -> tuple[str, ...]:
    """The zones in which somebody may be, the address's own first; UTC where nothing is known."""
    return candidate_zones(who.zones if who else (), zones_of_number(e164) if e164 else ()) or ("UTC",)

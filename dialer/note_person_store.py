"""What the books say of the person whom a note is about, gathered as for a call of theirs."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from dialer.briefing import whole_openings
from dialer.briefing_store import Asked
from dialer.inbound_store import stranger
from dialer.known_store import brief_known, zone_of
from ivr.notes.note import Person
from ledger.tables import AccountRow, DebtorRow, InvoiceRow, PhoneRow
from schedules.openings import openings
from schedules.rules import Rules
from schedules.standing_store import standing_of


def _numbers(session: Session, debtor: DebtorRow) -> list[str]:
    """The person's telephone numbers now, the best first."""
    theirs = select(PhoneRow.e164).where(PhoneRow.debtor_id == debtor.id, PhoneRow.until_at.is_(None))
    return [one for one in session.scalars(theirs.order_by(PhoneRow.rank, PhoneRow.id)) if one]


def own_zone(session: Session, debtor: DebtorRow) -> str | None:
    """The zone by whose clock an hour is agreed with the person; None: nobody knows where they are."""
    return zone_of(debtor, next(iter(_numbers(session, debtor)), None))


def person_of(session: Session, debtor: DebtorRow, now: datetime, rules: Rules) -> Person:
    """What the books say: a briefing for each creditor and currency, and the openings of each number."""
    numbers = _numbers(session, debtor)
    first = next(iter(numbers), None)
    bare = replace(stranger(session, "", first, now)[0], debtor_id=debtor.id)
    zone = own_zone(session, debtor)
    if zone is None:
        return Person(briefings=(), bare=bare, openings=dict.fromkeys(numbers, ()))
    asked = Asked(call_id="", direction="out", debtor_id=debtor.id, e164=first, zone=zone, now=now)
    known = [brief_known(session, one, rules) for one in _each_creditor(session, asked)]
    briefings = tuple(one[0] for one in known if one is not None)
    standing = standing_of(session, debtor.id)
    hours = {e164: openings(standing, e164, now, rules=rules) for e164 in numbers}
    return Person(
        briefings=briefings,
        bare=bare,
        openings={e164: whole_openings(permitted, now, ZoneInfo(zone)) for e164, permitted in hours.items()},
    )


def _each_creditor(session: Session, asked: Asked) -> list[Asked]:
    """Asked for each creditor and currency in which something is due, the oldest first; nothing is due: for none."""
    owed = (
        select(InvoiceRow.creditor_id, InvoiceRow.currency, InvoiceRow.id)
        .join(AccountRow, AccountRow.id == InvoiceRow.account_id)
        .where(AccountRow.debtor_id == asked.debtor_id, InvoiceRow.open_minor > 0)
        .where(InvoiceRow.due_on < asked.now.astimezone(ZoneInfo(asked.zone)).date())
        .order_by(InvoiceRow.due_on, InvoiceRow.id)
    )
    found: dict[tuple[int, str], set[int]] = {}
    for creditor_id, currency, invoice_id in session.execute(owed):
        found.setdefault((creditor_id, currency), set()).add(invoice_id)
    each = [replace(asked, creditor_id=who, about=frozenset(ids)) for (who, _), ids in found.items()]
    return each or [asked]

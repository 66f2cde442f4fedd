"""Claims that are decided: their contacts, receipts, attempts and calls, written together."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, cast

from sqlalchemy import Insert, Table, insert
from sqlalchemy.orm import Session

from dialer.claim import Claimed, Claimer, Prospect
from dialer.tables import NOT_BRIEFED, AttemptRow, CallRow
from ledger.contact import Channel
from ledger.database import Base
from ledger.tables import ContactRow, ReceiptRow
from schedules.receipt import receipt_fields
from schedules.verdict import Allowed


def _into(rows: type[Base]) -> Insert:
    """Into the table itself: to make an object of each row would cost more than the row."""
    return insert(cast(Table, rows.__table__))


#: Contacts give their ids, each with its debtor: nobody is in a batch twice.
_CONTACTS = _into(ContactRow).returning(ContactRow.debtor_id, ContactRow.id)
_RECEIPTS, _ATTEMPTS, _CALLS = (_into(one) for one in (ReceiptRow, AttemptRow, CallRow))


@dataclass(frozen=True, kw_only=True)
class ReadyClaim:
    """A claim that has been decided, not yet written."""

    prospect: Prospect
    attempt: str
    entry: str
    verdict: Allowed
    local_date: date
    debtor_slot: int
    address_slot: int

    @property
    def number(self) -> str:
        """Whom the carrier will ring."""
        return number_of(self.verdict)

    def claimed(self, real_now: datetime) -> Claimed:
        """What the dialer goes on with."""
        return Claimed(
            attempt=self.attempt, entry=self.entry, prospect=self.prospect, e164=self.number, claimed_at=real_now
        )


def number_of(verdict: Allowed) -> str:
    """The number at which a call is allowed."""
    assert verdict.number is not None  # noqa: S101 - a call is allowed at a number
    return verdict.number


def write(session: Session, who: Claimer, ready: Sequence[ReadyClaim], now: datetime) -> None:
    """Write the rows of all of them, one statement a table."""
    if not ready:
        return
    contacts = dict(session.execute(_CONTACTS, [_contact(one, now) for one in ready]).all())
    both = [(one, contacts[one.prospect.debtor_id]) for one in ready]
    session.execute(_RECEIPTS, [_receipt(who, one, contact, now) for one, contact in both])
    session.execute(_ATTEMPTS, [_attempt(who, one, contact, now) for one, contact in both])
    session.execute(_CALLS, [_call(who, one, now) for one in ready])


def _contact(one: ReadyClaim, now: datetime) -> dict[str, Any]:
    return {
        "debtor_id": one.prospect.debtor_id,
        "address": one.number,
        "channel": Channel.VOICE.value,
        "solicited": one.verdict.callback_id is not None,
        "callback_id": one.verdict.callback_id,
        "zone": one.verdict.zone,
        "local_date": one.local_date,
        "debtor_slot": one.debtor_slot,
        "address_slot": one.address_slot,
        "begun_at": now,
    }


def _receipt(who: Claimer, one: ReadyClaim, contact: int, now: datetime) -> dict[str, Any]:
    return {
        "contact_id": contact,
        **receipt_fields(one.verdict, one.prospect.debtor_id, Channel.VOICE, now, who.rules),
        "text_version": who.text_version(one.prospect.language),
    }


def _attempt(who: Claimer, one: ReadyClaim, contact: int, now: datetime) -> dict[str, Any]:
    return {
        "uuid": one.attempt,
        "contact_id": contact,
        "campaign_version_id": one.prospect.campaign_version_id,
        "debtor_id": one.prospect.debtor_id,
        "e164": one.number,
        "state": "dialing",
        "owner": who.owner,
        "fence": who.fence,
        "claimed_at": now,
        "dialed_at": now,
    }


def _call(who: Claimer, one: ReadyClaim, now: datetime) -> dict[str, Any]:
    return {
        "uuid": one.attempt,
        "attempt_uuid": one.attempt,
        "carrier": who.carrier,
        "carrier_ref": one.attempt,
        "direction": "out",
        "debtor_id": one.prospect.debtor_id,
        "state": "dialing",
        "briefing": NOT_BRIEFED,
        "begun_at": now,
    }

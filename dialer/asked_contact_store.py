"""Contacts beside our own calls: the debtor rang us, or one of our people called. No try of ours, so outside the
budget, but the rest after a talk begins."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from dialer.claim import budget_keys
from dialer.claim_store import lock_budget
from dialer.slot_store import free_slot
from ledger.contact import Channel, Disposition
from ledger.tables import ContactRow

#: Where a number isn't known.
WITHHELD = "withheld"


@dataclass(frozen=True, kw_only=True)
class AskedContact:
    """One contact on the telephone that the person asked for."""

    debtor_id: int
    #: E.164; None: withheld, or nobody knows.
    e164: str | None
    #: The person's own.
    zone: str
    begun_at: datetime
    ended_at: datetime
    disposition: Disposition
    #: With the person; else nobody was reached.
    talked: bool
    #: The request that it serves.
    request_id: int | None = None


def write_contact(session: Session, one: AskedContact) -> None:
    """Write it in a slot of its day, under the lock of the budget."""
    local_date = one.begun_at.astimezone(ZoneInfo(one.zone)).date()
    address = one.e164 or WITHHELD
    lock_budget(session, budget_keys(one.debtor_id, address))
    session.add(
        ContactRow(
            debtor_id=one.debtor_id,
            address=address,
            channel=Channel.VOICE.value,
            solicited=True,
            callback_id=one.request_id,
            zone=one.zone,
            local_date=local_date,
            debtor_slot=free_slot(session, one.debtor_id, local_date, solicited=True),
            address_slot=free_slot(session, address, local_date, solicited=True),
            begun_at=one.begun_at,
            ended_at=one.ended_at,
            disposition=one.disposition.value,
            talked=one.talked,
            right_party=one.talked,
        )
    )

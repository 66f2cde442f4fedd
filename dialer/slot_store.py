"""The slots of a day: which tries at a person or an address have been made."""

from __future__ import annotations

from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from dialer.claim import next_slot
from ledger.tables import ContactRow


def free_slot(session: Session, who: int | str, local_date: date, *, solicited: bool) -> int:
    """The next slot of a debtor (id) or an address (text) on a local day."""
    if isinstance(who, int):
        query = select(ContactRow.debtor_slot).where(ContactRow.debtor_id == who)
    else:
        query = select(ContactRow.address_slot).where(ContactRow.address == who)
    return next_slot(list(session.scalars(query.where(ContactRow.local_date == local_date))), solicited=solicited)

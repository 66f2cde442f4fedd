"""The tries of a day: which slots of a person or an address are taken, and which try has not ended."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from datetime import date

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import Session

from ledger.among import among
from ledger.contact import Channel
from ledger.slot import next_slot
from ledger.tables import ContactRow

_TRIES = select(
    ContactRow.debtor_id, ContactRow.address, ContactRow.channel, ContactRow.local_date, ContactRow.debtor_slot,
    ContactRow.address_slot, ContactRow.ended_at,
)  # fmt: skip


class Slots:
    """The tries at some debtors and addresses on some local days, and those of any day that go on."""

    def __init__(
        self, session: Session, debtors: Collection[int], addresses: Collection[str], days: Collection[date]
    ) -> None:
        self._taken: dict[tuple[int | str, date], list[int]] = defaultdict(list)
        #: Debtors (id) and addresses (text) whom somebody calls at this moment.
        self.called_now: set[int | str] = set()
        theirs: list[ColumnElement[bool]] = [among(ContactRow.debtor_id, debtors)] if debtors else []
        if addresses:
            theirs.append(among(ContactRow.address, addresses))
        if not theirs:
            return
        relevant = or_(ContactRow.local_date.in_(days), ContactRow.ended_at.is_(None))
        for row in session.execute(_TRIES.where(or_(*theirs), relevant)):
            self._taken[row.debtor_id, row.local_date].append(row.debtor_slot)
            self._taken[row.address, row.local_date].append(row.address_slot)
            if row.ended_at is None and row.channel == Channel.VOICE:
                self.called_now |= {row.debtor_id, row.address}

    def free(self, who: int | str, local_date: date, *, solicited: bool) -> int:
        """The next slot of a debtor (id) or an address (text) on a local day."""
        return next_slot(self._taken.get((who, local_date), []), solicited=solicited)


def free_slot(session: Session, who: int | str, local_date: date, *, solicited: bool) -> int:
    """The next slot of one of them."""
    debtors, addresses = ([who], []) if isinstance(who, int) else ([], [who])
    return Slots(session, debtors, addresses, [local_date]).free(who, local_date, solicited=solicited)

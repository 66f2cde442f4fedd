"""The slots of a day: which tries at a person or an address have been made."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from ledger.slot import next_slot
from ledger.tables import ContactRow


class Slots:
    """The slots taken of some debtors and addresses on some local days."""

    def __init__(
        self, session: Session, debtors: Collection[int], addresses: Collection[str], days: Collection[date]
    ) -> None:
        self._taken: dict[tuple[int | str, date], list[int]] = defaultdict(list)
        of_day = ContactRow.local_date.in_(days)
        of_debtors = select(ContactRow.debtor_id, ContactRow.local_date, ContactRow.debtor_slot)
        for debtor_id, day, slot in session.execute(of_debtors.where(ContactRow.debtor_id.in_(debtors), of_day)):
            self._taken[debtor_id, day].append(slot)
        of_addresses = select(ContactRow.address, ContactRow.local_date, ContactRow.address_slot)
        for address, day, slot in session.execute(of_addresses.where(ContactRow.address.in_(addresses), of_day)):
            self._taken[address, day].append(slot)

    def free(self, who: int | str, local_date: date, *, solicited: bool) -> int:
        """The next slot of a debtor (id) or an address (text) on a local day."""
        return next_slot(self._taken.get((who, local_date), []), solicited=solicited)


def free_slot(session: Session, who: int | str, local_date: date, *, solicited: bool) -> int:
    """The next slot of one of them."""
    debtors, addresses = ([who], []) if isinstance(who, int) else ([], [who])
    return Slots(session, debtors, addresses, [local_date]).free(who, local_date, solicited=solicited)

"""The place of those who come into a campaign: by what they owe and since when, read in one query."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from ledger.database import utc_date
from ledger.money import Money
from ledger.tables import AccountRow, CreditorRow, InvoiceRow
from schedules.rank import Stakes, standing_place
from schedules.reach import PRIOR_CHANCE
from schedules.stage import stage_on


def first_places(session: Session, debtors: Sequence[int], creditor: str | None, now: datetime) -> dict[int, int]:
    """The place of each of these debtors, whom nobody has tried or looked at: of their hour nothing is known yet.

    `creditor`: only what is owed there.
    """
    today = utc_date(now)
    query = (
        select(
            AccountRow.debtor_id,
            InvoiceRow.currency,
            func.sum(InvoiceRow.open_minor).label("minor"),
            func.min(InvoiceRow.due_on).label("due_on"),
        )
        .join(InvoiceRow, InvoiceRow.account_id == AccountRow.id)
        .where(AccountRow.debtor_id.in_(debtors), InvoiceRow.open_minor > 0, InvoiceRow.due_on < today)
        .group_by(AccountRow.debtor_id, InvoiceRow.currency)
    )
    if creditor is not None:
        query = query.join(CreditorRow, CreditorRow.id == InvoiceRow.creditor_id).where(CreditorRow.name == creditor)
    nothing = Stakes(owed=Money(0), days_late=0, waits_since=now)
    places = dict.fromkeys(debtors, standing_place(nothing, PRIOR_CHANCE))
    for row in session.execute(query):
        owed = Money(int(row.minor), row.currency)
        late = (today - row.due_on).days
        stakes = Stakes(owed=owed, days_late=late, waits_since=now, stage=stage_on(late))
        places[row.debtor_id] = min(places[row.debtor_id], standing_place(stakes, PRIOR_CHANCE))
    return places

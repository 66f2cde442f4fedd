"""The place of those who come into a campaign: by what they owe and since when, read in one query."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from itertools import groupby

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from ledger.database import utc_date
from ledger.money import Money
from ledger.tables import AccountRow, CreditorRow, InvoiceRow
from schedules.policy import own_days
from schedules.rank import Stakes, standing_place
from schedules.reach import PRIOR_CHANCE
from schedules.stage import stage_on


def first_places(session: Session, debtors: Sequence[int], creditor: str | None, now: datetime) -> dict[int, int]:
    """The place of each of these debtors, whom nobody has tried or looked at: of their hour nothing is known yet.

    Reckoned as `stakes_of` does it for one person: what is owed most of, and the ladder of the oldest debt's creditor.

    `creditor`: only what is owed there.
    """
    today = utc_date(now)
    query = (
        select(
            AccountRow.debtor_id,
            InvoiceRow.creditor_id,
            InvoiceRow.currency,
            func.sum(InvoiceRow.open_minor).label("minor"),
            func.min(InvoiceRow.due_on).label("due_on"),
        )
        .join(InvoiceRow, InvoiceRow.account_id == AccountRow.id)
        .where(AccountRow.debtor_id.in_(debtors), InvoiceRow.open_minor > 0, InvoiceRow.due_on < today)
        .group_by(AccountRow.debtor_id, InvoiceRow.creditor_id, InvoiceRow.currency)
        .order_by(AccountRow.debtor_id)
    )
    creditors = select(CreditorRow.id, CreditorRow.policy)
    if creditor is not None:
        creditors = creditors.where(CreditorRow.name == creditor)
        query = query.join(CreditorRow, CreditorRow.id == InvoiceRow.creditor_id).where(CreditorRow.name == creditor)
    own = {row.id: own_days(row.policy) for row in session.execute(creditors)}
    nothing = Stakes(owed=Money(0), days_late=0, waits_since=now)
    places = dict.fromkeys(debtors, standing_place(nothing, PRIOR_CHANCE))
    for debtor_id, debts in groupby(session.execute(query), key=lambda row: row.debtor_id):
        sums: Counter[str] = Counter()
        oldest = None
        for row in debts:
            sums[row.currency] += int(row.minor)
            oldest = row if oldest is None or row.due_on < oldest.due_on else oldest
        assert oldest is not None  # noqa: S101 - a group has a row
        currency, minor = max(sums.items(), key=lambda item: (item[1], item[0]))
        late = (today - oldest.due_on).days
        stage = stage_on(late, own[oldest.creditor_id])
        stakes = Stakes(owed=Money(minor, currency), days_late=late, waits_since=now, stage=stage)
        places[debtor_id] = standing_place(stakes, PRIOR_CHANCE)
    return places

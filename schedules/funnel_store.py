"""What happened with the debtors of a campaign, one short row each; and what kept us from calling."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sqlalchemy import ColumnElement, Select, case, func, select
from sqlalchemy.orm import Session

from ledger.tables import AccountRow, AgreementRow, ContactRow, InvoiceRow, RefusalCountRow
from schedules.funnel import Way
from schedules.tables import CandidateRow

_PROMISES = ("promise", "plan")


def ways_of(session: Session, campaign_id: int) -> Iterator[Way]:
    """Everybody in a campaign of whom an invoice is known, in no order; read in one go."""
    mine = select(CandidateRow.debtor_id).where(CandidateRow.campaign_id == campaign_id)
    owed = _by_debtor(
        AccountRow.debtor_id,
        mine,
        func.min(InvoiceRow.due_on).label("due_on"),
        func.sum(InvoiceRow.open_minor).label("open_minor"),
    ).join(InvoiceRow, InvoiceRow.account_id == AccountRow.id)
    tried = _by_debtor(
        ContactRow.debtor_id,
        mine,
        func.sum(_one(~ContactRow.solicited)).label("contacts"),
        func.max(ContactRow.local_date).label("last_on"),
        func.max(_one(ContactRow.right_party)).label("talked"),
    )
    agreed = _by_debtor(
        AgreementRow.debtor_id,
        mine,
        func.count().label("promised"),
        func.max(_one(AgreementRow.state == "kept")).label("kept"),
    ).where(AgreementRow.kind.in_(_PROMISES))
    owing, trying, agreeing = owed.subquery(), tried.subquery(), agreed.subquery()
    query = (
        select(
            owing.c.due_on,
            owing.c.open_minor,
            trying.c.contacts,
            trying.c.last_on,
            trying.c.talked,
            agreeing.c.promised,
            agreeing.c.kept,
        )
        .join(trying, trying.c.debtor_id == owing.c.debtor_id, isouter=True)
        .join(agreeing, agreeing.c.debtor_id == owing.c.debtor_id, isouter=True)
        .execution_options(yield_per=5000)
    )
    for row in session.execute(query):
        yield Way(
            due_on=row.due_on,
            contacts=int(row.contacts or 0),
            last_on=row.last_on,
            talked=bool(row.talked),
            promised=bool(row.promised),
            kept=bool(row.kept),
            paid=int(row.open_minor) <= 0,
        )


def refusals_of(session: Session, campaign_id: int) -> dict[str, int]:
    """How often each rule kept us from a call of this campaign, the most frequent first."""
    times = func.sum(RefusalCountRow.refused)
    query = (
        select(RefusalCountRow.rule, times)
        .where(RefusalCountRow.campaign_id == campaign_id)
        .group_by(RefusalCountRow.rule)
        .order_by(times.desc(), RefusalCountRow.rule)
    )
    return {rule: int(count) for rule, count in session.execute(query)}


def _by_debtor(debtor: Any, mine: Select[Any], *columns: ColumnElement[Any]) -> Select[Any]:
    return select(debtor, *columns).where(debtor.in_(mine)).group_by(debtor)


def _one(condition: Any) -> ColumnElement[int]:
    return case((condition, 1), else_=0)

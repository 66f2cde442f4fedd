"""What happened with the debtors of a campaign, one short row each; and what kept us from calling."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from itertools import groupby
from typing import Any

from sqlalchemy import ColumnElement, CompoundSelect, Select, case, func, select, union
from sqlalchemy.orm import Session

from ledger.contact import Channel
from ledger.tables import AccountRow, AgreementRow, ContactRow, CreditorRow, HoldRow, InvoiceRow, RefusalCountRow
from schedules.campaign import Campaign
from schedules.case import Case
from schedules.funnel import Way
from schedules.number import in_order
from schedules.policy import own_days
from schedules.rules import Rules
from schedules.slide import Slid, slid_days
from schedules.standing_store import standings_of
from schedules.tables import CandidateRow

_PROMISES = ("promise", "plan")
#: People whose days slid that are read together.
_LOOK = 1000


def ways_of(session: Session, campaign: Campaign, now: datetime, rules: Rules) -> Iterator[Way]:
    """Everybody in a campaign of whom an invoice is known, in no order; read in one go."""
    mine = select(CandidateRow.debtor_id).where(CandidateRow.campaign_id == campaign.id)
    slid = _slid(session, mine, campaign, now, rules)
    owed = _owed(mine, campaign.rules.creditor)
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
            owing.c.debtor_id,
            owing.c.creditor_id,
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
        .order_by(owing.c.debtor_id, owing.c.due_on, owing.c.creditor_id)
        .execution_options(yield_per=5000)
    )
    own = {row.id: own_days(row.policy) for row in session.execute(select(CreditorRow.id, CreditorRow.policy))}
    for _, one in groupby(session.execute(query), key=lambda row: row.debtor_id):
        row, *more = one  # by creditor, the oldest due date first
        yield Way(
            due_on=row.due_on,
            own_days=own[row.creditor_id],
            slid=slid.get(row.debtor_id, ()),
            contacts=int(row.contacts or 0),
            last_on=row.last_on,
            talked=bool(row.talked),
            promised=bool(row.promised),
            kept=bool(row.kept),
            paid=sum(int(each.open_minor) for each in (row, *more)) <= 0,
        )


def _owed(mine: Select[Any], creditor: str | None) -> Select[Any]:
    """What each of them owes each creditor, and since when; `creditor`: only what is owed there."""
    query = (
        _by_debtor(
            AccountRow.debtor_id,
            mine,
            InvoiceRow.creditor_id,
            func.min(InvoiceRow.due_on).label("due_on"),
            func.sum(InvoiceRow.open_minor).label("open_minor"),
        )
        .join(InvoiceRow, InvoiceRow.account_id == AccountRow.id)
        .group_by(InvoiceRow.creditor_id)
    )
    if creditor is None:
        return query
    return query.join(CreditorRow, CreditorRow.id == InvoiceRow.creditor_id).where(CreditorRow.name == creditor)


def _slid(session: Session, mine: Select[Any], campaign: Campaign, now: datetime, rules: Rules) -> dict[int, Slid]:
    """The days that slid, of whoever has any: only who had a hold or an agreement is looked at."""
    theirs = select(AccountRow.debtor_id).join(InvoiceRow, InvoiceRow.account_id == AccountRow.id)
    theirs = theirs.join(HoldRow, HoldRow.invoice_id == InvoiceRow.id)
    paused: CompoundSelect[Any] = union(
        select(HoldRow.debtor_id).where(HoldRow.debtor_id.in_(mine)),
        select(AgreementRow.debtor_id).where(AgreementRow.debtor_id.in_(mine)),
        theirs.where(AccountRow.debtor_id.in_(mine)),
    )
    people = [one for one in session.scalars(paused) if one is not None]
    found: dict[int, Slid] = {}
    for start in range(0, len(people), _LOOK):
        for debtor_id, who in standings_of(session, people[start : start + _LOOK]).items():
            phone = next(iter(in_order(who)), None)
            case = Case(who, Channel.POST, now, rules, phone=phone, campaign=campaign.rules)
            if days := slid_days(case):
                found[debtor_id] = days
    return found


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


def _by_debtor(debtor: Any, mine: Select[Any], *columns: Any) -> Select[Any]:
    return select(debtor, *columns).where(debtor.in_(mine)).group_by(debtor)


def _one(condition: Any) -> ColumnElement[int]:
    return case((condition, 1), else_=0)

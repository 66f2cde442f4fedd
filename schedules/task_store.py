"""The list for our people: the tasks that the ladder noted, while the claim is open and unstopped."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from ledger.database import Database
from ledger.money import Money
from ledger.tables import CreditorRow, DebtorRow, InvoiceRow
from schedules.campaign import Campaign
from schedules.campaign_store import campaign_named
from schedules.case import Case
from schedules.common_hour import no_common_hour
from schedules.hold import person_holds
from schedules.ladder_move import case_of, left_alone
from schedules.ladder_value import MINOR, NO_HOUR, LadderBooks
from schedules.rung_store import debtors_of, on_ladder
from schedules.tables import TaskRow


@dataclass(frozen=True, kw_only=True)
class HandOver:
    """What one of our people has to look at, on a claim that is still open."""

    kind: str
    debtor: str
    name: str
    creditor: str
    invoice: str
    open: Money
    why: str
    made_at: datetime


def hand_overs(database: Database, campaign: str, now: datetime, books: LadderBooks) -> list[HandOver]:
    """The tasks of a campaign whose claim is open and whose debtor is on no hold, the oldest first."""
    found: list[HandOver] = []
    with database.reading() as session:
        known = campaign_named(session, campaign)
        for debtors in debtors_of(session, known):
            found += _hand_overs(session, known, debtors, now, books)
    return sorted(found, key=lambda one: (one.made_at, one.debtor, one.invoice, one.kind))


def _hand_overs(
    session: Session, campaign: Campaign, debtors: Collection[int], now: datetime, books: LadderBooks
) -> Iterator[HandOver]:
    query = (
        select(TaskRow, DebtorRow, InvoiceRow, CreditorRow.name)
        .join(DebtorRow, DebtorRow.id == TaskRow.debtor_id)
        .join(InvoiceRow, InvoiceRow.id == TaskRow.invoice_id)
        .join(CreditorRow, CreditorRow.id == InvoiceRow.creditor_id)
        .where(TaskRow.debtor_id.in_(debtors), InvoiceRow.open_minor > 0)
    )
    rows = session.execute(query).all()
    if not rows:
        return
    people = on_ladder(session, {debtor.id for _, debtor, _, _ in rows}, now, books)
    for task, debtor, invoice, creditor in rows:
        one = people.get(debtor.id)
        mine = campaign.rules.creditor in (None, creditor)
        if one is None or not mine or _stopped(task.kind, case_of(one, now, books, campaign.rules)):
            continue
        yield HandOver(
            kind=task.kind, debtor=debtor.ref, name=debtor.name, creditor=creditor, invoice=invoice.number,
            open=Money(invoice.open_minor, invoice.currency), why=task.why, made_at=task.made_at,
        )  # fmt: skip


def _stopped(kind: str, case: Case) -> bool:
    """Is this person to be left in peace, or is the reason gone? Being under age stops machines, not our letter."""
    if kind == NO_HOUR and no_common_hour(case.standing, case.now, case.rules) is None:
        return True
    return bool(person_holds(case)) if kind == MINOR else left_alone(case)

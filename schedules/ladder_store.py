"""The walk of the ladder: everybody of the running campaigns, several times a day; done twice it changes nothing.

Who has nothing to do is only looked at. The others are looked at again inside a short unit of work, their rows locked,
so that a payment or a hold that came in meanwhile is seen.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from ledger.database import Database
from ledger.money import total
from ledger.run_store import run_state
from ledger.tables import AccountRow, AuditRow, ChargeRow, CreditorRow, DebtorRow, InvoiceRow, OutboxRow
from schedules.campaign import Campaign
from schedules.campaign_store import running
from schedules.ladder import LAST
from schedules.ladder_move import move
from schedules.ladder_round import BEGINNING, Place
from schedules.ladder_value import Charge, LadderBooks, Message, Move, OnLadder, Task
from schedules.queue_store import lock_candidates
from schedules.rung_store import CAUSE, bad_policies, on_ladder
from schedules.tables import CandidateRow, TaskRow
from schedules.upsert_store import insert_or_leave

#: Candidates that are looked at together, and those whose rows one unit of work changes: well below the longest unit.
_LOOK, _CHANGE = 250, 10
#: Candidates of one walk: a second or two, so that the other beats are not kept waiting.
_WALK = 1000
#: Who stands in audits of what the ladder did.
BY = "ladder"
#: The kind of the charges that it makes.
COSTS = "costs"


@dataclass(kw_only=True)
class Walked:
    """What a walk did."""

    looked: int = 0
    moved: int = 0
    messages: int = 0
    letters: int = 0
    charges: int = 0
    tasks: int = 0
    #: Where the round goes on; None: it is done.
    at: Place | None = None
    #: Creditors whose policy can't be read, with the reason: nothing was done for them.
    bad_policies: dict[str, str]


def walk(database: Database, now: datetime, books: LadderBooks, start: Place = BEGINNING) -> Walked:
    """Move the next people of the running campaigns to the step of this day; `Walked.at` says where to go on."""
    with database.reading() as session:
        # Who stops all dialling wants silence: nothing is written or charged then either.
        going = run_state(session) == "running"
        campaigns = sorted(running(session), key=lambda one: one.id) if going else []
        walked = Walked(bad_policies=bad_policies(session, now, books))
    for campaign in campaigns:
        if campaign.id < start.campaign_id:
            continue
        after: int | None = start.candidate_id if campaign.id == start.campaign_id else 0
        while after is not None:
            if walked.looked >= _WALK:
                walked.at = Place(campaign_id=campaign.id, candidate_id=after)
                return walked
            after = _slice(database, campaign, after, now, books, walked)
    return walked


def _slice(
    database: Database, campaign: Campaign, after: int, now: datetime, books: LadderBooks, walked: Walked
) -> int | None:
    """The candidates behind `after`; gives the last one, or None at the end."""
    with database.reading() as session:
        query = (
            select(CandidateRow)
            .where(CandidateRow.campaign_id == campaign.id, CandidateRow.id > after)
            .order_by(CandidateRow.id)
            .limit(_LOOK)
        )
        rows = list(session.scalars(query))
        found = _moves(session, rows, now, books, campaign)
        wanted = [row.id for row in rows if row.id in found and _changes(row, found[row.id][1])]
        last = rows[-1].id if len(rows) == _LOOK else None
    for start in range(0, len(wanted), _CHANGE):
        with database.unit_of_work() as session:
            _apply(session, wanted[start : start + _CHANGE], now, books, campaign, walked)
    walked.looked += len(rows)
    return last


def _moves(
    session: Session, rows: Collection[CandidateRow], now: datetime, books: LadderBooks, campaign: Campaign
) -> dict[int, tuple[OnLadder, Move]]:
    """Who moves, by candidate."""
    people = on_ladder(session, [row.debtor_id for row in rows], now, books)
    found = {}
    for row in rows:
        one = people.get(row.debtor_id)
        made = move(one, now, books, campaign.rules) if one is not None else None
        if one is not None and made is not None:
            found[row.id] = (one, made)
    return found


def _changes(row: CandidateRow, made: Move) -> bool:
    return made.stage not in (None, row.stage) or made.message is not None or bool(made.tasks)


def _apply(
    session: Session, candidates: list[int], now: datetime, books: LadderBooks, campaign: Campaign, walked: Walked
) -> None:
    lock_candidates(session, candidates)
    rows = list(session.scalars(select(CandidateRow).where(CandidateRow.id.in_(candidates)).order_by(CandidateRow.id)))
    _lock_invoices(session, [row.debtor_id for row in rows])
    found = _moves(session, rows, now, books, campaign)
    for row in rows:
        if row.id not in found:
            continue
        one, made = found[row.id]
        if made.stage is not None and row.stage != made.stage:
            row.stage = made.stage
            walked.moved += 1
        if made.message is not None and _write(session, one, made.message, made.charges):
            walked.letters += made.message.to is None
            walked.messages += made.message.to is not None
            for charge in made.charges:
                _charge(session, charge, now)
                walked.charges += 1
        for task in made.tasks:
            walked.tasks += _note(session, one, task, now)


def _lock_invoices(session: Session, debtors: Collection[int]) -> None:
    """No payment comes in between the look and the writing; SQLite's unit holds the only lock anyway."""
    if session.get_bind().dialect.name != "sqlite":
        owed = select(InvoiceRow.id).join(AccountRow, AccountRow.id == InvoiceRow.account_id)
        owed = owed.where(AccountRow.debtor_id.in_(debtors), InvoiceRow.open_minor > 0).order_by(InvoiceRow.id)
        session.execute(owed.with_for_update(of=InvoiceRow))


def _write(session: Session, one: OnLadder, message: Message, charges: tuple[Charge, ...]) -> bool:
    """Once for each invoice and step, whatever the channel; False: another walk was first."""
    return insert_or_leave(
        session,
        OutboxRow,
        cause=f"{CAUSE}:{message.bills[0].invoice.id}:{message.step.n}",
        template=f"ladder.{message.step.name}",
        channel=message.channel.value,
        debtor_id=one.standing.debtor_id,
        slots=_slots(session, one, message, charges),
        due_at=message.due_at,
        state="pending",
        tries=0,
    )


def _slots(session: Session, one: OnLadder, message: Message, charges: tuple[Charge, ...]) -> dict[str, Any]:
    """What the text needs, as plain JSON."""
    debtor = session.get_one(DebtorRow, one.standing.debtor_id)
    invoice = message.bills[0].invoice
    creditor = session.get_one(CreditorRow, invoice.creditor_id)
    currency = invoice.open.currency
    open_ = total([bill.invoice.open for bill in message.bills], currency)
    before = total([bill.costs for bill in message.bills], currency)
    added = total([charge.costs.amount for charge in charges], currency)
    return {
        "language": debtor.language,
        "address_form": debtor.address_form or debtor.name,
        "sender": creditor.sender,
        "contact_person": creditor.contact_person,
        "to": message.to,
        "stage": message.step.stage,
        "tone": message.tone.value,
        "essential": any(bill.essential for bill in message.bills),
        "creditor": creditor.id,
        "invoices": [bill.invoice.id for bill in message.bills],
        "amount_minor": (open_ + added).minor,
        "costs_minor": (before + added).minor,
        "currency": currency,
        "due_on": invoice.due_on.isoformat(),
        "why": message.why,
    }


def _charge(session: Session, charge: Charge, now: datetime) -> None:
    """The charge and the open amount, in one unit of work."""
    invoice_id, amount = charge.bill.invoice.id, charge.costs.amount
    added = insert_or_leave(
        session,
        ChargeRow,
        invoice_id=invoice_id,
        kind=COSTS,
        step=LAST,
        amount_minor=amount.minor,
        currency=amount.currency,
        law=charge.costs.law,
        made_at=now,
    )
    if added:
        more = InvoiceRow.open_minor + amount.minor
        session.execute(update(InvoiceRow).where(InvoiceRow.id == invoice_id).values(open_minor=more))
        detail = {"amount_minor": amount.minor, "currency": amount.currency, "law": charge.costs.law}
        session.add(AuditRow(at=now, by=BY, what="charge", subject=f"invoice {invoice_id}", detail=detail))


def _note(session: Session, one: OnLadder, task: Task, now: datetime) -> bool:
    return insert_or_leave(
        session,
        TaskRow,
        kind=task.kind,
        debtor_id=one.standing.debtor_id,
        invoice_id=task.bill.invoice.id,
        why=task.why[:200],
        made_at=now,
    )

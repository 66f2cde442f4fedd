"""Gathers who stands on the ladder: standings, with what the ladder has written and charged so far."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from ledger.contact import Channel
from ledger.database import utc_date
from ledger.money import Money
from ledger.tables import ChargeRow, CreditorRow, DebtorRow, ImportDebtorRow, InvoiceRow, OutboxRow
from schedules.campaign import Campaign
from schedules.case import Case
from schedules.day import Terms
from schedules.errors import BadRules
from schedules.ladder_value import Bill, LadderBooks, OnLadder
from schedules.policy import ladder_of, vat_of
from schedules.standing import Invoice, Standing
from schedules.standing_store import standings_of
from schedules.tables import CandidateRow, TaskRow

#: The causes of what the ladder writes: `ladder:INVOICE:STEP`.
CAUSE = "ladder"
#: Candidates that are looked at together.
_LOOK = 250
#: A month at its longest: a window that is a day too long only lowers the costs.
_MONTH = timedelta(days=31)


def on_ladder(session: Session, debtors: Collection[int], now: datetime, books: LadderBooks) -> dict[int, OnLadder]:
    """These debtors by id. Who is on a list that is only half written is left out, and so is every invoice of a
    creditor whose policy can't be read (`bad_policies` names those)."""
    named = select(ImportDebtorRow.debtor_ref)
    people = select(DebtorRow.id, DebtorRow.tone).where(DebtorRow.id.in_(debtors), DebtorRow.ref.not_in(named))
    tones = dict(session.execute(people).all())
    standings = standings_of(session, tones)
    invoices = {one.id: (one, _terms(who, now, books)) for who in standings.values() for one in who.invoices}
    sent, today = _sent(session, tones, now)
    bills = _bills(session, invoices, sent, now, books)
    tasks: dict[int, set[tuple[str, int]]] = defaultdict(set)
    noted = select(TaskRow.debtor_id, TaskRow.kind, TaskRow.invoice_id)
    for debtor_id, kind, invoice_id in session.execute(noted.where(TaskRow.debtor_id.in_(tones))):
        if invoice_id is not None:
            tasks[debtor_id].add((kind, invoice_id))
    return {
        debtor_id: OnLadder(
            standing=standing,
            tone=tones[debtor_id],
            bills=tuple(bills[one.id] for one in standing.invoices if one.id in bills),
            message_today=debtor_id in today,
            tasks=frozenset(tasks[debtor_id]),
        )
        for debtor_id, standing in standings.items()
    }


def debtors_of(session: Session, campaign: Campaign) -> Iterator[list[int]]:
    """The debtors of a campaign, some at a time."""
    after = 0
    while True:
        query = select(CandidateRow.id, CandidateRow.debtor_id)
        query = query.where(CandidateRow.campaign_id == campaign.id, CandidateRow.id > after)
        rows = session.execute(query.order_by(CandidateRow.id).limit(_LOOK)).all()
        if not rows:
            return
        after = rows[-1][0]
        yield [debtor_id for _, debtor_id in rows]


def bad_policies(session: Session, now: datetime, books: LadderBooks) -> dict[str, str]:
    """The creditors whose policy can't be read, each with the field that is wrong: nothing is written for them."""
    found, terms = {}, books.rules.terms(None, utc_date(now))
    for name, policy in session.execute(select(CreditorRow.name, CreditorRow.policy).order_by(CreditorRow.name)):
        try:
            ladder_of(policy, books.ladder.ladder, terms)
            vat_of(policy)
        except BadRules as error:
            found[name] = str(error)
    return found


def _terms(standing: Standing, now: datetime, books: LadderBooks) -> Terms:
    """The counts that hold where this person lives: the day from which a creditor calls is one of them."""
    phone = next(iter(standing.phones), None)
    return Case(standing, Channel.POST, now, books.rules, phone=phone).terms


def _bills(
    session: Session, invoices: Mapping[int, tuple[Invoice, Terms]], sent: Mapping[int, Mapping[int, date]],
    now: datetime, books: LadderBooks,
) -> dict[int, Bill]:  # fmt: skip
    creditors = {one.creditor_id for one, _ in invoices.values()}
    query = select(CreditorRow.id, CreditorRow.policy).where(CreditorRow.id.in_(creditors))
    policies: dict[int, Mapping[str, Any]] = dict(session.execute(query).all())
    about = session.execute(
        select(InvoiceRow.id, InvoiceRow.account_id, InvoiceRow.about).where(InvoiceRow.id.in_(invoices))
    ).all()
    costs, lately = _costs(session, {account_id for _, account_id, _ in about}, now, books)
    found = {}
    for invoice_id, account_id, words in about:
        invoice, terms = invoices[invoice_id]
        policy = policies[invoice.creditor_id]
        try:
            ladder, vat_bp = ladder_of(policy, books.ladder.ladder, terms), vat_of(policy)
        except BadRules:
            continue
        found[invoice_id] = Bill(
            invoice=invoice,
            account_id=account_id,
            ladder=ladder,
            essential=books.ladder.is_essential(policy, words),
            costs=Money(costs.get(invoice_id, 0), invoice.open.currency),
            lately=Money(lately.get(account_id, 0), invoice.open.currency),
            vat_bp=vat_bp,
            sent=sent.get(invoice_id, {}),
        )
    return found


def _costs(
    session: Session, accounts: Collection[int], now: datetime, books: LadderBooks
) -> tuple[dict[int, int], dict[int, int]]:
    """Costs by invoice; and by customer number those of the months that the law of instalments looks back."""
    months = max((row.instalments.months for row in books.costs.rows if row.instalments is not None), default=0)
    query = (
        select(ChargeRow.invoice_id, InvoiceRow.account_id, ChargeRow.amount_minor, ChargeRow.made_at)
        .join(InvoiceRow, InvoiceRow.id == ChargeRow.invoice_id)
        .where(InvoiceRow.account_id.in_(accounts))
    )
    costs: dict[int, int] = defaultdict(int)
    lately: dict[int, int] = defaultdict(int)
    for invoice_id, account_id, minor, made_at in session.execute(query):
        costs[invoice_id] += minor
        if made_at > now - months * _MONTH:
            lately[account_id] += minor
    return costs, lately


def _sent(session: Session, debtors: Collection[int], now: datetime) -> tuple[dict[int, dict[int, date]], set[int]]:
    """The day on which each step was written, by invoice; and who has a message of the ladder today or later."""
    query = select(OutboxRow.cause, OutboxRow.debtor_id, OutboxRow.channel, OutboxRow.due_at).where(
        OutboxRow.debtor_id.in_(debtors), OutboxRow.cause.startswith(f"{CAUSE}:", autoescape=True)
    )
    steps: dict[int, dict[int, date]] = defaultdict(dict)
    today: set[int] = set()
    for cause, debtor_id, channel, due_at in session.execute(query):
        _, invoice_id, step = cause.split(":")
        steps[int(invoice_id)][int(step)] = utc_date(due_at)
        if debtor_id is not None and channel != "post" and utc_date(due_at) >= utc_date(now):
            today.add(debtor_id)
    return steps, today

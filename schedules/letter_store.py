"""The list of letters of a campaign, and the marking of letters as sent."""

from __future__ import annotations

import time
from collections import defaultdict, deque
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from ledger.contact import Channel
from ledger.database import Database, utc_date
from ledger.tables import AccountRow, AuditRow, CreditorRow, DebtorRow, InvoiceRow, OutboxRow
from schedules.campaign import Campaign
from schedules.campaign_store import campaign_named
from schedules.errors import BadLetter
from schedules.ladder_value import LadderBooks
from schedules.letter_list import Kind, Letter, Waiting, letters_for
from schedules.queue_store import bring_forward
from schedules.rung_store import debtors_of, on_ladder
from schedules.upsert_store import insert_or_leave

#: So long a unit of work goes on marking letters (seconds): one letter more, about many invoices, stays well below the
#: longest unit. What is left goes into the next.
_UNIT_SECONDS = 0.05
_CAUSE = "letter:"
_ORDER = {kind: n for n, kind in enumerate(Kind)}
#: Nowhere on earth is it a later day than this much after UTC.
_EARLIEST_CLOCK = timedelta(hours=14)


@dataclass(frozen=True, kw_only=True)
class Addressee:
    """What is printed on a letter: to whom, from whom, and the codes."""

    #: The stable name that lists and commands use.
    debtor: str
    name: str
    address_form: str | None
    tone: str | None
    language: str
    street: str | None
    house_number: str | None
    postcode: str | None
    city: str | None
    country: str | None
    email: str | None
    creditor: str
    sender: str
    contact_person: str | None
    callback_number: str | None
    iban: str | None
    customer_no: str
    #: The code that we say on the telephone, and the one that the person types.
    call_code: str | None
    secret_code: str | None


@dataclass(frozen=True, kw_only=True)
class Addressed:
    """A letter with what is printed on it."""

    letter: Letter
    to: Addressee
    #: Invoice numbers by id.
    numbers: dict[int, str]


def letters(database: Database, campaign: str, now: datetime, books: LadderBooks) -> list[Addressed]:
    """Every letter of a campaign to be sent now, by kind and debtor. Raises `BadCampaign` for an unknown name."""
    found: list[Addressed] = []
    with database.reading() as session:
        known = campaign_named(session, campaign)
        for debtors in debtors_of(session, known):
            found += _addressed(session, _letters(session, known, debtors, now, books))
    return sorted(found, key=lambda one: (_ORDER[one.letter.kind], one.to.debtor))


def mark_sent(
    database: Database,
    listed: list[Addressed],
    sent_on: date,
    by: str,
    now: datetime,
    who: str,
    only: Collection[str] = (),
    costs_named: bool = False,
) -> list[Addressed]:
    """Note that letters left: all that are listed, or those about the invoices of these numbers; gives them.

    A first letter fills `first_letter_sent_on` and `…_by`, and with `costs_named` the costs that the list told;
    a date that is there already stays. Raises `BadLetter`, naming the field, before anything is written.
    """
    if sent_on > utc_date(now + _EARLIEST_CLOCK):
        raise BadLetter(f"mark-sent: {sent_on} is still to come; give the day on which the letters left")
    chosen = [one for one in listed if not only or set(only) & set(one.numbers.values())]
    named = {number for one in chosen for number in one.numbers.values()}
    if unknown := sorted(set(only) - named):
        raise BadLetter(f"invoice: no letter is listed about {unknown[0]}; it has one already, or needs none now")
    for one in chosen:
        for part in one.letter.parts:
            issued, number = part.bill.invoice.issued_on, one.numbers[part.bill.invoice.id]
            if sent_on < issued:
                raise BadLetter(f"mark-sent: {sent_on} lies before invoice {number} itself, which is of {issued}")
    waiting = deque(chosen)
    while waiting:
        with database.unit_of_work() as session:
            until = time.monotonic() + _UNIT_SECONDS
            _mark(session, waiting.popleft(), sent_on, by, now, who, set(only), costs_named)
            while waiting and time.monotonic() < until:
                _mark(session, waiting.popleft(), sent_on, by, now, who, set(only), costs_named)
    return chosen


def _letters(
    session: Session, campaign: Campaign, debtors: Collection[int], now: datetime, books: LadderBooks
) -> list[Letter]:
    people = on_ladder(session, debtors, now, books)
    waiting: dict[int | None, list[Waiting]] = defaultdict(list)
    query = select(OutboxRow).where(
        OutboxRow.debtor_id.in_(debtors), OutboxRow.channel == Channel.POST.value, OutboxRow.state == "pending"
    )
    for row in session.scalars(query.order_by(OutboxRow.id)):
        waiting[row.debtor_id].append(Waiting(id=row.id, template=row.template, slots=row.slots))
    causes = select(OutboxRow.cause).where(
        OutboxRow.debtor_id.in_(debtors), OutboxRow.cause.startswith(_CAUSE, autoescape=True)
    )
    sent = set(session.scalars(causes))
    return [
        letter
        for debtor_id, one in people.items()
        for letter in letters_for(one, waiting[debtor_id], sent, now, books, campaign.rules)
    ]


def _addressed(session: Session, found: list[Letter]) -> list[Addressed]:
    """Whose they are: the account of the invoices, else any of the person's."""
    ids = {letter.debtor_id for letter in found}
    debtors = {row.id: row for row in session.scalars(select(DebtorRow).where(DebtorRow.id.in_(ids)))}
    accounts: dict[int, AccountRow] = {}
    first: dict[int, AccountRow] = {}
    for row in session.scalars(select(AccountRow).where(AccountRow.debtor_id.in_(ids)).order_by(AccountRow.id)):
        accounts[row.id] = row
        first.setdefault(row.debtor_id, row)
    owed = {row.creditor_id for row in accounts.values()}
    creditors = {row.id: row for row in session.scalars(select(CreditorRow).where(CreditorRow.id.in_(owed)))}
    bills = {part.bill.invoice.id for letter in found for part in letter.parts}
    numbers = dict(session.execute(select(InvoiceRow.id, InvoiceRow.number).where(InvoiceRow.id.in_(bills))).all())
    made = []
    for letter in found:
        account = accounts[letter.account_id] if letter.account_id is not None else first[letter.debtor_id]
        told = {part.bill.invoice.id: numbers[part.bill.invoice.id] for part in letter.parts}
        to = _addressee(debtors[letter.debtor_id], creditors[account.creditor_id], account)
        made.append(Addressed(letter=letter, to=to, numbers=told))
    return made


def _addressee(debtor: DebtorRow, creditor: CreditorRow, account: AccountRow) -> Addressee:
    return Addressee(
        debtor=debtor.ref,
        name=debtor.name,
        address_form=debtor.address_form,
        tone=debtor.tone,
        language=debtor.language,
        street=debtor.street,
        house_number=debtor.house_number,
        postcode=debtor.postcode,
        city=debtor.city,
        country=debtor.country,
        email=debtor.email,
        creditor=creditor.name,
        sender=creditor.sender,
        contact_person=creditor.contact_person,
        callback_number=creditor.callback_number,
        iban=creditor.iban,
        customer_no=account.customer_no,
        call_code=account.call_code,
        secret_code=account.secret_code,
    )


def _mark(
    session: Session, one: Addressed, sent_on: date, by: str, now: datetime, who: str, only: set[str], named: bool
) -> None:
    letter = one.letter
    if letter.kind is Kind.FIRST_REMINDER:
        for part in letter.parts:
            invoice = part.bill.invoice
            if only and one.numbers[invoice.id] not in only:
                continue
            costs = part.costs.amount.minor if named and part.costs is not None else None
            said: dict[str, Any] = {"first_letter_sent_on": sent_on, "first_letter_by": by}
            if costs is not None and invoice.costs_in_letter is None:
                said["costs_in_letter_minor"] = costs
            empty = update(InvoiceRow).where(InvoiceRow.id == invoice.id, InvoiceRow.first_letter_sent_on.is_(None))
            if session.execute(empty.values(**said)).rowcount == 1:  # type: ignore[attr-defined]
                _audit(session, one, f"invoice {one.numbers[invoice.id]}", sent_on, by, now, who, costs)
        bring_forward(session, letter.debtor_id, now)
        return
    if letter.outbox_id is not None:
        mine = update(OutboxRow).where(OutboxRow.id == letter.outbox_id, OutboxRow.state == "pending")
        session.execute(mine.values(state="sent"))
    elif letter.cause is not None:
        insert_or_leave(
            session, OutboxRow, cause=letter.cause, template=f"letter.{letter.kind}", channel=Channel.POST.value,
            debtor_id=letter.debtor_id, slots={"invoices": list(one.numbers)}, due_at=now, state="sent", tries=0,
        )  # fmt: skip
    _audit(session, one, f"debtor {one.to.debtor}", sent_on, by, now, who, None)


def _audit(
    session: Session, one: Addressed, subject: str, sent_on: date, by: str, now: datetime, who: str, costs: int | None
) -> None:
    detail = {"kind": one.letter.kind.value, "sent_on": sent_on.isoformat(), "by": by, "costs_minor": costs}
    session.add(AuditRow(at=now, by=who, what="letter sent", subject=subject, detail=detail))

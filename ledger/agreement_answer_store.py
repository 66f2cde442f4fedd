"""A person's answer to a plan request: the plan with the person's own figure, or a kind no with a call by one of us."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from ledger.agreement_end_store import end_agreement
from ledger.calendar import nth_working_day_after
from ledger.database import utc_date
from ledger.errors import BadAnswer
from ledger.instalment_store import locked_agreement, region_of_debtor
from ledger.money import Money, total
from ledger.own_figure import own_plan
from ledger.tables import AgreementInvoiceRow, AgreementRow, HoldRow, InstalmentRow, InvoiceRow

#: One of our people calls within so many working days (reference "what each answer does": person).
CALL_WITHIN = 1


@dataclass(frozen=True, kw_only=True)
class Answered:
    """What came of a request."""

    debtor_id: int
    #: The plan, or the call by one of our people.
    agreement_id: int
    invoices: tuple[int, ...]
    #: Day and amount of each part; empty: refused.
    parts: tuple[tuple[date, Money], ...] = ()


def accept_request(session: Session, agreement_id: int, now: datetime, by: str, first_on: date | None) -> Answered:
    """The plan as the person asked for it, about what is open now; the hold of the request gives way to the plan's.

    `first_on`: the day of the first part (None: two weeks from now). Raises `BadAnswer`; then nothing is changed.
    """
    request, debtor_id = _request(session, agreement_id)
    owed = (
        select(InvoiceRow.id, InvoiceRow.open_minor, InvoiceRow.currency)
        .join(AgreementInvoiceRow, AgreementInvoiceRow.invoice_id == InvoiceRow.id)
        .where(AgreementInvoiceRow.agreement_id == agreement_id, InvoiceRow.open_minor > 0)
        .order_by(InvoiceRow.id)
    )
    owing = session.execute(owed).all()
    currency = request.currency or "EUR"
    if any(row.currency != currency for row in owing):
        raise BadAnswer(f"id: an invoice of request {agreement_id} is not in {currency}; one plan has one currency")
    open_ = total([Money(row.open_minor, currency) for row in owing], currency)
    parts = own_plan(open_, Money(request.amount_minor or 0, currency), utc_date(now), first_on)
    key = f"answer:{agreement_id}:plan"
    row = AgreementRow(
        source_key=key, debtor_id=debtor_id, kind="plan", state="open", amount_minor=open_.minor, currency=currency,
        owner="matching", detail={"request": agreement_id}, made_at=now,
    )  # fmt: skip
    session.add(row)
    session.flush()
    for one in owing:
        session.add(AgreementInvoiceRow(agreement_id=row.id, invoice_id=one.id))
    for n, (day, part) in enumerate(parts, 1):
        session.add(InstalmentRow(agreement_id=row.id, n=n, due_on=day, amount_minor=part.minor))
    session.add(
        HoldRow(debtor_id=debtor_id, kind="plan", from_at=now, by=by, via=f"agreement {row.id}", source_key=f"{key}:0")
    )
    _end(session, request, "kept", now, by, answer="accepted", plan=row.id)
    invoices = tuple(one.id for one in owing)
    return Answered(debtor_id=debtor_id, agreement_id=row.id, invoices=invoices, parts=parts)


def refuse_request(session: Session, agreement_id: int, now: datetime, by: str) -> Answered:
    """A no: one of our people calls to find what is possible, and until then no machine does."""
    request, debtor_id = _request(session, agreement_id)
    about = select(AgreementInvoiceRow.invoice_id).where(AgreementInvoiceRow.agreement_id == agreement_id)
    invoices = tuple(session.scalars(about.order_by(AgreementInvoiceRow.invoice_id)))
    region = region_of_debtor(session, debtor_id)
    due_on = nth_working_day_after(utc_date(now), CALL_WITHIN, region) if region is not None else None
    row = AgreementRow(
        source_key=f"answer:{agreement_id}:person", debtor_id=debtor_id, kind="person", state="open", owner="person",
        due_on=due_on, detail={"why": "plan_refused", "request": agreement_id}, made_at=now,
    )  # fmt: skip
    session.add(row)
    session.flush()
    for invoice_id in invoices:
        session.add(AgreementInvoiceRow(agreement_id=row.id, invoice_id=invoice_id))
    _end(session, request, "withdrawn", now, by, answer="refused", person=row.id)
    return Answered(debtor_id=debtor_id, agreement_id=row.id, invoices=invoices)


def _request(session: Session, agreement_id: int) -> tuple[AgreementRow, int]:
    row = locked_agreement(session, agreement_id)
    if row.kind != "plan_request" or row.debtor_id is None:
        raise BadAnswer(f"id: agreement {agreement_id} is a {row.kind}; only a plan request is answered like this")
    if row.state != "open":
        when = f" on {row.ended_at:%Y-%m-%d}" if row.ended_at else ""
        raise BadAnswer(f"id: plan request {agreement_id} was answered{when}; an answer is given once")
    return row, row.debtor_id


def _end(session: Session, request: AgreementRow, state: str, now: datetime, by: str, **detail: object) -> None:
    if not end_agreement(session, request, state, now, by, f"plan request {detail['answer']}", **detail):
        raise BadAnswer(f"id: plan request {request.id} was answered by somebody else a moment ago")

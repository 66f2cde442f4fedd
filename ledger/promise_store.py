"""Open promises and what came of them. Each is ended once, by a conditional update, in short units of work."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from ledger.agreement_end_store import end_agreement
from ledger.database import utc_date
from ledger.open_agreement_store import open_agreements
from ledger.promise import BROKEN_BEFORE_A_PERSON, Promised, judged
from ledger.tables import AgreementInvoiceRow, AgreementRow, AllocationRow, InvoiceRow, PaymentRow

#: So many promises in one unit of work.
SLICE = 200


def judge_slice(session: Session, after: int, now: datetime, grace_days: int) -> tuple[int | None, list[int]]:
    """Judge the open promises with an id above `after`. Gives the last id (None: done) and whose was ended."""
    found = _open(session, after)
    if not found:
        return None, []
    # the day before is over in nearly every zone, and a day more of patience hurts nobody
    today = utc_date(now) - timedelta(days=1)
    ended = []
    for promise in found:
        state = judged(promise, today, grace_days)
        if state is not None and _ended(session, promise.agreement_id, state, now):
            ended.append(promise.debtor_id)
            if state == "broken":
                _ask_a_person(session, promise, now)
    return found[-1].agreement_id, ended


def take_back(session: Session, debtor_id: int, invoices: Sequence[int], today: date, now: datetime, by: str) -> None:
    """End the open promises all of whose invoices are among these: something else was agreed in time.

    `today`: the debtor's own. A promise whose day is over stays, and is judged by what was paid; so does one that is
    about another invoice too.
    """
    about = select(AgreementInvoiceRow).where(AgreementInvoiceRow.agreement_id == AgreementRow.id)
    query = select(AgreementRow).where(
        AgreementRow.debtor_id == debtor_id, AgreementRow.kind == "promise", AgreementRow.state == "open",
        AgreementRow.due_on >= today,
        about.where(AgreementInvoiceRow.invoice_id.in_(invoices)).exists(),
        ~about.where(AgreementInvoiceRow.invoice_id.not_in(invoices)).exists(),
    )  # fmt: skip
    for row in session.scalars(query.order_by(AgreementRow.id)).all():
        end_agreement(session, row, "withdrawn", now, by, "agreed anew")


def _open(session: Session, after: int) -> list[Promised]:
    rows = open_agreements(session, ["promise"], after, SLICE)
    ids = [row.id for row in rows]
    about = AgreementInvoiceRow.agreement_id
    open_ = dict(
        session.execute(
            select(about, func.sum(InvoiceRow.open_minor))
            .join(InvoiceRow, InvoiceRow.id == AgreementInvoiceRow.invoice_id)
            .where(about.in_(ids))
            .group_by(about)
        ).all()
    )
    paid = dict(
        session.execute(
            select(about, func.sum(AllocationRow.amount_minor))
            .join(AgreementRow, AgreementRow.id == about)
            .join(AllocationRow, AllocationRow.invoice_id == AgreementInvoiceRow.invoice_id)
            .join(PaymentRow, PaymentRow.id == AllocationRow.payment_id)
            .where(about.in_(ids), PaymentRow.seen_at > AgreementRow.made_at)
            .group_by(about)
        ).all()
    )
    return [
        Promised(
            agreement_id=row.id,
            debtor_id=row.debtor_id,
            due_on=row.due_on,
            amount_minor=row.amount_minor,
            paid_minor=int(paid.get(row.id, 0)),
            open_minor=int(open_.get(row.id, 0)),
        )
        for row in rows
        if row.debtor_id is not None and row.due_on is not None and row.amount_minor is not None
    ]


def _ended(session: Session, agreement_id: int, state: str, now: datetime) -> bool:
    done = session.execute(
        update(AgreementRow)
        .where(AgreementRow.id == agreement_id, AgreementRow.state == "open")
        .values(state=state, ended_at=now)
    )
    return bool(done.rowcount == 1)  # type: ignore[attr-defined]


def _ask_a_person(session: Session, promise: Promised, now: datetime) -> None:
    """After the third broken promise one of our people talks with the debtor; until then no machine calls."""
    broken = session.scalar(
        select(func.count()).where(
            AgreementRow.debtor_id == promise.debtor_id, AgreementRow.kind == "promise", AgreementRow.state == "broken"
        )
    )
    key = f"broken:{promise.debtor_id}"
    if (broken or 0) < BROKEN_BEFORE_A_PERSON or session.scalar(
        select(AgreementRow.id).where(AgreementRow.source_key == key)
    ):
        return
    session.add(
        AgreementRow(
            source_key=key, debtor_id=promise.debtor_id, kind="person", state="open", owner="person", made_at=now,
            detail={"why": "promises_broken"},
        )
    )  # fmt: skip

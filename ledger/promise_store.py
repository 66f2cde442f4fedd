"""Open promises and what came of them. Each is ended once, by a conditional update, in short units of work."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime, timedelta

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from ledger.agreement_end_store import end_agreement
from ledger.database import utc_date
from ledger.open_agreement_store import open_agreements
from ledger.promise import BROKEN_BEFORE_A_PERSON, Promised, judged, left_of
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
    """End the open promises about these invoices: something else was agreed in time.

    `today`: the debtor's own. A promise whose day is over stays, and is judged by what was paid. One that is about
    another invoice too goes on for that one alone (`agreed_anew` in its detail: what it is not about any more).
    """
    query = select(AgreementRow).where(
        AgreementRow.debtor_id == debtor_id, AgreementRow.kind == "promise", AgreementRow.state == "open",
        AgreementRow.due_on >= today,
    )  # fmt: skip
    for row in session.scalars(query.order_by(AgreementRow.id).with_for_update()).all():
        about = set(
            session.scalars(select(AgreementInvoiceRow.invoice_id).where(AgreementInvoiceRow.agreement_id == row.id))
        )
        anew = about.intersection((*invoices, *_agreed_anew(row)))
        if about and anew == about:
            end_agreement(session, row, "withdrawn", now, by, "agreed anew")
        elif anew.intersection(invoices):
            row.detail = {**row.detail, "agreed_anew": sorted(anew)}


def _agreed_anew(promise: AgreementRow) -> Collection[int]:
    """The invoices of a promise about which something else was agreed since, by row id."""
    found: list[int] = promise.detail.get("agreed_anew", [])
    return found


def _open(session: Session, after: int) -> list[Promised]:
    rows = open_agreements(session, ["promise"], after, SLICE)
    ids = [row.id for row in rows]
    about, invoice = AgreementInvoiceRow.agreement_id, AgreementInvoiceRow.invoice_id
    paid_since = (
        select(about, invoice, func.sum(AllocationRow.amount_minor))
        .join(AgreementRow, AgreementRow.id == about)
        .join(AllocationRow, AllocationRow.invoice_id == invoice)
        .join(PaymentRow, PaymentRow.id == AllocationRow.payment_id)
        .where(about.in_(ids), PaymentRow.seen_at > AgreementRow.made_at)
        .group_by(about, invoice)
    )
    paid = {(agreement, of): int(minor) for agreement, of, minor in session.execute(paid_since)}
    open_ = select(about, invoice, InvoiceRow.open_minor).join(InvoiceRow, InvoiceRow.id == invoice)
    sums: dict[int, dict[int, tuple[int, int]]] = defaultdict(dict)
    for agreement, of, minor in session.execute(open_.where(about.in_(ids))):
        sums[agreement][of] = paid.get((agreement, of), 0), minor
    return [
        _promised(row, row.debtor_id, row.due_on, row.amount_minor, sums[row.id])
        for row in rows
        if row.debtor_id is not None and row.due_on is not None
    ]


def _promised(
    row: AgreementRow, debtor_id: int, due_on: date, amount_minor: int | None, sums: Mapping[int, tuple[int, int]]
) -> Promised:
    """`sums`: by invoice what was paid since and what is open. A promise without an amount is one of all of it."""
    if amount_minor is None:
        amount_minor = sum(paid + open_ for paid, open_ in sums.values())
    waited_for, paid, open_ = left_of(amount_minor, sums, _agreed_anew(row))
    return Promised(
        agreement_id=row.id,
        debtor_id=debtor_id,
        due_on=due_on,
        amount_minor=waited_for,
        paid_minor=paid,
        open_minor=open_,
    )


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

"""Moves an instalment in the books. The dialogue and our people call the same function, in their own unit of work."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from ledger.among import among
from ledger.database import utc_date
from ledger.errors import BadAnswer
from ledger.instalment import Coming, why_not_moved
from ledger.plan import is_paid, next_part
from ledger.region import Region, region_of
from ledger.running_plan_store import PlanBooks, plan_books, statement
from ledger.tables import AgreementRow, AuditRow, DebtorRow, InstalmentRow


@dataclass(frozen=True, kw_only=True)
class Moved:
    """An instalment that has a new day; `plan` is how it stands now."""

    n: int
    was_on: date
    due_on: date
    plan: PlanBooks


def coming_parts(session: Session, debtor_ids: Sequence[int]) -> dict[int, list[Coming]]:
    """The next unpaid instalment of every plan of these debtors that stands, by debtor."""
    query = select(AgreementRow).where(
        among(AgreementRow.debtor_id, debtor_ids), AgreementRow.kind == "plan", AgreementRow.state == "open"
    )
    rows = session.scalars(query.order_by(AgreementRow.id)).all()
    found: dict[int, list[Coming]] = defaultdict(list)
    if not rows:
        return found
    moved = _moved_parts(session, [row.id for row in rows])
    for books in plan_books(session, rows):
        part = None if is_paid(books.plan) else next_part(books.plan)
        if part is not None:
            found[books.plan.debtor_id].append(
                Coming(
                    plan=books.plan, part=part, currency=books.currency, invoices=books.invoices,
                    moved_before=moved.get(books.row.id),
                )
            )  # fmt: skip
    return found


def _moved_parts(session: Session, agreement_ids: Sequence[int]) -> dict[int, int]:
    """Which instalment of each plan was moved; of most plans none was."""
    query = select(InstalmentRow.agreement_id, InstalmentRow.n).where(
        InstalmentRow.agreement_id.in_(agreement_ids), InstalmentRow.moved_from.is_not(None)
    )
    return {row.agreement_id: row.n for row in session.execute(query)}


def move_instalment(session: Session, agreement_id: int, n: int, to: date, now: datetime, by: str) -> Moved:
    """Give an open instalment its later day: once a plan, at most `ledger.instalment.MOST_DAYS_LATER` days later.

    Raises `BadAnswer` with the field that is wrong; then nothing is changed. The amount stays as agreed.
    """
    row = locked_agreement(session, agreement_id)
    if row.kind != "plan" or row.state != "open":
        raise BadAnswer(
            f"id: agreement {agreement_id} is a {row.kind} that is {row.state}; only an open plan can be moved"
        )
    found = plan_books(session, [row])
    if not found:
        raise BadAnswer(f"id: plan {agreement_id} has no instalments in the books; talk about a new plan")
    moved = _moved_parts(session, [agreement_id]).get(agreement_id)
    region = region_of_debtor(session, row.debtor_id)
    reason = why_not_moved(found[0].plan, n, to, moved_before=moved, today=utc_date(now), region=region)
    if reason is not None:
        raise BadAnswer(reason)
    was_on = next(part.due_on for part in found[0].plan.parts if part.n == n)
    session.execute(
        update(InstalmentRow)
        .where(InstalmentRow.agreement_id == agreement_id, InstalmentRow.n == n)
        .values(due_on=to, moved_from=was_on)
    )
    detail = {"n": n, "from": was_on.isoformat(), "to": to.isoformat()}
    session.add(AuditRow(at=now, by=by, what="instalment_moved", subject=f"agreement {agreement_id}", detail=detail))
    session.flush()
    return Moved(n=n, was_on=was_on, due_on=to, plan=plan_books(session, [row])[0])


def moved_slots(moved: Moved) -> dict[str, Any]:
    """What the message about a move needs, as plain JSON: how the plan stands now, and the day that changed."""
    days = {"part": moved.n, "was_on": moved.was_on.isoformat(), "due_on": moved.due_on.isoformat()}
    return {**statement(moved.plan), **days}


def locked_agreement(session: Session, agreement_id: int) -> AgreementRow:
    """The row, kept from others until the commit. Raises `BadAnswer` where there is none."""
    row = session.get(AgreementRow, agreement_id, with_for_update=True, populate_existing=True)
    if row is None:
        raise BadAnswer(f"id: there is no agreement {agreement_id}; `beltoon agreements --json` tells the ids")
    return row


def region_of_debtor(session: Session, debtor_id: int | None) -> Region | None:
    """Whose holidays count; None: not known."""
    debtor = session.get(DebtorRow, debtor_id) if debtor_id is not None else None
    return region_of(debtor.country, debtor.region, debtor.postcode) if debtor is not None else None

"""Plans that stand, with their instalments and what was paid on them since they were made."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from ledger.open_agreement_store import open_agreements
from ledger.plan import Part, RunningPlan, allocated, next_part
from ledger.tables import (
    AgreementInvoiceRow,
    AgreementRow,
    AllocationRow,
    InstalmentRow,
    InvoiceRow,
    PaymentRow,
)


@dataclass(frozen=True, kw_only=True)
class Came:
    """Money that came in on a plan: the payment, and what of it fell to the plan's invoices (minor units)."""

    payment_id: int
    amount_minor: int
    seen_at: datetime


@dataclass(frozen=True, kw_only=True)
class PlanBooks:
    """A plan with what the books say beside it."""

    row: AgreementRow
    plan: RunningPlan
    invoices: tuple[int, ...]
    #: Since the plan was made, the oldest first; a reversal is negative.
    came: tuple[Came, ...]

    @property
    def currency(self) -> str:
        """Of all its amounts."""
        return self.row.currency or "EUR"


def open_plans(session: Session, after: int, limit: int) -> list[PlanBooks]:
    """The next plans that stand, with an id above `after`; one without instalments (of an old list) is a person's."""
    return plan_books(session, open_agreements(session, ["plan"], after, limit))


def plan_books(session: Session, rows: Sequence[AgreementRow]) -> list[PlanBooks]:
    """What the books say of these plans."""
    ids = [row.id for row in rows]
    parts: dict[int, list[Part]] = defaultdict(list)
    of_plan = select(InstalmentRow).where(InstalmentRow.agreement_id.in_(ids))
    for part in session.scalars(of_plan.order_by(InstalmentRow.agreement_id, InstalmentRow.n)):
        parts[part.agreement_id].append(Part(n=part.n, due_on=part.due_on, amount_minor=part.amount_minor))
    about = AgreementInvoiceRow.agreement_id
    invoices: dict[int, list[int]] = defaultdict(list)
    open_: dict[int, int] = defaultdict(int)
    owed = (
        select(about, InvoiceRow.id, InvoiceRow.open_minor)
        .join(InvoiceRow, InvoiceRow.id == AgreementInvoiceRow.invoice_id)
        .where(about.in_(ids))
        .order_by(about, InvoiceRow.id)
    )
    for plan_id, invoice_id, minor in session.execute(owed):
        invoices[plan_id].append(invoice_id)
        open_[plan_id] += minor
    came: dict[int, list[Came]] = defaultdict(list)
    paid = (
        select(about, PaymentRow.id, PaymentRow.seen_at, func.sum(AllocationRow.amount_minor))
        .join(AgreementRow, AgreementRow.id == about)
        .join(AllocationRow, AllocationRow.invoice_id == AgreementInvoiceRow.invoice_id)
        .join(PaymentRow, PaymentRow.id == AllocationRow.payment_id)
        .where(about.in_(ids), PaymentRow.seen_at > AgreementRow.made_at)
        .group_by(about, PaymentRow.id, PaymentRow.seen_at)
        .order_by(PaymentRow.seen_at, PaymentRow.id)
    )
    for plan_id, payment_id, seen_at, minor in session.execute(paid):
        came[plan_id].append(Came(payment_id=payment_id, amount_minor=int(minor), seen_at=seen_at))
    return [
        PlanBooks(
            row=row,
            plan=RunningPlan(
                agreement_id=row.id,
                debtor_id=row.debtor_id,
                parts=tuple(parts[row.id]),
                paid_minor=sum(one.amount_minor for one in came[row.id]),
                open_minor=open_[row.id],
            ),
            invoices=tuple(invoices[row.id]),
            came=tuple(came[row.id]),
        )
        for row in rows
        if row.debtor_id is not None and parts[row.id] and invoices[row.id]
    ]


def statement(books: PlanBooks) -> dict[str, Any]:
    """What stands of a plan, as plain JSON; amounts are minor units."""
    plan = books.plan
    upcoming = next_part(plan)
    return {
        "invoices": list(books.invoices),
        "currency": books.currency,
        "amount_minor": plan.amount_minor,
        "paid_minor": plan.paid_minor,
        "left_minor": plan.left_minor,
        "open_minor": plan.open_minor,
        "next_due_on": upcoming.due_on.isoformat() if upcoming else None,
        "next_minor": upcoming.amount_minor - upcoming.paid_minor if upcoming else None,
        "instalments": [
            {"n": p.n, "due_on": p.due_on.isoformat(), "amount_minor": p.amount_minor, "paid_minor": p.paid_minor}
            for p in allocated(plan.parts, plan.paid_minor)
        ],
    }

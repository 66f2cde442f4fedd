"""The thank-you after a payment: one a person and day, by SMS or e-mail, never by letter or call."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from ledger.contact import Channel
from ledger.database import utc_date
from ledger.tables import (
    AccountRow,
    AgreementInvoiceRow,
    AgreementRow,
    AllocationRow,
    CreditorRow,
    InvoiceRow,
    PaymentRow,
)
from schedules.note_store import causes_known, write_message
from schedules.notice import way_of
from schedules.rules import Rules
from schedules.standing_store import standings_of
from schedules.thanks import is_thanked

#: So many people in one unit of work.
SLICE = 200
#: Thanks that come later are odd: a payment that could not be thanked for by then is not.
WITHIN = timedelta(days=2)
_BY = (Channel.SMS, Channel.EMAIL)


@dataclass
class _Paid:
    """What a person paid on one day to one creditor, in one currency (minor units)."""

    amount_minor: int = 0
    invoices: set[int] = field(default_factory=set)
    policy: dict[str, Any] = field(default_factory=dict)


#: Debtor, UTC day, creditor, currency.
_Key = tuple[int, date, int, str]


def thank(session: Session, after: int, now: datetime, rules: Rules) -> int | None:
    """Thank people with an id above `after`. Gives the last id; None: done."""
    debtors = _payers(session, after, now)
    if not debtors:
        return None
    paid = _paid(session, debtors, now)
    known = causes_known(session, [_cause(key) for key in paid])
    wanted = {key: one for key, one in paid.items() if one.amount_minor > 0 and _cause(key) not in known}
    standings = standings_of(session, [key[0] for key in wanted])
    for key, one in wanted.items():
        standing = standings[key[0]]
        if not is_thanked(one.policy, standing):
            continue
        way = way_of(standing, now, rules, channels=_BY)
        if way is not None:
            slots = {"invoices": sorted(one.invoices), "amount_minor": one.amount_minor, "currency": key[3]}
            write_message(session, _cause(key), "thanks.payment", key[0], way, slots)
    return debtors[-1]


def _payers(session: Session, after: int, now: datetime) -> list[int]:
    query = (
        select(AccountRow.debtor_id)
        .join(InvoiceRow, InvoiceRow.account_id == AccountRow.id)
        .join(AllocationRow, AllocationRow.invoice_id == InvoiceRow.id)
        .join(PaymentRow, PaymentRow.id == AllocationRow.payment_id)
        .where(*_lately(now), AccountRow.debtor_id > after)
        .distinct()
        .order_by(AccountRow.debtor_id)
        .limit(SLICE)
    )
    return list(session.scalars(query))


def _paid(session: Session, debtors: Iterable[int], now: datetime) -> dict[_Key, _Paid]:
    """What they paid, reversals taken off; what fell to a plan has its statement and is left out."""
    of_plan = (
        select(AgreementInvoiceRow.invoice_id)
        .join(AgreementRow, AgreementRow.id == AgreementInvoiceRow.agreement_id)
        .where(AgreementRow.kind == "plan", AgreementRow.made_at < PaymentRow.seen_at)
        .where((AgreementRow.ended_at.is_(None)) | (AgreementRow.ended_at >= PaymentRow.seen_at))
    )
    query = (
        select(
            AccountRow.debtor_id, PaymentRow.seen_at, InvoiceRow.id, InvoiceRow.currency, CreditorRow.id,
            CreditorRow.policy, AllocationRow.amount_minor,
        )
        .join(InvoiceRow, InvoiceRow.account_id == AccountRow.id)
        .join(CreditorRow, CreditorRow.id == InvoiceRow.creditor_id)
        .join(AllocationRow, AllocationRow.invoice_id == InvoiceRow.id)
        .join(PaymentRow, PaymentRow.id == AllocationRow.payment_id)
        .where(*_lately(now), AccountRow.debtor_id.in_(debtors), InvoiceRow.id.not_in(of_plan))
        .order_by(AllocationRow.id)
    )  # fmt: skip
    found: dict[_Key, _Paid] = defaultdict(_Paid)
    for debtor_id, seen_at, invoice_id, currency, creditor_id, policy, minor in session.execute(query):
        one = found[debtor_id, utc_date(seen_at), creditor_id, currency]
        one.amount_minor += minor
        one.invoices.add(invoice_id)
        one.policy = policy
    return found


def _lately(now: datetime) -> tuple[Any, ...]:
    return (PaymentRow.seen_at > now - WITHIN, PaymentRow.seen_at <= now)


def _cause(key: _Key) -> str:
    debtor_id, day, creditor_id, currency = key
    return f"thanks:{debtor_id}:{creditor_id}:{day.isoformat()}:{currency}"

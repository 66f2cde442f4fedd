"""The beat of "already paid": a claim whose payment came in is closed; after ten days a letter asks for proof, and one
of our people looks. The claim itself stays open, and while it does no machine calls."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from ledger.agreement_end_store import end_agreement
from ledger.contact import Channel
from ledger.database import utc_date
from ledger.open_agreement_store import open_agreements
from ledger.paid_claim import LOOK_DAYS, Claim, judged
from ledger.tables import AccountRow, AgreementInvoiceRow, AgreementRow, InvoiceRow
from schedules.note_store import note_task, tasks_known, write_message
from schedules.notice import way_of
from schedules.rules import Rules
from schedules.standing_store import standings_of

#: So many claims in one unit of work.
SLICE = 200
BY = "matching"
#: The hold that the claim itself makes.
_OWN = frozenset({"already_paid"})


def watch_claims(session: Session, after: int, now: datetime, rules: Rules) -> tuple[int | None, list[int]]:
    """Look at the claims with an id above `after`. Gives the last id (None: done) and whose payment was found."""
    rows = open_agreements(session, ["already_paid"], after, SLICE)
    if not rows:
        return None, []
    # the day before is over in nearly every zone: the tenth quiet day is never cut short
    today = utc_date(now) - timedelta(days=1)
    asked = tasks_known(session, [_cause(row) for row in rows])
    found = []
    for row in rows:
        if row.debtor_id is None:
            continue
        invoices, open_minor = _about(session, row, row.debtor_id)
        claim = judged(open_minor, utc_date(row.made_at), today)
        if claim is Claim.FOUND and end_agreement(session, row, "kept", now, BY, "the payment was found"):
            found.append(row.debtor_id)
        elif claim is Claim.ASK and _cause(row) not in asked:
            _ask(session, row, row.debtor_id, invoices, now, rules)
    return rows[-1].id, found


def _about(session: Session, row: AgreementRow, debtor_id: int) -> tuple[list[int], int]:
    """The invoices of a claim with what is open on them; a claim that names none is about all that the person owes."""
    named = select(AgreementInvoiceRow.invoice_id).where(AgreementInvoiceRow.agreement_id == row.id)
    ids = list(session.scalars(named.order_by(AgreementInvoiceRow.invoice_id)))
    if not ids:
        owed = select(InvoiceRow.id).join(AccountRow, AccountRow.id == InvoiceRow.account_id)
        owed = owed.where(AccountRow.debtor_id == debtor_id, InvoiceRow.open_minor > 0)
        ids = list(session.scalars(owed.order_by(InvoiceRow.id)))
    open_minor = session.scalar(select(func.sum(InvoiceRow.open_minor)).where(InvoiceRow.id.in_(ids)))
    return ids, int(open_minor or 0)


def _ask(session: Session, row: AgreementRow, debtor_id: int, invoices: list[int], now: datetime, rules: Rules) -> None:
    """The letter, where no other hold stands; the task in any case, so that somebody decides."""
    standing = standings_of(session, [debtor_id])[debtor_id]
    way = way_of(standing, now, rules, through=_OWN, channels=(Channel.POST,))
    if way is not None:
        why = "this person says that it is paid and we found no payment: when, how, and is there a proof?"
        write_message(
            session, _cause(row), "letter.paid_proof", debtor_id, way,
            {"invoices": invoices, "claimed_on": utc_date(row.made_at).isoformat(), "why": why},
        )  # fmt: skip
    letter = "a letter asks for date and proof" if way is not None else "a hold forbids a letter"
    why = f"Told us that it is paid, and no payment was found in {LOOK_DAYS.days} days: {letter}; no machine calls"
    note_task(session, _cause(row), "paid_claim", row, why, now)


def _cause(row: AgreementRow) -> str:
    return f"paid_claim:{row.id}"

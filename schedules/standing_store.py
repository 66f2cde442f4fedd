"""Gathers standings from the books: a handful of indexed queries, however many debtors are asked for.

With `at` in the past the standing is as it was known then: what permission reads is closed and replaced, never
overwritten. A hold that begins later is kept, so that `next_opening` knows of it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from ledger.money import Money
from ledger.tables import (
    AccountRow,
    AllocationRow,
    ChargeRow,
    CreditorRow,
    DebtorRow,
    InvoiceRow,
    PaymentRow,
    PhoneRow,
    WishRow,
)
from schedules.errors import BadRules, UnknownDebtor
from schedules.history_store import agreements_of, contacts_of, holds_of
from schedules.policy import own_call_days
from schedules.policy_store import policies_at
from schedules.standing import Hold, Invoice, Phone, Standing
from schedules.wish import Wish, wish_from

#: Columns, not rows: permission is asked several times for each call, and a row's identity costs more than its values.
_DEBTORS = select(
    DebtorRow.id, DebtorRow.ref, DebtorRow.kind, DebtorRow.student, DebtorRow.birth_date, DebtorRow.country,
    DebtorRow.region, DebtorRow.postcode, DebtorRow.zone, DebtorRow.email, DebtorRow.language,
    DebtorRow.known_at,
)  # fmt: skip
_PHONES = select(
    PhoneRow.debtor_id, PhoneRow.e164, PhoneRow.rank, PhoneRow.kind, PhoneRow.verdict, PhoneRow.until_at
).order_by(PhoneRow.rank, PhoneRow.id)
_WISHES = select(
    WishRow.debtor_id, WishRow.kind, WishRow.value, WishRow.on_record, WishRow.from_at
).order_by(WishRow.id)  # fmt: skip
_INVOICES = (
    select(
        AccountRow.debtor_id, InvoiceRow.id, InvoiceRow.open_minor, InvoiceRow.currency, InvoiceRow.due_on,
        InvoiceRow.issued_on, InvoiceRow.first_letter_sent_on, InvoiceRow.first_letter_by,
        InvoiceRow.costs_in_letter_minor, CreditorRow.id.label("creditor_id"), CreditorRow.name.label("creditor"),
        CreditorRow.role, CreditorRow.policy, CreditorRow.payments_seen_at, InvoiceRow.known_at,
    )
    .join(InvoiceRow, InvoiceRow.account_id == AccountRow.id)
    .join(CreditorRow, CreditorRow.id == InvoiceRow.creditor_id)
    .order_by(InvoiceRow.due_on, InvoiceRow.id)
)  # fmt: skip
#: So many debtors at a time: below every database's limit of parameters, and a short read.
_SLICE = 500


def standing_of(session: Session, debtor_id: int, at: datetime | None = None) -> Standing:
    """How one debtor stands now, or stood at an instant. Raises `UnknownDebtor`."""
    found = standings_of(session, (debtor_id,), at)
    if debtor_id not in found:
        raise UnknownDebtor(f"There is no debtor {debtor_id}")
    return found[debtor_id]


def debtor_id_of(session: Session, ref: str) -> int:
    """The id of the debtor that commands and lists name `ref`. Raises `UnknownDebtor`."""
    found = session.scalar(select(DebtorRow.id).where(DebtorRow.ref == ref))
    if found is None:
        raise UnknownDebtor(f"There is no debtor {ref}; look at the list that was imported")
    return found


def debtor_ids_of(session: Session, refs: Collection[str]) -> dict[str, int]:
    """The ids of the debtors of these names; who doesn't exist is left out."""
    found = session.execute(select(DebtorRow.ref, DebtorRow.id).where(DebtorRow.ref.in_(refs)))
    return dict(found.all())


def standings_of(session: Session, ids: Iterable[int], at: datetime | None = None) -> dict[int, Standing]:
    """How these debtors stand, by id; who doesn't exist is left out."""
    wanted = list(dict.fromkeys(ids))
    found: dict[int, Standing] = {}
    for start in range(0, len(wanted), _SLICE):
        found |= _slice(session, wanted[start : start + _SLICE], at)
    return found


def _slice(session: Session, ids: Sequence[int], at: datetime | None) -> dict[int, Standing]:
    debtors = session.execute(_DEBTORS.where(DebtorRow.id.in_(ids))).all()
    phones, gone = _phones(session, ids, at)
    owner_of_number: dict[str, list[int]] = {}
    for debtor_id, numbers in phones.items():
        for phone in numbers:
            if phone.e164:
                owner_of_number.setdefault(phone.e164, []).append(debtor_id)
    invoices, settled, owner_of_invoice = _invoices(session, ids, at)
    holds, past_holds = holds_of(session, ids, owner_of_number, owner_of_invoice, at)
    wishes = _wishes(session, ids, holds, at)
    agreements = agreements_of(session, ids, at)
    contacts, shared = contacts_of(session, ids, owner_of_number, at)
    return {
        row.id: Standing(
            debtor_id=row.id,
            ref=row.ref,
            kind=row.kind,
            student=row.student,
            language=row.language,
            birth_date=row.birth_date,
            country=row.country,
            region=row.region,
            postcode=row.postcode,
            zone=row.zone,
            email=row.email,
            phones=_in_use(phones.get(row.id, ()), gone, row.id, holds.get(row.id, ())),
            holds=tuple(holds.get(row.id, ())),
            agreements=tuple(agreements.get(row.id, ())),
            invoices=tuple(invoices.get(row.id, ())),
            settled=settled.get(row.id, 0),
            known_at=row.known_at,
            contacts=tuple(contacts.get(row.id, ())),
            shared=tuple(shared.get(row.id, ())),
            wishes=tuple(wishes.get(row.id, ())),
            past_holds=tuple(past_holds.get(row.id, ())),
        )
        for row in debtors
    }


def _phones(
    session: Session, ids: Sequence[int], at: datetime | None
) -> tuple[dict[int, list[Phone]], set[tuple[int, str]]]:
    """Every number that a debtor had by then, and those (debtor and number) that were taken out of use since."""
    query = _PHONES.where(PhoneRow.debtor_id.in_(ids))
    found: dict[int, list[Phone]] = {}
    gone: set[tuple[int, str]] = set()
    for row in session.execute(query if at is None else query.where(PhoneRow.from_at <= at)):
        phone = Phone(e164=row.e164, rank=row.rank, kind=row.kind, verdict=row.verdict)
        found.setdefault(row.debtor_id, []).append(phone)
        if row.until_at is not None and (at is None or row.until_at <= at):
            gone.add((row.debtor_id, row.e164))
    return found, gone


def _in_use(
    phones: Sequence[Phone], gone: set[tuple[int, str]], debtor_id: int, holds: Sequence[Hold]
) -> tuple[Phone, ...]:
    """Numbers in use, and those out of use because somebody there said that they are wrong: so the reason is told."""
    wrong = {hold.e164 for hold in holds if hold.kind == "wrong_number"}
    return tuple(one for one in phones if (debtor_id, one.e164) not in gone or one.e164 in wrong)


def _wishes(
    session: Session, ids: Sequence[int], holds: dict[int, list[Hold]], at: datetime | None
) -> dict[int, list[Wish]]:
    query = _WISHES.where(WishRow.debtor_id.in_(ids))
    found: dict[int, list[Wish]] = {}
    if at is None:
        query = query.where(WishRow.until_at.is_(None))
    else:
        query = query.where(WishRow.from_at <= at, or_(WishRow.until_at.is_(None), WishRow.until_at > at))
    for row in session.execute(query):
        try:
            found.setdefault(row.debtor_id, []).append(wish_from(row.kind, row.value, row.on_record))
        except BadRules as error:
            # What somebody asked for and we can't read may not be ignored: a person looks first.
            holds.setdefault(row.debtor_id, []).append(Hold(kind="manual", from_at=row.from_at, via=str(error)))
    return found


def _invoices(
    session: Session, ids: Sequence[int], at: datetime | None
) -> tuple[dict[int, list[Invoice]], dict[int, int], dict[int, int]]:
    """Open invoices and the number of settled ones by debtor; and whose each invoice is."""
    rows = session.execute(_INVOICES.where(AccountRow.debtor_id.in_(ids))).all()
    later = _later(session, [row.id for row in rows], at) if at is not None else {}
    held = policies_at(session, {row.creditor_id for row in rows}, at) if at is not None else {}
    found: dict[int, list[Invoice]] = {}
    settled: dict[int, int] = {}
    owner: dict[int, int] = {}
    for row in rows:
        owner[row.id] = row.debtor_id
        if at is not None and row.known_at is not None and row.known_at > at:
            continue  # it came with a later list
        open_minor = row.open_minor + later.get(row.id, 0)
        if open_minor <= 0:
            settled[row.debtor_id] = settled.get(row.debtor_id, 0) + 1
            continue
        policy = held.get(row.creditor_id, row.policy)
        small, costs = policy.get("part_paid_minor"), row.costs_in_letter_minor
        invoice = Invoice(
            id=row.id,
            creditor_id=row.creditor_id,
            creditor=row.creditor,
            role=row.role,
            due_on=row.due_on,
            issued_on=row.issued_on,
            open=Money(open_minor, row.currency),
            first_letter_sent_on=row.first_letter_sent_on,
            first_letter_by=row.first_letter_by,
            costs_in_letter=None if costs is None else Money(costs, row.currency),
            payments_seen_at=row.payments_seen_at,
            part_paid=None if small is None else Money(int(small), row.currency),
            call_days=own_call_days(policy),
        )
        found.setdefault(row.debtor_id, []).append(invoice)
    return found, settled, owner


def _later(session: Session, invoices: Sequence[int], at: datetime) -> dict[int, int]:
    """What has to be added to today's open amount to have that of `at`: payments since, less charges since."""
    paid = (
        select(AllocationRow.invoice_id, func.sum(AllocationRow.amount_minor))
        .join(PaymentRow, PaymentRow.id == AllocationRow.payment_id)
        .where(AllocationRow.invoice_id.in_(invoices), PaymentRow.seen_at > at)
        .group_by(AllocationRow.invoice_id)
    )
    charged = (
        select(ChargeRow.invoice_id, -func.sum(ChargeRow.amount_minor))
        .where(ChargeRow.invoice_id.in_(invoices), ChargeRow.made_at > at)
        .group_by(ChargeRow.invoice_id)
    )
    found: dict[int, int] = {}
    for invoice_id, minor in (*session.execute(paid).all(), *session.execute(charged).all()):
        found[invoice_id] = found.get(invoice_id, 0) + int(minor)
    return found

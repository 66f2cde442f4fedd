"""Lifting holds: the row keeps its own end and tells who lifted it, when and why; nothing is deleted."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from ledger.deed import WHY_LETTERS, Deed
from ledger.ending import own_hold
from ledger.errors import BadAnswer
from ledger.hold_store import numbers_by_hash
from ledger.lifting import Held, Said, check_lift
from ledger.tables import (
    AccountRow,
    AgreementInvoiceRow,
    AgreementRow,
    AuditRow,
    DebtorRow,
    HoldRow,
    InvoiceRow,
    PhoneRow,
)

#: Numbers that are looked through at a time for one of which only the hash is left.
_SLICE = 1000


@dataclass(frozen=True, kw_only=True)
class Lifted:
    """A hold that is over."""

    id: int
    kind: str
    #: Whom it left without a call, by id: the person, whoever has the number, or who owes the invoice.
    debtors: tuple[int, ...]
    #: A number that had gone out of use is used again.
    reopened: bool


def own_holds(session: Session, agreement: AgreementRow) -> Sequence[HoldRow]:
    """The standing holds that came with this agreement, never one that somebody else made."""
    kind, begins = own_hold(agreement.source_key, agreement.kind)
    about = select(AgreementInvoiceRow.invoice_id).where(AgreementInvoiceRow.agreement_id == agreement.id)
    mine = select(HoldRow).where(
        or_(HoldRow.debtor_id == agreement.debtor_id, HoldRow.invoice_id.in_(about)),
        HoldRow.kind == kind,
        HoldRow.source_key.startswith(begins, autoescape=True),
        HoldRow.lifted_at.is_(None),
    )
    return session.scalars(mine.order_by(HoldRow.id)).all()


def lift_holds_of(session: Session, agreement: AgreementRow, now: datetime, by: str, why: str) -> int:
    """Lift the standing holds that came with this agreement; how many."""
    rows = own_holds(session, agreement)
    for row in rows:
        _lift(session, row, Deed(at=now, by=by, why=why), debtor_id=agreement.debtor_id)
    return len(rows)


def lift_hold(session: Session, hold_id: int, said: Said, deed: Deed) -> Lifted:
    """Lift one that stands by itself. Raises `BadAnswer`; then nothing is changed.

    A wrong number is opened again for the debtor whom `said` names, by a row of its own, so that the past stays as it
    was known.
    """
    row = session.get(HoldRow, hold_id, with_for_update=True, populate_existing=True)
    if row is None:
        raise BadAnswer(f"hold: there is no hold {hold_id}; `beltoon agreements --json` tells the ids")
    held = Held(
        id=row.id, kind=row.kind, until_at=row.until_at, lifted_at=row.lifted_at, lifted_by=row.lifted_by,
        agreement=_maker(session, row),
    )  # fmt: skip
    check_lift(held, said, deed.at)
    reopened = said.number_of is not None and _opened(session, row, said.number_of, deed.at)
    _lift(session, row, deed, asked_by_them=said.asked_by_them, number_of=said.number_of)
    session.flush()
    return Lifted(id=row.id, kind=row.kind, debtors=_held_by(session, row), reopened=reopened)


def _lift(session: Session, row: HoldRow, deed: Deed, **told: Any) -> None:
    row.lifted_at, row.lifted_by, row.lifted_why = deed.at, deed.by, deed.why[:WHY_LETTERS]
    detail = {"kind": row.kind, "why": deed.why, **told}
    session.add(AuditRow(at=deed.at, by=deed.by, what="hold_lifted", subject=f"hold {row.id}", detail=detail))


def _maker(session: Session, hold: HoldRow) -> tuple[str, int] | None:
    """The open agreement that made a hold, by kind and id."""
    about = select(AgreementInvoiceRow.agreement_id).where(AgreementInvoiceRow.invoice_id == hold.invoice_id)
    theirs = AgreementRow.debtor_id == hold.debtor_id if hold.debtor_id is not None else AgreementRow.id.in_(about)
    for one in session.scalars(select(AgreementRow).where(AgreementRow.state == "open", theirs)):
        kind, begins = own_hold(one.source_key, one.kind)
        if hold.kind == kind and hold.source_key.startswith(begins):
            return one.kind, one.id
    return None


def _opened(session: Session, hold: HoldRow, ref: str, now: datetime) -> bool:
    """The number of a hold is this debtor's: False where it was in use all the time. Raises `BadAnswer`."""
    debtor_id = session.scalar(select(DebtorRow.id).where(DebtorRow.ref == ref).with_for_update(key_share=True))
    if debtor_id is None:
        raise BadAnswer(f"number-of: there is no debtor {ref[:40]!r}; write the name that the list gives")
    known = session.scalars(select(PhoneRow).where(PhoneRow.debtor_id == debtor_id).order_by(PhoneRow.id)).all()
    theirs = [one for one in known if one.e164 and one.e164 in _numbers(session, hold, [one.e164])]
    if not theirs:
        raise BadAnswer(f"number-of: the number of hold {hold.id} was never one of {ref}; bring it in with a list")
    if any(one.until_at is None for one in theirs):
        return False
    last = theirs[-1]
    again = PhoneRow(
        debtor_id=debtor_id, e164=last.e164, written=last.written, rank=last.rank, kind=last.kind, verdict=last.verdict,
        from_at=now,
    )  # fmt: skip
    session.add(again)
    return True


def _numbers(session: Session, hold: HoldRow, candidates: Sequence[str]) -> list[str]:
    """Which of these numbers it is on; of an erased person's only the hash tells."""
    if hold.e164:
        return [one for one in candidates if one == hold.e164]
    same = numbers_by_hash(session, candidates).get(hold.number_hash or "")
    return [same] if same else []


def _held_by(session: Session, hold: HoldRow) -> tuple[int, ...]:
    if hold.debtor_id is not None:
        return (hold.debtor_id,)
    if hold.invoice_id is not None:
        owes = select(AccountRow.debtor_id).join(InvoiceRow, InvoiceRow.account_id == AccountRow.id)
        return tuple(session.scalars(owes.where(InvoiceRow.id == hold.invoice_id)))
    in_use = select(PhoneRow.debtor_id).where(PhoneRow.until_at.is_(None)).distinct().order_by(PhoneRow.debtor_id)
    if hold.e164:
        return tuple(session.scalars(in_use.where(PhoneRow.e164 == hold.e164)))
    every = select(PhoneRow.debtor_id, PhoneRow.e164).where(PhoneRow.until_at.is_(None), PhoneRow.e164 != "")
    found: set[int] = set()
    for some in session.execute(every).partitions(_SLICE):
        mine = _numbers(session, hold, [row.e164 for row in some])
        found |= {row.debtor_id for row in some if row.e164 in mine}
    return tuple(sorted(found))

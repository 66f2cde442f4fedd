"""What happened with debtors: holds, agreements and contacts, gathered for their standings."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Select, or_, select
from sqlalchemy.orm import Session

from ledger.tables import AgreementRow, ContactRow, HoldRow
from schedules.standing import Agreement, Contact, Hold

#: Further back no rule looks: the longest term is 30 local days, and a zone or two.
REACH = timedelta(days=35)


def holds_of(
    session: Session,
    ids: Sequence[int],
    owner_of_number: Mapping[str, list[int]],
    owner_of_invoice: Mapping[int, int],
    at: datetime | None,
) -> dict[int, list[Hold]]:
    """Holds of the persons, of their numbers and of their invoices, by person; each binds all who share a number."""
    found: dict[int, list[Hold]] = {}
    for of in (
        HoldRow.debtor_id.in_(ids),
        HoldRow.e164.in_(list(owner_of_number)),
        HoldRow.invoice_id.in_(list(owner_of_invoice)),
    ):
        query = select(HoldRow).where(of).order_by(HoldRow.id)
        unlifted = HoldRow.lifted_at.is_(None)
        query = query.where(unlifted if at is None else or_(unlifted, HoldRow.lifted_at > at))
        for row in session.scalars(query):
            if at is not None and row.until_at is not None and row.until_at <= at:
                continue
            hold = Hold(
                kind=row.kind,
                from_at=row.from_at,
                until_at=row.until_at,
                channel=row.channel,
                e164=row.e164,
                invoice_id=row.invoice_id,
                via=row.via,
            )
            owners = [row.debtor_id] if row.debtor_id is not None else owner_of_number.get(row.e164 or "", [])
            if row.invoice_id is not None:
                owners = [owner_of_invoice[row.invoice_id]]
            for owner in owners:
                found.setdefault(owner, []).append(hold)
    return found


def past_holds_of(
    session: Session, ids: Sequence[int], owner_of_invoice: Mapping[int, int], at: datetime | None
) -> dict[int, list[Hold]]:
    """Holds of the persons and of their invoices that were lifted or had ended by then; each until its real end."""
    found: dict[int, list[Hold]] = {}
    for of in (HoldRow.debtor_id.in_(ids), HoldRow.invoice_id.in_(list(owner_of_invoice))):
        lifted = HoldRow.lifted_at.is_not(None) if at is None else HoldRow.lifted_at <= at
        over = lifted if at is None else or_(lifted, HoldRow.until_at <= at)
        for row in session.scalars(select(HoldRow).where(of, over).order_by(HoldRow.id)):
            ends = [end for end in (row.until_at, row.lifted_at) if end is not None and (at is None or end <= at)]
            owner = row.debtor_id if row.debtor_id is not None else owner_of_invoice[row.invoice_id or 0]
            hold = Hold(kind=row.kind, from_at=row.from_at, until_at=min(ends), invoice_id=row.invoice_id, via=row.via)
            found.setdefault(owner, []).append(hold)
    return found


def agreements_of(session: Session, ids: Sequence[int], at: datetime | None) -> dict[int, list[Agreement]]:
    """Every agreement that was made by then; what has ended keeps its end, for the terms that run on."""
    query = select(AgreementRow).where(AgreementRow.debtor_id.in_(ids)).order_by(AgreementRow.id)
    if at is not None:
        query = query.where(AgreementRow.made_at <= at)
    found: dict[int, list[Agreement]] = {}
    for row in session.scalars(query):
        if row.debtor_id is None:
            continue
        ended = row.ended_at if at is None or (row.ended_at is not None and row.ended_at <= at) else None
        agreement = Agreement(
            id=row.id,
            kind=row.kind,
            made_at=row.made_at,
            state="open" if ended is None and row.ended_at is not None else row.state,
            due_on=row.due_on,
            from_at=row.from_at,
            until_at=row.until_at,
            ended_at=ended,
            owner=row.owner,
            e164=row.detail.get("e164"),
        )
        found.setdefault(row.debtor_id, []).append(agreement)
    return found


def contacts_of(
    session: Session, ids: Sequence[int], owner_of_number: Mapping[str, list[int]], at: datetime | None
) -> tuple[dict[int, list[Contact]], dict[int, list[Contact]]]:
    """The debtors' own contacts of the last weeks, and those of others at the same numbers, oldest first."""
    own: dict[int, list[Contact]] = {}
    shared: dict[int, list[Contact]] = {}
    for row in session.scalars(_recent(ContactRow.debtor_id.in_(ids), at)):
        own.setdefault(row.debtor_id, []).append(_contact(row, at))
    for row in session.scalars(_recent(ContactRow.address.in_(list(owner_of_number)), at)):
        for owner in owner_of_number[row.address]:
            if owner != row.debtor_id:
                shared.setdefault(owner, []).append(_contact(row, at))
    return own, shared


def _recent(of: ColumnElement[bool], at: datetime | None) -> Select[ContactRow]:
    query = select(ContactRow).where(of)
    if at is not None:
        query = query.where(ContactRow.begun_at <= at, ContactRow.begun_at > at - REACH)
    return query.order_by(ContactRow.begun_at, ContactRow.id)


def _contact(row: ContactRow, at: datetime | None) -> Contact:
    over = at is None or (row.ended_at is not None and row.ended_at <= at)
    return Contact(
        channel=row.channel,
        address=row.address,
        begun_at=row.begun_at,
        zone=row.zone,
        local_date=row.local_date,
        ended_at=row.ended_at if over else None,
        disposition=row.disposition if over else None,
        talked=row.talked and over,
        right_party=row.right_party and over,
        solicited=row.solicited,
    )

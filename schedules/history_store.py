"""What happened with debtors: holds, agreements and contacts, gathered for their standings."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, select
from sqlalchemy.orm import Session

from ledger.tables import AgreementRow, ContactRow, HoldRow
from schedules.standing import Agreement, Contact, Hold

_HOLDS = select(
    HoldRow.debtor_id, HoldRow.e164, HoldRow.invoice_id, HoldRow.channel, HoldRow.kind, HoldRow.from_at,
    HoldRow.until_at, HoldRow.via, HoldRow.lifted_at,
).order_by(HoldRow.id)  # fmt: skip
_AGREEMENTS = select(
    AgreementRow.debtor_id, AgreementRow.id, AgreementRow.kind, AgreementRow.made_at, AgreementRow.state,
    AgreementRow.due_on, AgreementRow.from_at, AgreementRow.until_at, AgreementRow.ended_at, AgreementRow.owner,
    AgreementRow.detail,
).order_by(AgreementRow.id)  # fmt: skip
_CONTACTS = select(
    ContactRow.debtor_id, ContactRow.channel, ContactRow.address, ContactRow.begun_at, ContactRow.zone,
    ContactRow.local_date, ContactRow.ended_at, ContactRow.disposition, ContactRow.talked, ContactRow.right_party,
    ContactRow.solicited,
).order_by(ContactRow.begun_at, ContactRow.id)  # fmt: skip
#: Further back no rule about a number looks: the longest term is 30 local days, and a zone or two.
REACH = timedelta(days=35)


def holds_of(
    session: Session,
    ids: Sequence[int],
    owner_of_number: Mapping[str, list[int]],
    owner_of_invoice: Mapping[int, int],
    at: datetime | None,
) -> tuple[dict[int, list[Hold]], dict[int, list[Hold]]]:
    """Holds of the persons, of their numbers and of their invoices, by person; each binds all who share a number.

    Then, by person too, those of persons and invoices that were lifted or had ended by then, each until its real end.
    """
    standing: dict[int, list[Hold]] = {}
    past: dict[int, list[Hold]] = {}
    for of in (
        HoldRow.debtor_id.in_(ids),
        HoldRow.e164.in_(list(owner_of_number)),
        HoldRow.invoice_id.in_(list(owner_of_invoice)),
    ):
        for row in session.execute(_HOLDS.where(of)):
            lifted = row.lifted_at if at is None or (row.lifted_at is not None and row.lifted_at <= at) else None
            over = lifted is not None or (at is not None and row.until_at is not None and row.until_at <= at)
            ends = [end for end in (row.until_at, lifted) if end is not None]
            hold = Hold(
                kind=row.kind,
                from_at=row.from_at,
                until_at=min(ends, default=None),
                channel=row.channel,
                e164=row.e164,
                invoice_id=row.invoice_id,
                via=row.via,
            )
            if row.invoice_id is not None:
                owners = [owner_of_invoice[row.invoice_id]]
            else:
                owners = [row.debtor_id] if row.debtor_id is not None else owner_of_number.get(row.e164 or "", [])
            for owner in owners:
                (past if over else standing).setdefault(owner, []).append(hold)
    return standing, past


def agreements_of(session: Session, ids: Sequence[int], at: datetime | None) -> dict[int, list[Agreement]]:
    """Every agreement that was made by then; what has ended keeps its end, for the terms that run on."""
    query = _AGREEMENTS.where(AgreementRow.debtor_id.in_(ids))
    if at is not None:
        query = query.where(AgreementRow.made_at <= at)
    found: dict[int, list[Agreement]] = {}
    for row in session.execute(query):
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
    """All contacts of the debtors, and those of others at the same numbers in the last weeks, oldest first.

    Of a person's own all are wanted: by how often they were tried since the last talk their hours take turns.
    """
    own: dict[int, list[Contact]] = {}
    shared: dict[int, list[Contact]] = {}
    for row in session.execute(_until(ContactRow.debtor_id.in_(ids), at)):
        own.setdefault(row.debtor_id, []).append(_contact(row, at))
    theirs = _until(ContactRow.address.in_(list(owner_of_number)), at)
    if at is not None:
        theirs = theirs.where(ContactRow.begun_at > at - REACH)
    for row in session.execute(theirs):
        for owner in owner_of_number[row.address]:
            if owner != row.debtor_id:
                shared.setdefault(owner, []).append(_contact(row, at))
    return own, shared


def _until(of: ColumnElement[bool], at: datetime | None) -> Select[*tuple[Any, ...]]:
    query = _CONTACTS.where(of)
    return query if at is None else query.where(ContactRow.begun_at <= at)


def _contact(row: Row[*tuple[Any, ...]], at: datetime | None) -> Contact:
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

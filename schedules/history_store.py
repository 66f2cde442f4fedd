"""What happened with debtors, read once and told as it was known at any instant: holds, agreements, contacts, money."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Row, or_, select
from sqlalchemy.orm import Session

from ledger.among import among
from ledger.hold_store import numbers_by_hash, on_numbers
from ledger.tables import AgreementRow, AllocationRow, ChargeRow, ContactRow, HoldRow, PaymentRow
from schedules.standing import Agreement, Contact, Hold

_HOLDS = select(
    HoldRow.id, HoldRow.debtor_id, HoldRow.e164, HoldRow.invoice_id, HoldRow.channel, HoldRow.kind, HoldRow.from_at,
    HoldRow.until_at, HoldRow.via, HoldRow.number_hash, HoldRow.lifted_at,
).order_by(HoldRow.id)  # fmt: skip
_AGREEMENTS = select(
    AgreementRow.debtor_id, AgreementRow.id, AgreementRow.kind, AgreementRow.made_at, AgreementRow.state,
    AgreementRow.due_on, AgreementRow.from_at, AgreementRow.until_at, AgreementRow.ended_at, AgreementRow.owner,
    AgreementRow.detail,
).order_by(AgreementRow.id)  # fmt: skip
_CONTACTS = select(
    ContactRow.id, ContactRow.debtor_id, ContactRow.channel, ContactRow.address, ContactRow.begun_at, ContactRow.zone,
    ContactRow.local_date, ContactRow.ended_at, ContactRow.disposition, ContactRow.talked, ContactRow.right_party,
    ContactRow.solicited,
).order_by(ContactRow.begun_at, ContactRow.id)  # fmt: skip
_Rows = defaultdict[Any, list[Row[*tuple[Any, ...]]]]
#: Further back no rule about a number looks: the longest term is 30 local days, and a zone or two.
REACH = timedelta(days=35)


class History:
    """The rows of some debtors, their numbers and invoices. What is told of an instant `at` (None: now) is as it was
    known then."""

    def __init__(
        self, session: Session, ids: Sequence[int], numbers: Collection[str], invoices: Collection[int]
    ) -> None:
        self._of_debtors: _Rows = defaultdict(list)
        self._of_numbers: _Rows = defaultdict(list)
        self._of_invoices: _Rows = defaultdict(list)
        by_hash = numbers_by_hash(session, numbers)
        # An arm without values would hide the index of the others from the database.
        held: list[ColumnElement[bool]] = [among(HoldRow.debtor_id, ids)]
        made = [among(ContactRow.debtor_id, ids)]
        if numbers:
            held.append(on_numbers(numbers, by_hash))
            made.append(among(ContactRow.address, numbers))
        if invoices:
            held.append(among(HoldRow.invoice_id, invoices))
        for hold in session.execute(_HOLDS.where(or_(*held))):
            if hold.debtor_id is not None:
                self._of_debtors[hold.debtor_id].append(hold)
            elif hold.invoice_id is not None:
                self._of_invoices[hold.invoice_id].append(hold)
            else:  # of a person who was erased only the hash is left
                self._of_numbers[hold.e164 or by_hash.get(hold.number_hash)].append(hold)
        self._agreements: _Rows = defaultdict(list)
        for agreement in session.execute(_AGREEMENTS.where(among(AgreementRow.debtor_id, ids))):
            self._agreements[agreement.debtor_id].append(agreement)
        self._made: _Rows = defaultdict(list)
        self._at_number: _Rows = defaultdict(list)
        for contact in session.execute(_CONTACTS.where(or_(*made))):
            self._made[contact.debtor_id].append(contact)
            self._at_number[contact.address].append(contact)

    def holds(
        self, debtor_id: int, numbers: Iterable[str], invoices: Iterable[int], at: datetime | None
    ) -> tuple[list[Hold], list[Hold]]:
        """Holds of a person, of their numbers and of their invoices.

        Then those that were lifted or had ended by then, each until its real end.
        """
        standing: list[Hold] = []
        past: list[Hold] = []
        of_numbers = [(row, number) for number in dict.fromkeys(numbers) for row in self._of_numbers.get(number, ())]
        of_invoices = [row for invoice in invoices for row in self._of_invoices.get(invoice, ())]
        for row, number in (
            *((row, None) for row in self._of_debtors.get(debtor_id, ())),
            *sorted(of_numbers, key=lambda one: one[0].id),
            *((row, None) for row in sorted(of_invoices, key=lambda one: one.id)),
        ):
            hold, over = _hold(row, number, at)
            (past if over else standing).append(hold)
        return standing, past

    def agreements(self, debtor_id: int, at: datetime | None) -> list[Agreement]:
        """Every agreement that was made by then; what has ended keeps its end, for the terms that run on."""
        return [_agreement(row, at) for row in self._agreements.get(debtor_id, ()) if at is None or row.made_at <= at]

    def contacts(self, debtor_id: int, at: datetime | None) -> list[Contact]:
        """All contacts of a debtor, oldest first.

        All are wanted: by how often they were tried since the last talk their hours take turns.
        """
        return [_contact(row, at) for row in self._made.get(debtor_id, ()) if at is None or row.begun_at <= at]

    def contacts_of_others(self, debtor_id: int, numbers: Iterable[str], at: datetime | None) -> list[Contact]:
        """Those of others at the debtor's numbers, oldest first; of a moment, of the last weeks before it."""
        return [
            _contact(row, at)
            for row in sorted(self._of_others(debtor_id, numbers), key=lambda one: (one.begun_at, one.id))
            if at is None or at - REACH < row.begun_at <= at
        ]

    def _of_others(self, debtor_id: int, numbers: Iterable[str]) -> Iterator[Row[*tuple[Any, ...]]]:
        for number in dict.fromkeys(numbers):
            for row in self._at_number.get(number, ()):
                if row.debtor_id != debtor_id:
                    yield row


def _hold(row: Row[*tuple[Any, ...]], e164: str | None, at: datetime | None) -> tuple[Hold, bool]:
    """A hold, and whether it was over by then."""
    lifted = row.lifted_at if at is None or (row.lifted_at is not None and row.lifted_at <= at) else None
    over = lifted is not None or (at is not None and row.until_at is not None and row.until_at <= at)
    ends = [end for end in (row.until_at, lifted) if end is not None]
    hold = Hold(
        kind=row.kind,
        from_at=row.from_at,
        until_at=min(ends, default=None),
        channel=row.channel,
        e164=e164,
        invoice_id=row.invoice_id,
        via=row.via,
    )
    return hold, over


def _agreement(row: Row[*tuple[Any, ...]], at: datetime | None) -> Agreement:
    ended = row.ended_at if at is None or (row.ended_at is not None and row.ended_at <= at) else None
    return Agreement(
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


def less_since(session: Session, invoices: Sequence[int]) -> dict[int, list[tuple[datetime, int]]]:
    """By invoice: since when so much less is open, by a payment that was seen; a charge is so much more."""
    paid = (
        select(AllocationRow.invoice_id, PaymentRow.seen_at, AllocationRow.amount_minor)
        .join(PaymentRow, PaymentRow.id == AllocationRow.payment_id)
        .where(among(AllocationRow.invoice_id, invoices))
    )
    charged = select(ChargeRow.invoice_id, ChargeRow.made_at, -ChargeRow.amount_minor).where(
        among(ChargeRow.invoice_id, invoices)
    )
    found: dict[int, list[tuple[datetime, int]]] = {}
    for invoice_id, known_at, minor in (*session.execute(paid).all(), *session.execute(charged).all()):
        found.setdefault(invoice_id, []).append((known_at, minor))
    return found

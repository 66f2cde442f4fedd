"""Which facts of a history the books hold already: the same thing is never written twice, from whatever list."""

from __future__ import annotations

import json
from collections.abc import Callable, Hashable, Sequence
from typing import Any

from sqlalchemy import select, tuple_
from sqlalchemy.orm import Session

from ledger.intake.history.columns import Kind
from ledger.intake.history.fact import Fact
from ledger.tables import (
    AgreementRow,
    ContactRow,
    CreditorRow,
    DebtorRow,
    HoldRow,
    InvoiceRow,
    PaymentRow,
    WishRow,
)


def unknown_facts(session: Session, kind: Kind, facts: Sequence[Fact]) -> list[Fact]:
    """Those that the books don't hold yet, each once."""
    name, look = _LOOKS[kind]
    seen = look(session, facts) if facts else set()
    fresh = []
    for fact in facts:
        if (said := name(fact)) not in seen:
            seen.add(said)
            fresh.append(fact)
    return fresh


def source_key(fact: Fact) -> str:
    """The key of an agreement or hold: its content."""
    return f"import:{fact.values['kind']}:{fact.key}"


def _all(facts: Sequence[Fact], name: str) -> set[Any]:
    return {fact.values[name] for fact in facts}


def _contact(fact: Fact) -> Hashable:
    value = fact.values
    return value["debtor"], value["begun_at"], value["channel"], value["address"]


def _contacts(session: Session, facts: Sequence[Fact]) -> set[Hashable]:
    query = (
        select(DebtorRow.ref, ContactRow.begun_at, ContactRow.channel, ContactRow.address)
        .join(DebtorRow, ContactRow.debtor_id == DebtorRow.id)
        .where(DebtorRow.ref.in_(_all(facts, "debtor")), ContactRow.begun_at.in_(_all(facts, "begun_at")))
    )
    return {tuple(row) for row in session.execute(query)}


def _agreements(session: Session, facts: Sequence[Fact]) -> set[Hashable]:
    keys = {source_key(fact) for fact in facts}
    return set(session.scalars(select(AgreementRow.source_key).where(AgreementRow.source_key.in_(keys))))


def _holds(session: Session, facts: Sequence[Fact]) -> set[Hashable]:
    keys = {source_key(fact) for fact in facts}
    return set(session.scalars(select(HoldRow.source_key).where(HoldRow.source_key.in_(keys))))


def _wish(fact: Fact) -> Hashable:
    value = fact.values
    return value["debtor"], value["kind"], json.dumps(value["value"], sort_keys=True), value["from_at"]


def _wishes(session: Session, facts: Sequence[Fact]) -> set[Hashable]:
    query = (
        select(DebtorRow.ref, WishRow.kind, WishRow.value, WishRow.from_at)
        .join(DebtorRow, WishRow.debtor_id == DebtorRow.id)
        .where(DebtorRow.ref.in_(_all(facts, "debtor")))
    )
    return {(ref, kind, json.dumps(value, sort_keys=True), at) for ref, kind, value, at in session.execute(query)}


def _payment(fact: Fact) -> Hashable:
    return fact.values["source"], fact.values["reference"]


def _payments(session: Session, facts: Sequence[Fact]) -> set[Hashable]:
    names = [_payment(fact) for fact in facts]
    query = select(PaymentRow.source, PaymentRow.reference)
    return {
        tuple(row) for row in session.execute(query.where(tuple_(PaymentRow.source, PaymentRow.reference).in_(names)))
    }


def _letter(fact: Fact) -> Hashable:
    return fact.values["creditor"], fact.values["invoice"]


def _letters(session: Session, facts: Sequence[Fact]) -> set[Hashable]:
    query = (
        select(CreditorRow.name, InvoiceRow.number)
        .join(CreditorRow, InvoiceRow.creditor_id == CreditorRow.id)
        .where(
            CreditorRow.name.in_(_all(facts, "creditor")),
            InvoiceRow.number.in_(_all(facts, "invoice")),
            InvoiceRow.first_letter_sent_on.is_not(None),
        )
    )
    return {tuple(row) for row in session.execute(query)}


_Name = Callable[[Fact], Hashable]
_Look = Callable[[Session, Sequence[Fact]], set[Hashable]]
_LOOKS: dict[Kind, tuple[_Name, _Look]] = {
    Kind.CONTACTS: (_contact, _contacts),
    Kind.AGREEMENTS: (source_key, _agreements),
    Kind.HOLDS: (source_key, _holds),
    Kind.WISHES: (_wish, _wishes),
    Kind.PAYMENTS: (_payment, _payments),
    Kind.LETTERS: (_letter, _letters),
}

"""Gathers standings from the books: a handful of indexed queries, however many debtors are asked for.

With `at` in the past the standing is as it was known then: what permission reads is closed and replaced, never
overwritten. A hold that begins later is kept, so that `next_opening` knows of it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Row, select
from sqlalchemy.orm import Session

from ledger.among import among
from ledger.money import Money
from ledger.tables import (
    AccountRow,
    CreditorRow,
    DebtorRow,
    InvoiceRow,
    PhoneRow,
    WishRow,
)
from schedules.errors import BadRules, UnknownDebtor
from schedules.history_store import History, less_since
from schedules.policy import own_days
from schedules.policy_store import policies_since
from schedules.standing import Hold, Invoice, Phone, Standing
from schedules.wish import Wish, wish_from

#: Built once; the ids are handed in. Columns, not rows: permission is asked several times for each call, and a row's
#: identity costs more than its values.
_DEBTORS = select(
    DebtorRow.id, DebtorRow.ref, DebtorRow.kind, DebtorRow.student, DebtorRow.birth_date, DebtorRow.country,
    DebtorRow.region, DebtorRow.postcode, DebtorRow.zone, DebtorRow.email, DebtorRow.language, DebtorRow.known_at,
).where(among(DebtorRow.id, "ids"))  # fmt: skip
_PHONES = (
    select(
        PhoneRow.id,
        PhoneRow.debtor_id,
        PhoneRow.e164,
        PhoneRow.rank,
        PhoneRow.kind,
        PhoneRow.verdict,
        PhoneRow.from_at,
        PhoneRow.until_at,
    )
    .where(among(PhoneRow.debtor_id, "ids"))
    .order_by(PhoneRow.rank, PhoneRow.id)
)
_WISHES = select(
    WishRow.debtor_id, WishRow.kind, WishRow.value, WishRow.on_record, WishRow.from_at, WishRow.until_at,
).where(among(WishRow.debtor_id, "ids")).order_by(WishRow.id)  # fmt: skip
_INVOICES = (
    select(
        AccountRow.debtor_id, InvoiceRow.id, InvoiceRow.open_minor, InvoiceRow.currency, InvoiceRow.due_on,
        InvoiceRow.issued_on, InvoiceRow.first_letter_sent_on, InvoiceRow.first_letter_by,
        InvoiceRow.costs_in_letter_minor, CreditorRow.id.label("creditor_id"), CreditorRow.name.label("creditor"),
        CreditorRow.role, CreditorRow.policy, CreditorRow.payments_seen_at, InvoiceRow.known_at,
    )
    .join(InvoiceRow, InvoiceRow.account_id == AccountRow.id)
    .join(CreditorRow, CreditorRow.id == InvoiceRow.creditor_id)
    .where(among(AccountRow.debtor_id, "ids"))
    .order_by(InvoiceRow.due_on, InvoiceRow.id)
)  # fmt: skip
#: So many debtors at a time: below every database's limit of parameters, and a short read.
_SLICE = 250
_Row = Row[*tuple[Any, ...]]


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
    found: dict[int, Standing] = {}
    for some in _batched(ids):
        books = _Books(session, some, past=at is not None)
        found |= {debtor_id: books.standing(debtor_id, at) for debtor_id in books.debtors}
    return found


def standings_at(session: Session, asked: Iterable[tuple[int, datetime]]) -> dict[tuple[int, datetime], Standing]:
    """How debtors stood, each at its own instant, by both; who doesn't exist is left out.

    The books are read once, whatever instants are asked for.
    """
    instants: dict[int, list[datetime]] = {}
    for debtor_id, at in asked:
        instants.setdefault(debtor_id, []).append(at)
    found: dict[tuple[int, datetime], Standing] = {}
    for some in _batched(instants):
        books = _Books(session, some, past=True)
        found |= {(who, at): books.standing(who, at) for who in books.debtors for at in instants[who]}
    return found


def _batched(ids: Iterable[int]) -> Iterator[list[int]]:
    """Each of them once, so many at a time as one look at the books takes."""
    wanted = list(dict.fromkeys(ids))
    for start in range(0, len(wanted), _SLICE):
        yield wanted[start : start + _SLICE]


class _Books:
    """The rows of some debtors, read once. `past`: also what tells the amounts of an earlier moment."""

    def __init__(self, session: Session, ids: Sequence[int], *, past: bool) -> None:
        self.debtors = {row.id: row for row in session.execute(_DEBTORS, {"ids": ids})}
        self._phones = _by_debtor(session.execute(_PHONES, {"ids": ids}))
        self._wishes = _by_debtor(session.execute(_WISHES, {"ids": ids}))
        self._invoices = _by_debtor(session.execute(_INVOICES, {"ids": ids}))
        invoices = [row.id for owed in self._invoices.values() for row in owed]
        #: By invoice: when it became known that so much less (a charge: more) is open.
        self._less = less_since(session, invoices) if past else {}
        creditors = {row.creditor_id for owed in self._invoices.values() for row in owed}
        self._policies = policies_since(session, creditors) if past else {}
        numbers = dict.fromkeys(row.e164 for owned in self._phones.values() for row in owned if row.e164)
        self._history = History(session, ids, list(numbers), invoices)

    def standing(self, debtor_id: int, at: datetime | None) -> Standing:
        """How this debtor stood at an instant; None: now."""
        row, history = self.debtors[debtor_id], self._history
        phones = [one for one in self._phones.get(debtor_id, ()) if at is None or one.from_at <= at]
        numbers = [one.e164 for one in phones if one.e164]
        # what came with a later list was not known then
        owed = [one for one in self._invoices.get(debtor_id, ()) if not at or not one.known_at or one.known_at <= at]
        invoices = self._open(owed, at)
        holds, past_holds = history.holds(debtor_id, numbers, [one.id for one in owed], at)
        wishes, unreadable = _wishes(self._wishes.get(debtor_id, ()), at)
        holds += unreadable
        return Standing(
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
            phones=_in_use(phones, holds, at),
            holds=tuple(holds),
            agreements=tuple(history.agreements(debtor_id, at)),
            invoices=invoices,
            settled=len(owed) - len(invoices),
            known_at=row.known_at,
            contacts=tuple(history.contacts(debtor_id, at)),
            shared=tuple(history.contacts_of_others(debtor_id, numbers, at)),
            wishes=wishes,
            past_holds=tuple(past_holds),
        )

    def _open(self, owed: Sequence[_Row], at: datetime | None) -> tuple[Invoice, ...]:
        """Those on which something was open."""
        found = []
        for row in owed:
            since = [] if at is None else [minor for known_at, minor in self._less.get(row.id, ()) if known_at > at]
            if (minor := row.open_minor + sum(since)) > 0:
                found.append(_invoice(row, minor, self._policy(row, at)))
        return tuple(found)

    def _policy(self, row: _Row, at: datetime | None) -> Mapping[str, Any]:
        """The creditor's policy that held."""
        held = [policy for since, policy in self._policies.get(row.creditor_id, ()) if at is not None and since <= at]
        policy: Mapping[str, Any] = held[-1] if held else row.policy
        return policy


def _by_debtor(rows: Iterable[_Row]) -> dict[int, list[_Row]]:
    """The rows of each debtor, in their order."""
    found: dict[int, list[_Row]] = {}
    for row in rows:
        found.setdefault(row.debtor_id, []).append(row)
    return found


def _in_use(phones: Sequence[_Row], holds: Sequence[Hold], at: datetime | None) -> tuple[Phone, ...]:
    """Numbers in use, and those out of use because somebody there said that they are wrong: so the reason is told.

    A number that came back has an older row beside the one in use.
    """
    in_use = [one for one in phones if one.until_at is None or (at is not None and one.until_at > at)]
    back = {one.e164 for one in in_use}
    wrong = {hold.e164 for hold in holds if hold.kind == "wrong_number"} - back
    told = {one.e164: one for one in phones if one.e164 in wrong}
    kept = {one.id for one in (*in_use, *told.values())}
    return tuple(
        Phone(e164=one.e164, rank=one.rank, kind=one.kind, verdict=one.verdict) for one in phones if one.id in kept
    )


def _wishes(rows: Sequence[_Row], at: datetime | None) -> tuple[tuple[Wish, ...], list[Hold]]:
    """The wishes that held, and a hold for each that can't be read."""
    found: list[Wish] = []
    holds = []
    for row in rows:
        if not _held(row, at):
            continue
        try:
            found.append(wish_from(row.kind, row.value, row.on_record, row.from_at))
        except BadRules as error:
            # What somebody asked for and we can't read may not be ignored: a person looks first.
            holds.append(Hold(kind="manual", from_at=row.from_at, via=str(error)))
    return tuple(found), holds


def _held(wish: _Row, at: datetime | None) -> bool:
    if at is None:
        return wish.until_at is None
    return bool(wish.from_at <= at) and (wish.until_at is None or wish.until_at > at)


def _invoice(row: _Row, open_minor: int, policy: Mapping[str, Any]) -> Invoice:
    small, costs = policy.get("part_paid_minor"), row.costs_in_letter_minor
    return Invoice(
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
        own_days=own_days(policy),
    )

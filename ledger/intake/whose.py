"""Whose row is it? A debtor is a human, an account their customer number at one creditor. Pure.

The account that is known goes first, then the list's own `debtor`, then a human who has the same number and birth
date, or the same number, surname and postcode. Else it is a new human; the cap per number protects even then.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import date
from hashlib import sha256

from ledger.intake.checked import CheckedRow
from ledger.intake.columns import LONGEST
from ledger.intake.known import Known, KnownDebtor, may_be_one, surname
from ledger.intake.shelf import Shelf

_LONGEST = LONGEST["debtor"]


class Whose:
    """The humans of one list, as far as it was read. `at_hand`: see `Shelf`."""

    def __init__(self, at_hand: int) -> None:
        self._seen: Shelf[str, KnownDebtor] = Shelf(_packed, _unpacked, at_hand)
        #: Print of number + birth date, or of number + surname + postcode, to the debtor.
        self._links: Shelf[int, str] = Shelf(at_hand=at_hand)
        #: The prints of the row that was looked for last.
        self._prints: list[int] = []

    @property
    def debtors(self) -> Collection[str]:
        """Every debtor of the list, once."""
        return self._seen

    def close(self) -> None:
        """What the list was remembered by goes."""
        for shelf in (self._seen, self._links):
            shelf.close()

    def seen(self, debtor: str) -> KnownDebtor | None:
        """As the first row about this debtor describes them."""
        return self._seen.get(debtor)

    def find(self, row: CheckedRow, known: Known, account: str) -> tuple[str, list[tuple[str, str]]]:
        """The debtor of a row, and a warning where we concluded it ourselves. `account`: whose customer number it is
        by the rows before; empty: none of them said."""
        if account:
            return account, []
        self._prints = _links(row)
        if (in_books := known.customers.get((row.creditor.name, row.customer.number))) is not None:
            return in_books, []
        if row.customer.debtor is not None:
            return row.customer.debtor, []
        if linked := self._same_human(row, known):
            return linked, [
                ("name", f"is taken for {linked}, who has the same number: one human, two customer numbers")
            ]
        return self._new_ref(row, known), []

    def remember(self, row: CheckedRow, debtor: str) -> None:
        """The first row of a customer number that was taken in."""
        person = row.person
        if debtor not in self._seen:
            described = KnownDebtor(
                ref=debtor, name=person.name, birth_date=person.birth_date, postcode=row.place.postcode
            )
            self._seen.add(debtor, described)
        for link in self._prints:
            if link not in self._links:
                self._links.add(link, debtor)

    def _same_human(self, row: CheckedRow, known: Known) -> str | None:
        person = row.person
        for link in self._prints:
            seen = self._seen.get(self._links.get(link) or "")
            if seen and may_be_one(person.name, person.birth_date, seen.name, seen.birth_date):
                return seen.ref
        for phone in row.phones:
            for other in known.numbers.get(phone.e164, ()):
                if _agree(row, other) and may_be_one(person.name, person.birth_date, other.name, other.birth_date):
                    return other.ref
        return None

    def _new_ref(self, row: CheckedRow, known: Known) -> str:
        return next(ref for ref in new_refs(row) if ref not in self._seen and ref not in known.debtors)


def new_refs(row: CheckedRow) -> Iterator[str]:
    """The names that a new debtor may get, the first that is free: customer number, with creditor, with a print."""
    creditor, number = row.creditor.name, row.customer.number
    yield number
    yield f"{creditor[: max(_LONGEST - 1 - len(number), 0)]}/{number}"[-_LONGEST:]
    digest = sha256(f"{creditor}\0{number}".encode()).hexdigest()[:16]
    yield f"{number[: _LONGEST - 17]}~{digest}"


def _packed(who: KnownDebtor) -> str:
    return "\0".join((who.ref, who.name, str(who.birth_date or ""), who.postcode or ""))


def _unpacked(stored: str) -> KnownDebtor:
    ref, name, born, postcode = stored.split("\0")
    return KnownDebtor(
        ref=ref, name=name, birth_date=date.fromisoformat(born) if born else None, postcode=postcode or None
    )


def _links(row: CheckedRow) -> list[int]:
    found: list[int] = []
    born: date | None = row.person.birth_date
    named = (surname(row.person.name), row.place.postcode) if row.place.postcode else None
    for phone in row.phones:
        if phone.e164:
            if born:
                found.append(hash((phone.e164, born)))
            if named:
                found.append(hash((phone.e164, named)))
    return found


def _agree(row: CheckedRow, other: KnownDebtor) -> bool:
    person = row.person
    if person.birth_date and other.birth_date:
        return person.birth_date == other.birth_date
    if not row.place.postcode or row.place.postcode != other.postcode:
        return False
    return surname(person.name) == surname(other.name)

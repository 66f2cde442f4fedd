"""What a good row says, as values. A fact that the list leaves open is None: it changes nothing in the books.

These are named tuples, not dataclasses: a list makes millions of them, and they are made, compared and stored as JSON
arrays several times faster.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any, NamedTuple

from ledger.intake.words import Status


@dataclass(frozen=True, kw_only=True)
class Creditor:
    """Who is owed, and the names and numbers that we say for them."""

    name: str
    #: None: not said; then the name itself, which anybody may hear.
    sender: str | None = None
    #: `creditor` or `collector`; None: not said.
    role: str | None = None
    contact_person: str | None = None
    #: E.164.
    callback_number: str | None = None
    iban: str | None = None


class Customer(NamedTuple):
    """A customer number at a creditor, with the two codes of the letter."""

    creditor: str
    number: str
    #: The list's own name for the human.
    debtor: str | None = None
    call_code: str | None = None
    secret_code: str | None = None


class Place(NamedTuple):
    """Where somebody lives, and the language spoken there."""

    #: For a debtor who is new; `language_given` says whether the list named it or we derived it.
    language: str
    language_given: bool = True
    postcode: str | None = None
    country: str | None = None
    region: str | None = None
    zone: str | None = None


class Person(NamedTuple):
    """A human or firm, as the list describes them."""

    name: str
    address_form: str | None = None
    kind: str | None = None
    student: bool | None = None
    birth_date: date | None = None
    street: str | None = None
    house_number: str | None = None
    city: str | None = None
    email: str | None = None
    #: `friendly` or `firm` (`ledger.tone`).
    tone: str | None = None


class Telephone(NamedTuple):
    """A number with its verdict; `e164` is empty where it can't be read."""

    e164: str
    #: As the list writes it.
    written: str
    rank: int
    kind: str
    verdict: str


class Terms(NamedTuple):
    """What many invoices of a list share: money, days, status."""

    currency: str
    issued_on: date
    due_on: date
    status: Status = Status.OPEN
    about: str | None = None
    first_letter_sent_on: date | None = None
    first_letter_by: str | None = None


class Bill(NamedTuple):
    """An invoice, and what was paid on it."""

    number: str
    amount_minor: int
    #: All that was paid so far, in minor units.
    paid_minor: int = 0
    reference: str | None = None
    costs_in_letter_minor: int | None = None


class CheckedRow(NamedTuple):
    """A row that holds by itself."""

    line: int
    creditor: Creditor
    customer: Customer
    person: Person
    place: Place
    phones: tuple[Telephone, ...]
    bill: Bill
    terms: Terms


class Entry(NamedTuple):
    """A checked row bound to its debtor, as it waits in a slice and is written; the creditor only by name."""

    line: int
    debtor: str
    customer: Customer
    person: Person
    place: Place
    phones: tuple[Telephone, ...]
    bill: Bill
    terms: Terms

    @classmethod
    def of(cls, row: CheckedRow, debtor: str) -> Entry:
        """The row of this debtor."""
        return cls(row.line, debtor, *row[2:])

    @classmethod
    def from_json(cls, stored: Sequence[Any]) -> Entry:
        """The entry that `json.dumps(entry, default=str)` stored."""
        line, debtor, customer, person, place, phones, bill, terms = stored
        if person[4] is not None:
            person[4] = date.fromisoformat(person[4])
        return cls(
            line,
            debtor,
            Customer._make(customer),
            Person._make(person),
            Place._make(place),
            tuple([Telephone._make(phone) for phone in phones]),
            Bill._make(bill),
            _terms(*terms),
        )


@lru_cache(maxsize=4096)
def _terms(
    currency: str, issued: str, due: str, status: str, about: str | None, sent: str | None, by: str | None
) -> Terms:
    day = date.fromisoformat
    return Terms(currency, day(issued), day(due), Status(status), about, day(sent) if sent else None, by)

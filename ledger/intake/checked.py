"""What a good row says, as values. A fact that the list leaves open is None: it changes nothing in the books."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Self

from ledger.intake.words import Status

_DAYS = frozenset({"birth_date", "issued_on", "due_on", "first_letter_sent_on"})


class _Stored:
    """To and from JSON, as a checked row waits in a slice to be written. What is None is left out."""

    def as_json(self) -> dict[str, Any]:
        """Plain values only; days as ISO 8601."""
        return {
            name: value.isoformat() if name in _DAYS else value
            for name, value in vars(self).items()
            if value is not None
        }

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> Self:
        """The value again."""
        if _DAYS.isdisjoint(stored):
            return cls(**stored)
        return cls(**{name: date.fromisoformat(it) if name in _DAYS else it for name, it in stored.items()})


@dataclass(frozen=True, kw_only=True)
class Creditor(_Stored):
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


@dataclass(frozen=True, kw_only=True)
class Place(_Stored):
    """Where somebody lives, and the language spoken there."""

    #: For a debtor who is new; `language_given` says whether the list named it or we derived it.
    language: str
    language_given: bool = True
    postcode: str | None = None
    country: str | None = None
    region: str | None = None
    zone: str | None = None


@dataclass(frozen=True, kw_only=True)
class Person(_Stored):
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


@dataclass(frozen=True, kw_only=True)
class Telephone(_Stored):
    """A number with its verdict; `e164` is empty where it can't be read."""

    e164: str
    #: As the list writes it.
    written: str
    rank: int
    kind: str
    verdict: str


@dataclass(frozen=True, kw_only=True)
class Terms(_Stored):
    """What many invoices of a list share: money, days, status."""

    currency: str
    issued_on: date
    due_on: date
    status: Status = Status.OPEN
    about: str | None = None
    first_letter_sent_on: date | None = None
    first_letter_by: str | None = None


@dataclass(frozen=True, kw_only=True)
class Bill(_Stored):
    """An invoice, and what was paid on it."""

    number: str
    amount_minor: int
    #: All that was paid so far, in minor units.
    paid_minor: int = 0
    reference: str | None = None
    costs_in_letter_minor: int | None = None


@dataclass(frozen=True, kw_only=True)
class Customer(_Stored):
    """A customer number at a creditor, with the two codes of the letter."""

    creditor: str
    number: str
    #: The list's own name for the human.
    debtor: str | None = None
    call_code: str | None = None
    secret_code: str | None = None


@dataclass(frozen=True, kw_only=True)
class CheckedRow:
    """A row that holds by itself."""

    line: int
    creditor: Creditor
    customer: Customer
    person: Person
    place: Place
    phones: tuple[Telephone, ...]
    bill: Bill
    terms: Terms


@dataclass(frozen=True, kw_only=True)
class Entry:
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
    def of(cls, row: CheckedRow, debtor: str) -> Self:
        """The row of this debtor."""
        return cls(
            line=row.line,
            debtor=debtor,
            customer=row.customer,
            person=row.person,
            place=row.place,
            phones=row.phones,
            bill=row.bill,
            terms=row.terms,
        )

    def as_json(self) -> dict[str, Any]:
        """Plain values only."""
        return {
            "line": self.line,
            "debtor": self.debtor,
            "customer": self.customer.as_json(),
            "person": self.person.as_json(),
            "place": self.place.as_json(),
            "phones": [phone.as_json() for phone in self.phones],
            "bill": self.bill.as_json(),
            "terms": self.terms.as_json(),
        }

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> Self:
        """The entry again."""
        return cls(
            line=stored["line"],
            debtor=stored["debtor"],
            customer=Customer.from_json(stored["customer"]),
            person=Person.from_json(stored["person"]),
            place=Place.from_json(stored["place"]),
            phones=tuple(Telephone.from_json(one) for one in stored["phones"]),
            bill=Bill.from_json(stored["bill"]),
            terms=Terms.from_json(stored["terms"] | {"status": Status(stored["terms"]["status"])}),
        )

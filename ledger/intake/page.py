"""The page of the books that some rows touch: what is known, and what the rows add to it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from ledger.intake.checked import Telephone
from ledger.intake.stops import Stop

#: Debtor columns that permission reads: a change is written down with the value before.
WATCHED = frozenset({"birth_date", "kind", "student", "country", "region", "zone", "postcode"})


@dataclass
class Debtor:
    """A debtor of the page: columns in the books, or to be written when `id` is None."""

    id: int | None
    facts: dict[str, Any]
    #: Customer numbers in the order in which they came: the first one's list tells the facts.
    accounts: list[tuple[str, str]]
    #: Open numbers: (id or None, number).
    phones: list[tuple[int | None, Telephone]]
    patch: dict[str, Any] = field(default_factory=dict)


@dataclass
class Account:
    """A customer number of the page."""

    id: int | None
    debtor: str
    codes: dict[str, str | None]
    patch: dict[str, Any] = field(default_factory=dict)


@dataclass
class Invoice:
    """An invoice of the page. Amounts in minor units."""

    id: int | None
    facts: dict[str, Any]
    #: Paid by any way, and that part of it which lists told.
    paid: int = 0
    imported: int = 0
    #: How many payments lists told.
    told: int = 0
    patch: dict[str, Any] = field(default_factory=dict)
    #: To be added now.
    payment: int = 0


@dataclass
class Page:
    """The part of the books that some rows touch; rows are posted to it one after another."""

    #: Name to row.
    creditors: dict[str, int] = field(default_factory=dict)
    debtors: dict[str, Debtor] = field(default_factory=dict)
    accounts: dict[tuple[str, str], Account] = field(default_factory=dict)
    #: (creditor, invoice number).
    invoices: dict[tuple[str, str], Invoice] = field(default_factory=dict)
    #: Source keys of holds that were ever made.
    stops: set[str] = field(default_factory=set)
    closed_phones: list[int] = field(default_factory=list)
    #: With their debtor.
    new_phones: list[tuple[str, Telephone]] = field(default_factory=list)
    new_stops: list[tuple[str, Stop]] = field(default_factory=list)
    #: Debtor, column, before, after.
    changed: list[tuple[str, str, Any, Any]] = field(default_factory=list)

"""What the books already know about the people and invoices of some rows: values to decide by, before a write."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from ledger.intake.text import fold


@dataclass(frozen=True, kw_only=True, slots=True)
class KnownDebtor:
    """A human in the books, as far as it tells one from another."""

    ref: str
    name: str
    birth_date: date | None
    postcode: str | None


@dataclass(frozen=True, kw_only=True)
class KnownInvoice:
    """An invoice in the books."""

    customer_no: str
    amount_minor: int
    currency: str
    due_on: date
    #: What is open and what was paid, in minor units.
    open_minor: int
    paid_minor: int


@dataclass(frozen=True, kw_only=True)
class KnownCreditor:
    """A creditor in the books, as far as a list could change it unnoticed."""

    sender: str
    iban: str | None


@dataclass(frozen=True, kw_only=True)
class Known:
    """The books, as far as some rows ask."""

    creditors: Mapping[str, KnownCreditor] = field(default_factory=dict)
    debtors: Mapping[str, KnownDebtor] = field(default_factory=dict)
    #: (creditor, customer number) to the debtor's ref.
    customers: Mapping[tuple[str, str], str] = field(default_factory=dict)
    #: (creditor, invoice number).
    invoices: Mapping[tuple[str, str], KnownInvoice] = field(default_factory=dict)
    #: E.164 to everybody who has that number now.
    numbers: Mapping[str, tuple[KnownDebtor, ...]] = field(default_factory=dict)


def surname(name: str) -> str:
    """The last word of a name (or what stands before its comma), for comparing."""
    before, comma, _ = name.partition(",")
    words = fold(before if comma else name).split()
    return words[-1] if words else ""


def given_name(name: str) -> str:
    """The first word of a name (or what stands after its comma), for comparing; empty for a single word."""
    _, comma, after = name.partition(",")
    words = fold(after if comma else name).split()
    return words[0] if words and (comma or len(words) > 1) else ""


def may_be_one(name: str, birth: date | None, other_name: str, other_birth: date | None) -> bool:
    """Do two descriptions of one number not contradict each other? A father and son, or twins, are two humans."""
    if birth and other_birth and birth != other_birth:
        return False
    given, other = given_name(name), given_name(other_name)
    # An initial stands for the whole name.
    return not given or not other or given.startswith(other) or other.startswith(given)


def contradicts(name: str, birth: date | None, known: KnownDebtor) -> str | None:
    """The column that says that a row can't be about this debtor: another birth date, or wholly another name."""
    if birth and known.birth_date:
        return "birth_date" if birth != known.birth_date else None
    if surname(name) != surname(known.name) and given_name(name) != given_name(known.name):
        return "name"
    return None

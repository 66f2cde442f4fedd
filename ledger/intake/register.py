"""Row by row: does it agree with the rows before it and with the books, and whose is it? Pure."""

from __future__ import annotations

import struct
from collections.abc import Collection
from typing import NamedTuple

from ledger.intake.checked import CheckedRow, Creditor, Customer, Entry, Person, Place
from ledger.intake.finding import RowError, RowWarning
from ledger.intake.invoice_book import InvoiceBook
from ledger.intake.known import Known, KnownDebtor, contradicts
from ledger.intake.shelf import AT_HAND, Shelf
from ledger.intake.whose import Whose

#: What every row of one customer number must agree on, where it says it at all.
_FACTS = (*Person._fields, *Place._fields[2:], *Customer._fields[3:], "language", "phone_1")
#: The line, and a print of each fact (0: not said): some fifty bytes for each customer number of a list.
_PRINTS = struct.Struct(f"<{1 + len(_FACTS)}I")


class Admission(NamedTuple):
    """A row bound to its debtor; no entry where it has an error, or says again what a row before it said."""

    entry: Entry | None
    errors: tuple[RowError, ...] = ()
    warnings: tuple[RowWarning, ...] = ()


class Register:
    """The memory of one list: what its rows said so far. `at_hand`: see `Shelf`."""

    def __init__(self, at_hand: int = AT_HAND) -> None:
        self._creditors: dict[str, Creditor] = {}
        #: By creditor and customer number: the first line with a print of each fact, and whose number it is (empty as
        #: long as no row of it was taken in).
        self._customers: Shelf[str, bytes] = Shelf(at_hand=at_hand)
        self._whose = Whose(at_hand)
        self._invoices = InvoiceBook(at_hand)
        self._last: CheckedRow | None = None

    @property
    def creditors(self) -> tuple[Creditor, ...]:
        """Every creditor of the list."""
        return tuple(self._creditors.values())

    @property
    def debtors(self) -> Collection[str]:
        """Every debtor of the list, once; until it is closed."""
        return self._whose.debtors

    def close(self) -> None:
        """The memory goes."""
        for one in (self._customers, self._whose, self._invoices):
            one.close()

    @property
    def invoices(self) -> int:
        """How many invoices the list holds."""
        return self._invoices.count

    def admit(self, row: CheckedRow, known: Known) -> Admission:
        """Bind a row to its debtor, or say with what it doesn't agree."""
        key = f"{row.creditor.name}\0{row.customer.number}"
        before = self._customers.get(key)
        account = before[_PRINTS.size :].decode() if before else ""
        debtor, warnings = self._whose.find(row, known, account)
        prints, contradictions = self._customer(row, before)
        errors = [
            *self._creditor(row, known, warnings),
            *self._debtor(row, debtor, known),
            *contradictions,
            *self._invoices.errors(row, known, warnings),
        ]
        remembered = prints + (account if errors else debtor).encode()
        if remembered != before:
            self._customers.put(key, remembered)
        noted = tuple([RowWarning(row.line, *one) for one in warnings])
        if errors:
            return Admission(None, tuple(RowError(row.line, *one) for one in errors), noted)
        if not account:
            self._whose.remember(row, debtor)
        again = self._invoices.enter(row)
        self._last = row
        return Admission(None if again else Entry.of(row, debtor), (), noted)

    def _creditor(self, row: CheckedRow, known: Known, warnings: list[tuple[str, str]]) -> list[tuple[str, str, str]]:
        creditor = row.creditor
        seen = self._creditors.get(creditor.name)
        if seen is creditor:
            return []
        if seen is None:
            self._creditors[creditor.name] = creditor
            _warn_of_changes(creditor, known, warnings)
            return []
        errors = []
        said = dict(vars(seen))
        for column, text in vars(creditor).items():
            if text is not None and said[column] not in (None, text):
                errors.append((column, f"is “{said[column]}” in a row before", "write one and the same for a creditor"))
            said[column] = said[column] if text is None else text
        if not errors and said != vars(seen):
            self._creditors[creditor.name] = Creditor(**said)
        return errors

    def _debtor(self, row: CheckedRow, debtor: str, known: Known) -> list[tuple[str, str, str]]:
        given = row.customer.debtor
        if given is not None and given != debtor:
            reason = f"customer number {row.customer.number} belongs to debtor {debtor}, not {given}"
            return [("debtor", reason, "correct debtor or customer_no")]
        errors = []
        for who, where in ((known.debtors.get(debtor), "in the books"), (self._whose.seen(debtor), "in a row before")):
            if who and (column := contradicts(row.person.name, row.person.birth_date, who)):
                reason = f"is another human's: {debtor} is {who.name}{_born(who)} {where}"
                errors.append((column, reason, "give each human a debtor or customer number of their own"))
        return errors[:1]

    def _customer(self, row: CheckedRow, before: bytes | None) -> tuple[bytes, list[tuple[str, str, str]]]:
        """What is remembered of a customer number with this row, and what in it contradicts the rows before."""
        if before is not None and self._last is not None and _same_cells(self._last, row):
            return before[: _PRINTS.size], []
        prints = _prints(row)
        if before is None:
            return prints, []
        line, *seen = _PRINTS.unpack_from(before)
        errors, merged = [], [line]
        for column, old, new in zip(_FACTS, seen, _PRINTS.unpack(prints)[1:], strict=True):
            merged.append(old or new)
            if old and new and old != new:
                reason = f"differs from line {line}, which has the same customer number"
                errors.append((column, reason, "write the same in both rows, or leave one empty"))
        return _PRINTS.pack(*merged), errors


def _same_cells(one: CheckedRow, other: CheckedRow) -> bool:
    """Rows of one person mostly follow each other, and equal cells are the same object (the checks remember them)."""
    return (
        one.customer is other.customer
        and one.person is other.person
        and one.place is other.place
        and one.phones is other.phones
    )


def _prints(row: CheckedRow) -> bytes:
    numbers = tuple((phone.e164 or phone.written, phone.kind) for phone in row.phones) or None
    language = row.place.language if row.place.language_given else None
    facts = (*row.person, *row.place[2:], *row.customer[3:], language, numbers)
    return _PRINTS.pack(row.line, *[0 if fact is None else hash(fact) & 0xFFFFFFFF for fact in facts])


def _born(who: KnownDebtor) -> str:
    return f", born {who.birth_date}," if who.birth_date else ""


def _warn_of_changes(creditor: Creditor, known: Known, warnings: list[tuple[str, str]]) -> None:
    before = known.creditors.get(creditor.name)
    if before and creditor.iban and before.iban and creditor.iban != before.iban:
        warnings.append(("iban", f"of {creditor.name} changes: money will go to another account than until now"))
    if before and creditor.sender and creditor.sender != before.sender:
        warnings.append(("sender", f"of {creditor.name} changes from {before.sender} to {creditor.sender}"))

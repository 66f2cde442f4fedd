"""The invoices of a list: each once, and none that contradicts the books. Pure."""

from __future__ import annotations

import struct

from ledger.intake.amount import written
from ledger.intake.checked import CheckedRow
from ledger.intake.known import Known, KnownInvoice
from ledger.intake.shelf import Shelf
from ledger.intake.words import Status

#: A line, and a print.
_SEEN = struct.Struct("<Qq")


class InvoiceBook:
    """Which invoices the rows so far named. `at_hand`: see `Shelf`."""

    def __init__(self, at_hand: int) -> None:
        #: By creditor and number: the line, and a print of all that the row says of the invoice.
        self._seen: Shelf[str, bytes] = Shelf(at_hand=at_hand)

    @property
    def count(self) -> int:
        """How many invoices."""
        return len(self._seen)

    def close(self) -> None:
        """What the list was remembered by goes."""
        self._seen.close()

    def errors(self, row: CheckedRow, known: Known, warnings: list[tuple[str, str]]) -> list[tuple[str, str, str]]:
        """Column, reason and fix of what can't be."""
        number = row.bill.number
        seen = self._seen.get(_key(row))
        if seen is not None:
            line, digest = _SEEN.unpack(seen)
            if digest != _digest(row):
                reason = f"{number} stands in line {line} too, with another amount, date, status or customer"
                return [("invoice", reason, "keep the row that is right")]
            warnings.append(("invoice", f"{number} stands in line {line} already, the same; it counts once"))
            return []
        if (before := known.invoices.get((row.creditor.name, number))) is not None:
            return _against_the_books(row, before, warnings)
        return []

    def enter(self, row: CheckedRow) -> bool:
        """Take a row in; True where a row before said the same."""
        key = _key(row)
        if key in self._seen:
            return True
        self._seen.add(key, _SEEN.pack(row.line, _digest(row)))
        return False


def _key(row: CheckedRow) -> str:
    return f"{row.creditor.name}\0{row.bill.number}"


def _digest(row: CheckedRow) -> int:
    return hash((row.bill, row.terms, row.customer.number))


def _against_the_books(
    row: CheckedRow, before: KnownInvoice, warnings: list[tuple[str, str]]
) -> list[tuple[str, str, str]]:
    bill, terms = row.bill, row.terms
    fix = "an invoice never changes: give a corrected one a number of its own"
    if before.customer_no != row.customer.number:
        return [("customer_no", f"invoice {bill.number} belongs to customer {before.customer_no} in the books", fix)]
    if (before.amount_minor, before.currency) != (bill.amount_minor, terms.currency):
        was = f"{written(before.amount_minor)} {before.currency}"
        return [("amount", f"invoice {bill.number} stands at {was} in the books", fix)]
    if before.due_on != terms.due_on:
        warnings.append(("due", f"invoice {bill.number} is due on {before.due_on} in the books; that stays"))
    if 0 < bill.paid_minor < before.paid_minor:
        was = written(before.paid_minor)
        warnings.append(("paid", f"{was} was paid according to the books; a list takes no payment back"))
    if terms.status is not Status.PAID and before.open_minor == 0 and bill.paid_minor < before.paid_minor:
        warnings.append(
            ("status", f"invoice {bill.number} is paid according to the books; a list takes no payment back")
        )
    return []

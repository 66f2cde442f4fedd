"""Which invoices a payment settles: the oldest due first; what is taken back, the latest due first. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple


class Owed(NamedTuple):
    """An invoice of the account; amounts in minor units."""

    id: int
    due_on: date
    open_minor: int
    paid_minor: int


def allocate(minor: int, invoices: Sequence[Owed]) -> list[tuple[int, int]]:
    """Parts of a payment by invoice id, each no more than what is open there (or, of money taken back, was paid).

    What is over stays with the payment: the person has a credit.
    """
    parts: list[tuple[int, int]] = []
    rest, back = abs(minor), minor < 0
    for one in sorted(invoices, key=lambda owed: (owed.due_on, owed.id), reverse=back):
        part = min(rest, one.paid_minor if back else one.open_minor)
        if part > 0:
            parts.append((one.id, -part if back else part))
            rest -= part
    return parts

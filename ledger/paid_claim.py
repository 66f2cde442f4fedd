"""Somebody says that it is paid: found, still looked for, or asked for in a letter. Pure."""

from __future__ import annotations

from datetime import date, timedelta
from enum import StrEnum

#: So many days we look for the payment ourselves (reference "what each answer does": already paid).
LOOK_DAYS = timedelta(days=10)


class Claim(StrEnum):
    """What came of it."""

    FOUND = "found"
    LOOKING = "looking"
    #: A letter asks for date and proof; no machine calls.
    ASK = "ask"


def judged(open_minor: int, claimed_on: date, today: date) -> Claim:
    """`open_minor`: what is open now on the invoices that it is about."""
    if open_minor <= 0:
        return Claim.FOUND
    return Claim.ASK if today >= claimed_on + LOOK_DAYS else Claim.LOOKING

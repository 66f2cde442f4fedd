"""The turn that a record comes from, and what money it is about."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from ivr import record as r
from ivr.briefing import Briefing
from ledger.money import Money, total


@dataclass(frozen=True)
class Cause:
    """The turn that a record comes from."""

    briefing: Briefing
    turn: int
    at: datetime
    #: The house's own address for alarms; None: it has none.
    alarm_to: str | None = None

    def key(self, what: str) -> str:
        """Unique for this call, turn and kind of thing."""
        return f"{self.briefing.call_id}:{self.turn}:{what}"

    @property
    def via(self) -> str:
        """Where a hold or wish comes from."""
        return f"call {self.briefing.call_id}"


def amount_of(record: r.Record) -> Money | None:
    """The money that a record is about: a promise's, a plan's whole, the figure a month of a request."""
    if isinstance(record, r.PlanAgreed):
        return total(list(record.instalments))
    if isinstance(record, r.PlanRequested):
        return record.monthly
    amount: Money | None = getattr(record, "amount", None)
    return amount

"""The turn that a record comes from, and what money it is about."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from ivr import record as r
from ivr.briefing import Briefing
from ledger.money import Money, total

#: Who makes a change on a call, for holds and audit.
DIALOGUE = "ivr"


@dataclass(frozen=True)
class Cause:
    """The turn that a record comes from, or a note of one of our people, which stands as its own first turn."""

    briefing: Briefing
    turn: int
    at: datetime
    #: The house's own address for alarms; None: it has none.
    alarm_to: str | None = None
    #: Which of our people wrote it down; None: it was said on a call.
    noted_by: str | None = None

    def key(self, what: str) -> str:
        """Unique for this call, turn and kind of thing."""
        return f"{self.briefing.call_id}:{self.turn}:{what}"

    @property
    def by(self) -> str:
        """Who made the change, for holds and audit."""
        return self.noted_by or DIALOGUE

    @property
    def via(self) -> str:
        """Where a hold or wish comes from."""
        return f"call {self.briefing.call_id}" if self.noted_by is None else f"noted by {self.noted_by}"


def amount_of(record: r.Record) -> Money | None:
    """The money that a record is about: a promise's, a plan's whole, the figure a month of a request."""
    if isinstance(record, r.PlanAgreed):
        return total(list(record.instalments))
    if isinstance(record, r.PlanRequested):
        return record.monthly
    amount: Money | None = getattr(record, "amount", None)
    return amount

"""Who called whom, when, and what became of it: the oracle that a campaign's own report is held against."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime


@dataclass
class CallRecord:
    """One call, at most one for each INVITE that was not a repeat. Times are monotonic seconds unless said."""

    #: The number that was called, and who it said was calling.
    number: str
    caller_id: str
    #: True when it came in to the phone.
    incoming: bool
    began: float
    began_at: datetime = field(default_factory=lambda: datetime.now(UTC))
    answered: float | None = None
    ended: float | None = None
    #: How the INVITE was answered in the end: 200, 486, 487 for one that was given up, None while it rings.
    status: int | None = None
    #: The keys that this phone pressed.
    pressed: str = ""
    #: "us" or "them"; None while it lasts.
    ended_by: str | None = None


@dataclass
class CallLog:
    """All calls of a phone, in the order in which they began."""

    calls: list[CallRecord] = field(default_factory=list)

    def to(self, number: str) -> list[CallRecord]:
        """The calls that came in for a number."""
        return [call for call in self.calls if call.incoming and call.number == number]

    def times_called(self) -> dict[str, int]:
        """How often each number was called."""
        times: dict[str, int] = {}
        for call in self.calls:
            if call.incoming:
                times[call.number] = times.get(call.number, 0) + 1
        return times

    def rows(self) -> list[dict[str, object]]:
        """For a JSON document."""
        return [{**asdict(call), "began_at": call.began_at.isoformat()} for call in self.calls]

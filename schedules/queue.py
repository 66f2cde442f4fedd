"""Who is next: call-backs that were promised, then people never tried, then those tried before."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

#: Lower is earlier.
CALLBACK_RANK, FRESH_RANK, RETRY_RANK = 0, 100, 200
#: The moment of somebody whom only a person or a payment can free: nobody looks until something wakes them.
NEVER = datetime(9999, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, kw_only=True, slots=True)
class Candidate:
    """A debtor in a campaign whose moment may have come; permission decides."""

    id: int
    debtor_id: int
    #: May be too early, never too late.
    next_eligible_at: datetime
    rank: int
    #: 1 friendly, 2 friendly again, 3 firm and last.
    stage: int


def rank_of(*, callback: bool, tried: bool) -> int:
    """The rank of a debtor with a call-back that stands, or who was tried before."""
    return CALLBACK_RANK if callback else RETRY_RANK if tried else FRESH_RANK

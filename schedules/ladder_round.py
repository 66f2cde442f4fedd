"""Rounds of the ladder: everybody once in a while, a short walk at a time, so that no other beat waits long."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta


@dataclass(frozen=True, kw_only=True, slots=True)
class Place:
    """How far a round has come: behind this candidate of this campaign."""

    campaign_id: int = 0
    candidate_id: int = 0


#: Where a round begins.
BEGINNING = Place()
#: A new round begins so long after the last one did; a round that takes longer is followed at once.
EVERY = timedelta(hours=6)


class Rounds:
    """Which walk is next. It is kept in memory: after a restart the round begins anew, and does nothing twice."""

    def __init__(self, every: timedelta = EVERY) -> None:
        self._every = every
        self._begun: datetime | None = None
        self._at: Place | None = None

    def next_place(self, now: datetime) -> Place | None:
        """Where to go on; None: the round is done, and it is too early for another."""
        if self._at is None and (self._begun is None or now - self._begun >= self._every):
            self._begun, self._at = now, BEGINNING
        return self._at

    def went(self, to: Place | None) -> None:
        """A walk came this far; None: to the end."""
        self._at = to

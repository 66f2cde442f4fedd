"""The beat's marks in the database: one holder by lease, each period once."""

from __future__ import annotations

from datetime import datetime, timedelta

from ledger.database import Database
from schedules.beat_store import claim_beat, forget_beats, release_lease, take_lease, unclaim_beat

_POST = "beat"
#: A holder that is not heard of for this long has lost the post.
LEASE = timedelta(seconds=30)
#: Marks are kept this long.
KEPT = timedelta(days=7)


class BeatMarks:
    """`schedules.apscheduler_beat.Marks` on the real books; each method is one unit of work."""

    def __init__(self, database: Database, owner: str) -> None:
        self._database = database
        self._owner = owner

    def hold(self, now: datetime) -> bool:
        """Are we the one holder now?"""
        with self._database.unit_of_work() as session:
            return take_lease(session, _POST, self._owner, now, LEASE) is not None

    def claim(self, kind: str, period: str, now: datetime) -> bool:
        """Mark a period as done; False if it was."""
        with self._database.unit_of_work() as session:
            forget_beats(session, now - KEPT)
            return claim_beat(session, kind, period, now)

    def unclaim(self, kind: str, period: str) -> None:
        """It failed: free it again."""
        with self._database.unit_of_work() as session:
            unclaim_beat(session, kind, period)

    def release(self, now: datetime) -> None:
        """Give the post back."""
        with self._database.unit_of_work() as session:
            release_lease(session, _POST, self._owner, now)

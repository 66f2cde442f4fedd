"""The books of the calls in flight: from the order to the carrier until everything of the call is settled."""

from __future__ import annotations

import time
from collections.abc import Collection, Mapping, Sequence

from sqlalchemy import select

from dialer import call_store, handover_store, recheck_store
from dialer.outcome import CarriersEnd
from dialer.outcome_store import GRACE, carrier_ended, settle_all
from dialer.recheck_store import not_answered
from dialer.tables import AttemptRow, CallRow
from ivr import store as talk_store
from ledger.among import among
from ledger.clock import Clock, real_now
from ledger.database import Database
from schedules.rules_store import RulesBook


class FlightBooks:
    """What is read and written of calls that were ordered. Every method is one or two short units of work."""

    def __init__(self, database: Database, clock: Clock, rules: RulesBook) -> None:
        self._database = database
        self._clock = clock
        self._rules = rules
        #: Attempts of which the carrier told the end before the talk was over, and when (monotonic).
        self._ended: dict[str, float] = {}

    def withdrawn(self, attempts: Sequence[str]) -> list[str]:
        """Those that ring and may not any more: paid, opted out, held, or everything was stopped meanwhile."""
        with self._database.reading() as session:
            return recheck_store.withdrawn(session, attempts, self._rules.now(session), self._clock())

    def told(self, ringing: Collection[str], picked_up: Collection[str], ends: Mapping[str, CarriersEnd]) -> list[str]:
        """These ring; these were answered by somebody: their tickets are good for ten seconds more; these ended.

        Gives those of the ended of which with it everything is settled.
        """
        over: list[str] = []
        with self._database.unit_of_work() as session:
            if ringing:
                call_store.ringing(session, ringing)
            if picked_up:
                call_store.talking(session, picked_up, self._clock())
                call_store.limit_tickets(session, picked_up, real_now())
            if ends:
                carrier_ended(session, ends, self._clock())
                handover_store.gone(session, list(ends), self._clock())
                settle_all(session, list(ends), self._clock(), real_now(), rules=self._rules.now(session))
                over = call_store.over(session, ends) + handover_store.left_to_agents(session, ends)
        self._ended |= dict.fromkeys(ends.keys() - over, time.monotonic())
        return over

    def lost(self, attempt: str) -> None:
        """Nobody knows whether it rings: it counts as called, and the reconciler looks for it."""
        with self._database.unit_of_work() as session:
            call_store.lost(session, [attempt])

    def settle_all(self) -> list[str]:
        """Calls whose carrier's part has ended and whose talk has ended since, or will not end by itself."""
        waiting = dict(self._ended)  # another thread may add to it meanwhile
        if not waiting:
            return []
        given_up = {one for one, since in waiting.items() if time.monotonic() - since > GRACE.total_seconds()}
        with self._database.reading() as session:
            due = given_up | (waiting.keys() - talk_store.going_on(session, waiting))
        if not due:
            return []
        with self._database.unit_of_work() as session:
            for attempt in given_up:
                talk_store.end(session, attempt, self._clock())
            settle_all(session, due, self._clock(), real_now(), rules=self._rules.now(session))
            over = call_store.over(session, due) + handover_store.left_to_agents(session, due)
        for attempt in over:
            self._ended.pop(attempt, None)
        return over

    def live_attempts(self) -> list[str]:
        """Attempts that are not settled yet: ours, and those of a dialer before us."""
        with self._database.reading() as session:
            open_calls = select(CallRow.uuid).where(CallRow.state != "ended", CallRow.attempt_uuid.is_not(None))
            return list(session.scalars(open_calls))

    def unanswered(self, attempts: Sequence[str]) -> list[str]:
        """Those of them that nobody has answered yet."""
        with self._database.reading() as session:
            theirs = select(AttemptRow.uuid).where(among(AttemptRow.uuid, attempts), not_answered())
            return list(session.scalars(theirs))

"""The dialer's books until the order leaves: what holds now, who is next, the claims, the briefings.

What comes after the order stands in `in_flight_store`.
"""

from __future__ import annotations

import math
import random
import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from dialer import brief_store, recheck_store
from dialer.agent_store import free_now
from dialer.claim import Claimed, Claimer, Prospect
from dialer.claim_store import claim_all
from dialer.outcome_store import close_strays
from dialer.prospect_store import learn, look_at_candidates, remember
from dialer.station_store import detail_of, leave, names_of, note
from ledger.clock import CampaignClock, real_now
from ledger.database import Database
from ledger.errors import DatabaseUnusable
from ledger.run_store import clock_offset, run_state
from schedules.campaign_store import running
from schedules.queue_store import set_aside
from schedules.rules_store import RulesBook
from schedules.share import ALONE, Share
from schedules.shut import Shut

#: Claims that are gathered and written together; further ones of a batch follow in the same unit of work …
CLAIMED_TOGETHER = 50
#: … unless it has held the write lock for so long (seconds): those go into the next.
SLICE_SECONDS = 0.05
#: How often we say that we are here (seconds).
BEAT_SECONDS = 0.5
#: So long we look on where most of those looked at may not be called (seconds).
LOOK_SECONDS = 0.5
#: A prospect whose claim was refused at the last moment is looked at again after this.
NOT_NOW = timedelta(minutes=1)


@dataclass(frozen=True, kw_only=True)
class Limits:
    """What holds now: may we dial, how many, how fast."""

    dialling: bool
    lines: int
    calls_per_second: float
    ring_seconds: float
    longest_seconds: float
    caller_id: str | None
    lag_ms: float
    #: What each agent speaks who is free: nl, fr, de, en.
    agents: tuple[tuple[str, ...], ...] = ()


class DialBooks:
    """One dialer's view of the database. Every method is one or two short units of work.

    The rules of `who` are the shipped ones; each unit looks anew whether a version of the house is laid over them.
    """

    def __init__(
        self,
        database: Database,
        clock: CampaignClock,
        who: Claimer,
        limits: Limits,
        rng: random.Random | None = None,
    ) -> None:
        self._database = database
        self._clock = clock
        self._who = who
        self._rules = RulesBook(who.rules)
        self._limits = limits
        #: Draws the chances by which prospects are ordered; None: the mean.
        self._rng = rng
        self._shut = Shut()
        self._watch = database.watch()
        #: Which of the candidates are ours to look at, beside other dialers.
        self._share = ALONE
        self._waiting = 0
        self._beat_at = -math.inf
        #: The campaign's time at which we last asked who is next.
        self._looked_at: datetime | None = None

    # -- looking -----------------------------------------------------------------------------------------------

    def changed(self) -> bool:
        """Has anybody committed since the last look?"""
        return self._watch.changed()

    def look(self, in_flight: int) -> Limits:
        """Say that we are here; learn the clock, the run's state, the campaigns' limits and the line's lag."""
        beats = time.monotonic() - self._beat_at > BEAT_SECONDS
        with self._database.unit_of_work() if beats else self._database.reading() as session:
            self._clock.offset = timedelta(milliseconds=clock_offset(session))
            if beats:
                self._seen(session, in_flight)
                self._share = Share.among(self._who.owner, names_of(session, "dial", real_now()))
                longest = timedelta(seconds=self._limits.longest_seconds)
                close_strays(session, self._clock(), real_now(), longest, rules=self._rules.now(session))
                self._beat_at = time.monotonic()
            campaigns = running(session)
            line = detail_of(session, "line", real_now())
            agents = free_now(session, self._who.owner)
            dialling = bool(campaigns) and run_state(session) == "running" and line is not None
        ours = self._limits
        if not campaigns:
            return replace(ours, dialling=False)
        return replace(
            ours,
            dialling=dialling,
            lines=min(ours.lines, sum(c.rules.lines for c in campaigns)),
            calls_per_second=min(ours.calls_per_second, sum(c.rules.calls_per_second for c in campaigns)),
            ring_seconds=min(ours.ring_seconds, *(float(c.rules.ring_seconds) for c in campaigns)),
            lag_ms=float(line.get("lag_p99_ms", 0.0)) if line else 0.0,
            agents=tuple(agents),
        )

    def _seen(self, session: Session, in_flight: int) -> None:
        detail = {
            "in_flight": in_flight,
            "waiting": self._waiting,
            "looked_at": self._looked_at.isoformat() if self._looked_at else None,
        }
        note(session, self._who.owner, "dial", detail, real_now(), self._who.fence)

    def leave(self) -> None:
        """This dialer is gone."""
        leave(self._database, self._who.owner)
        self._watch.close()

    # -- who is next -------------------------------------------------------------------------------------------

    def next_up(self, most: int) -> list[Prospect]:
        """Who may be called now, in order; whoever may not is put off to the next opening, and counted."""
        now = self._clock()
        begun = time.monotonic()
        while True:
            with self._database.reading() as session:
                rules = self._rules.now(session)
                found = look_at_candidates(session, rules, now, most, self._shut, self._rng, self._share)
            # the last that we looked at may hide somebody who waits
            self._waiting, self._looked_at = len(found.prospects) + found.more, now
            if found.declined or found.drifted:
                waits = {one.candidate: one.wait() for _, one in found.declined}
                with self._database.unit_of_work() as session:
                    if self._rules.now(session) is not rules:  # else an opening by the old rules could come too late
                        continue
                    remember(session, found, waits, now)
                learn(self._shut, found, waits)
            # those who may not be called never hide those who may: behind them is looked at once
            hidden = found.more and len(found.prospects) < most // 2
            if not hidden or time.monotonic() - begun > LOOK_SECONDS:
                return list(found.prospects)

    # -- claiming ---------------------------------------------------------------------------------------------

    def claim(self, prospects: Sequence[Prospect]) -> list[Claimed]:
        """Claim them, each surely or not at all; the claims of a batch are committed together.

        Raises `DatabaseUnusable` where none could be committed; else those that were are given.
        """
        claimed: list[Claimed] = []
        waiting = list(prospects)
        while waiting:
            try:
                ours, waiting = self._claim_some(waiting)
            except DatabaseUnusable:
                if not claimed:
                    raise
                break
            claimed += ours
        return claimed

    def _claim_some(self, waiting: list[Prospect]) -> tuple[list[Claimed], list[Prospect]]:
        """One unit of work of claims; and who still waits."""
        begun, claimed = time.monotonic(), []
        with self._database.unit_of_work() as session:
            who = replace(self._who, rules=self._rules.now(session))
            while waiting and time.monotonic() - begun < SLICE_SECONDS:
                batch, waiting = waiting[:CLAIMED_TOGETHER], waiting[CLAIMED_TOGETHER:]
                ours = claim_all(session, who, batch, self._clock(), real_now())
                claimed += ours
                debtors = {one.debtor_id for one in ours}
                refused = [one.candidate_id for one in batch if one.debtor_id not in debtors]
                if refused:
                    set_aside(session, refused, self._clock() + NOT_NOW)
                if not self._database.is_sqlite:
                    break  # locks are taken in the order of their keys in one batch, not over several
        return claimed, waiting

    def brief(self, claims: Sequence[Claimed]) -> frozenset[str]:
        """The attempts whose order may leave: permission was asked again right before it, they are briefed, and their
        tickets are issued."""
        with self._database.reading() as session:
            rules = self._rules.now(session)
            permitted = recheck_store.still_allowed(session, claims, rules, self._clock())
            briefed = brief_store.briefings(session, permitted, rules, self._clock())
        if briefed:
            with self._database.unit_of_work() as session:
                brief_store.write_briefings(session, self._who, claims, briefed, real_now())
        return frozenset(briefed)

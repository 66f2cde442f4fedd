"""New openings for those whose last one is over, in the background: the dialer then finds only who may be called."""

from __future__ import annotations

import time
from datetime import datetime

from sqlalchemy.orm import Session

from ledger.database import Database
from schedules.campaign import Campaign
from schedules.campaign_store import running
from schedules.choice import choose
from schedules.habit_store import payments_of
from schedules.opening_store import candidates_left_over, waits_since
from schedules.queue import Candidate, Ranking, Wait
from schedules.queue_store import put_off_seen
from schedules.reach import Learned
from schedules.reach_store import learned
from schedules.rules import Rules
from schedules.standing_store import standings_of

#: So many people are judged at a time: their waits are written well below the longest unit of work.
AT_ONCE = 500


def look_for_openings(database: Database, rules: Rules, now: datetime, seconds: float) -> int:
    """Judge those who are left over in the running campaigns, for so long at most; gives how many were judged."""
    begun, done = time.monotonic(), 0
    while time.monotonic() - begun < seconds:
        with database.reading() as session:
            reach = learned(session)
            waits = [_waits(session, campaign, rules, reach, now) for campaign in running(session)]
        found = {one: wait for some in waits for one, wait in some.items()}
        if not found:
            break
        with database.unit_of_work() as session:
            put_off_seen(session, found)
        done += len(found)
    return done


def _waits(session: Session, campaign: Campaign, rules: Rules, reach: Learned, now: datetime) -> dict[Candidate, Wait]:
    candidates = candidates_left_over(session, campaign.id, now, AT_ONCE)
    debtors = [one.debtor_id for one in candidates]
    ranking = Ranking(rules=rules, learned=reach, known_at=now, campaign=campaign.rules)
    standings, payments = standings_of(session, debtors), payments_of(session, debtors, now)
    choice = choose(waits_since(session, candidates), standings, payments, ranking, now)
    may_be_called = {
        one.candidate: Wait(at=one.candidate.next_eligible_at, open_until=one.verdict.dial_by, place=one.rank.standing)
        for one in choice.chosen
    }
    return may_be_called | {one.candidate: one.wait() for one in choice.declined}

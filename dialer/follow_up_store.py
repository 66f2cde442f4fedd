"""What follows calls that have ended: the next step of each, the place in the queue, and what was learned."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import date, datetime
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from dialer.call_store import write_all
from dialer.tables import AttemptRow
from ledger.contact import Channel, Disposition
from schedules.campaign import CampaignRules
from schedules.queue import Ranking, Wait
from schedules.queue_store import put_off_all
from schedules.reach import Cell, Counts, Learned, cell_at, teaches
from schedules.reach_store import learned, note_tries
from schedules.retry import next_step
from schedules.rules import Rules
from schedules.stakes import belief_at
from schedules.standing import Standing
from schedules.standing_store import standings_of
from schedules.tables import CampaignVersionRow, CandidateRow


class Closed(NamedTuple):
    """An attempt that is over, and whose next step is asked for."""

    attempt: str
    debtor_id: int
    version_id: int
    disposition: Disposition
    begun_at: datetime
    #: The debtor's zone and local day as they were when it began.
    zone: str
    local_date: date
    solicited: bool
    right_party: bool


def go_on(session: Session, closed: Sequence[Closed], now: datetime, rules: Rules) -> None:
    """Decide by the pure rules and write to attempts, candidates and reach. The contacts are written already."""
    if not closed:
        return
    reach = learned(session)
    debtors = {one.debtor_id for one in closed}
    standings = standings_of(session, debtors)
    campaign_of = _campaigns(session, {one.version_id for one in closed})
    candidates = _candidates(session, debtors)
    waits: dict[int, Wait] = {}
    steps: list[dict[str, Any]] = []
    for one in closed:
        standing = standings[one.debtor_id]
        hope = _hope(standing, ZoneInfo(one.zone), rules, reach)
        step = next_step(one.disposition, standing, now, rules=rules, chance=hope)
        steps.append(
            {
                "uuid": one.attempt,
                "disposition": one.disposition.value,
                "next_step": step.kind.value,
                "next_at": step.at,
            }
        )
        campaign_id, campaign = campaign_of[one.version_id]
        candidate = candidates.get((one.debtor_id, campaign_id))
        if candidate is not None:
            ranking = Ranking(rules=rules, learned=reach, known_at=now, campaign=campaign)
            waits[candidate] = ranking.wait(standing, step.at, now)
    write_all(session, AttemptRow, steps)
    put_off_all(session, waits, tried_at=now)
    note_tries(session, _taught(closed, standings, rules))


def _hope(standing: Standing, zone: ZoneInfo, rules: Rules, reach: Learned) -> Callable[[datetime], float]:
    return lambda at: belief_at(standing, at, zone, rules.bands, reach).mean


def _taught(closed: Sequence[Closed], standings: Mapping[int, Standing], rules: Rules) -> dict[Cell, Counts]:
    found: dict[Cell, Counts] = {}
    for one in closed:
        if teaches(Channel.VOICE, one.disposition, solicited=one.solicited):
            band = rules.bands.of(standings[one.debtor_id], one.local_date)
            cell = cell_at(band.key, one.begun_at, ZoneInfo(one.zone))
            found[cell] = found.get(cell, Counts()) + Counts(int(one.right_party), 1)
    return found


def _candidates(session: Session, debtors: Collection[int]) -> dict[tuple[int, int], int]:
    theirs = select(CandidateRow.debtor_id, CandidateRow.campaign_id, CandidateRow.id)
    rows = session.execute(theirs.where(CandidateRow.debtor_id.in_(debtors)))
    return {(debtor_id, campaign_id): id_ for debtor_id, campaign_id, id_ in rows}


def _campaigns(session: Session, versions: Collection[int]) -> dict[int, tuple[int, CampaignRules]]:
    """Campaign and rules of each version."""
    query = select(CampaignVersionRow).where(CampaignVersionRow.id.in_(versions))
    return {row.id: (row.campaign_id, CampaignRules.read(row.rules)) for row in session.scalars(query)}

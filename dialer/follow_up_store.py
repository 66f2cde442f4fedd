"""What follows calls that have ended: the next step of each, the place in the queue, and what was learned."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from dialer.tables import AttemptRow
from ledger.contact import Disposition
from ledger.tables import ContactRow
from schedules.campaign import CampaignRules
from schedules.law_file import shipped_rules
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


def go_on(session: Session, closed: Sequence[tuple[AttemptRow, ContactRow]], now: datetime) -> None:
    """Decide by the pure rules and write to attempts, candidates and reach. The contacts know how they ended."""
    if not closed:
        return
    rules, reach = shipped_rules(), learned(session)
    debtors = {attempt.debtor_id for attempt, _ in closed}
    standings = standings_of(session, debtors)
    campaign_of = _campaigns(session, {attempt.campaign_version_id for attempt, _ in closed})
    candidates = _candidates(session, debtors)
    waits: dict[int, Wait] = {}
    for attempt, contact in closed:
        standing, zone = standings[attempt.debtor_id], ZoneInfo(contact.zone)
        step = next_step(
            Disposition(contact.disposition or Disposition.UNKNOWN),
            standing,
            now,
            rules=rules,
            chance=_hope(standing, zone, rules, reach),
        )
        attempt.next_step, attempt.next_at = step.kind, step.at
        campaign_id, campaign = campaign_of[attempt.campaign_version_id]
        candidate = candidates.get((attempt.debtor_id, campaign_id))
        if candidate is not None:
            ranking = Ranking(rules=rules, learned=reach, known_at=now, campaign=campaign)
            waits[candidate.id] = ranking.wait(standing, step.at, now)
    put_off_all(session, waits, tried_at=now)
    note_tries(session, _taught([contact for _, contact in closed], standings, rules))


def _hope(standing: Standing, zone: ZoneInfo, rules: Rules, reach: Learned) -> Callable[[datetime], float]:
    return lambda at: belief_at(standing, at, zone, rules.bands, reach).mean


def _taught(contacts: Sequence[ContactRow], standings: dict[int, Standing], rules: Rules) -> dict[Cell, Counts]:
    found: dict[Cell, Counts] = {}
    for one in contacts:
        if teaches(one.channel, one.disposition, solicited=one.solicited):
            band = rules.bands.of(standings[one.debtor_id], one.local_date)
            cell = cell_at(band.key, one.begun_at, ZoneInfo(one.zone))
            found[cell] = found.get(cell, Counts()) + Counts(int(one.right_party), 1)
    return found


def _candidates(session: Session, debtors: Collection[int]) -> dict[tuple[int, int], CandidateRow]:
    rows = session.scalars(select(CandidateRow).where(CandidateRow.debtor_id.in_(debtors)))
    return {(row.debtor_id, row.campaign_id): row for row in rows}


def _campaigns(session: Session, versions: Collection[int]) -> dict[int, tuple[int, CampaignRules]]:
    """Campaign and rules of each version."""
    query = select(CampaignVersionRow).where(CampaignVersionRow.id.in_(versions))
    return {row.id: (row.campaign_id, CampaignRules.read(row.rules)) for row in session.scalars(query)}

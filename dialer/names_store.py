"""Whose names will be spoken next: the candidates of the running campaigns, in the order of their turn."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from dialer.briefing import names_of, spoken_language
from dialer.briefing_store import Asked, gather
from dialer.inbound_store import strangers_language
from schedules.campaign_store import running
from schedules.queue import NEVER
from schedules.tables import CandidateRow


def names_ahead(session: Session, now: datetime, most: int) -> list[tuple[str, tuple[str, ...]]]:
    """(language, names) of the next people."""
    found: list[tuple[str, tuple[str, ...]]] = []
    for campaign in running(session):
        query = (
            select(CandidateRow.debtor_id)
            .where(CandidateRow.campaign_id == campaign.id, CandidateRow.next_eligible_at < NEVER)
            .order_by(CandidateRow.next_eligible_at, CandidateRow.rank)
            .limit(most)
        )
        for debtor_id in session.scalars(query):
            # the zone matters for hours only; names are the same in each
            asked = Asked(call_id="", direction="out", debtor_id=debtor_id, e164=None, zone="Europe/Brussels", now=now)
            facts = gather(session, asked)
            if facts is not None:
                found.append((spoken_language(facts.language, facts.region.country), names_of(facts)))
    return found


def languages_ahead(session: Session, now: datetime, most: int) -> tuple[str, ...]:
    """The languages of the next people, and of a caller who withholds the number."""
    return tuple(sorted({language for language, _ in names_ahead(session, now, most)} | {strangers_language()}))

"""Whom a change of rules would concern: the people of the running campaigns, all of them or an even sample."""

from __future__ import annotations

import math

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from schedules.campaign import CampaignRules, CampaignState
from schedules.campaign_store import running
from schedules.tables import CampaignRow, CandidateRow

#: Two primes that scatter ids evenly, so that a sample is the same each time and follows no pattern of a list.
_STEP, _ROUND = 7919, 10007


def people_to_look_at(session: Session, most: int) -> tuple[int, dict[int, CampaignRules]]:
    """How many people the running campaigns have, and those to look at: about `most`, or all if there are no more.

    Each with the rules of the first running campaign in which they are.
    """
    rules = {one.id: one.rules for one in running(session)}
    ours = (
        select(CandidateRow.debtor_id, func.min(CandidateRow.campaign_id))
        .join(CampaignRow, CampaignRow.id == CandidateRow.campaign_id)
        .where(CampaignRow.state == CampaignState.RUNNING.value)
        .group_by(CandidateRow.debtor_id)
    )
    total = session.scalar(select(func.count()).select_from(ours.subquery())) or 0
    if total > most:
        kept = max(1, math.ceil(_ROUND * most / total))
        ours = ours.where((CandidateRow.debtor_id % _ROUND) * _STEP % _ROUND < kept)
    return total, {debtor: rules[campaign] for debtor, campaign in session.execute(ours)}

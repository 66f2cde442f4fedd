"""Who may be called now: the candidates of the running campaigns, judged by permission, in their order."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy.orm import Session

from dialer.briefing import names_of, spoken_language
from dialer.briefing_store import Asked, creditor_named, gather_all
from dialer.campaign_guard_store import day_is_full, full_days
from dialer.claim import Prospect
from ledger.contact import Channel
from schedules.about import invoices_to_tell
from schedules.campaign import Campaign
from schedules.campaign_store import running
from schedules.permission import may_contact
from schedules.queue import Candidate
from schedules.queue_store import count_refusals, next_candidates, put_off_all
from schedules.rules import Rules
from schedules.standing import Standing
from schedules.standing_store import standings_of
from schedules.verdict import Allowed, Refused


@dataclass(frozen=True, kw_only=True)
class Found:
    """What a look at the candidates gave."""

    #: Who may be called, in order.
    prospects: tuple[Prospect, ...]
    #: (campaign, candidate, why not).
    refused: tuple[tuple[int, int, Refused], ...]
    #: Campaigns in which somebody may stand behind the last that was looked at.
    more: int


def look_at_candidates(session: Session, rules: Rules, now: datetime, most: int) -> Found:
    """Judge the next `most` candidates of each running campaign."""
    prospects: list[Prospect] = []
    refused: list[tuple[int, int, Refused]] = []
    more = 0
    for campaign in running(session):
        candidates, full = next_candidates(session, campaign.id, now, most), full_days(session, campaign, now)
        more += len(candidates) == most
        standings = standings_of(session, [one.debtor_id for one in candidates])
        allowed: list[tuple[Candidate, Allowed]] = []
        for one in candidates:
            verdict = may_contact(standings[one.debtor_id], Channel.VOICE, now, rules=rules, campaign=campaign.rules)
            if isinstance(verdict, Allowed):
                verdict = day_is_full(verdict, full, campaign, now) or verdict
            if isinstance(verdict, Refused):
                refused.append((campaign.id, one.id, verdict))
            else:
                allowed.append((one, verdict))
        asked = [_asked(one, verdict, standings[one.debtor_id], campaign, rules, now) for one, verdict in allowed]
        prospects += _prospects(session, campaign, [one for one, _ in allowed], asked)
    return Found(prospects=tuple(prospects), refused=tuple(refused), more=more)


def _asked(
    one: Candidate, verdict: Allowed, standing: Standing, campaign: Campaign, rules: Rules, now: datetime
) -> Asked:
    told = invoices_to_tell(
        standing, Channel.VOICE, now, rules=rules, number=verdict.number, campaign=campaign.rules,
        asked_for=verdict.callback_id is not None,
    )  # fmt: skip
    return Asked(
        call_id="",
        direction="out",
        debtor_id=one.debtor_id,
        e164=verdict.number,
        zone=verdict.zone,
        now=now,
        about=told,
    )


def _prospects(
    session: Session, campaign: Campaign, allowed: Sequence[Candidate], asked: Sequence[Asked]
) -> list[Prospect]:
    creditor_id = creditor_named(session, campaign.rules.creditor)
    facts = gather_all(session, [replace(one, creditor_id=creditor_id) for one in asked])
    return [
        Prospect(
            candidate_id=one.id,
            campaign_id=campaign.id,
            campaign_version_id=campaign.version_id,
            rules=campaign.rules,
            creditor_id=creditor_id,
            debtor_id=one.debtor_id,
            language=spoken_language(known.language, known.region.country),
            names=names_of(known),
        )
        for one in allowed
        if (known := facts.get(one.debtor_id)) is not None and known.invoices
    ]


def put_refused_off(
    session: Session,
    refused: Sequence[tuple[int, int, Refused]],
    openings: Mapping[int, datetime | None],
    now: datetime,
) -> None:
    """Whoever may not be called waits for the next opening (by candidate); the refusal is counted by its rule."""
    put_off_all(session, openings)
    counts = Counter((campaign, verdict.rule) for campaign, _, verdict in refused)
    for (campaign, rule), times in sorted(counts.items()):  # in one order, so that two never wait for each other
        count_refusals(session, campaign, now, rule, times)

"""Who may be called now: the candidates of the running campaigns, judged by permission, in their order."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from dialer.agent import PersonFirst
from dialer.briefing import names_of, spoken_language
from dialer.briefing_store import Asked, creditor_named, gather_all
from dialer.campaign_guard_store import full_days, within_the_day
from dialer.claim import Prospect
from ledger.contact import Channel
from schedules.about import invoices_to_tell
from schedules.campaign import Campaign
from schedules.campaign_call import ServedBy
from schedules.campaign_store import running
from schedules.choice import Chosen, Declined, choose
from schedules.habit_store import payments_of
from schedules.opening_store import next_candidates, waits_since
from schedules.queue import Candidate, Ranking, Wait
from schedules.queue_store import count_refusals, put_in_place, put_off_seen, stages_of
from schedules.reach_store import learned
from schedules.rules import Rules
from schedules.share import ALONE, Share
from schedules.shut import Shut, Stand
from schedules.standing_store import standings_of


@dataclass(frozen=True, kw_only=True)
class Found:
    """What a look at the candidates gave."""

    #: Who may be called, in order.
    prospects: tuple[Prospect, ...]
    #: Campaign and what became of a candidate who is not called now.
    declined: tuple[tuple[int, Declined], ...]
    #: Campaigns and openings in which somebody may be called.
    found_in: frozenset[Stand]
    #: Places, by candidate, that have become untrue.
    drifted: Mapping[int, int]
    #: Campaigns in which somebody may stand behind the last that was looked at.
    more: int


def look_at_candidates(
    session: Session,
    rules: Rules,
    now: datetime,
    most: int,
    shut: Shut,
    rng: random.Random | None = None,
    share: Share = ALONE,
) -> Found:
    """Judge the next `most` candidates of each running campaign.

    `shut`: openings of which we know that nobody there may be called yet; `share`: ours of them.
    """
    prospects: list[Prospect] = []
    declined: list[tuple[int, Declined]] = []
    drifted: dict[int, int] = {}
    found_in: set[Stand] = set()
    more = 0
    reach = learned(session)
    for campaign in running(session):
        window = next_candidates(session, campaign.id, now, share.window(most), shut.behind(campaign.id, now))
        candidates = share.first(window, most)
        more += len(candidates) == most
        debtors = [one.debtor_id for one in candidates]
        ranking = Ranking(rules=rules, learned=reach, known_at=now, campaign=campaign.rules, rng=rng)
        choice = choose(
            waits_since(session, candidates),
            standings_of(session, debtors),
            payments_of(session, debtors, now),
            ranking,
            now,
        )
        choice = within_the_day(choice, full_days(session, campaign, now), campaign, ranking, now)
        declined += [(campaign.id, one) for one in choice.declined]
        drifted |= choice.drifted()
        found_in |= {(campaign.id, one.candidate.opening) for one in choice.chosen}
        asked = _asked_all(session, campaign, rules, choice.chosen, now)
        prospects += _prospects(session, campaign, choice.chosen, asked, rules)
    return Found(
        prospects=tuple(prospects), declined=tuple(declined), found_in=frozenset(found_in), drifted=drifted, more=more
    )


def stages_on_call(
    session: Session, campaign: Campaign, rules: Rules, chosen: Sequence[Chosen], now: datetime
) -> dict[int, int]:
    """The stage in whose tone a call would speak with each of them, by candidate: 1 friendly to 3 firm and last."""
    creditor_id = creditor_named(session, campaign.rules.creditor)
    asked = _asked_all(session, campaign, rules, chosen, now)
    facts = gather_all(session, [replace(one, creditor_id=creditor_id) for one in asked])
    return {
        one.candidate.id: facts[ask.debtor_id].stage if ask.debtor_id in facts else ask.stage
        for one, ask in zip(chosen, asked, strict=True)
    }


def _asked_all(
    session: Session, campaign: Campaign, rules: Rules, chosen: Sequence[Chosen], now: datetime
) -> list[Asked]:
    stages = stages_of(session, [one.candidate.id for one in chosen])
    return [_asked(one, campaign.rules.told_stage(stages[one.candidate.id]), campaign, rules, now) for one in chosen]


def _asked(one: Chosen, stage: int, campaign: Campaign, rules: Rules, now: datetime) -> Asked:
    verdict = one.verdict
    told = invoices_to_tell(
        one.standing, Channel.VOICE, now, rules=rules, number=verdict.number, campaign=campaign.rules,
        asked_for=verdict.callback_id is not None,
    )  # fmt: skip
    return Asked(
        call_id="",
        direction="out",
        debtor_id=one.candidate.debtor_id,
        e164=verdict.number,
        zone=verdict.zone,
        now=now,
        about=told,
        stage=stage,
        hand_over_to=campaign.rules.hand_over_to,
    )


def _prospects(
    session: Session, campaign: Campaign, chosen: Sequence[Chosen], asked: Sequence[Asked], rules: Rules
) -> list[Prospect]:
    creditor_id = creditor_named(session, campaign.rules.creditor)
    facts = gather_all(session, [replace(one, creditor_id=creditor_id) for one in asked], names_only=True)
    return [
        Prospect(
            candidate_id=one.candidate.id,
            campaign_id=campaign.id,
            campaign_version_id=campaign.version_id,
            rules=campaign.rules,
            stage=one_asked.stage,
            creditor_id=creditor_id,
            debtor_id=one.candidate.debtor_id,
            person_first=who_speaks_first(one, campaign, rules, one_asked.now),
            language=spoken_language(known.language, known.region.country),
            names=names_of(known),
        )
        for one, one_asked in zip(chosen, asked, strict=True)
        if (known := facts.get(one.candidate.debtor_id)) is not None and known.invoices
    ]


def who_speaks_first(one: Chosen, campaign: Campaign, rules: Rules, now: datetime) -> PersonFirst:
    """One of our people, where the campaign is served by them; where the person's band asks for it, if one is free."""
    if campaign.rules.served_by == ServedBy.AGENTS:
        return PersonFirst.ONLY
    day = now.astimezone(ZoneInfo(one.verdict.zone)).date()
    return PersonFirst.IF_FREE if rules.bands.of(one.standing, day).person_first else PersonFirst.NEVER


def learn(shut: Shut, found: Found, waits: Mapping[Candidate, Wait]) -> None:
    """What the look tells of openings."""
    moments = (((campaign, one.candidate.opening), waits[one.candidate].at) for campaign, one in found.declined)
    shut.learn(moments, found.found_in)


def remember(session: Session, found: Found, waits: Mapping[Candidate, Wait], now: datetime) -> None:
    """Whoever is not called waits for the next opening, refusals are counted by their rule, and places that have
    become untrue are written anew."""
    put_off_seen(session, waits)
    put_in_place(session, found.drifted)
    counts = Counter((campaign, one.verdict.rule) for campaign, one in found.declined if one.verdict is not None)
    for (campaign, rule), times in sorted(counts.items()):  # in one order, so that two never wait for each other
        count_refusals(session, campaign, now, rule, times)

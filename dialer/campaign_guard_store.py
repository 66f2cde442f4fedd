"""A campaign as it is at the moment of a claim: it still calls, by these very rules, and its day is not full."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from dialer.claim import Prospect
from dialer.ready_store import ReadyClaim
from dialer.tables import AttemptRow
from ledger.among import among
from ledger.contact import Channel
from ledger.tables import ContactRow
from schedules.campaign import Campaign, CampaignRules
from schedules.campaign_store import running
from schedules.choice import Choice, Declined
from schedules.permission import next_opening
from schedules.queue import Ranking
from schedules.rules import Rules
from schedules.standing import Standing
from schedules.tables import CampaignRow, CampaignVersionRow
from schedules.verdict import Allowed, Refused, Verdict

#: No local day that lasts somewhere now began longer ago than this.
_LONGEST_DAY = timedelta(hours=50)


def as_they_call_now(session: Session, prospects: Sequence[Prospect]) -> list[Prospect]:
    """Those whose campaign runs and has not been edited since they were looked at; the others are looked at anew."""
    now = {one.version_id for one in running(session)}
    return [one for one in prospects if one.campaign_version_id in now]


def rules_now(session: Session, attempts: Collection[str]) -> dict[str, CampaignRules]:
    """What the campaigns of these attempts say now."""
    ours = select(AttemptRow.uuid, CampaignVersionRow.campaign_id).join(
        CampaignVersionRow, CampaignVersionRow.id == AttemptRow.campaign_version_id
    )
    rules = {one.id: one.rules for one in running(session)}
    found = session.execute(ours.where(among(AttemptRow.uuid, attempts)))
    return {uuid: rules[campaign] for uuid, campaign in found if campaign in rules}


def full_days(session: Session, campaign: Campaign, now: datetime, until: datetime | None = None) -> frozenset[date]:
    """The local days on which a campaign has begun as many calls as it may; with `until` as it was then."""
    most = campaign.rules.daily_volume
    if most is None:
        return frozenset()
    return frozenset(day for day, begun in _begun(session, campaign.id, now, until).items() if begun >= most)


def day_is_full(verdict: Allowed, full: Collection[date], campaign: Campaign, now: datetime) -> Refused | None:
    """The refusal of somebody whose day is full; a call-back that was asked for is never held up."""
    zone = ZoneInfo(verdict.zone)
    today = now.astimezone(zone).date()
    if today not in full or verdict.callback_id is not None:
        return None
    tomorrow = datetime.combine(today + timedelta(days=1), datetime.min.time(), zone)
    most = campaign.rules.daily_volume
    return Refused(
        channel=Channel.VOICE,
        number=verdict.number,
        rule="default_hours",
        reason=f"The campaign {campaign.name} has begun its {most} calls of {today}",
        value=f"{most} a day",
        source="the campaign's rules",
        confidence="D",
        zone=verdict.zone,
        law_version=verdict.law_version,
        ask_all=lambda: ("default_hours",),
        ask_opening=lambda: tomorrow,
    )


def with_volume(
    verdict: Verdict, full: Collection[date], standing: Standing, campaign: Campaign, rules: Rules, now: datetime
) -> Verdict:
    """Permission's answer as the dialer would act on it: the campaign's day may be full."""
    if not isinstance(verdict, Allowed) or (refused := day_is_full(verdict, full, campaign, now)) is None:
        return verdict
    tomorrow = refused.next_opening
    return replace(
        refused,
        ask_opening=lambda: next_opening(
            standing, Channel.VOICE, tomorrow or now, rules=rules, campaign=campaign.rules
        ),
    )


def within_the_day(
    choice: Choice, full: Collection[date], campaign: Campaign, ranking: Ranking, now: datetime
) -> Choice:
    """The choice without those whose day is full; they wait for the next."""
    if not full:
        return choice
    kept, declined = [], list(choice.declined)
    for one in choice.chosen:
        refused = day_is_full(one.verdict, full, campaign, now)
        if refused is None:
            kept.append(one)
        else:
            declined.append(
                Declined(
                    candidate=one.candidate,
                    waits_since=one.waits_since,
                    standing=one.standing,
                    ranking=ranking,
                    verdict=refused,
                )
            )
    return Choice(chosen=tuple(kept), declined=tuple(declined))


def within_volume(session: Session, ready: Sequence[ReadyClaim], now: datetime) -> list[ReadyClaim]:
    """Those for whom their campaign's day has room left; counted under a lock, so that two dialers never pass it."""
    limited = sorted({one.prospect.campaign_id for one in ready if one.prospect.rules.daily_volume is not None})
    if not limited:
        return list(ready)
    if session.get_bind().dialect.name != "sqlite":  # where the unit of work is not the only writer
        rows = select(CampaignRow.id).where(CampaignRow.id.in_(limited)).order_by(CampaignRow.id)
        session.execute(rows.with_for_update(key_share=True))
    begun: Mapping[int, Counter[date]] = {campaign: _begun(session, campaign, now) for campaign in limited}
    found = []
    for one in ready:
        most = one.prospect.rules.daily_volume
        if most is not None and one.verdict.callback_id is None:
            days = begun[one.prospect.campaign_id]
            if days[one.local_date] >= most:
                continue
            days[one.local_date] += 1
        found.append(one)
    return found


def _begun(session: Session, campaign_id: int, now: datetime, until: datetime | None = None) -> Counter[date]:
    """Calls that we began by ourselves, by the local day of whom they were for; with `until` those begun by then.

    A claim counts without an end: another dialer's clock may be a moment ahead of ours.
    """
    versions = select(CampaignVersionRow.id).where(CampaignVersionRow.campaign_id == campaign_id)
    query = (
        select(ContactRow.local_date, func.count())
        .join(AttemptRow, AttemptRow.contact_id == ContactRow.id)
        .where(AttemptRow.campaign_version_id.in_(versions), AttemptRow.claimed_at > now - _LONGEST_DAY)
        .where(ContactRow.solicited.is_(False))
        .group_by(ContactRow.local_date)
    )
    if until is not None:
        query = query.where(AttemptRow.claimed_at <= until)
    return Counter(dict(session.execute(query).all()))

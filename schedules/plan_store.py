"""What a campaign will do, read and never written: who is next at a moment, and the load of a day."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from ledger.contact import Channel
from schedules.campaign import Campaign
from schedules.choice import Chosen, choose
from schedules.habit_store import payments_of
from schedules.load import Hour, Stretch, Window, calls_an_hour, hours_of, windows_of
from schedules.opening_store import next_candidates, waits_since
from schedules.permission import next_opening
from schedules.queue import Ranking
from schedules.reach import Learned
from schedules.reach_store import learned
from schedules.rules import Rules
from schedules.sample import margin_percent
from schedules.standing import Standing
from schedules.standing_store import standings_of
from schedules.tables import CandidateRow
from schedules.verdict import Allowed

#: So many are looked at behind each other, where most may not be called; whoever lies further back is not shown.
MOST_LOOKED_AT = 20_000
#: A day of more people than these is reckoned from so many, evenly spread.
SAMPLE = 2000
#: Whose clock serves for people of whom no zone is known: they are not called anyway.
UNKNOWN_ZONE = "UTC"
_MINUTE = timedelta(minutes=1)


@dataclass(frozen=True, kw_only=True)
class Line:
    """Who is next."""

    people: tuple[Chosen, ...]
    #: Somebody may stand behind the last one shown.
    more: bool


@dataclass(frozen=True, kw_only=True)
class DayLoad:
    """A day of a campaign."""

    day: date
    #: By whose clock the hours are counted: the zone of most people.
    zone: str
    people: int
    #: Fewer than all: the figures are reckoned from so many of them.
    looked_at: int
    hours: tuple[Hour, ...]
    windows: tuple[Window, ...]

    @property
    def margin_percent(self) -> float:
        """How far off a share of the people may be, in points; 0: everybody was looked at."""
        return margin_percent(self.looked_at, self.people)


def next_in_line(
    session: Session, campaign: Campaign, rules: Rules, at: datetime, limit: int, known_at: datetime
) -> Line:
    """The next `limit` at an instant, as the dialer would order them. `known_at`: the books' own time."""
    ranking = Ranking(rules=rules, learned=learned(session), known_at=known_at, campaign=campaign.rules)
    looked_at = 2 * limit
    while True:
        candidates = next_candidates(session, campaign.id, at, looked_at)
        debtors = [one.debtor_id for one in candidates]
        standings, payments = standings_of(session, debtors), payments_of(session, debtors, at)
        choice = choose(waits_since(session, candidates), standings, payments, ranking, at)
        whole = len(candidates) < looked_at
        if len(choice.chosen) >= limit or whole or looked_at >= MOST_LOOKED_AT:
            return Line(people=choice.chosen[:limit], more=len(choice.chosen) > limit or not whole)
        looked_at = min(4 * looked_at, MOST_LOOKED_AT)


def load_of(session: Session, campaign: Campaign, rules: Rules, day: date, known_at: datetime) -> DayLoad:
    """The load of a day: everybody whose moment comes by its end, as things stand now."""
    ranking = Ranking(rules=rules, learned=Learned(), known_at=known_at, campaign=campaign.rules)
    anywhere_over = datetime.combine(day + timedelta(days=2), time(), UTC)
    mine = (CandidateRow.campaign_id == campaign.id, CandidateRow.next_eligible_at < anywhere_over)
    people = session.scalar(select(func.count()).where(*mine)) or 0
    step = max(1, people // SAMPLE)
    some = select(CandidateRow.debtor_id, CandidateRow.next_eligible_at).where(*mine, CandidateRow.id % step == 0)
    moments = dict(session.execute(some).all())
    found: list[tuple[str, Sequence[Stretch]]] = []
    for debtor_id, standing in standings_of(session, moments).items():
        noon = datetime.combine(day, time(12), UTC)
        zone = ranking.may_call(standing, noon).zone or UNKNOWN_ZONE
        found.append((zone, tuple(_stretches(standing, ranking, day, zone, moments[debtor_id]))))
    scale = people / len(found) if found else 1.0
    zone = Counter(zone for zone, _ in found).most_common(1)[0][0] if found else UNKNOWN_ZONE
    begins_at, ends_at = _local_day(day, zone)
    return DayLoad(
        day=day,
        zone=zone,
        people=people,
        looked_at=len(found),
        hours=hours_of([one for _, one in found], begins_at, ends_at, calls_an_hour(campaign.rules), scale),
        windows=windows_of(found, scale),
    )


def _local_day(day: date, zone: str) -> tuple[datetime, datetime]:
    begins, ends = (datetime.combine(day + timedelta(days=n), time(), ZoneInfo(zone)) for n in (0, 1))
    return begins.astimezone(UTC), ends.astimezone(UTC)


def _stretches(standing: Standing, ranking: Ranking, day: date, zone: str, not_before: datetime) -> Iterator[Stretch]:
    """When this person may be called on a local day, if nothing else happens before."""
    begin, end = _local_day(day, zone)
    begin = max(begin, not_before)
    while begin < end:
        opening = next_opening(
            standing, Channel.VOICE, begin, rules=ranking.rules, campaign=ranking.campaign, horizon=end - begin
        )
        verdict = None if opening is None else ranking.may_call(standing, opening)
        if opening is None or not isinstance(verdict, Allowed):
            return
        yield opening, verdict.closes_at
        begin = verdict.closes_at + _MINUTE

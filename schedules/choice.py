"""Who of the candidates is called next, in which order and why; and when the others are looked at again. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

from ledger.contact import Channel
from schedules.habit import put_off_to
from schedules.permission import next_opening
from schedules.queue import Candidate, Ranking, Wait
from schedules.rank import STEPS_A_DOUBLING, Rank
from schedules.standing import Standing
from schedules.verdict import Allowed, Refused


@dataclass(frozen=True, kw_only=True)
class Chosen:
    """Somebody who may be called now."""

    candidate: Candidate
    #: Since when they wait.
    waits_since: datetime
    standing: Standing
    verdict: Allowed
    rank: Rank


@dataclass(frozen=True, kw_only=True)
class Declined:
    """Somebody who is not called now: permission refuses, or their pay day comes first."""

    candidate: Candidate
    #: Since when they wait.
    waits_since: datetime
    standing: Standing
    ranking: Ranking
    #: None: they may be called, and pay soon by habit.
    verdict: Refused | None = None
    #: The local day to which a paying habit puts it off.
    not_before: datetime | None = None

    def wait(self) -> Wait:
        """Until when they wait: a search, so ask outside of any unit of work."""
        at = self.verdict.next_opening if self.verdict is not None else self._after_pay_day()
        return self.ranking.wait(self.standing, at, self.waits_since)

    def _after_pay_day(self) -> datetime | None:
        assert self.not_before is not None  # noqa: S101 - one of the two reasons stands
        ranking = self.ranking
        return next_opening(
            self.standing, Channel.VOICE, self.not_before, rules=ranking.rules, campaign=ranking.campaign
        )


@dataclass(frozen=True, kw_only=True)
class Choice:
    """What became of the candidates that were looked at."""

    #: The first is next.
    chosen: tuple[Chosen, ...]
    declined: tuple[Declined, ...]

    def drifted(self) -> dict[int, int]:
        """Places, by candidate, that were stored and have become untrue by more than a day of waiting."""
        return {
            one.candidate.id: one.rank.standing
            for one in self.chosen
            if abs(one.rank.standing - one.candidate.rank) > STEPS_A_DOUBLING
        }


def choose(
    candidates: Mapping[Candidate, datetime],
    standings: Mapping[int, Standing],
    payments: Mapping[int, Sequence[date]],
    ranking: Ranking,
    now: datetime,
) -> Choice:
    """Judge each by permission, then by habit, and order those who are left.

    `candidates`: since when each waits; `payments`: past days, by debtor.
    """
    chosen: list[Chosen] = []
    declined: list[Declined] = []
    for one, since in candidates.items():
        standing = standings[one.debtor_id]
        verdict = ranking.may_call(standing, now)
        if isinstance(verdict, Refused):
            declined.append(
                Declined(candidate=one, waits_since=since, standing=standing, ranking=ranking, verdict=verdict)
            )
        elif (later := _pay_day(verdict, payments.get(one.debtor_id, ()), now)) is not None:
            declined.append(
                Declined(candidate=one, waits_since=since, standing=standing, ranking=ranking, not_before=later)
            )
        else:
            place = ranking.now(since, standing, verdict, now)
            chosen.append(Chosen(candidate=one, waits_since=since, standing=standing, verdict=verdict, rank=place))
    chosen.sort(key=lambda one: (one.rank.place, one.candidate.id))
    return Choice(chosen=tuple(chosen), declined=tuple(declined))


def _pay_day(verdict: Allowed, paid_on: Sequence[date], now: datetime) -> datetime | None:
    """The day to which this person's habit puts a call off; never one that they asked for."""
    if not paid_on or verdict.callback_id is not None:
        return None
    zone = ZoneInfo(verdict.zone)
    today = now.astimezone(zone).date()
    later = put_off_to(today, paid_on)
    return datetime.combine(later, time(), zone).astimezone(UTC) if later > today else None

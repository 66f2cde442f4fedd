"""Who is next: the moment at which somebody is looked at, the opening that it begins, and the place in the order.

The moment may be too early, never too late; permission decides. An opening is the stretch from that moment until its
window has certainly closed: those whose openings are over wait for a new one, and never stand in the way of others.
"""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import NamedTuple
from zoneinfo import ZoneInfo

from ledger.contact import Channel
from schedules.campaign import CampaignRules
from schedules.permission import may_contact
from schedules.rank import Rank, Stakes, rank, standing_place
from schedules.reach import Learned
from schedules.rules import Rules
from schedules.stakes import belief_at, stakes_of
from schedules.standing import Standing
from schedules.verdict import Allowed, Verdict

#: The moment of somebody whom only a person or a payment can free: nobody looks until something wakes them; and the
#: end of an opening of which nobody knows the end.
NEVER = datetime(9999, 1, 1, tzinfo=UTC)


class Candidate(NamedTuple):
    """A debtor in a campaign whose moment may have come, as the index knows them; permission decides."""

    id: int
    debtor_id: int
    #: May be too early, never too late.
    next_eligible_at: datetime
    #: From then on somebody has to look for the next opening.
    open_until: datetime
    #: `rank.standing_place`.
    rank: int

    @property
    def opening(self) -> tuple[datetime, datetime]:
        """The stretch that they share with others."""
        return self.next_eligible_at, self.open_until


@dataclass(frozen=True, kw_only=True, slots=True)
class Wait:
    """When somebody is looked at again, until when that opening lasts, and their place then."""

    at: datetime = NEVER
    open_until: datetime = NEVER
    place: int


@dataclass(frozen=True, kw_only=True)
class Ranking:
    """What an order is made with: the rules, what was learned, and the campaign's own rules."""

    rules: Rules
    learned: Learned
    #: When the books were read.
    known_at: datetime
    campaign: CampaignRules | None = None
    #: Draws chances (Thompson), so that hours of which little is known are tried too; None: the mean.
    rng: random.Random | None = None

    def may_call(self, standing: Standing, at: datetime) -> Verdict:
        """Permission for a call of this campaign at an instant."""
        return may_contact(
            standing, Channel.VOICE, at, rules=self.rules, campaign=self.campaign, known_at=min(at, self.known_at)
        )

    def now(self, waits_since: datetime, standing: Standing, verdict: Allowed, now: datetime) -> Rank:
        """The place of somebody who may be called now, and why."""
        zone = ZoneInfo(verdict.zone)
        belief = belief_at(standing, now, zone, self.rules.bands, self.learned)
        return rank(
            self._stakes(standing, now, zone, verdict, waits_since),
            now,
            belief.mean,
            closes_at=verdict.dial_by,
            today=now.astimezone(zone).date(),
            drawn=None if self.rng is None else belief.drawn(self.rng),
        )

    def wait(self, standing: Standing, at: datetime | None, waits_since: datetime) -> Wait:
        """The opening that begins at `at` (None: only a person or a payment brings one), and the place in it."""
        if at is None:
            return Wait(place=self._place(standing, waits_since, None, waits_since))
        verdict = self.may_call(standing, at)
        place = self._place(standing, at, verdict, waits_since)
        return Wait(at=at, open_until=verdict.dial_by if isinstance(verdict, Allowed) else NEVER, place=place)

    def _place(self, standing: Standing, at: datetime, verdict: Verdict | None, waits_since: datetime) -> int:
        zone = ZoneInfo(verdict.zone if verdict is not None and verdict.zone else "UTC")
        stakes = self._stakes(standing, at, zone, verdict, waits_since)
        return standing_place(stakes, belief_at(standing, at, zone, self.rules.bands, self.learned).mean)

    def _stakes(
        self, standing: Standing, at: datetime, zone: ZoneInfo, verdict: Verdict | None, waits_since: datetime
    ) -> Stakes:
        return stakes_of(
            standing,
            at,
            zone,
            waits_since=waits_since,
            creditor=self.campaign.creditor if self.campaign is not None else None,
            callback_id=verdict.callback_id if isinstance(verdict, Allowed) else None,
        )


def whole_minute(moment: datetime) -> datetime:
    """The minute of a moment, which may be too early: moments that differ by less make one opening, not many."""
    return moment.replace(second=0, microsecond=0)

"""What a change of rules would do, before it is saved: who may be called, now and within a week, and who may not."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from ledger.age import birthday
from ledger.contact import Channel
from ledger.database import Database
from schedules.campaign import CampaignRules
from schedules.effect_store import people_to_look_at
from schedules.permission import may_contact, next_opening
from schedules.person import FULL_AGE
from schedules.rules import Rules
from schedules.sample import margin_percent
from schedules.standing import Standing
from schedules.standing_store import standings_of
from schedules.verdict import Allowed

#: So many people are asked about; of more an even sample stands for all.
MOST = 2000
WEEK = timedelta(days=7)
#: People whose standings are read together.
_TOGETHER = 200


@dataclass
class Line:
    """The people of one band in one country: how many may be called before and after the change."""

    people: int = 0
    now: list[int] = field(default_factory=lambda: [0, 0])
    week: list[int] = field(default_factory=lambda: [0, 0])
    #: Who may be called within a week and could not before, and the other way round.
    gained: int = 0
    lost: int = 0


@dataclass(frozen=True, kw_only=True)
class Effect:
    """The table, by band and country; counted, or estimated from a sample."""

    total: int
    looked_at: int
    lines: Mapping[tuple[str, str], Line]

    @property
    def margin_percent(self) -> float:
        """How far off a share may be, in points; 0: everybody was asked."""
        return margin_percent(self.looked_at, self.total)

    def scaled(self, count: int) -> int:
        """A count of the sample as one of all people."""
        return count if not self.looked_at else round(count * self.total / self.looked_at)


def effect(
    database: Database, before: Rules, after: Rules, now: datetime, tell: Callable[[int, int], None], most: int = MOST
) -> Effect:
    """Ask permission for everybody, or for about `most` people of them, by both sets of rules."""
    with database.reading() as session:
        total, people = people_to_look_at(session, most)
    lines: dict[tuple[str, str], Line] = {}
    ids = sorted(people)
    for start in range(0, len(ids), _TOGETHER):
        tell(start, len(ids))
        with database.reading() as session:
            standings = standings_of(session, ids[start : start + _TOGETHER])
        for debtor, standing in standings.items():
            band = _band(standing, after, now.date())
            line = lines.setdefault((band, standing.country or "unknown"), Line())
            _count(line, standing, people[debtor], (before, after), now)
    tell(len(ids), len(ids))
    return Effect(total=total, looked_at=len(ids), lines=dict(sorted(lines.items())))


def _band(standing: Standing, rules: Rules, today: date) -> str:
    """Under 18 no band says anything, and nobody's age is told as unknown where it is known."""
    born = standing.birth_date
    under_age = born is not None and today < birthday(born, FULL_AGE)
    return "minor" if under_age else rules.bands.of(standing, today).key


def _count(line: Line, standing: Standing, campaign: CampaignRules, both: tuple[Rules, Rules], now: datetime) -> None:
    line.people += 1
    weeks = []
    for n, rules in enumerate(both):
        allowed = isinstance(may_contact(standing, Channel.VOICE, now, rules=rules, campaign=campaign), Allowed)
        opening = now if allowed else next_opening(
            standing, Channel.VOICE, now, rules=rules, campaign=campaign, horizon=WEEK
        )  # fmt: skip
        line.now[n] += allowed
        line.week[n] += opening is not None
        weeks.append(opening is not None)
    line.gained += weeks[1] and not weeks[0]
    line.lost += weeks[0] and not weeks[1]


def effect_document(found: Effect) -> dict[str, Any]:
    """The table as `--json` gives it."""
    return {
        "people": found.total,
        "looked_at": found.looked_at,
        "margin_percent": found.margin_percent,
        "lines": [
            {
                "band": band,
                "country": country,
                "people": found.scaled(line.people),
                "now_before": found.scaled(line.now[0]),
                "now_after": found.scaled(line.now[1]),
                "week_before": found.scaled(line.week[0]),
                "week_after": found.scaled(line.week[1]),
                "gained": found.scaled(line.gained),
                "lost": found.scaled(line.lost),
            }
            for (band, country), line in found.lines.items()
        ],
    }

"""Who is worth more of the next free line: an order, with a reason for each place in it. Pure.

Call-backs come first, at their promised time. Everybody else by expected value: the chance to reach them now times
what a talk is worth, doubled for each day of waiting. In logarithms that is a sum, and since all wait equally fast, a
number that can be stored: it orders the queue the same today and tomorrow. What depends on the hour (the chance, a
window that closes) is added when somebody looks. Rank orders and never permits: it reads no rule and opens no hour.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from ledger.money import Money

#: Steps of a rank in one doubling of value, and so in one day of waiting.
STEPS_A_DOUBLING = 1000
#: Call-backs stand before everybody else: far below any other rank, at the minute that was promised.
_CALLBACKS = -2_000_000_000
#: What a talk is worth by stage of the ladder, 0 to 3. Source of these figures: project default.
_STAGES = (1.0, 1.0, 2.0, 3.0)
#: Days late count up to here, and then double the worth.
_MOST_DAYS_LATE = 90
#: An amount counts by its logarithm, up to here (minor units): ten times the debt is worth a little more.
_MOST_MINOR = 1_000_000_00
_BROKEN_PROMISE = 2.0
#: A window that closes within this time doubles the value when it is about to close.
CLOSING = timedelta(minutes=60)
#: So long before a quarter ends, amounts count double in the logarithm.
_QUARTER_END_DAYS = 10
#: A chance below this counts as this: nobody is given up.
LEAST_CHANCE = 0.02
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, kw_only=True, slots=True)
class Stakes:
    """What a talk with this person is about, and since when they wait for it."""

    #: What is open and due.
    owed: Money
    #: Of the oldest open invoice, in days; 0: not late.
    days_late: int
    #: Since when nobody has tried: the last try, else when they came into the campaign.
    waits_since: datetime
    #: 1 friendly, 2 friendly again, 3 firm and last.
    #: Of the ladder, 0 to 3 (`stage.stage_on`).
    stage: int = 0
    broken_promise: bool = False
    #: The time that was promised for a call-back, by the person's own clock; None: none is promised.
    callback_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Rank:
    """A place in the queue: the smaller `place` comes first."""

    place: int
    #: What of it can be stored (`standing_place`).
    standing: int
    #: Of the ladder, 0 to 3.
    stage: int
    #: A sentence for people.
    reason: str


def worth(stakes: Stakes, *, quarter_ends: bool = False) -> float:
    """What a talk is worth, from 1 up. Age plays no part in it."""
    amount = math.log10(1 + min(max(stakes.owed.minor, 0), _MOST_MINOR) / 100)
    late = min(max(stakes.days_late, 0), _MOST_DAYS_LATE) / _MOST_DAYS_LATE
    broken = _BROKEN_PROMISE if stakes.broken_promise else 1.0
    return _STAGES[stakes.stage] * (1 + late) * (1 + amount * (2 if quarter_ends else 1)) * broken


#: The most that a talk can be worth: with the least chance it says for how many days of waiting value can make up.
MOST_WORTH = worth(
    Stakes(owed=Money(_MOST_MINOR), days_late=_MOST_DAYS_LATE, waits_since=_EPOCH, stage=3, broken_promise=True),
    quarter_ends=True,
)


def standing_place(stakes: Stakes, chance: float) -> int:
    """The place that can be stored: with the chance of the hour for which it is reckoned, nothing that passes."""
    return _place(stakes, worth(stakes) * max(chance, LEAST_CHANCE))


def callback_place(promised_at: datetime) -> int:
    """The place of a call-back: before everybody who was not promised one, at its time."""
    return _CALLBACKS + int((promised_at - _EPOCH) / timedelta(minutes=1))


def promised(place: int) -> bool:
    """Is this the place of a call-back?"""
    return place < _CALLBACKS // 2


def rank(
    stakes: Stakes,
    now: datetime,
    chance: float,
    *,
    closes_at: datetime | None = None,
    today: date,
    drawn: float | None = None,
) -> Rank:
    """The place now, and why. `closes_at`: the last moment at which a call may begin; `today`: the local day.

    `drawn`: the chance to order by, where it is not the one that we reckon with (`reach.Beta.drawn`).
    """
    near = quarter_end_near(today)
    left = None if closes_at is None else closes_at - now
    value = worth(stakes, quarter_ends=near) * max(chance if drawn is None else drawn, LEAST_CHANCE) * _closing(left)
    return Rank(
        _place(stakes, value), standing_place(stakes, chance), stakes.stage, _reason(stakes, now, chance, left, near)
    )


def quarter_end_near(today: date) -> bool:
    """Does the quarter end within ten days? Then larger amounts come a little earlier; nobody is called more often."""
    month = (today.month - 1) // 3 * 3 + 4
    first_of_next = date(today.year + month // 13, (month - 1) % 12 + 1, 1)
    return (first_of_next - today).days <= _QUARTER_END_DAYS


def _place(stakes: Stakes, value: float) -> int:
    if stakes.callback_at is not None:
        return callback_place(stakes.callback_at)
    days = (stakes.waits_since - _EPOCH) / timedelta(days=1)
    return round((days - math.log2(value)) * STEPS_A_DOUBLING)


def _closing(left: timedelta | None) -> float:
    if left is None or left >= CLOSING:
        return 1.0
    return 2.0 - max(left / CLOSING, 0.0)


def _reason(stakes: Stakes, now: datetime, chance: float, left: timedelta | None, near: bool) -> str:
    if stakes.callback_at is not None:
        return f"call-back promised for {stakes.callback_at:%H:%M}"
    told = []
    if left is not None and left < CLOSING:
        told.append(f"window closes in {max(0, round(left / timedelta(minutes=1)))} min")
    if stakes.broken_promise:
        told.append("a promise was broken")
    told.append(f"{stakes.days_late} days late" if stakes.days_late != 1 else "1 day late")
    told.append(str(stakes.owed))
    if near:
        told.append("the quarter ends")
    waited = (now - stakes.waits_since).days
    if waited >= 1:
        told.append(f"waits for {waited} days" if waited > 1 else "waits for 1 day")
    told.append(f"chance to reach {round(chance * 100)} %")
    return ", ".join(told)

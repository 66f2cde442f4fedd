"""A day as hours: how many people wait in each, and how many calls the lines can make of them. Pure."""

from __future__ import annotations

import heapq
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from schedules.campaign import CampaignRules

_HOUR = timedelta(hours=1)

#: A stretch of time in which one person may be called, half-open.
Stretch = tuple[datetime, datetime]


@dataclass(frozen=True, kw_only=True)
class Hour:
    """One hour of a day."""

    begins_at: datetime
    #: People who may be called in it, if nobody is called before.
    open: float
    #: Calls that the lines can make in it: each person once, whose window closes first comes first.
    calls: float


@dataclass(frozen=True, kw_only=True)
class Window:
    """Local hours of a day, and how many people have exactly these."""

    #: "10:00-12:00, 14:00-17:00"; empty: not on this day.
    hours: str
    zone: str
    people: float


def calls_an_hour(rules: CampaignRules) -> float:
    """What the lines of a campaign can begin in an hour at most, if every call only rings."""
    return min(rules.calls_per_second, rules.lines / rules.ring_seconds) * _HOUR.total_seconds()


def hours_of(
    people: Sequence[Sequence[Stretch]], begins_at: datetime, ends_at: datetime, an_hour: float, scale: float = 1.0
) -> tuple[Hour, ...]:
    """The load of each hour. `people`: when each may be called; each of them stands for `scale` people."""
    waiting = sorted((piece[0], n) for n, one in enumerate(people) for piece in one)
    ready: list[tuple[datetime, int]] = []
    called: set[int] = set()
    found: list[Hour] = []
    begin, at = begins_at, 0
    while begin < ends_at:
        end = min(begin + _HOUR, ends_at)
        while at < len(waiting) and waiting[at][0] < end:
            start, n = waiting[at]
            heapq.heappush(ready, (next(until for since, until in people[n] if since == start), n))
            at += 1
        calls = 0
        while ready and (calls + 1) * scale <= an_hour * ((end - begin) / _HOUR) + scale / 2:
            until, n = heapq.heappop(ready)
            if n not in called and until > begin:
                called.add(n)
                calls += 1
        open_ = sum(any(since < end and until > begin for since, until in one) for one in people)
        found.append(Hour(begins_at=begin, open=open_ * scale, calls=calls * scale))
        begin = end
    return tuple(found)


def windows_of(people: Iterable[tuple[str, Sequence[Stretch]]], scale: float = 1.0) -> tuple[Window, ...]:
    """How many people have which hours, by their own clocks; the most common first. `people`: zone and stretches."""
    counts: Counter[tuple[str, str]] = Counter()
    for zone, stretches in people:
        tz = ZoneInfo(zone)
        hours = ", ".join(f"{since.astimezone(tz):%H:%M}-{until.astimezone(tz):%H:%M}" for since, until in stretches)
        counts[(hours, zone)] += 1
    ordered = sorted(counts.items(), key=lambda item: (not item[0][0], -item[1], item[0]))
    return tuple(Window(hours=hours, zone=zone, people=count * scale) for (hours, zone), count in ordered)

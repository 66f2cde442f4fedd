"""Whose clock: around every change of every clock a call is allowed exactly when the local one says so.

The local clock is read a second time, by the C library from the files of the same zones: another program than the one
that the rules use, and from nothing but UTC.
"""

from __future__ import annotations

import os
import random
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from importlib.resources import as_file, files

import pytest

from ledger.contact import Channel
from ledger.interval import around
from ledger.region import Region
from schedules.law_file import shipped_rules
from schedules.permission import may_contact, next_opening
from schedules.rules import Standstill
from schedules.standing import Phone, Standing
from schedules.testing import a_standing, an_invoice, local, with_open_bands, with_profile
from schedules.verdict import Allowed

FIRST, LAST = datetime(2024, 1, 1, tzinfo=UTC), datetime(2036, 1, 1, tzinfo=UTC)
RULES = with_profile(with_open_bands(shipped_rules()), "BE", reviewed_until=LAST.date())
MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)
#: Ringing and talking end inside the hours: 25 seconds and 5 minutes before each end.
LEAD = timedelta(seconds=325)
#: So many minutes on each side of an edge are asked one by one, and between them every so many.
EDGE, STEP = 7, 30
#: Half an hour, two hours, other days than Sunday, against the sun, twice around Ramadan.
STRANGE = (
    "Australia/Lord_Howe", "Antarctica/Troll", "Africa/Cairo", "America/Nuuk", "Europe/Dublin", "Africa/Casablanca"
)  # fmt: skip
#: No law opens before the first hour or closes after the second; no clock of the world is moved between them.
LAWFUL = (7 * 60, 21 * 60)


def _zones() -> tuple[str, ...]:
    """Every name of a zone, links too."""
    return tuple(sorted(files("tzdata").joinpath("zones").read_text(encoding="utf-8").split()))


Clock = Callable[[datetime], time.struct_time]


@contextmanager
def _clock(zone: str) -> Iterator[Clock]:
    """The local time of an instant, as the C library knows it."""
    before = os.environ.get("TZ")
    with as_file(files("tzdata.zoneinfo").joinpath(*zone.split("/"))) as path:
        os.environ["TZ"] = f":{path}"
        time.tzset()
        try:
            yield lambda at: time.localtime(at.timestamp())
        finally:
            if before is None:
                del os.environ["TZ"]
            else:
                os.environ["TZ"] = before
            time.tzset()


def _changes(clock: Clock) -> list[datetime]:
    """The first minute after each move of the clock, with two days around it in the years that are looked at."""
    found = []
    at = FIRST + 3 * DAY
    while at < LAST - 4 * DAY:
        if clock(at).tm_gmtoff != clock(at + DAY).tm_gmtoff:
            low, high = at, at + DAY
            while high - low > MINUTE:
                middle = (low + (high - low) / 2).replace(second=0, microsecond=0)
                low, high = (middle, high) if clock(middle).tm_gmtoff == clock(at).tm_gmtoff else (low, middle)
            found.append(high)
        at += DAY
    return found


@lru_cache(maxsize=8192)
def _hours(day: date) -> tuple[tuple[int, int], ...]:
    found = RULES.look(Region("BE"), day)
    assert not isinstance(found, Standstill)
    return found.normal


def _open(clock: Clock, at: datetime) -> bool:
    """What the hours say by the C library's clock: inside, and early enough."""
    now = clock(at)
    piece = around(_hours(date(now.tm_year, now.tm_mon, now.tm_mday)), now.tm_hour * 60 + now.tm_min)
    if piece is None:
        return False
    return timedelta(minutes=piece[1] - now.tm_hour * 60 - now.tm_min) >= LEAD


def _person(zone: str) -> Standing:
    return a_standing(zone=zone, phones=(Phone(e164="+80012345678"),), invoices=(an_invoice(due_on=date(2023, 6, 1)),))


def _allowed(standing: Standing, at: datetime) -> bool:
    return isinstance(may_contact(standing, Channel.VOICE, at, rules=RULES), Allowed)


def _look_around(zone: str, clock: Clock, change: datetime) -> int:
    """Two days on each side of a change; how many minutes were asked."""
    standing = _person(zone)
    minutes = [change - 2 * DAY + MINUTE * n for n in range(4 * 24 * 60)]
    opens = [_open(clock, at) for at in minutes]
    turns = [n for n in range(1, len(opens)) if opens[n] != opens[n - 1]]
    asked = {n for turn in turns for n in range(max(turn - EDGE, 0), min(turn + EDGE, len(opens)))}
    asked |= set(range(0, len(opens), STEP)) | set(range(2 * 24 * 60 - EDGE, 2 * 24 * 60 + EDGE))
    wrong = [minutes[n].isoformat() for n in sorted(asked) if _allowed(standing, minutes[n]) != opens[n]]
    assert not wrong, f"{zone}, change at {change.isoformat()}: {wrong[:5]}"
    for turn in turns:
        if opens[turn]:
            before = minutes[max(turn - 90, 0)]
            if not _open(clock, before):
                assert next_opening(standing, Channel.VOICE, before, rules=RULES) == minutes[turn], zone
    return len(asked)


def test_around_a_change_of_the_clock_the_hours_are_the_local_ones() -> None:
    """A sample that is the same every time; `make soak` looks at all of them."""
    dice, looked = random.Random(20261127), 0
    for zone in (*STRANGE, *dice.sample(_zones(), 30)):
        with _clock(zone) as clock:
            changes = _changes(clock) or [FIRST + dice.randrange(3, 4000) * DAY]
            for change in dice.sample(changes, min(2, len(changes))):
                looked += _look_around(zone, clock, change)
    assert looked > 10_000


@pytest.mark.soak
def test_around_every_change_of_every_clock_the_hours_are_the_local_ones() -> None:
    changed = looked = 0
    for zone in _zones():
        with _clock(zone) as clock:
            for change in _changes(clock):
                now = clock(change)
                # The clock is moved at night: what is wrong after it shows in the next morning.
                assert not LAWFUL[0] <= now.tm_hour * 60 + now.tm_min < LAWFUL[1], f"{zone}, {change.isoformat()}"
                looked += _look_around(zone, clock, change)
                changed += 1
    assert changed > 4_000
    assert looked > 1_000_000


def test_the_morning_after_the_clock_is_put_back_begins_at_the_local_nine() -> None:
    for night, opens in (("2026-10-25 23:00", "2026-10-26T08:00Z"), ("2026-03-28 23:00", "2026-03-30T07:00Z")):
        found = next_opening(a_standing(), Channel.VOICE, local(night), rules=RULES)
        assert found == datetime.fromisoformat(opens)

"""The beat fires what it is handed: one holder, every period once, what was missed caught up once."""

from __future__ import annotations

import threading
from datetime import UTC, datetime, timedelta

from schedules.apscheduler_beat import ApschedulerBeat, Beat, fire

NOW = datetime(2026, 11, 24, 9, 30, tzinfo=UTC)
HOUR = timedelta(hours=1)


class Slate:
    """Marks in memory; `holder` False: somebody else holds the post."""

    def __init__(self, holder: bool = True) -> None:
        self.holder = holder
        self.done: set[tuple[str, str]] = set()
        self.released = False

    def hold(self, now: datetime) -> bool:
        return self.holder

    def claim(self, kind: str, period: str, now: datetime) -> bool:
        fresh = (kind, period) not in self.done
        self.done.add((kind, period))
        return fresh

    def unclaim(self, kind: str, period: str) -> None:
        self.done.discard((kind, period))

    def release(self, now: datetime) -> None:
        self.released = True


def test_a_period_is_done_once_however_often_the_clock_turns() -> None:
    times: list[datetime] = []
    beat, slate = Beat(kind="hour", every=HOUR, run=times.append), Slate()
    fired = [fire(beat, slate, NOW + timedelta(minutes=n)) for n in (0, 5, 29, 30, 31)]
    assert fired == [True, False, False, True, False]
    assert times == [NOW, NOW + timedelta(minutes=30)]


def test_what_was_missed_is_caught_up_once_and_not_per_period() -> None:
    times: list[datetime] = []
    beat, slate = Beat(kind="hour", every=HOUR, run=times.append), Slate()
    fire(beat, slate, NOW)
    for minutes in (0, 1, 2):
        fire(beat, slate, NOW + timedelta(days=3, minutes=minutes))
    assert len(times) == 2


def test_only_the_holder_beats() -> None:
    times: list[datetime] = []
    assert not fire(Beat(kind="hour", every=HOUR, run=times.append), Slate(holder=False), NOW)
    assert times == []


def test_a_beat_that_failed_is_tried_again_at_the_next_turn() -> None:
    tries: list[datetime] = []

    def stumble(now: datetime) -> None:
        tries.append(now)
        if len(tries) == 1:
            raise OSError("the disk was away")

    beat, slate = Beat(kind="hour", every=HOUR, run=stumble), Slate()
    assert not fire(beat, slate, NOW)
    assert fire(beat, slate, NOW + timedelta(minutes=1))
    assert not fire(beat, slate, NOW + timedelta(minutes=2))


def test_periods_are_counted_in_utc_whatever_the_zone() -> None:
    beat = Beat(kind="day", every=timedelta(days=1), run=lambda now: None)
    midnight = datetime(2026, 10, 25, tzinfo=UTC)
    periods = [beat.period(midnight + timedelta(hours=n)) for n in (-1, 0, 23, 24)]
    assert periods[0] != periods[1] == periods[2] != periods[3]


def test_it_begins_at_once_beats_in_the_background_and_gives_the_post_back() -> None:
    rung = threading.Event()
    slate = Slate()
    beats = ApschedulerBeat([Beat(kind="hour", every=HOUR, run=lambda now: rung.set())], slate, clock=lambda: NOW)
    beats.start()
    try:
        assert rung.wait(10)
    finally:
        beats.stop()
    assert slate.released
    assert slate.done == {("hour", Beat(kind="hour", every=HOUR, run=print).period(NOW))}

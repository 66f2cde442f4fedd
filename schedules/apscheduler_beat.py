"""The beat: fires the callables that it is handed, at intervals. Alone knows APScheduler (3.x), which keeps no state.

What a beat did is a row (`schedules.beat_store`), so a second process, a restart or a doubled turn of the clock never
does a period twice, and a period that was missed while nobody was there is caught up once: the latest one.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Protocol

from apscheduler.schedulers.background import BackgroundScheduler
from apscheduler.triggers.interval import IntervalTrigger

from ledger.clock import Clock, real_now

_log = logging.getLogger(__name__)


class Marks(Protocol):
    """Where it is kept who holds the beat, and what was done."""

    def hold(self, now: datetime) -> bool:
        """Are we the one holder now? Takes or keeps the post."""

    def claim(self, kind: str, period: str, now: datetime) -> bool:
        """Mark a period as done; False if it was."""

    def unclaim(self, kind: str, period: str) -> None:
        """It failed: free it again."""

    def release(self, now: datetime) -> None:
        """Give the post back."""


@dataclass(frozen=True, kw_only=True)
class Beat:
    """Something that is done once in every period."""

    #: At most 32 characters.
    kind: str
    every: timedelta
    #: Is handed the real time at which it was fired. Must be safe to repeat after it failed half-way.
    run: Callable[[datetime], None]

    def period(self, now: datetime) -> str:
        """The period in which an instant lies, counted from 1970 in UTC."""
        return str(int(now.timestamp() // self.every.total_seconds()))


def fire(beat: Beat, marks: Marks, now: datetime) -> bool:
    """Do a beat's current period if we hold the post and nobody has done it. True where it was done now."""
    if not marks.hold(now) or not marks.claim(beat.kind, period := beat.period(now), now):
        return False
    try:
        beat.run(now)
    except Exception:
        marks.unclaim(beat.kind, period)
        _log.exception("The beat %s failed; it is tried again at the next turn", beat.kind)
        return False
    return True


class ApschedulerBeat:
    """Beats in one background thread, in UTC. `start` catches up first; `stop` waits for the beat that runs."""

    def __init__(self, beats: Sequence[Beat], marks: Marks, clock: Clock = real_now) -> None:
        self._beats = tuple(beats)
        self._marks = marks
        self._clock = clock
        # One thread: beats never overlap, and a late one runs once however many turns it missed.
        self._scheduler = BackgroundScheduler(
            timezone=UTC,
            job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": None},
            executors={"default": {"type": "threadpool", "max_workers": 1}},
        )

    def start(self) -> None:
        """Begin: what was missed is done at once, then each beat at its interval. A look is taken twice a period."""
        for beat in self._beats:
            look = max(1.0, beat.every.total_seconds() / 2)
            self._scheduler.add_job(
                self._fire,
                IntervalTrigger(seconds=look, timezone=UTC),
                args=[beat],
                id=beat.kind,
                next_run_time=datetime.now(UTC),
            )
        self._scheduler.start()

    def stop(self) -> None:
        """End: the running beat finishes, the post is given back."""
        self._scheduler.shutdown(wait=True)
        self._marks.release(self._clock())

    def _fire(self, beat: Beat) -> None:
        fire(beat, self._marks, self._clock())

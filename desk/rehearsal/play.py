"""The rehearsal itself: two waves of one day, the clock jumping in between when nothing is in flight."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from desk.rehearsal.stage import Stage
from desk.rehearsal.store import Progress, progress

BRUSSELS = ZoneInfo("Europe/Brussels")
#: Tuesday 24 November 2026, and its two waves.
WAVES = (
    datetime(2026, 11, 24, 10, 30, tzinfo=BRUSSELS),
    datetime(2026, 11, 24, 17, 30, tzinfo=BRUSSELS),
)
#: A wave is over when nothing has moved for so long (real seconds): whoever wants to ring back has done so.
QUIET_SECONDS = 4.0
#: A wave that does not end is broken off after this (real seconds).
LONGEST_WAVE_SECONDS = 420.0
LOOK_SECONDS = 0.25


@dataclass
class Interrupted:
    """What Ctrl-C has asked for."""

    presses: int = 0

    def press(self) -> None:
        """Once more."""
        self.presses += 1


def play(stage: Stage, interrupted: Interrupted, show: Callable[[int, Progress], None]) -> bool:
    """Run both waves; True when they ended by themselves. Raises `DeskError` when the dialer ends early."""
    for n, at in enumerate(WAVES):
        if n:
            stage.set_clock(at)
        if not _wave(stage, n, at, interrupted, show):
            return False
    return True


def _wave(stage: Stage, n: int, at: datetime, interrupted: Interrupted, show: Callable[[int, Progress], None]) -> bool:
    assert stage.database is not None  # noqa: S101
    begun = moved = time.monotonic()
    seen: object = None
    while time.monotonic() - begun < LONGEST_WAVE_SECONDS:
        stage.check_dialer()
        with stage.database.reading() as session:
            now = progress(session)
        show(n, now)
        if interrupted.presses:
            return _stop(stage, interrupted, n, show)
        if now.calls != seen or now.live or now.waiting or now.looked_at is None or now.looked_at < at:
            moved, seen = time.monotonic(), now.calls
        if time.monotonic() - moved > QUIET_SECONDS:
            return True
        time.sleep(LOOK_SECONDS)
    return True


def _stop(stage: Stage, interrupted: Interrupted, n: int, show: Callable[[int, Progress], None]) -> bool:
    """Ctrl-C: no new call, conversations run on; Ctrl-C again: goodbye now."""
    assert stage.database is not None  # noqa: S101
    told = 0
    while True:
        while told < min(interrupted.presses, 2):
            stage.stop_dialer()
            told += 1
        if stage.dialer_ended(LOOK_SECONDS):
            return False
        with stage.database.reading() as session:
            show(n, progress(session))

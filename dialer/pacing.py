"""How many calls may be placed now: free lines, and a steady rate. (How many agents will be free comes with them.)

Two limits together: a bucket of permits spreads the calls over the second, and no window of one second, wherever it
begins, holds more calls than the rate says (carriers refuse what is above it).
"""

from __future__ import annotations

from dataclasses import dataclass, replace

#: Above this lag of the line's clock (p99, milliseconds) jitter would be heard: no new call is placed.
MOST_LAG_MS = 15.0
#: The window of the rate, in seconds.
WINDOW_SECONDS = 1.0


@dataclass(frozen=True)
class Pace:
    """A bucket of permits that fills at `per_second` up to `burst`. Time is handed in, in seconds."""

    per_second: float
    burst: float
    permits: float
    at: float
    #: When calls were placed in the last second, and how many.
    recent: tuple[tuple[float, int], ...] = ()

    @classmethod
    def starting(cls, per_second: float, now: float) -> Pace:
        """A pace that allows a tenth of a second's calls at once, and at least one."""
        at_once = max(1.0, per_second / 10)
        # one more can wait: else part of a permit is lost at each look, and the rate is never reached
        return cls(per_second, at_once + 1, at_once, now)

    def filled(self, now: float) -> Pace:
        """The same pace, later."""
        grown = min(self.burst, self.permits + max(0.0, now - self.at) * self.per_second)
        recent = tuple((at, calls) for at, calls in self.recent if now - at < WINDOW_SECONDS)
        return replace(self, permits=grown, at=max(now, self.at), recent=recent)

    def spent(self, calls: int) -> Pace:
        """The same pace after so many calls."""
        return replace(self, permits=self.permits - calls, recent=(*self.recent, (self.at, calls)))

    @property
    def free(self) -> int:
        """How many calls may be placed at this moment."""
        in_window = sum(calls for _, calls in self.recent)
        return max(0, min(int(self.permits), max(1, int(self.per_second * WINDOW_SECONDS)) - in_window))


def calls_to_place(lines: int, in_flight: int, pace: Pace, lag_ms: float) -> int:
    """How many calls may start now: no more than lines are free and permits are filled, none when the line lags."""
    if lag_ms > MOST_LAG_MS:
        return 0
    return max(0, min(lines - in_flight, pace.free))

"""Time as it is handed in: real time, and the campaign's time, which a rehearsal may set."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

#: Years that anybody means who asks, plans or tells what was; one outside is a slip, or a filler such as 9999-12-31.
MEANT_YEARS = range(1990, 2101)

#: Anything that answers "what time is it" with an aware instant.
Clock = Callable[[], datetime]


def real_now() -> datetime:
    """The machine's own time, in UTC. Leases, heartbeats and time-outs use this one always."""
    return datetime.now(UTC)


class CampaignClock:
    """The time that rules, promises and receipts go by: real time plus one offset, stored with the run.

    The offset is zero with a real trunk. A rehearsal moves it in the database, and every process follows.
    """

    def __init__(self, offset: timedelta = timedelta(0), real: Clock = real_now) -> None:
        self.offset = offset
        self._real = real

    def __call__(self) -> datetime:
        return self._real() + self.offset

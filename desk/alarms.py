"""The alarm on the dialer's terminal: who is in a crisis stands there at once, and again until one of us called."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime, timedelta

from ledger.clock import real_now
from ledger.database import Database
from ledger.errors import DatabaseUnusable
from schedules.crisis_store import Crisis, crises

#: An alarm that nobody took up is shown again after this.
AGAIN = timedelta(minutes=5)
#: How often we look (seconds).
LOOK_SECONDS = 1.0
#: What ends an alarm, with its agreement.
_END = "beltoon agreements called"


def due(standing: Sequence[Crisis], shown: Mapping[int, datetime], now: datetime) -> list[Crisis]:
    """Those of the standing alarms that are to be shown now. `shown`: when each was shown last, by its agreement."""
    return [one for one in standing if one.agreement_id not in shown or now - shown[one.agreement_id] >= AGAIN]


def line_of(one: Crisis) -> str:
    """What our people read: who, since when, where to call, and how the alarm ends."""
    who = f"{one.debtor} {one.name}" if one.debtor else "an unknown caller"
    where = f"at {one.e164}" if one.e164 else "(their number was withheld)"
    since = f"{one.made_at.astimezone(UTC):%d %b %H:%M} UTC"
    return f"ALARM since {since}: {who} was in a crisis; call them now, {where}; then: {_END} {one.agreement_id}"


class Alarms:
    """What of the alarms was shown already, by this process."""

    def __init__(self, database: Database, show: Callable[[str], None]) -> None:
        self._database = database
        self._show = show
        self._shown: dict[int, datetime] = {}

    def look(self, now: datetime) -> None:
        """Show what is due. Raises `DatabaseUnusable`."""
        with self._database.reading() as session:
            standing = crises(session)
        for one in due(standing, self._shown, now):
            self._show(line_of(one))
            self._shown[one.agreement_id] = now

    async def follow(self) -> None:
        """Look again and again, also after a database that was away."""
        while True:
            with contextlib.suppress(DatabaseUnusable):
                await asyncio.to_thread(self.look, real_now())
            await asyncio.sleep(LOOK_SECONDS)

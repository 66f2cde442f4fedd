"""The answer to a call coming in: a ticket, once its words are ready; nothing, and a neutral sentence is heard."""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

from dialer.dial_ports import Line, Sounds
from dialer.fastagi import CallIn, Ticket
from dialer.inbound_store import expect
from ledger.clock import CampaignClock, real_now
from ledger.database import Database
from ledger.run_store import clock_offset
from schedules.rules_store import RulesBook

#: A caller waits this long at most for a name to be rendered; it rings meanwhile.
WORDS_SECONDS = 3.0


class Reception:
    """Asked by FastAGI for each call; day and night."""

    def __init__(self, database: Database, clock: CampaignClock, rules: RulesBook, line: Line, sounds: Sounds) -> None:
        self._database = database
        self._clock = clock
        self._rules = rules
        self._line = line
        self._sounds = sounds
        self._pool = ThreadPoolExecutor(max_workers=1, thread_name_prefix="reception")

    async def answer(self, call: CallIn) -> Ticket | None:
        """A ticket for this call, or None while the line is away."""
        if not self._line.ready:
            return None
        loop = asyncio.get_running_loop()
        entry, language, names = await loop.run_in_executor(self._pool, self._expect, call)
        deadline = loop.time() + WORDS_SECONDS
        while not self._sounds.ready(language, names) and loop.time() < deadline:  # noqa: ASYNC110 (threads render)
            await asyncio.sleep(0.05)
        return Ticket(entry, language)

    def _expect(self, call: CallIn) -> tuple[str, str, tuple[str, ...]]:
        with self._database.unit_of_work() as session:
            self._clock.offset = timedelta(milliseconds=clock_offset(session))
            entry, briefing, names = expect(session, call, self._rules.now(session), self._clock(), real_now())
        return entry, briefing.language, names

"""The conversations behind the line: one writer thread takes turns, commits them, and makes their sound.

The line's loop never touches the database: it hands a turn over and goes on with its clock. One thread keeps the
turns of all calls in order; a turn takes a few milliseconds.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Protocol, TypeVar

import structlog

from dialer.asterisk_line import Moved
from dialer.call_store import briefing_json, first_audio, redeem, talking
from dialer.outcome_store import settle_all
from ivr.act import Act, Ask
from ivr.codec import briefing_from_json
from ivr.conversation import Conversations
from ivr.heard import Heard
from ledger.clock import CampaignClock, real_now
from ledger.database import Database
from ledger.run_store import clock_offset

T = TypeVar("T")

log = structlog.get_logger(__name__)


class Speaks(Protocol):
    """Makes the sound of acts in a language, from what was rendered ahead."""

    def sound(self, acts: tuple[Act, ...], language: str) -> tuple[bytes, int]:
        """8 kHz 16-bit mono, and after how many milliseconds its last prompt begins."""
        ...


class ConversationHost:
    """The `Host` of the line on the real books."""

    def __init__(self, database: Database, clock: CampaignClock, conversations: Conversations, speaks: Speaks) -> None:
        self._database = database
        self._clock = clock
        self._conversations = conversations
        self._speaks = speaks
        self._languages: dict[str, str] = {}
        self._writer = ThreadPoolExecutor(max_workers=1, thread_name_prefix="writer")

    async def open(self, entry: str) -> str | None:
        """Redeem a ticket, once; the call then counts as answered."""
        return await self._write(self._open, entry)

    async def step(self, call: str, input_key: str, heard: Heard) -> Moved:
        """One turn, committed; then its sound."""
        return await self._write(self._step, call, input_key, heard)

    async def over(self, call: str, first_audio_ms: int | None) -> None:
        """The line is closed: the conversation ends, and if the carrier has ended the call too, it is settled."""
        await self._write(self._over, call, first_audio_ms)

    def close(self) -> None:
        """What was begun is finished first."""
        self._writer.shutdown(wait=True)

    async def _write(self, work: Callable[..., T], *arguments: object) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._writer, lambda: work(*arguments))

    def _open(self, entry: str) -> str | None:
        with self._database.unit_of_work() as session:
            call = redeem(session, entry, real_now())
            self._clock.offset = timedelta(milliseconds=clock_offset(session))
            if call is not None:
                talking(session, [call], self._clock())
                briefing = briefing_from_json(briefing_json(session, call))
                self._languages[call] = briefing.language
        if call is not None:
            self._conversations.begin(briefing)
        return call

    def _step(self, call: str, input_key: str, heard: Heard) -> Moved:
        acts = self._conversations.step(call, input_key, heard)
        pcm, question_ms = self._speaks.sound(acts, self._languages[call])
        ask = next((act for act in acts if isinstance(act, Ask)), None)
        return Moved(call, pcm, ask, question_ms)

    def _over(self, call: str, first_audio_ms: int | None) -> None:
        self._languages.pop(call, None)
        self._conversations.end(call)
        with self._database.unit_of_work() as session:
            if first_audio_ms is not None:
                first_audio(session, call, first_audio_ms)
            settle_all(session, [call], self._clock(), real_now())

"""The conversations behind the line: one writer thread takes turns, commits them, and makes their sound.

The line's loop never touches the database: it hands a turn over and goes on with its clock. One thread keeps the
turns of all calls in order; a turn takes a few milliseconds.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import timedelta
from typing import Any, Protocol, TypeVar

import structlog

from dialer.call_store import FIRST, first_audio, redeem, talking
from dialer.handover_store import came_back, handed_over
from dialer.line_port import Moved
from dialer.outcome_store import settle_all
from dialer.payment_news import PaymentNews
from dialer.statement_shelf import StatementShelf
from ivr.act import Act, Ask
from ivr.briefing import Briefing
from ivr.codec import briefing_from_json
from ivr.conversation import Conversations
from ivr.heard import AgentGone, Answered, Heard, Keys, PaymentSeen
from ivr.record import AgentAwaited
from ledger.clock import CampaignClock, real_now
from ledger.database import Database
from ledger.errors import DatabaseUnusable
from ledger.run_store import clock_offset
from schedules.rules_store import RulesBook

T = TypeVar("T")

log = structlog.get_logger(__name__)

#: The input key of a line's first turn; it is taken with the ticket, and stored under its name.
FIRST_KEY = "0"
#: So much of a ticket's name tells the keys of one line from those of the call's line before.
_TOLD_APART = 8
#: The writer hangs when it has begun or ended nothing for so long. A turn may have to wait for the books twice (ten
#: seconds each: its own commit, and the note that it failed) and for a late sound: 24 seconds, in which it still works.
WRITER_SECONDS = 30.0


class Speaks(Protocol):
    """Makes the sound of acts in a language, from what was rendered ahead."""

    def sound(self, acts: tuple[Act, ...], language: str) -> tuple[bytes, int]:
        """8 kHz 16-bit mono, and after how many milliseconds its last prompt begins."""
        ...


class ConversationHost:
    """The `Host` of the line on the real books."""

    def __init__(
        self,
        database: Database,
        clock: CampaignClock,
        conversations: Conversations,
        speaks: Speaks,
        rules: RulesBook,
        monotonic: Callable[[], float] = time.monotonic,
        hears: Callable[[str], bool] = lambda language: False,
        shelf: StatementShelf | None = None,
    ) -> None:
        """`hears`: can words be heard now in this language (nl-BE …)? Asked from the writer's thread.

        `shelf`: where statements are kept; None: nowhere."""
        self._database = database
        self._clock = clock
        self._conversations = conversations
        self._news = PaymentNews(database, conversations)
        self._speaks = speaks
        self._rules = rules
        self._hears = hears
        self._shelf = shelf
        self._briefings: dict[str, Briefing] = {}
        #: The first words of calls that were opened just now.
        self._first: dict[str, Moved] = {}
        #: What stands before the input keys of a caller who is back with us: their first line had the same.
        self._keys: dict[str, str] = {}
        self._writer = ThreadPoolExecutor(max_workers=1, thread_name_prefix="writer")
        self._monotonic = monotonic
        #: When the writer last began or ended something, and the sign of life that was asked of it.
        self._moved_at = monotonic()
        self._sign: Future[None] | None = None
        self._closing = False

    async def open(self, entry: str) -> str | None:
        """Redeem a ticket, once; the call counts as answered, and its first words are ready."""
        return await self._write(self._open, entry)

    async def step(self, call: str, input_key: str, heard: Heard) -> Moved:
        """One turn, committed; then its sound."""
        if input_key == FIRST_KEY and (first := self._first.pop(call, None)) is not None:
            return first
        return await self._write(self._step, call, self._keys.get(call, "") + input_key, heard)

    async def statement(self, call: str, pcm: bytes) -> str | None:
        """Keep what was said, beside the writer: turns of other calls don't wait for a file."""
        if self._shelf is None:
            return None
        try:
            return await asyncio.to_thread(self._shelf.keep, pcm)
        except OSError as error:
            log.error("statement_not_kept", call=call, why=error.strerror)
            return None

    async def over(self, call: str, first_audio_ms: int | None) -> None:
        """The line is closed: the conversation ends, and if the carrier has ended the call too, it is settled."""
        await self._write(self._over, call, first_audio_ms)

    async def handed_over(self, call: str, first_audio_ms: int | None) -> bool:
        """One of our people has the caller, or is about to: the conversation stands, and another line goes on."""
        return await self._write(self._handed_over, call, first_audio_ms)

    async def payments(self) -> dict[str, PaymentSeen]:
        """Who has paid since the briefing, or since we last told them, and must hear it, by call.

        Before proof nobody is told: the conversation takes note, and after proof speaks of what is then open. Raises
        `DatabaseUnusable`.
        """
        found = await asyncio.to_thread(self._news.of, tuple(self._briefings))
        told: dict[str, PaymentSeen] = {}
        for call, seen in found.items():
            if not await self._write(self._news.noted, call, seen):
                told[call] = seen
        return told

    def works(self) -> bool:
        """Does the writer's thread move? Asks it for a sign of life, which it gives when its turn comes."""
        if not self._closing and (self._sign is None or self._sign.done()):
            self._sign = self._writer.submit(self._moves)
        return self._monotonic() - self._moved_at < WRITER_SECONDS

    def close(self) -> None:
        """What was begun is finished first. Blocks."""
        self._closing = True
        self._writer.shutdown(wait=True)

    async def _write(self, work: Callable[..., T], *arguments: object) -> T:
        def written() -> T:
            self._moves()
            try:
                return work(*arguments)
            finally:
                self._moves()

        return await asyncio.get_running_loop().run_in_executor(self._writer, written)

    def _moves(self) -> None:
        self._moved_at = self._monotonic()

    def _open(self, entry: str) -> str | None:
        """Ticket, conversation and first turn in one unit of work: the caller waits for a single commit."""
        ways: list[str] = []
        opened = self._conversations.open(
            lambda session: self._redeemed(session, entry, ways),
            entry,
            lambda briefing: self._heard_first(ways[0], briefing),
        )
        if opened is None:
            return None
        call, acts = opened
        if ways[0] != FIRST:
            self._keys[call] = f"{entry[:_TOLD_APART]}."
        self._first[call] = self._moved(call, acts)
        return call

    def _heard_first(self, way: str, briefing: Briefing) -> Heard:
        return Answered(speech=self._hears(briefing.language)) if way == FIRST else AgentGone(way)

    def _redeemed(self, session: Any, entry: str, ways: list[str]) -> Briefing | None:
        self._clock.offset = timedelta(milliseconds=clock_offset(session))
        redeemed = redeem(session, entry, real_now())
        if redeemed is None:
            return None
        call, briefing, way = redeemed
        ways.append(way)
        talking(session, [call], self._clock())
        if way != FIRST:
            came_back(session, call, way, self._clock())
        self._briefings[call] = briefing_from_json(briefing)
        return self._briefings[call]

    def _step(self, call: str, input_key: str, heard: Heard) -> Moved:
        if isinstance(heard, Keys) and not self._news.proved(
            call
        ):  # perhaps the proof: what is then told must be true now
            try:
                for seen in self._news.of((call,)).values():
                    self._news.noted(call, seen)
            except DatabaseUnusable as error:
                log.warning("payments_not_looked_for", call=call, why=str(error))
        return self._moved(call, self._conversations.step(call, input_key, heard))

    def _moved(self, call: str, acts: tuple[Act, ...]) -> Moved:
        briefing = self._briefings[call]
        pcm, question_ms = self._speaks.sound(acts, briefing.language)
        ask = next((act for act in acts if isinstance(act, Ask)), None)
        standing = self._conversations.standing(call)
        language = (standing[1].language if standing else None) or briefing.language
        return Moved(call, pcm, ask, question_ms, language, briefing.today)

    def _handed_over(self, call: str, first_audio_ms: int | None) -> bool:
        standing = self._conversations.standing(call)
        if standing is None or AgentAwaited.__name__ not in standing[1].facts:
            return False
        try:
            with self._database.unit_of_work() as session:
                if not handed_over(session, call):
                    return False
                if first_audio_ms is not None:
                    first_audio(session, call, first_audio_ms)
        except DatabaseUnusable as error:  # nor could it be written that somebody has hung up
            log.error("handover_not_asked", call=call, why=str(error))
        self._conversations.let_go(call)
        self._forget(call)
        return True

    def _forget(self, call: str) -> Briefing | None:
        self._first.pop(call, None)
        self._keys.pop(call, None)
        return self._briefings.pop(call, None)

    def _over(self, call: str, first_audio_ms: int | None) -> None:
        briefing = self._forget(call)

        def also(session: Any) -> None:
            if first_audio_ms is not None:
                first_audio(session, call, first_audio_ms)
            if briefing is None or briefing.direction == "in":  # of a call out the dialer hears the end, and settles it
                settle_all(session, [call], self._clock(), real_now(), rules=self._rules.now(session))

        self._conversations.ending(call, also)

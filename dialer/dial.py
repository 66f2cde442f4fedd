"""The dialer's loop: who is next, claim, place; what the carrier tells becomes rows; stop kindly.

Three paragraphs again and again: gather (who may be called, how many lines are free), decide (pure), apply (claims
committed, then the carrier). All database work runs in a small pool of threads, so the loop never waits for a disk.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Protocol, TypeVar

import structlog

from dialer.carrier import Carrier, CarrierEvent, Ended, LinkBack, LinkLost, PickedUp, PlaceCall, Ringing
from dialer.claim import Claimed, Prospect
from dialer.dial_store import DialBooks, Limits
from dialer.errors import CarrierDown, CarrierRefused, CarrierUnsure
from dialer.outcome import CarriersEnd
from dialer.pacing import Pace, calls_to_place
from ledger.errors import DatabaseUnusable

log = structlog.get_logger(__name__)

T = TypeVar("T")

#: How often we look for a signal, and how often we look without one (seconds).
LOOK_SECONDS, SWEEP_SECONDS = 0.05, 1.0
#: Conversations may run this long after a stop was asked for.
STOP_SECONDS = 180.0
#: Threads for the database (design: four).
THREADS = 4
#: Candidates that are looked at together, so that those who may not be called don't hold up those who may.
LEAST_LOOKED_AT = 40
#: Claims that are committed together.
MOST_CLAIMS = 50


class Sounds(Protocol):
    """What was rendered: a call whose names are not sound yet waits its turn."""

    def ready(self, language: str, names: Sequence[str]) -> bool:
        """Could this call be spoken now? What is missing is put in the queue."""
        ...


class Line(Protocol):
    """The line's process."""

    @property
    def ready(self) -> bool:
        """Calls can be answered now."""
        ...

    async def close(self) -> None:
        """Say goodbye to everyone, then end."""
        ...


class Dialer:
    """One dialer on one carrier. `run` until `stop`; a second `stop` says goodbye at once."""

    def __init__(self, books: DialBooks, carrier: Carrier, line: Line, sounds: Sounds) -> None:
        self._books = books
        self._carrier = carrier
        self._line = line
        self._sounds = sounds
        self._pool = ThreadPoolExecutor(max_workers=THREADS, thread_name_prefix="books")
        self._link_up = False
        self._in_flight: dict[str, Claimed | None] = {}
        self._by_us: set[str] = set()
        self._pace: Pace | None = None
        self._stops = asyncio.Event()
        self._hurry = asyncio.Event()
        self._placing: set[asyncio.Task[None]] = set()

    def stop(self) -> None:
        """Once: no new call, conversations run on. Twice: goodbye now."""
        if self._stops.is_set():
            self._hurry.set()
        self._stops.set()

    @property
    def in_flight(self) -> int:
        """Calls at the carrier or on their way there."""
        return len(self._in_flight)

    async def run(self) -> None:
        """Reconcile what a dialer before us left, then dial until stopped and everything has ended."""
        listening = asyncio.create_task(self._listen())
        try:
            await self._reconcile(await self._carrier.alive())
            self._link_up = True
            await self._turn()
        finally:
            await asyncio.gather(*self._placing, return_exceptions=True)
            listening.cancel()
            await asyncio.gather(listening, return_exceptions=True)
            await self._do(self._books.leave)
            self._pool.shutdown(wait=True)

    # -- the loop ----------------------------------------------------------------------------------------------

    async def _turn(self) -> None:
        loop = asyncio.get_running_loop()
        swept = stopped_at = 0.0
        while True:
            now = loop.time()
            if self._stops.is_set():
                stopped_at = stopped_at or now
                if not self._in_flight:
                    return
                if self._hurry.is_set() or now - stopped_at > STOP_SECONDS:
                    await self._goodbye()
                    return
            try:
                changed = await self._do(self._books.changed)
                if changed or now - swept > SWEEP_SECONDS:
                    swept = now
                    await self._look()
            except DatabaseUnusable as error:
                log.error("dial_books_unusable", why=str(error))
                await asyncio.sleep(SWEEP_SECONDS)
            await asyncio.sleep(LOOK_SECONDS)

    async def _look(self) -> None:
        limits = await self._do(self._books.look, len(self._in_flight))
        for attempt in await self._do(self._books.withdrawn, self._ringing()):
            await self._hang_up(attempt)
        for attempt in await self._do(self._books.settle_all):
            self._in_flight.pop(attempt, None)
        if limits.dialling and self._link_up and self._line.ready and not self._stops.is_set():
            await self._fill(limits)

    async def _fill(self, limits: Limits) -> None:
        now = asyncio.get_running_loop().time()
        pace = self._pace or Pace.starting(limits.calls_per_second, now)
        if pace.per_second != limits.calls_per_second:
            pace = Pace.starting(limits.calls_per_second, now)
        self._pace = pace = pace.filled(now)
        free = min(MOST_CLAIMS, calls_to_place(limits.lines, len(self._in_flight), pace, limits.lag_ms))
        if free <= 0:
            return
        prospects = await self._do(self._books.next_up, max(LEAST_LOOKED_AT, free * 2))
        ready = [p for p in prospects if self._sounds.ready(p.language, p.names)][:free]
        if not ready:
            return
        claimed = await self._do(self._books.claim, ready)
        self._pace = pace.spent(len(claimed))
        for one in claimed:
            self._in_flight[one.attempt] = one
            task = asyncio.create_task(self._place(one, limits))
            self._placing.add(task)
            task.add_done_callback(self._placing.discard)

    async def _place(self, one: Claimed, limits: Limits) -> None:
        """Ask permission again, then one order to the carrier; whatever happens, never a second."""
        if not await self._do(self._books.still_allowed, one):
            await self._end(one.attempt, CarriersEnd(cause=0, dial_status=None, answered=False, by_us=True))
            return
        order = PlaceCall(
            attempt=one.attempt,
            e164=one.e164,
            entry=one.entry,
            ring_seconds=limits.ring_seconds,
            caller_id=limits.caller_id,
            longest_seconds=limits.longest_seconds,
            fallback=one.language,
        )
        try:
            await self._carrier.place(order)
        except (CarrierDown, CarrierRefused) as error:
            log.warning("call_not_placed", attempt=one.attempt, why=str(error))
            await self._end(one.attempt, CarriersEnd(cause=0, dial_status=None, answered=False))
        except CarrierUnsure:
            log.error("call_unsure", attempt=one.attempt)
            await self._do(self._books.lost, one.attempt)

    # -- what the carrier tells --------------------------------------------------------------------------------

    async def _listen(self) -> None:
        async for event in self._carrier.events():
            try:
                await self._on(event)
            except DatabaseUnusable as error:  # told again by the reconciler
                log.error("carrier_event_not_written", event=type(event).__name__, why=str(error))

    async def _on(self, event: CarrierEvent) -> None:
        if isinstance(event, Ringing):
            await self._do(self._books.ringing, event.attempt)
        elif isinstance(event, PickedUp):
            await self._do(self._books.picked_up, event.attempt)
        elif isinstance(event, Ended):
            by_us = event.attempt in self._by_us and not event.answered
            end = CarriersEnd(
                cause=event.cause,
                dial_status=event.dial_status,
                answered=event.answered,
                line_lost=event.line_lost,
                by_us=by_us,
            )
            await self._end(event.attempt, end)
        elif isinstance(event, LinkLost):
            self._link_up = False
        elif isinstance(event, LinkBack):
            await self._reconcile(event.alive)
            self._link_up = True

    async def _end(self, attempt: str, end: CarriersEnd) -> None:
        settled = await self._do(self._books.carrier_ended, attempt, end)
        self._by_us.discard(attempt)
        if settled:
            self._in_flight.pop(attempt, None)

    async def _reconcile(self, alive: frozenset[str]) -> None:
        """What we thought live and the carrier does not hold has ended unseen; what it holds is ours to go on with."""
        standing = await self._do(self._books.live_attempts)
        for attempt in standing:
            if attempt in alive:
                self._in_flight.setdefault(attempt, None)
            else:
                end = CarriersEnd(cause=0, dial_status=None, answered=False, lost=True)
                await self._end(attempt, end)

    async def _hang_up(self, attempt: str) -> None:
        self._by_us.add(attempt)
        try:
            await self._carrier.hang_up(attempt)
        except (CarrierDown, CarrierUnsure) as error:
            log.error("hang_up_failed", attempt=attempt, why=str(error))

    async def _goodbye(self) -> None:
        """End it now: ringing calls are taken back, conversations say goodbye, what is left is hung up."""
        for attempt in await self._do(self._books.unanswered, self._ringing()):
            await self._hang_up(attempt)
        await self._line.close()
        for attempt in tuple(self._in_flight):
            await self._hang_up(attempt)
        for _ in range(60):
            for attempt in await self._do(self._books.settle_all):
                self._in_flight.pop(attempt, None)
            if not self._in_flight:
                return
            await asyncio.sleep(LOOK_SECONDS)

    def _ringing(self) -> tuple[str, ...]:
        return tuple(self._in_flight)

    async def _do(self, work: Callable[..., T], *arguments: Any) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._pool, lambda: work(*arguments))


__all__ = ["Dialer", "Line", "Prospect", "Sounds"]

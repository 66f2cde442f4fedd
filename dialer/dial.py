"""The dialer's loop: who is next, claim, place; what the carrier tells becomes rows; stop kindly.

Three paragraphs again and again: gather (who may be called, how many lines are free), decide (pure), apply (claims
committed, then the carrier). All database work runs in a small pool of threads, so the loop never waits for a disk.
"""

from __future__ import annotations

import asyncio
import math
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import Any, TypeVar

import structlog

from dialer.carrier import Carrier, PlaceCall
from dialer.claim import Claimed, Prospect, with_agents
from dialer.dial_ports import Line, Sounds
from dialer.dial_store import DialBooks, Limits
from dialer.errors import CarrierDown, CarrierRefused, CarrierUnsure
from dialer.in_flight import InFlight
from dialer.in_flight_store import FlightBooks
from dialer.outcome import CarriersEnd
from dialer.pacing import Pace, calls_to_place
from ledger.errors import DatabaseUnusable

log = structlog.get_logger(__name__)

T = TypeVar("T")

#: How often we look for a signal, and how often we look without one (seconds).
LOOK_SECONDS, SWEEP_SECONDS = 0.05, 1.0
#: Conversations may run this long after a stop was asked for.
STOP_SECONDS = 180.0
#: Orders leave so far apart: a line that opened fifty calls in one moment would be late for those who talk.
ORDER_SECONDS = 0.004
#: Orders on their way to the carrier are waited for so long at the very end.
LAST_ORDERS_SECONDS = 10.0
#: Threads for the database (design: four).
THREADS = 4
#: Candidates that are looked at together, so that those who may not be called don't hold up those who may.
LEAST_LOOKED_AT = 40
#: Claims that are committed together.
MOST_CLAIMS = 50
#: Who was found to be next is remembered for so long (seconds); the claim asks anew.
FOUND_SECONDS = 0.5
#: Calls that ring are asked about this often: a payment or an opt-out ends them within two seconds (design).
WITHDRAW_SECONDS = 0.5


class Dialer:
    """One dialer on one carrier. `run` until `stop`; a second `stop` says goodbye at once."""

    def __init__(
        self,
        books: DialBooks,
        flight: FlightBooks,
        carrier: Carrier,
        line: Line,
        sounds: Sounds,
        talking: Callable[[], bool] = lambda: False,
    ) -> None:
        """`talking`: somebody who rang us talks with one of our people; a stop waits for them too."""
        self._talking = talking
        self._books = books
        self._flight = flight
        self._carrier = carrier
        self._line = line
        self._sounds = sounds
        self._pool = ThreadPoolExecutor(max_workers=THREADS, thread_name_prefix="books")
        self._in_flight = InFlight(flight, carrier, self._do)
        self._limits: Limits | None = None
        self._pace: Pace | None = None
        self._found: list[Prospect] = []
        self._found_at = self._withdrawn_at = self._ordered_at = -math.inf
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
        listening = asyncio.create_task(self._in_flight.listen())
        try:
            await self._turn()
        finally:
            if self._placing:
                await asyncio.wait(self._placing, timeout=LAST_ORDERS_SECONDS)
            for task in (*self._placing, listening):
                task.cancel()
            await asyncio.gather(*self._placing, listening, return_exceptions=True)
            await self._do(self._books.leave)
            self._pool.shutdown(wait=True)

    # -- the loop ----------------------------------------------------------------------------------------------

    async def _turn(self) -> None:
        loop = asyncio.get_running_loop()
        looked = swept = stopped_at = 0.0
        while True:
            now = loop.time()
            if self._stops.is_set():
                stopped_at = stopped_at or now
                if not self._in_flight and not self._talking():
                    return
                if self._hurry.is_set() or now - stopped_at > STOP_SECONDS:
                    await self._goodbye()
                    return
            try:
                if now - looked > LOOK_SECONDS:
                    looked = now
                    if await self._do(self._books.changed) or now - swept > SWEEP_SECONDS:
                        swept = now
                        await self._look()
                await self._fill()
            except DatabaseUnusable as error:
                log.error("dial_books_unusable", why=str(error))
                await asyncio.sleep(SWEEP_SECONDS)
            # as much time for those who talk, and for what the carrier tells, as this took
            await asyncio.sleep(loop.time() - now)
            await self._in_flight.freed(LOOK_SECONDS)

    async def _look(self) -> None:
        self._limits = await self._do(self._books.look, len(self._in_flight))
        now = asyncio.get_running_loop().time()
        if now - self._withdrawn_at > WITHDRAW_SECONDS:
            self._withdrawn_at = now
            for attempt in await self._do(self._flight.withdrawn, self._in_flight.attempts):
                await self._in_flight.hang_up(attempt)
        await self._in_flight.settle()

    async def _fill(self) -> None:
        limits = self._limits
        if limits is None or not limits.dialling or self._stops.is_set():
            return
        if not self._in_flight.link_up or not self._line.ready:
            return
        now = asyncio.get_running_loop().time()
        pace = self._pace or Pace.starting(limits.calls_per_second, now)
        if pace.per_second != limits.calls_per_second:
            pace = Pace.starting(limits.calls_per_second, now)
        self._pace = pace = pace.filled(now)
        taken = self._in_flight.lines_taken(limits.lines)
        free = min(MOST_CLAIMS, calls_to_place(limits.lines, taken, pace, limits.lag_ms))
        if free <= 0:
            return
        if len(self._found) < free or now - self._found_at > FOUND_SECONDS:
            self._found = await self._do(self._books.next_up, max(LEAST_LOOKED_AT, free * 2))
            self._found_at = now
        sounding = [p for p in self._found if self._sounds.ready(p.language, p.names)]
        ready, agents = with_agents(sounding, limits.agents, free)
        if not ready:
            return
        self._found = [p for p in self._found if p not in ready]
        async with self._in_flight.claiming:
            claimed = await self._do(self._books.claim, ready)
            self._in_flight.claimed([one.attempt for one in claimed])
        self._pace = pace.spent(len(claimed))
        self._limits = replace(limits, agents=agents)  # until the next look tells who is free
        if claimed:
            task = asyncio.create_task(self._place_all(claimed, limits))
            self._placing.add(task)
            task.add_done_callback(self._placing.discard)

    async def _place_all(self, claimed: Sequence[Claimed], limits: Limits) -> None:
        """Ask permission again, brief what still has it, and at once order it from the carrier."""
        try:
            allowed = await self._do(self._books.brief, claimed)
        except DatabaseUnusable as error:  # nobody is called on a permission that can't be asked
            log.error("permission_not_asked", calls=len(claimed), why=str(error))
            allowed = frozenset()
        refused = CarriersEnd(cause=0, dial_status=None, answered=False, by_us=True)
        await self._in_flight.end({one.attempt: refused for one in claimed if one.attempt not in allowed})
        orders = [one for one in claimed if one.attempt in allowed]
        await asyncio.gather(*(self._place(one, limits, self._order_in()) for one in orders))

    def _order_in(self) -> float:
        """When the next order may leave: so many seconds after now, and after the one before it."""
        now = asyncio.get_running_loop().time()
        self._ordered_at = max(now, self._ordered_at + ORDER_SECONDS)
        return self._ordered_at - now

    async def _place(self, one: Claimed, limits: Limits, after: float) -> None:
        """One order to the carrier, after so many seconds; whatever happens, never a second."""
        order = PlaceCall(
            attempt=one.attempt,
            e164=one.e164,
            entry=one.entry,
            ring_seconds=limits.ring_seconds,
            caller_id=one.rules.caller_id or limits.caller_id,
            longest_seconds=limits.longest_seconds,
            fallback=one.language,
        )
        try:
            await asyncio.sleep(after)
            await self._carrier.place(order)
        except (CarrierDown, CarrierRefused) as error:
            log.warning("call_not_placed", attempt=one.attempt, why=str(error))
            await self._in_flight.end({one.attempt: CarriersEnd(cause=0, dial_status=None, answered=False)})
        except CarrierUnsure:
            log.error("call_unsure", attempt=one.attempt)
            await self._in_flight.unsure(one.attempt)
        finally:
            self._in_flight.left(one.attempt)

    # -- the end -----------------------------------------------------------------------------------------------

    async def _goodbye(self) -> None:
        """End it now: ringing calls are taken back, conversations say goodbye, what is left is hung up."""
        for attempt in await self._do(self._flight.unanswered, self._in_flight.attempts):
            await self._in_flight.hang_up(attempt)
        await self._line.close()
        for attempt in self._in_flight.attempts:
            await self._in_flight.hang_up(attempt)
        for _ in range(60):
            await self._in_flight.settle()
            if not self._in_flight:
                return
            await asyncio.sleep(LOOK_SECONDS)

    async def _do(self, work: Callable[..., T], *arguments: Any) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._pool, lambda: work(*arguments))

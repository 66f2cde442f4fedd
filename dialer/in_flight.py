"""The calls that are ours: on their way to the carrier, ringing, talking, until everything of them is settled.

What the carrier tells is written in the order in which it was told, all that waits in one unit of work: one by one,
the disk would set the pace.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
from typing import Any, Protocol

import structlog

from dialer.carrier import Carrier, CarrierEvent, Ended, LinkBack, LinkLost, PickedUp, Ringing
from dialer.errors import CarrierDown, CarrierUnsure
from dialer.in_flight_store import FlightBooks
from dialer.outcome import CarriersEnd
from ledger.errors import DatabaseUnusable

log = structlog.get_logger(__name__)

#: Events that are written together.
TOGETHER = 100
#: A database that is away is asked again after this.
AGAIN_SECONDS = 1.0


class Do(Protocol):
    """Runs a piece of database work in the pool."""

    def __call__(self, work: Any, *arguments: Any) -> Awaitable[Any]:
        """`work(*arguments)`, elsewhere."""
        ...


class InFlight:
    """Attempts by uuid, from the commit of their claim to the end of everything."""

    def __init__(self, books: FlightBooks, carrier: Carrier, do: Do) -> None:
        self._books = books
        self._carrier = carrier
        self._do = do
        self._attempts: set[str] = set()
        #: Claimed, but the carrier has not taken the order yet: it can't know of them.
        self._leaving: set[str] = set()
        self._by_us: set[str] = set()
        #: Those of them of which the carrier has told the end: they take no line, but are not settled yet.
        self._hung_up: set[str] = set()
        self._freed = asyncio.Event()
        #: We hear the carrier.
        self.link_up = False
        #: Held while claims are committed and entered here: a reconciler that came between would not know them.
        self.claiming = asyncio.Lock()

    def __len__(self) -> int:
        return len(self._attempts)

    def lines_taken(self, lines: int) -> int:
        """How many of so many lines are not free: calls at the carrier or on their way there.

        Ended calls that still wait for the books take none, up to as many as there are lines: else we would place
        calls faster than their ends can be written.
        """
        return len(self._attempts) - min(len(self._hung_up), lines)

    @property
    def attempts(self) -> tuple[str, ...]:
        """All of them."""
        return tuple(self._attempts)

    def claimed(self, attempts: Sequence[str]) -> None:
        """These are ours now; their orders leave next."""
        self._attempts.update(attempts)
        self._leaving.update(attempts)

    def left(self, attempt: str) -> None:
        """The carrier has its order, or never will."""
        self._leaving.discard(attempt)

    async def freed(self, seconds: float) -> None:
        """Wait until a line became free since the last wait, but no longer than this."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self._freed.wait()
        self._freed.clear()

    def _over(self, attempts: Collection[str]) -> None:
        if attempts:
            self._attempts.difference_update(attempts)
            self._hung_up.difference_update(attempts)
            self._freed.set()

    async def listen(self) -> None:
        """Hear the carrier, for as long as it tells."""
        told: asyncio.Queue[CarrierEvent] = asyncio.Queue()
        writing = asyncio.create_task(self._write(told))
        try:
            async for event in self._carrier.events():
                told.put_nowait(event)
                if isinstance(event, Ended) and event.attempt in self._attempts:
                    self._hung_up.add(event.attempt)
                    self._freed.set()
        finally:
            writing.cancel()
            await asyncio.gather(writing, return_exceptions=True)

    async def _write(self, told: asyncio.Queue[CarrierEvent]) -> None:
        loop = asyncio.get_running_loop()
        while True:
            events = [await told.get()]
            while not told.empty() and len(events) < TOGETHER:
                events.append(told.get_nowait())
            begun = loop.time()
            await self._surely(self._take, events)
            await asyncio.sleep(loop.time() - begun)  # what is told meanwhile goes together, and others may write

    async def _surely(self, write: Callable[..., Awaitable[None]], *what: Any) -> None:
        """Write it, however long the database is away; what is told meanwhile waits."""
        while True:
            try:
                await write(*what)
            except DatabaseUnusable as error:
                log.error("carrier_not_written", why=str(error))
                await asyncio.sleep(AGAIN_SECONDS)
            else:
                return

    async def _take(self, events: Sequence[CarrierEvent]) -> None:
        """Moves and ends together; a change of the link only after all that was told before it."""
        since = 0
        for n, event in enumerate(events):
            if isinstance(event, LinkLost | LinkBack):
                await self._of_calls(events[since:n])
                since = n + 1
                if isinstance(event, LinkBack):
                    await self._reconcile(event.alive)
                self.link_up = isinstance(event, LinkBack)
        await self._of_calls(events[since:])

    async def _of_calls(self, events: Sequence[CarrierEvent]) -> None:
        ringing = [event.attempt for event in events if isinstance(event, Ringing)]
        picked_up = [event.attempt for event in events if isinstance(event, PickedUp)]
        ends = {
            event.attempt: CarriersEnd(
                cause=event.cause,
                dial_status=event.dial_status,
                answered=event.answered,
                line_lost=event.line_lost,
                by_us=event.attempt in self._by_us and not event.answered,
                lost=event.lost,
            )
            for event in events
            if isinstance(event, Ended)
        }
        if ringing or picked_up or ends:
            await self._surely(self._told, ringing, picked_up, ends)

    async def end(self, ends: Mapping[str, CarriersEnd]) -> None:
        """The carrier's part of these is over: written when this returns."""
        if ends:
            await self._surely(self._told, (), (), ends)

    async def _told(self, ringing: Sequence[str], picked_up: Sequence[str], ends: Mapping[str, CarriersEnd]) -> None:
        over = await self._do(self._books.told, ringing, picked_up, ends)
        self._by_us.difference_update(ends)
        self._leaving.difference_update(ends)
        self._over(over)

    async def unsure(self, attempt: str) -> None:
        """Nobody knows whether it rings: it counts as called."""
        await self._surely(self._do, self._books.lost, attempt)

    async def settle(self) -> None:
        """Those whose talk has ended since the carrier's end, or will not end by itself."""
        self._over(await self._do(self._books.settle_all))

    async def hang_up(self, attempt: str) -> None:
        """Ask the carrier to end it."""
        self._by_us.add(attempt)
        try:
            await self._carrier.hang_up(attempt)
        except (CarrierDown, CarrierUnsure) as error:
            log.error("hang_up_failed", attempt=attempt, why=str(error))

    async def _reconcile(self, alive: frozenset[str]) -> None:
        """What we thought live and the carrier does not hold has ended unseen; what it holds is ours to go on with."""
        async with self.claiming:
            standing = set(await self._do(self._books.live_attempts)) - self._leaving
            self._attempts |= standing & alive
            gone = CarriersEnd(cause=0, dial_status=None, answered=False, lost=True)
            await self.end(dict.fromkeys(standing - alive, gone))

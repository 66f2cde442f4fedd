"""An `AsteriskCarrier` on a link to a manager interface that a test plays."""

from __future__ import annotations

import asyncio
import contextlib
import uuid
from collections.abc import AsyncIterator, Callable

from dialer.ami_link import AmiAddress, AmiLink, AmiTiming
from dialer.asterisk_carrier import AsteriskCarrier
from dialer.carrier import CarrierEvent, Ended, LinkBack, PlaceCall
from phone.ami_server import AmiServer

USER, SECRET = "beltoon", "between us"
NUMBER = "+3225550101"
#: A link that loses patience before a test does.
HASTY = AmiTiming(answer=0.3, ping=0.1, fresh=0.5, pauses=(0.02, 0.1))
#: A link that is never asked anything while a test runs.
CALM = AmiTiming(ping=60.0, pauses=(0.02, 0.1))


def address_of(server: AmiServer, secret: str = SECRET) -> AmiAddress:
    return AmiAddress("127.0.0.1", server.port, USER, secret)


def order(number: str = NUMBER, **more: str | float) -> PlaceCall:
    """A call as the dialer orders it, for a fresh attempt."""
    given: dict[str, object] = {
        "attempt": str(uuid.uuid4()),
        "entry": str(uuid.uuid4()),
        "ring_seconds": 25.0,
        "caller_id": None,
        "longest_seconds": 900.0,
        "fallback": "nl-BE",
    }
    return PlaceCall(e164=number, **(given | more))  # type: ignore[arg-type]


class Told:
    """All that a carrier told, and waiting for it."""

    def __init__(self) -> None:
        self.events: list[CarrierEvent] = []
        self._more = asyncio.Event()

    async def hear(self, events: AsyncIterator[CarrierEvent]) -> None:
        async for event in events:
            self.events.append(event)
            self._more.set()

    async def until(self, wanted: Callable[[CarrierEvent], bool], within: float = 5.0) -> CarrierEvent:
        """The first event of that kind. Raises TimeoutError."""
        async with asyncio.timeout(within):
            while True:
                for event in self.events:
                    if wanted(event):
                        return event
                self._more.clear()
                await self._more.wait()

    async def end_of(self, attempt: str, within: float = 5.0) -> Ended:
        event = await self.until(lambda e: isinstance(e, Ended) and e.attempt == attempt, within)
        assert isinstance(event, Ended)
        return event

    def about(self, attempt: str) -> list[CarrierEvent]:
        """What was told of one attempt, in order."""
        return [event for event in self.events if getattr(event, "attempt", None) == attempt]

    def count(self, kind: type[CarrierEvent]) -> int:
        return sum(isinstance(event, kind) for event in self.events)


class Stage:
    """A link, a carrier on it, and what it told."""

    def __init__(self, server: AmiServer, timing: AmiTiming, sweep_seconds: float) -> None:
        self.server = server
        self.link = AmiLink(address_of(server), timing)
        self.carrier = AsteriskCarrier(self.link, sweep_seconds=sweep_seconds)
        self.told = Told()

    async def placed(self) -> str:
        """An attempt that the carrier has taken."""
        call = order()
        await self.carrier.place(call)
        return call.attempt


@contextlib.asynccontextmanager
async def stage(server: AmiServer, timing: AmiTiming = CALM, sweep_seconds: float = 60.0) -> AsyncIterator[Stage]:
    """A carrier that is up, and listened to."""
    here = Stage(server, timing, sweep_seconds)
    await here.link.start()
    hearing = asyncio.create_task(here.told.hear(here.carrier.events()))
    try:
        await here.told.until(lambda event: isinstance(event, LinkBack))
        yield here
    finally:
        await here.link.close()
        async with asyncio.timeout(2):
            await hearing

"""A carrier without a telephone network: each number does what its script says, and every order is written down.

`FakeCarrier({"+3225550101": Busy(), "+3225550102": Answers(after=2.0)})` keeps the same contract as `AsteriskCarrier`
(tests/contract). Its `ledger` is the oracle: what the carrier was asked to do, whatever our own books say.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from dataclasses import dataclass

from dialer.carrier import CarrierEvent, Ended, LinkBack, LinkLost, PickedUp, PlaceCall, Ringing, check
from dialer.errors import CarrierDown, CarrierRefused, CarrierUnsure


@dataclass(frozen=True)
class Unanswered:
    """Nobody picks up: after ringing so long (seconds; 0: it never rings) the network says why, as a Q.850 cause."""

    cause: int
    dial_status: str | None
    after: float = 0.0


def Busy(after: float = 0.0) -> Unanswered:
    """486."""
    return Unanswered(17, "BUSY", after)


def Rejects(after: float = 0.0) -> Unanswered:
    """603."""
    return Unanswered(21, "NOANSWER", after)


def Unallocated() -> Unanswered:
    """404."""
    return Unanswered(1, "NOANSWER")


def Congestion() -> Unanswered:
    """503."""
    return Unanswered(34, "CONGESTION")


@dataclass(frozen=True)
class NeverAnswers:
    """Rings until the ring time is over."""


@dataclass(frozen=True)
class Answers:
    """Picks up after ringing so long (seconds), and hangs up after talking so long; None: waits for our end."""

    after: float = 0.0
    talks: float | None = 1.0
    #: What happens on the line, in place of `talks`: they hang up when it returns.
    on_line: Callable[[PlaceCall], Awaitable[None]] | None = None
    #: Our line was away: the neutral sentence was heard, and told.
    line_lost: bool = False


@dataclass(frozen=True)
class LostOrder:
    """The order is taken, but its answer is lost (`CarrierUnsure`): the telephone rings, and goes on as told."""

    then: Unanswered | NeverAnswers | Answers = NeverAnswers()


@dataclass(frozen=True)
class LinkCut:
    """As `LostOrder`, because the link is cut in that moment; it is back after so many seconds."""

    then: Unanswered | NeverAnswers | Answers = NeverAnswers()
    down: float = 1.0


@dataclass(frozen=True)
class RefusedOrder:
    """The carrier refuses the order: no telephone rings."""


Life = Unanswered | NeverAnswers | Answers
Script = Life | LostOrder | LinkCut | RefusedOrder


@dataclass(frozen=True)
class Ordered:
    """One order that reached the carrier. `taken`: the number was rung for it."""

    call: PlaceCall
    taken: bool


@dataclass
class _Live:
    call: PlaceCall
    life: asyncio.Task[None]
    status: str | None = None
    answered: bool = False
    #: What was told of it; what was not, because the link was down, is told when it is back.
    told_answer: bool = False
    line_lost: bool = False


class FakeCarrier:
    """The `Carrier` port, played from scripts; a number without one does not exist. `pace`: real seconds a second."""

    name = "fake"

    def __init__(self, scripts: Mapping[str, Script], pace: float = 1.0) -> None:
        self.scripts = dict(scripts)
        #: Every order that left us, in order.
        self.ledger: list[Ordered] = []
        #: Every attempt that we asked to end, in order.
        self.hung_up: list[str] = []
        self._pace = pace
        self._up = True
        self._live: dict[str, _Live] = {}
        self._told: asyncio.Queue[CarrierEvent] = asyncio.Queue()
        self._told.put_nowait(LinkBack(frozenset()))
        self._mending: set[asyncio.Task[None]] = set()

    def rang(self, e164: str) -> int:
        """How often this number was rung."""
        return sum(order.taken and order.call.e164 == e164 for order in self.ledger)

    def cut_link(self) -> None:
        """The link is lost; calls go on unheard."""
        if self._up:
            self._up = False
            self._told.put_nowait(LinkLost())

    def mend_link(self) -> None:
        """The link is back: who is still there is told, and who was answered meanwhile."""
        self._up = True
        self._told.put_nowait(LinkBack(frozenset(self._live)))
        for attempt, live in self._live.items():
            self._answer(attempt, live)

    # -- the port ----------------------------------------------------------------------------------------------

    async def place(self, call: PlaceCall) -> None:
        """Take the order as the number's script says; raises as `Carrier.place`."""
        await asyncio.sleep(0)
        check(call)
        if any(order.call.attempt == call.attempt and order.taken for order in self.ledger):
            raise CarrierRefused("This attempt was placed before; it is never placed again")
        if not self._up:
            raise CarrierDown("The link to the carrier is down; no call is placed until it is back")
        script = self.scripts.get(call.e164, Unallocated())
        self.ledger.append(Ordered(call, taken=not isinstance(script, RefusedOrder)))
        if isinstance(script, RefusedOrder):
            raise CarrierRefused("The carrier refuses this order")
        life = script.then if isinstance(script, (LostOrder, LinkCut)) else script
        self._live[call.attempt] = _Live(call, asyncio.create_task(self._play(call, life)))
        if isinstance(script, LinkCut):
            self.cut_link()
            task = asyncio.create_task(self._mend_after(script.down))
            self._mending.add(task)
            task.add_done_callback(self._mending.discard)
        if isinstance(script, (LostOrder, LinkCut)):
            raise CarrierUnsure("The carrier did not answer")

    async def hang_up(self, attempt: str) -> None:
        """End it, if it lives. Raises `CarrierDown`."""
        await asyncio.sleep(0)
        if not self._up:
            raise CarrierDown("The link to the carrier is down")
        self.hung_up.append(attempt)
        live = self._live.get(attempt)
        if live is not None:
            live.life.cancel()
            self._end(attempt, 16)

    async def alive(self) -> frozenset[str]:
        """The attempts that ring or talk. Raises `CarrierDown`."""
        await asyncio.sleep(0)
        if not self._up:
            raise CarrierDown("The carrier does not say which calls it holds")
        return frozenset(self._live)

    async def events(self) -> AsyncIterator[CarrierEvent]:
        """What happens, in order; for ever."""
        while True:
            yield await self._told.get()

    # -- the network -------------------------------------------------------------------------------------------

    async def _play(self, call: PlaceCall, life: Life) -> None:
        await asyncio.sleep(0)
        live = self._live[call.attempt]
        rings = call.ring_seconds if isinstance(life, NeverAnswers) else life.after
        if rings:
            self._tell(Ringing(call.attempt))
            await self._pass(min(rings, call.ring_seconds))
        if rings >= call.ring_seconds:
            self._end(call.attempt, 19)
            return
        if isinstance(life, Unanswered):
            live.status = life.dial_status
            self._end(call.attempt, life.cause)
            return
        assert isinstance(life, Answers)  # noqa: S101
        live.status, live.answered, live.line_lost = "ANSWER", True, life.line_lost
        self._answer(call.attempt, live)
        if life.on_line is not None:
            await life.on_line(call)
        elif life.talks is None:
            await self._pass(call.longest_seconds)
        else:
            await self._pass(min(life.talks, call.longest_seconds))
        self._end(call.attempt, 16)

    def _answer(self, attempt: str, live: _Live) -> None:
        if self._up and live.answered and not live.told_answer:
            live.told_answer = True
            self._tell(PickedUp(attempt))

    def _end(self, attempt: str, cause: int) -> None:
        live = self._live.pop(attempt, None)
        if live is not None:
            self._tell(Ended(attempt, cause, live.status, live.answered, live.line_lost))

    def _tell(self, event: CarrierEvent) -> None:
        if self._up:
            self._told.put_nowait(event)

    async def _pass(self, seconds: float) -> None:
        await asyncio.sleep(seconds * self._pace)

    async def _mend_after(self, seconds: float) -> None:
        await self._pass(seconds)
        self.mend_link()

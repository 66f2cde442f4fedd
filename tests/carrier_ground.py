"""The two worlds in which a carrier keeps its promises: scripts that are played, and a telephone at a real trunk."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable, Mapping
from typing import Protocol

from ami_relay import Relay
from ami_stage import Told
from asterisk_calls import Line, resets
from asterisk_fixture import OurAsteriskPair
from dialer.ami_link import AmiAddress, AmiLink, AmiTiming
from dialer.asterisk_carrier import AsteriskCarrier
from dialer.carrier import Carrier, LinkBack, LinkLost, PickedUp, Ringing
from dialer.ports import pick_ports
from dialer.testing import Answers, FakeCarrier, Life, LinkCut, NeverAnswers, Script, Unanswered
from phone import IncomingCall, Phone
from phone.phone import Persona

#: The status by which a telephone tells the network's cause (RFC 3398).
STATUS = {17: 486, 21: 603, 1: 404, 34: 503}


class Ground(Protocol):
    """A carrier, and the world behind it."""

    carrier: Carrier
    told: Told

    def script(self, scripts: Mapping[str, Script]) -> None: ...
    def rang(self, number: str) -> int: ...
    def cut(self) -> None: ...
    def mend(self) -> None: ...
    def lose_next_answer(self) -> None: ...


class FakeGround:
    def __init__(self) -> None:
        self.fake = FakeCarrier({})
        self.carrier: Carrier = self.fake
        self.told = Told()
        self._loses = False

    def script(self, scripts: Mapping[str, Script]) -> None:
        self.fake.scripts = dict(scripts)

    def rang(self, number: str) -> int:
        return self.fake.rang(number)

    def cut(self) -> None:
        self.fake.cut_link()

    def mend(self) -> None:
        self.fake.mend_link()

    def lose_next_answer(self) -> None:
        lives: dict[str, Life] = {n: s for n, s in self.fake.scripts.items() if isinstance(s, Life)}
        self.fake.scripts = {number: LinkCut(life, down=0.2) for number, life in lives.items()}


class AsteriskGround:
    def __init__(self, carrier: Carrier, told: Told, relay: Relay) -> None:
        self.carrier, self.told, self.relay, self.line = carrier, told, relay, Line(after=0.0)
        self._scripts: dict[str, Script] = {}
        self.phone: Phone | None = None

    def script(self, scripts: Mapping[str, Script]) -> None:
        self._scripts = dict(scripts)
        away = any(isinstance(script, Answers) and script.line_lost for script in scripts.values())
        self.line.ending = resets if away else None

    def persona(self, number: str) -> Persona | None:
        """Who plays this script at the telephone."""
        script = self._scripts.get(number)

        async def play(call: IncomingCall) -> None:
            if isinstance(script, Unanswered):
                if script.after:
                    await call.ring(script.after)
                await call.reject(STATUS[script.cause])
            elif isinstance(script, NeverAnswers):
                await call.ring_for_ever()
            elif isinstance(script, Answers):
                await call.answer(script.after)
                if script.talks is not None:
                    await call.wait(script.talks)
                    await call.hang_up()

        return None if script is None else play

    def rang(self, number: str) -> int:
        assert self.phone is not None
        return len(self.phone.log.to(number))

    def cut(self) -> None:
        self.relay.cut()

    def mend(self) -> None:
        self.relay.mend()

    def lose_next_answer(self) -> None:
        self.relay.loses_answer_of = b"Action: Originate"


def is_(kind: type[LinkLost] | type[LinkBack]) -> Callable[[object], bool]:
    return lambda event: isinstance(event, kind)


@contextlib.asynccontextmanager
async def fake_ground() -> AsyncIterator[FakeGround]:
    ground = FakeGround()
    hearing = asyncio.create_task(ground.told.hear(ground.carrier.events()))
    await ground.told.until(is_(LinkBack))
    yield ground
    hearing.cancel()


@contextlib.asynccontextmanager
async def asterisk_ground(our: OurAsteriskPair) -> AsyncIterator[AsteriskGround]:
    relay = Relay(pick_ports(1), our.ports.ami)
    link = AmiLink(AmiAddress("127.0.0.1", relay.port, our.ami.user, our.ami.secret), AmiTiming(pauses=(0.05, 0.1)))
    told, carrier = Told(), AsteriskCarrier(link)
    ground = AsteriskGround(carrier, told, relay)
    async with (
        relay.running(),
        ground.line.listening(our.ports.audiosocket),
        our.trunk_phone(ground.persona) as ground.phone,
    ):
        await link.start()
        hearing = asyncio.create_task(told.hear(carrier.events()))
        try:
            await told.until(is_(LinkBack))
            yield ground
        finally:
            for attempt in await carrier.alive() if link.up else ():
                await carrier.hang_up(attempt)
            await link.close()
            await hearing


async def ringing(ground: Ground, attempt: str) -> None:
    await ground.told.until(lambda e: e == Ringing(attempt))


async def picked_up(ground: Ground, attempt: str) -> None:
    await ground.told.until(lambda e: e == PickedUp(attempt))

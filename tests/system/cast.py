"""Who plays what at the telephones of one test, and what the network saw of it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from heard import heard
from house import Debtor, House
from talker import Talker

from phone import IncomingCall, Phone

Play = Callable[[IncomingCall, Talker], Awaitable[None]]


class Cast:
    """Each person's part; their calls by number."""

    def __init__(self, *parts: tuple[Debtor, Play]) -> None:
        self._parts = {who.number: (who, play) for who, play in parts}
        self.calls: dict[str, IncomingCall] = {}

    def __call__(self, number: str) -> Callable[[IncomingCall], Awaitable[None]] | None:
        if number not in self._parts:
            return None
        who, play = self._parts[number]

        async def persona(call: IncomingCall) -> None:
            self.calls[number] = call
            await play(call, Talker(call, who.customer))

        return persona

    def of(self, who: Debtor) -> IncomingCall:
        return self.calls[who.number]

    def heard(self, who: Debtor, key: str, nth: int = 0) -> bool:
        """Has this person heard the nth sentence of a prompt?"""
        return heard(self.of(who).record(), key, nth=nth)


async def promises(call: IncomingCall, talker: Talker) -> None:
    """The whole way, until the confirmation has been heard."""
    await call.answer()
    await talker.promise()
    await call.wait(2.0)
    await call.hang_up()


async def hangs_up_at_once(call: IncomingCall, talker: Talker) -> None:
    await call.answer()
    await call.wait_for_voice()
    await call.hang_up()


async def is_busy(call: IncomingCall, talker: Talker) -> None:
    await call.reject(486)


def listens(place: str) -> Play:
    """Get to a question, and stay on the line to the end."""

    async def play(call: IncomingCall, talker: Talker) -> None:
        await call.answer()
        await talker.reach(place)
        await call.until_over(90.0)

    return play


def rings(seconds: float, then: Play) -> Play:
    async def play(call: IncomingCall, talker: Talker) -> None:
        await call.ring(seconds)
        await then(call, talker)

    return play


async def never_answers(call: IncomingCall, talker: Talker) -> None:
    await call.ring_for_ever()


def nobody_was_called_twice(phone: Phone, house: House) -> None:
    """Every call of the network has one attempt, and each attempt at most one call."""
    assert set(phone.log.times_called().values()) <= {1}
    attempts = {row["e164"] for row in house.rows("SELECT e164 FROM attempt")}
    assert set(phone.log.times_called()) <= attempts

"""The port of a carrier: it is asked to place and end calls, and tells what became of them."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Protocol

from dialer.errors import CarrierRefused

#: A number in E.164; a uuid of ours; what may name a sentence's file.
E164 = re.compile(r"\+[1-9][0-9]{5,14}", re.ASCII)
UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
SENTENCE = re.compile(r"[A-Za-z-]{0,20}")


@dataclass(frozen=True)
class PlaceCall:
    """Ring one number for one attempt. `attempt` names the call at the carrier, so that asking twice is seen."""

    attempt: str
    e164: str
    #: The ticket into the line (an AudioSocket UUID).
    entry: str
    ring_seconds: float
    caller_id: str | None
    #: The longest that the whole call may last.
    longest_seconds: float
    #: The file with the neutral sentence that is heard when our server is away.
    fallback: str = "inbound"


@dataclass(frozen=True)
class Ringing:
    """The other side rings."""

    attempt: str


@dataclass(frozen=True)
class PickedUp:
    """The other side has answered."""

    attempt: str


@dataclass(frozen=True)
class Ended:
    """The call is over: with the network's cause (Q.850) and how dialling ended (DialStatus), where told."""

    attempt: str
    cause: int
    dial_status: str | None
    answered: bool
    #: Answered, but our line was away or died: a neutral sentence from a file was heard.
    line_lost: bool = False
    #: No end was told, but the carrier no longer holds it: nobody can tell how it ended. It counts as called.
    lost: bool = False


@dataclass(frozen=True)
class LinkLost:
    """We no longer hear the carrier: place nothing until `LinkBack`."""


@dataclass(frozen=True)
class LinkBack:
    """We hear the carrier again. `alive` are the attempts that it still holds."""

    alive: frozenset[str]


CarrierEvent = Ringing | PickedUp | Ended | LinkLost | LinkBack


def check(call: PlaceCall) -> None:
    """Every carrier's first look at an order. Raises `CarrierRefused` for what may not leave, whoever asked for it:
    a number that is not E.164 (`&` would ring a second one), names that are not ours."""
    if not E164.fullmatch(call.e164) or not (call.caller_id is None or E164.fullmatch(call.caller_id)):
        raise CarrierRefused("Only a number in E.164 is dialled or shown; this one is not")
    if not is_ours(call.attempt) or not UUID.fullmatch(call.entry):
        raise CarrierRefused("Attempts and tickets are uuids; this one is not")
    if not SENTENCE.fullmatch(call.fallback):
        raise CarrierRefused("A sentence is named by letters and dashes; this one is not")


def is_ours(name: str) -> bool:
    """Is this an attempt's name? (Asterisk names its own channels `seconds.n`.)"""
    return UUID.fullmatch(name) is not None


class Carrier(Protocol):
    """Places calls at most once each. Implementations never repeat a call on their own."""

    name: str

    async def place(self, call: PlaceCall) -> None:
        """Ask for the call. Returns when the carrier has taken the order, not when somebody answers.

        Raises `CarrierDown` or `CarrierRefused` when it surely was not placed, `CarrierUnsure` when nobody can know.
        An attempt that was placed before is refused.
        """
        ...

    async def hang_up(self, attempt: str) -> None:
        """End a call, ringing or live. A call that is no more is no error."""
        ...

    async def alive(self) -> frozenset[str]:
        """The attempts that the carrier holds right now. Raises `CarrierDown`."""
        ...

    def events(self) -> AsyncIterator[CarrierEvent]:
        """What happens, in order. Begins with `LinkBack`; a call that ended while the link was lost is not told of."""
        ...

"""The port of a switchboard: it holds our agents' lines, joins callers with them, and tells what becomes of it."""

from __future__ import annotations

import uuid
from collections.abc import AsyncIterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

#: By it the lines of agents are told from calls.
LEG_PREFIX = "agent-"


def new_leg() -> str:
    """A name for a new line."""
    return f"{LEG_PREFIX}{uuid.uuid4()}"


@dataclass(frozen=True)
class OnFloor:
    """An agent's line is held and free: they have signed on, or a talk is over."""

    leg: str


@dataclass(frozen=True)
class Joined:
    """Agent and caller hear each other."""

    leg: str


@dataclass(frozen=True)
class TalkOver:
    """The agent's line is back from a talk, or from a caller who was gone before it began."""

    leg: str


@dataclass(frozen=True)
class LegGone:
    """An agent's line has ended, by whomever."""

    leg: str


@dataclass(frozen=True)
class KeyPressed:
    """An agent whose line is free pressed a key, 1 to 5."""

    leg: str
    key: str


@dataclass(frozen=True)
class CallerGone:
    """A caller who was joined, or was about to be, has hung up. `channel`: the carrier's name of the call."""

    channel: str


class Stand(StrEnum):
    """What a line does."""

    #: It rings, or nobody has pressed the key yet.
    SIGNING_ON = "signing_on"
    FLOOR = "floor"
    #: Joined with somebody.
    JOINED = "joined"


@dataclass(frozen=True)
class BoardLost:
    """We no longer hear the switchboard."""


@dataclass(frozen=True)
class BoardBack:
    """We hear it again; `held` are the lines of agents that it holds, and what each does."""

    held: dict[str, Stand]


BoardEvent = OnFloor | Joined | TalkOver | KeyPressed | LegGone | CallerGone | BoardLost | BoardBack


@dataclass(frozen=True, kw_only=True)
class RingAgent:
    """Ring an agent's telephone; its line is then held under this name."""

    leg: str
    e164: str
    caller_id: str | None
    ring_seconds: float
    #: The file with the sentence that asks for a key.
    sentence: str
    #: The files with what asks, after each talk, whom they had on the line, and what answers a key; empty: silence.
    who_was_it: str = ""
    noted: str = ""


@dataclass(frozen=True, kw_only=True)
class Join:
    """Put a caller through: `whisper`, a file's name, is heard by the agent alone before; empty: nothing."""

    leg: str
    #: The carrier's name of the caller's channel.
    channel: str
    whisper: str
    #: Tickets by which the caller comes back to us: from an agent who is done, or was lost.
    back_done: str
    back_lost: str


class Switchboard(Protocol):
    """Holds agents' lines. Every method raises `CarrierDown`, `CarrierRefused` (it was not done: a line or a caller is
    no more) or `CarrierUnsure`."""

    async def ring(self, order: RingAgent) -> None:
        """Ring their telephone. `OnFloor` tells that a person answered, `LegGone` that nobody did."""
        ...

    async def tell(self, leg: str, whisper: str) -> None:
        """Let an agent hear a file, and hold the line on."""
        ...

    async def join(self, order: Join) -> None:
        """Put a caller through."""
        ...

    async def end_talk(self, leg: str) -> None:
        """As if the agent had ended it: the line stays, and the caller is with us again."""
        ...

    async def follow(self, channel: str) -> bool:
        """Tell of this caller's end (`CallerGone`), who was put through before us. False: there is no such call any
        more."""
        ...

    async def hang_up(self, leg: str) -> None:
        """End an agent's line; one that is no more is no error."""
        ...

    async def held(self) -> dict[str, Stand]:
        """The lines that are held right now, and what each does. Raises `CarrierDown`."""
        ...

    def events(self) -> AsyncIterator[BoardEvent]:
        """What happens, in order. Begins with `BoardBack`."""
        ...

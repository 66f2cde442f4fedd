"""What the switchboard tells becomes rows, in the order in which it was told; and it is asked what it holds."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import structlog

from dialer.agent import AgentEvent
from dialer.agent_word import KEYS
from dialer.errors import CarrierDown, CarrierError
from dialer.floor_store import FloorBooks
from dialer.switchboard import (
    BoardBack,
    BoardEvent,
    BoardLost,
    CallerGone,
    Joined,
    KeyPressed,
    LegGone,
    OnFloor,
    Stand,
    Switchboard,
    TalkOver,
)
from ledger.errors import DatabaseUnusable

log = structlog.get_logger(__name__)

#: A database that is away is asked again after this.
AGAIN_SECONDS = 1.0
#: What is held was asked at most so long ago, and agents who were moved since stand as their rows say.
SETTLED = timedelta(seconds=15)


class FloorEar:
    """The floor's ear on its switchboard. `up`: we hear it."""

    def __init__(self, books: FloorBooks, board: Switchboard) -> None:
        self._books = books
        self._board = board
        self.up = False

    async def listen(self) -> None:
        """Hear the switchboard, for as long as it tells."""
        async for event in self._board.events():
            while True:
                try:
                    await self._take(event)
                except DatabaseUnusable as error:
                    log.error("floor_not_written", why=str(error))
                    await asyncio.sleep(AGAIN_SECONDS)
                except Exception:  # the switchboard is asked again and again what it holds
                    log.exception("floor_event_failed")
                    break
                else:
                    break

    async def _take(self, event: BoardEvent) -> None:
        match event:
            case OnFloor(leg):
                await _do(self._books.move, leg, AgentEvent.ON_FLOOR)
            case Joined(leg):
                await _do(self._books.joined, leg)
            case TalkOver(leg):
                await self._see_to_caller(leg)
                await _do(self._books.talk_over, leg)
            case KeyPressed(leg, key):
                await _do(self._books.said, leg, KEYS[key])
            case LegGone(leg):
                await _do(self._books.leg_gone, leg)
            case CallerGone(channel):
                await _do(self._books.caller_gone, channel)
            case BoardBack(held):
                await self._reconcile(held)
                self.up = True
            case BoardLost():
                self.up = False

    async def _see_to_caller(self, leg: str) -> None:
        """A line that is back before anybody was heard: the caller had gone, or waits on."""
        channel = await _do(self._books.channel_of, leg)
        if channel is not None:
            with contextlib.suppress(CarrierError):
                if not await self._board.follow(channel):
                    await _do(self._books.caller_gone, channel)

    async def ask(self) -> None:
        """Ask it what it holds: an event may have been lost."""
        if self.up:
            with contextlib.suppress(CarrierDown):
                await self._reconcile(await self._board.held(), SETTLED)

    async def _reconcile(self, held: Mapping[str, Stand], settled: timedelta = timedelta()) -> None:
        """Nobody's line is ended; a caller who went while we could not hear is seen to."""
        for leg in await _do(self._books.reconcile, held, settled):
            with contextlib.suppress(CarrierError):
                await self._board.hang_up(leg)
        for channel in await _do(self._books.with_agents):
            with contextlib.suppress(CarrierError):
                if not await self._board.follow(channel):
                    await _do(self._books.caller_gone, channel)


async def _do(work: Any, *arguments: Any) -> Any:
    return await asyncio.to_thread(work, *arguments)

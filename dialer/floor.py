"""The floor: our agents' lines are rung, held, and joined with who waits; beside the dialer, on the same Asterisk.

What is wanted of agents and who waits for them are rows; what the switchboard tells becomes rows. In between everything
is decided by `dialer.agent`.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections import defaultdict
from collections.abc import Coroutine
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import structlog

from dialer.agent import Agent, AgentEvent, AgentState, Deed, Waiting, deed, whom_to_join
from dialer.errors import CarrierDown, CarrierError, CarrierRefused
from dialer.floor_ear import FloorEar
from dialer.floor_store import FloorBooks, FloorLook
from dialer.handover_store import PutThrough
from dialer.switchboard import Join, RingAgent, Switchboard, new_leg
from dialer.whisper import Whispers
from ledger.errors import DatabaseUnusable

log = structlog.get_logger(__name__)

#: How often we look for a signal, how often without one, and how often the switchboard is asked (seconds).
LOOK_SECONDS, SWEEP_SECONDS, ASK_SECONDS = 0.05, 1.0, 20.0
#: An agent's telephone rings so long (seconds).
RING_SECONDS = 30.0
_OF_DEED = {Deed.WRAPPED_UP: AgentEvent.WRAPPED_UP, Deed.PAUSE: AgentEvent.PAUSED, Deed.BACK: AgentEvent.BACK}
#: In which language an agent is asked for keys, by their first language.
_VOICES = {"nl": "nl-BE", "fr": "fr-BE", "de": "de", "en": "en"}


@dataclass(frozen=True, kw_only=True)
class FloorTerms:
    """What the settings say about agents' lines."""

    caller_id: str | None
    #: The longest that somebody may talk with an agent (seconds).
    longest_seconds: float


class Floor:
    """The agents of one dialer. `run` until cancelled; `close` signs them off."""

    def __init__(self, books: FloorBooks, board: Switchboard, whispers: Whispers, terms: FloorTerms) -> None:
        self._books = books
        self._board = board
        self._whispers = whispers
        self._terms = terms
        self._ear = FloorEar(books, board)
        self._talks = False
        #: Calls that are just being put through, and those of which an agent was told (line, call).
        self._joining: set[str] = set()
        self._told: set[tuple[str, str]] = set()
        #: A line is moved by one of us at a time; and calls for which it was moved for good: a name that was rendered
        #: late would take the agent out of the talk again.
        self._moving: dict[str, asyncio.Lock] = defaultdict(asyncio.Lock)
        self._moved: set[str] = set()
        #: Calls that this switchboard does not hold: another dialer's.
        self._elsewhere: set[str] = set()
        self._tasks: set[asyncio.Task[None]] = set()

    async def run(self) -> None:
        """Serve, for as long as it is let."""
        hearing = asyncio.create_task(self._ear.listen())
        loop = asyncio.get_running_loop()
        swept = asked = 0.0
        try:
            while True:
                try:
                    now = loop.time()
                    if await self._do(self._books.changed) or now - swept > SWEEP_SECONDS:
                        swept = now
                        await self._look()
                    if now - asked > ASK_SECONDS:
                        asked = now
                        await self._ear.ask()
                except DatabaseUnusable:
                    await asyncio.sleep(SWEEP_SECONDS)
                except Exception:  # rows say it all: whatever broke, we look again
                    log.exception("floor_look_failed")
                    await asyncio.sleep(SWEEP_SECONDS)
                await asyncio.sleep(LOOK_SECONDS)
        finally:
            for task in (hearing, *self._tasks):
                task.cancel()
            await asyncio.gather(hearing, *self._tasks, return_exceptions=True)

    @property
    def talking(self) -> bool:
        """Somebody talks with one of our people."""
        return self._talks

    async def close(self) -> None:
        """Every line ends, and its agent is signed off: nobody's telephone rings at the next start."""
        with contextlib.suppress(CarrierError):
            for leg in await self._board.held():
                await self._board.hang_up(leg)
        with contextlib.suppress(DatabaseUnusable):
            await self._do(self._books.sign_off_all)
        self._books.close()

    # -- what is to be done ------------------------------------------------------------------------------------

    async def _look(self) -> None:
        await self._do(self._books.free_kept_in_vain)
        await self._do(self._books.settle_served)
        seen: FloorLook = await self._do(self._books.look)
        self._talks = any(agent.state is AgentState.TALKING for agent in seen.agents)
        if not self._ear.up:
            return
        for agent in seen.to_ring:
            await self._ring(agent)
        longest = timedelta(seconds=self._terms.longest_seconds)
        for agent in seen.agents:
            if (now := deed(agent, seen.now, longest)) is not None:
                await self._obey(agent, now)
        waiting = [w for w in seen.waiting if w.call not in self._joining | self._elsewhere]
        for one, agent in whom_to_join(waiting, seen.agents):
            self._joining.add(one.call)
            self._spawn(self._put_through(one, agent))
        awaited = {w.call for w in seen.waiting}
        for agent in seen.agents:
            if agent.state is AgentState.RESERVED and agent.call not in self._joining | awaited:
                self._tell_who(agent)
        over = self._told - {(a.leg, a.call) for a in seen.agents if a.leg and a.call}
        self._told -= over
        for _, call in over:
            self._spawn(self._do(self._whispers.forget, call))
        self._elsewhere &= awaited
        self._moved &= {a.call for a in seen.agents if a.call} | self._joining
        for leg in self._moving.keys() - {a.leg for a in seen.agents}:
            del self._moving[leg]

    async def _ring(self, agent: Agent) -> None:
        leg = new_leg()
        if not await self._do(self._books.rung, agent, leg):
            return
        language = _VOICES.get(agent.languages[0], "en")
        order = RingAgent(
            leg=leg,
            e164=agent.phone,
            caller_id=self._terms.caller_id,
            ring_seconds=RING_SECONDS,
            sentence=f"agent-{language}",
            who_was_it=f"agent-who-{language}",
            noted=f"agent-noted-{language}",
        )
        try:
            await self._board.ring(order)
        except (CarrierDown, CarrierRefused) as error:
            log.error("agent_not_rung", agent=agent.name, why=str(error))
            await self._do(self._books.leg_gone, leg)
        except CarrierError:  # perhaps it rings: the switchboard will be asked
            log.error("agent_perhaps_rung", agent=agent.name)

    async def _obey(self, agent: Agent, now: Deed) -> None:
        assert agent.leg is not None  # noqa: S101 - these are agents with a line
        if now is Deed.HANG_UP:
            with contextlib.suppress(CarrierError):  # the next look tries again
                await self._board.hang_up(agent.leg)
        elif now is Deed.END_TALK:
            with contextlib.suppress(CarrierError):
                await self._board.end_talk(agent.leg)
        else:
            await self._do(self._books.move, agent.leg, _OF_DEED[now])

    def _tell_who(self, agent: Agent) -> None:
        """Whom they are kept for, while the telephone rings."""
        if agent.leg and agent.call and (agent.leg, agent.call) not in self._told:
            self._told.add((agent.leg, agent.call))
            self._spawn(self._whisper(agent.leg, agent.call))

    async def _whisper(self, leg: str, call: str) -> None:
        told = await self._do(self._books.told, call)
        if told is None:
            self._told.discard((leg, call))
            return
        name = await self._do(lambda: self._whispers.made(told, call, waits=False))
        async with self._moving[leg]:
            if name and call not in self._moved:
                with contextlib.suppress(CarrierError):
                    await self._board.tell(leg, name)

    async def _put_through(self, one: Waiting, agent: Agent) -> None:
        try:
            put: PutThrough | None = await self._do(self._books.take, one, agent)
            if put is None:
                return
            whisper = ""
            if (put.leg, put.call) not in self._told and (told := await self._do(self._books.told, put.call)):
                whisper = await self._do(lambda: self._whispers.made(told, put.call, waits=True))
                self._told.add((put.leg, put.call))
            await self._join(put, whisper)
        finally:
            self._joining.discard(one.call)

    async def _join(self, put: PutThrough, whisper: str) -> None:
        order = Join(
            leg=put.leg,
            channel=put.channel,
            whisper=whisper,
            back_done=put.back_done,
            back_lost=put.back_lost,
        )
        try:
            async with self._moving[put.leg]:
                self._moved.add(put.call)
                await self._board.join(order)
        except CarrierRefused as error:
            log.warning("not_put_through", call=put.call, why=str(error))
            self._elsewhere.add(put.call)
            await self._do(self._books.not_joined, put)
        except CarrierError as error:  # nobody can know: the switchboard will be asked
            log.error("perhaps_put_through", call=put.call, why=str(error))

    # -- inside ------------------------------------------------------------------------------------------------

    async def _do(self, work: Any, *arguments: Any) -> Any:
        return await asyncio.to_thread(work, *arguments)

    def _spawn(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._done)

    def _done(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        if not task.cancelled() and task.exception() is not None:
            log.error("floor_failed", exc_info=task.exception())

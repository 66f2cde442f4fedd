"""Keeps the child that hears one language: starts it when an ear is needed, starts it anew when it dies or hangs.

A native crash costs the ear whose sound was in work. All others move to a fresh child, which hears once more what they
heard of late; what a caller's ear has told already is not told twice. Where nobody knows of which sound a child died
(it was killed, or had no memory left), the ears in work are suspected: each is tried once more, one by one.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections import deque
from collections.abc import Sequence

import structlog

from voices.ear_table import WorkNotes
from voices.ear_wire import LONGEST_ANSWER, Garbled, Kind, Message, Reader, event_of, opening
from voices.ears import EarHealth, Listening, Lost, Tell
from voices.engines import Engine
from voices.kept_ear import KeptEar

log = structlog.get_logger(__name__)

#: A child that is fed and gives no sign for so long, or works on one piece for so long, hangs.
SILENT_SECONDS = 2.0
_LOOK_SECONDS = 0.25
#: The largest models take half a minute to load.
START_SECONDS = 60.0
#: So many deaths within a minute, and the language has to do without ears for another minute.
MOST_DEATHS, REST_SECONDS = 5, 60.0
#: A child that does not read is soon killed; until then no more than this waits for it (bytes).
_MOST_UNREAD = 4_000_000
_PIECE = 65_536
#: Suspects are tried so far apart that each is in work alone.
_APART_SECONDS = 0.5


class EarKeeper:
    """One engine of one language. Used on the loop alone."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self.health = EarHealth.IDLE
        #: How many ears the engine can serve in time; None as long as it was not measured.
        self.most: int | None = None
        self.ears: dict[int, KeptEar] = {}
        self._numbers = 0
        self._task: asyncio.Task[None] | None = None
        self._child: asyncio.subprocess.Process | None = None
        self._pending = bytearray()
        self._hung: frozenset[int] = frozenset()
        self._refused = False
        self._missing: set[str] = set()
        self._deaths: deque[float] = deque(maxlen=MOST_DEATHS)
        self._signed_at = 0.0

    @property
    def ready(self) -> bool:
        """The child has loaded its engine and hears."""
        return self.health is EarHealth.READY

    @property
    def pid(self) -> int | None:
        """The child, while it lives."""
        return self._child.pid if self._child is not None and self._child.returncode is None else None

    @property
    def usable(self) -> bool:
        """An ear may be opened: nothing is wrong, or it has rested."""
        if self.health is not EarHealth.DOWN:
            return True
        now = asyncio.get_running_loop().time()
        return not self._refused and bool(self._deaths) and now - self._deaths[-1] > REST_SECONDS

    def open(self, listening: Listening, tell: Tell) -> KeptEar:
        """An ear; the child is started for it where there is none. What it hears meanwhile is kept."""
        self._numbers += 1
        ear = self.ears[self._numbers] = KeptEar(self, self._numbers, listening, tell)
        if self.ready:
            self.send(opening(ear.number, listening))
        elif self._task is None or self._task.done():
            self.health = EarHealth.STARTING
            self._task = asyncio.get_running_loop().create_task(self._keep())
        return ear

    def closed(self, ear: KeptEar) -> None:
        """An ear listens no more."""
        if self.ears.pop(ear.number, None) is not None and self.ready:
            self.send(Message(Kind.CLOSE, ear.number).packed())

    def send(self, message: bytes) -> None:
        """To the child, together with all else of this turn of the loop."""
        if not self._pending:
            asyncio.get_running_loop().call_soon(self._flush)
        self._pending += message

    async def stop(self) -> None:
        """Close every ear and end the child."""
        for ear in tuple(self.ears.values()):
            ear.close()
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)
        self.health = EarHealth.IDLE

    def _flush(self) -> None:
        child, pending, self._pending = self._child, self._pending, bytearray()
        if child is None or child.stdin is None or not self.ready or child.stdin.transport.is_closing():
            return
        if child.stdin.transport.get_write_buffer_size() < _MOST_UNREAD:
            child.stdin.write(bytes(pending))

    # -- the child ---------------------------------------------------------------------------------------------

    async def _keep(self) -> None:
        loop = asyncio.get_running_loop()
        while True:
            try:
                lost = await self._one_child()
            except OSError as fault:
                log.error("ears_not_started", language=self.engine.language, why=str(fault))
                self._refused = True
            if self._refused:
                self._down("this language can't be heard with its model")
                return
            self._deaths.append(loop.time())
            log.error("ears_died", language=self.engine.language, engine=self.engine.name, ears_lost=len(lost))
            for number in lost:
                if (ear := self.ears.get(number)) is not None:
                    ear.told(Lost("the recogniser broke down on this sound"))
            if len(self._deaths) == MOST_DEATHS and self._deaths[-1] - self._deaths[0] < REST_SECONDS:
                self._down("the recogniser broke down too often")
                return
            if not self.ears:
                self.health = EarHealth.IDLE
                return
            self.health = EarHealth.STARTING

    def _down(self, why: str) -> None:
        self.health = EarHealth.DOWN
        for ear in tuple(self.ears.values()):
            ear.told(Lost(why))

    async def _one_child(self) -> frozenset[int]:
        """The life of one child; answers the ears that are lost with it."""
        notes = WorkNotes()
        self._hung = frozenset()
        watch: asyncio.Task[None] | None = None
        try:
            child = self._child = await asyncio.create_subprocess_exec(
                *self.engine.command, str(notes.table), str(notes.note),
                stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.DEVNULL,
                pass_fds=(notes.table, notes.note), start_new_session=True,
            )  # fmt: skip
            watch = asyncio.get_running_loop().create_task(self._watch(child, notes))
            assert child.stdout is not None  # noqa: S101
            await self._listen(child.stdout)
            await self._end(child)
            return self._hung or self._lost(notes)
        finally:
            if watch is not None:
                watch.cancel()
                await asyncio.gather(watch, return_exceptions=True)
            if self._child is not None and self._child.returncode is None:
                await self._end(self._child)
            self.health = EarHealth.IDLE
            notes.close()

    def _lost(self, notes: WorkNotes) -> frozenset[int]:
        """The ear whose sound crashed the child; else the suspects of this death that were suspected before."""
        if (crashed := notes.crashed()) is not None:
            return frozenset({crashed})
        suspects = [self.ears[ear] for ear, _ in notes.in_work().values() if ear in self.ears]
        again = frozenset(ear.number for ear in suspects if ear.suspected)
        for ear in suspects:
            ear.suspected = True
        return again

    async def _end(self, child: asyncio.subprocess.Process) -> None:
        """Kill it, and wait until it is gone. What it still had to say is read: a full pipe would never end."""
        _kill(child)
        assert child.stdout is not None  # noqa: S101
        while await child.stdout.read(_PIECE):
            pass
        await child.wait()

    async def _listen(self, answers: asyncio.StreamReader) -> None:
        """Until the child ends or talks nonsense."""
        loop, reader = asyncio.get_running_loop(), Reader(LONGEST_ANSWER)
        self._signed_at = loop.time()
        try:
            while piece := await answers.read(_PIECE):
                self._signed_at = loop.time()
                for message in reader.feed(piece):
                    self._take(message)
        except (Garbled, LookupError, TypeError, ValueError) as fault:
            log.error("ears_garbled", language=self.engine.language, why=repr(fault))

    def _take(self, message: Message) -> None:
        if message.kind is Kind.EVENT:
            if (ear := self.ears.get(message.ear)) is not None:  # an answer to a closed ear is late
                ear.told(event_of(message))
        elif message.kind is Kind.READY:
            self._now_ready(int(message.json["most"]))
        elif message.kind is Kind.MISSING:
            self._lacks(message.json["words"])
        elif message.kind is Kind.REFUSED:
            self._refused = True
            log.error("ears_refused", language=self.engine.language, why=message.json.get("why"))

    def _now_ready(self, most: int) -> None:
        self.health, self.most = EarHealth.READY, most
        self._pending.clear()
        turn = 0
        for ear in self.ears.values():
            if ear.suspected:
                turn += 1
                asyncio.get_running_loop().call_later(turn * _APART_SECONDS, self._reopen, ear)
            else:
                self._reopen(ear)

    def _reopen(self, ear: KeptEar) -> None:
        """This child hears what the ear heard, unless either is gone meanwhile."""
        if self.ready and ear.number in self.ears:
            self.send(opening(ear.number, ear.listening))
            for piece in ear.replay():
                self.send(piece)

    def _lacks(self, words: Sequence[str]) -> None:
        """Words that the model can't hear, told once each to whoever looks after this house."""
        if new := sorted(set(words) - self._missing):
            self._missing.update(new)
            log.warning("ears_lack_words", language=self.engine.language, engine=self.engine.name, words=new)

    async def _watch(self, child: asyncio.subprocess.Process, notes: WorkNotes) -> None:
        """Kill a child that hangs."""
        loop = asyncio.get_running_loop()
        begun = loop.time()
        while True:
            await asyncio.sleep(_LOOK_SECONDS)
            silent = loop.time() - self._signed_at
            if self.ready:
                # A thread hangs beside others that still beat; where nothing beats, nobody knows what it is that hangs.
                old = frozenset(ear for ear, age in notes.in_work().values() if age > SILENT_SECONDS)
                self._hung = old if silent < SILENT_SECONDS / 2 else frozenset()
                hangs = bool(self._hung) or (bool(self.ears) and silent > SILENT_SECONDS)
            else:
                hangs = loop.time() - begun > START_SECONDS
            if hangs:
                log.error("ears_hang", language=self.engine.language, engine=self.engine.name)
                return _kill(child)  # whoever listens to it hears its end


def _kill(child: asyncio.subprocess.Process) -> None:
    with contextlib.suppress(ProcessLookupError):
        child.kill()

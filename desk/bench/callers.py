"""Callers who speak to one engine in real time: how soon their words are there, and what they cost."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from desk.bench.machine import processor_seconds
from desk.bench.report import AtMost, Row, share_of
from desk.errors import DeskError
from voices.audio import FRAME_BYTES, FRAME_MS, RATE_HZ, SILENCE
from voices.child_ears import ChildEars
from voices.ears import EarHealth, Ears, Event, Listening, Lost, Utterance
from voices.engines import Engine
from voices.mastering import EDGE_MS

Tell = Callable[[str], None]
#: Callers who speak at the same time.
CALLERS = 8
#: They begin one after the other, as callers do who don't know of each other (s).
_APART = 0.37
#: Silence after what a caller says (ms): longer than what ends any utterance.
AFTER_MS = 1600
#: From a caller's last sound to the end of it all: our voices leave a little silence at their edges.
QUIET_MS = AFTER_MS + EDGE_MS
#: From the last sound of a word to our answer, at most (the answer itself takes a tick or two).
WORDS_GOAL, DIGITS_GOAL = AtMost(900.0), AtMost(1500.0)


async def spoken(
    sound: bytes, feed: Callable[[bytes, bytes], None], due: float, ended: Callable[[float], None]
) -> float:
    """Say one phrase into an ear, frame by frame from `due` (the loop's time) on; gives when the next frame is due.

    `ended` hears when its last sound has been said.
    """
    loop = asyncio.get_running_loop()
    last = len(sound) - QUIET_MS * RATE_HZ * 2 // 1000
    for n in range(0, len(sound), FRAME_BYTES):
        feed(sound[n : n + FRAME_BYTES].ljust(FRAME_BYTES, b"\0"), SILENCE)
        if n <= last < n + FRAME_BYTES:
            ended(loop.time())
        due += FRAME_MS / 1000
        await asyncio.sleep(max(0.0, due - loop.time()))
    return due


@dataclass
class Caller:
    """Says one phrase after the other in real time, and notes how long the answer takes after the last sound."""

    ears: Ears
    listening: Listening
    sounds: Sequence[bytes]
    waits_ms: list[float] = field(default_factory=list)
    lost: int = 0
    begins_after: float = 0.0
    _ended_at: float = 0.0

    async def speak(self) -> None:
        """All of it, frame by frame."""
        await asyncio.sleep(self.begins_after)
        ear = self.ears.open(self.listening, self._told)
        if ear is None:
            raise DeskError("The bench could not open an ear")
        loop = asyncio.get_running_loop()
        due = loop.time()
        for sound in self.sounds:
            due = await spoken(sound, ear.feed, due, self._ended)
        ear.close()

    def _ended(self, at: float) -> None:
        self._ended_at = at

    def _told(self, event: Event) -> None:
        if isinstance(event, Utterance) and self._ended_at:
            self.waits_ms.append(1000 * (asyncio.get_running_loop().time() - self._ended_at))
            self._ended_at = 0.0
        self.lost += isinstance(event, Lost)


def engine_rows(engine: Engine, phrases: tuple[str, ...], sounds: Sequence[bytes], tell: Tell) -> list[Row]:
    """Waits, processor and memory of one engine in its own process, with callers who all speak at once."""
    tell(f"{CALLERS} callers at once, {engine.name}")
    return asyncio.run(_measured(engine, phrases, sounds))


async def _measured(engine: Engine, phrases: tuple[str, ...], sounds: Sequence[bytes]) -> list[Row]:
    ears = ChildEars(lambda: [engine], CALLERS)
    await ears.start()
    try:
        pid = await _ready(ears, Listening(language=engine.language, phrases=phrases))
        empty_mb = resident_mb(pid)
        found = []
        for patient in (False, True):
            listening = Listening(language=engine.language, phrases=phrases, patient=patient)
            turned = [[*sounds[n % 3 :], *sounds[: n % 3]] for n in range(CALLERS)]
            callers = [Caller(ears, listening, said, begins_after=n * _APART) for n, said in enumerate(turned)]
            before = processor_seconds(pid)
            await asyncio.gather(*[caller.speak() for caller in callers])
            seconds = sum(len(sound) for sound in sounds) / (RATE_HZ * 2)
            cost = (processor_seconds(pid) - before) / seconds / CALLERS
            found.append((callers, cost))
        memory_mb = (resident_mb(pid) - empty_mb) / CALLERS
    finally:
        await ears.stop()
    (words, cost), (digits, _) = found
    return [
        *_waits("words", words, engine.name, WORDS_GOAL),
        *_waits("digits and dates", digits, engine.name, DIGITS_GOAL),
        Row(
            name=f"callers of one core in real time, {engine.name}", ours=1 / cost, baseline=None, unit="callers",
            note="each speaks half of the time",
        ),
        Row(name=f"memory of the engine, {engine.name}", ours=empty_mb, baseline=None, unit="MB"),
        Row(name=f"memory of a caller, {engine.name}", ours=memory_mb, baseline=None, unit="MB"),
    ]  # fmt: skip


def _waits(what: str, callers: Sequence[Caller], name: str, goal: AtMost) -> list[Row]:
    waits = [ms for caller in callers for ms in caller.waits_ms]
    told = f"{len(waits)} utterances, {sum(caller.lost for caller in callers)} ears lost"
    return [
        Row(
            name=f"end of speech to its words {label}, {what}, {name}", ours=share_of(waits, share), baseline=None,
            unit="ms", goal=goal if label == "p95" else None, note=told,
        )
        for label, share in (("p50", 0.5), ("p95", 0.95))
    ]  # fmt: skip


async def _ready(ears: ChildEars, listening: Listening) -> int:
    """The process of the engine, once it has loaded its model. Raises `DeskError` where it can't."""
    ear = ears.open(listening, lambda event: None)
    while ears.health[listening.tongue] is EarHealth.STARTING:  # noqa: ASYNC110 - nobody tells of it
        await asyncio.sleep(FRAME_MS / 1000)
    if ear is None or ears.health[listening.tongue] is not EarHealth.READY:
        raise DeskError("The bench's engine did not start; see: beltoon doctor")
    ear.close()
    return ears.pids[listening.tongue]


def resident_mb(pid: int) -> float:
    """Memory that a process has for itself and shares with nobody: its resident pages (MB)."""
    pages = int(Path(f"/proc/{pid}/statm").read_text().split()[1])
    return pages * 4096 / 1e6

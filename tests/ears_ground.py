"""Ears to be tested, fake and real, each with somebody who speaks so that they hear it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from desk.bench.telephone import echo, frames, line_noise, rendered, told, tones
from voices.audio import SILENCE, silence
from voices.child_ears import ChildEars
from voices.ears import Ear, Ears, Event, Lost, Utterance
from voices.engines import Engine, engine
from voices.testing import FakeEars, spoken

#: The voice that the English engine understands best.
VOICE = "gmw/en-US"
#: A child that is started, on a machine that has other work to do, answers within this.
PATIENCE_SECONDS = 30.0


@dataclass
class Listener:
    """Keeps what an ear tells."""

    events: list[Event] = field(default_factory=list)
    _news: asyncio.Event = field(default_factory=asyncio.Event)

    def __call__(self, event: Event) -> None:
        self.events.append(event)
        self._news.set()

    @property
    def utterances(self) -> list[Utterance]:
        return [event for event in self.events if isinstance(event, Utterance)]

    @property
    def lost(self) -> bool:
        return any(isinstance(event, Lost) for event in self.events)

    async def until(self, reached: Callable[[Listener], bool]) -> None:
        """Wait for it; an assertion fails when it never comes."""
        async with asyncio.timeout(PATIENCE_SECONDS):
            while not reached(self):
                self._news.clear()
                await self._news.wait()


@dataclass(frozen=True)
class EarGround:
    """Ears, and sound for them."""

    ears: Ears
    #: The sound of somebody who says this, and is then silent for a while.
    say: Callable[[str], bytes]
    #: What comes back of our own words, and those words.
    echo: Callable[[str], tuple[bytes, bytes]]
    #: Sound that is no speech.
    noises: tuple[bytes, ...]
    language: str = "en"


def listen(ear: Ear, heard: bytes, played: bytes = b"") -> None:
    """All of it at once, faster than any call."""
    ours = frames(played)
    for frame in frames(heard):
        ear.feed(frame, next(ours, SILENCE))


async def settled() -> None:
    """Whatever is on its way has come."""
    await asyncio.sleep(0.3)


@asynccontextmanager
async def fake_ears() -> AsyncIterator[EarGround]:
    ears = FakeEars(["en"], most=4)
    await ears.start()
    yield EarGround(
        ears,
        say=lambda text: spoken(text) + silence(1500),
        echo=lambda text: (silence(200) + spoken(text) + silence(1500), spoken(text)),
        noises=(silence(3000),),
    )
    await ears.stop()


@asynccontextmanager
async def child_ears(*engines: Engine, streams: int | None = None) -> AsyncIterator[ChildEars]:
    ears = ChildEars(lambda: engines, streams)
    await ears.start()
    try:
        yield ears
    finally:
        await ears.stop()


def our_echo(text: str) -> tuple[bytes, bytes]:
    played = rendered(text, "gmw/en")
    return echo(played + silence(1500), 180, 15), played


@asynccontextmanager
async def real_ears() -> AsyncIterator[EarGround]:
    async with child_ears(engine("pocketsphinx", "en", "-"), streams=4) as ears:
        noises = (
            silence(3000),
            line_noise(tones((0.0,), 3000), -35.0),
            line_noise(tones((697.0, 1209.0), 1500), -50.0),
            line_noise(tones((425.0,), 1500), -50.0),
        )
        yield EarGround(ears, say=lambda text: told(text, VOICE), echo=our_echo, noises=noises)

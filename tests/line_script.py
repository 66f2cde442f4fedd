"""A conversation behind the line that says what is written, and somebody who hears it."""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import date

from dialer.asterisk_line import LineServer
from dialer.line_port import Moved
from dialer.ports import pick_ports
from ivr.act import Ask, Expect
from ivr.heard import Heard, HungUp, TimeUp
from phone.audiosocket import DTMF, frame
from phone.audiosocket_client import AudioSocketClient
from phone.sound import tone
from voices.ears import Ears

LANGUAGE, TODAY = "nl-BE", date(2026, 11, 24)
#: Words of ours: over at once, and longer than any test.
SHORT, LONG = tone(600, 60), tone(600, 60_000)
#: A question that takes keys alone.
KEYS = Ask(Expect.MENU, choices="12", patience_s=600.0)
#: What never comes is waited for so long (seconds).
PATIENCE_SECONDS = 30.0


@dataclass(frozen=True)
class Said:
    """One turn of ours."""

    pcm: bytes
    #: None: we hang up after the words.
    ask: Ask | None = KEYS
    #: Where in the sound the question begins.
    question_ms: int = 0


@dataclass
class Script:
    """Says turn by turn what is written, then a short question for ever, and remembers what it heard."""

    turns: list[Said]
    heard: list[Heard] = field(default_factory=list)
    #: A statement is kept under this name; none: it can't be.
    keeps: str | None = None
    kept: list[bytes] = field(default_factory=list)
    _news: asyncio.Event = field(default_factory=asyncio.Event)

    async def open(self, entry: str) -> str | None:
        """Everybody is let in, and the call is called like the ticket."""
        return entry

    async def step(self, call: str, input_key: str, heard: Heard) -> Moved:
        """The next turn."""
        assert input_key == str(len(self.heard)), "each turn has its own key"
        self.heard.append(heard)
        self._news.set()
        turn = self.turns.pop(0) if self.turns else Said(SHORT)
        if isinstance(heard, TimeUp):
            turn = Said(SHORT, None)
        pcm = b"" if isinstance(heard, HungUp) else turn.pcm
        return Moved(call, pcm, turn.ask, turn.question_ms, LANGUAGE, TODAY)

    async def statement(self, call: str, pcm: bytes) -> str | None:
        """Kept, or not."""
        self.kept.append(pcm)
        return self.keeps

    async def handed_over(self, call: str, first_audio_ms: int | None) -> bool:
        """Nobody of ours takes calls."""
        return False

    async def over(self, call: str, first_audio_ms: int | None) -> None:
        """Nothing is written."""

    async def until(self, count: int) -> list[Heard]:
        """What was heard by the time that it is so much; an assertion fails when it never is."""
        async with asyncio.timeout(PATIENCE_SECONDS):
            while len(self.heard) < count:
                self._news.clear()
                await self._news.wait()
        return self.heard

    async def until_heard(self, *heard: Heard) -> None:
        """This is heard, and nothing else."""
        assert await self.until(len(heard)) == list(heard)


@dataclass
class OnLine:
    """Somebody who is on the line and hears the first turn."""

    script: Script
    server: LineServer
    client: AudioSocketClient
    call: str

    def press(self, keys: Sequence[str]) -> None:
        """Keys, one after the other."""
        for key in keys:
            self.client.send_raw(frame(DTMF, key.encode()))


@asynccontextmanager
async def on_the_line(script: Script, ears: Ears | None = None) -> AsyncIterator[OnLine]:
    """A line, and one caller who hears its first word."""
    port, entry = pick_ports(1), uuid.uuid4()
    server = LineServer(script, ears=ears)
    await server.start("127.0.0.1", port)
    client = await AudioSocketClient.connect("127.0.0.1", port)
    client.introduce(entry)
    await client.wait_for_voice()
    yield OnLine(script, server, client, str(entry))
    await server.close()

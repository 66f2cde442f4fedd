"""A statement on a live call: what is recorded, what ends it, and what becomes of it whoever goes first."""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import date

import pytest

from dialer.asterisk_line import LineServer
from dialer.line_port import Moved
from dialer.ports import pick_ports
from ivr.act import Ask, Expect
from ivr.heard import Answered, Heard, HungUp, Keys, PaymentSeen, Recorded, Silence, TimeUp
from ivr.intent import Wants
from phone.audiosocket import DTMF, SLIN, frame
from phone.audiosocket_client import AudioSocketClient
from phone.sound import tone
from voices.audio import FRAME_BYTES, duration_ms, silence
from voices.testing import FakeEars

SHORT = tone(600, 60)
STATEMENT = Ask(Expect.STATEMENT, choices="*09", patience_s=8.0)
MENU = Ask(Expect.MENU, choices="12", patience_s=600.0)
SPEAKS = Ask(Expect.MENU, choices="12", patience_s=600.0, wants=Wants(yes_no=True))
#: What somebody says: silence first, then a voice.
BREATH, WORDS = silence(400), tone(400, 2600)


@dataclass
class House:
    """A conversation that asks for a statement first, and keeps it or can't."""

    keeps: bool = True
    first: Ask = STATEMENT
    heard: list[Heard] = field(default_factory=list)
    kept: list[bytes] = field(default_factory=list)
    news: asyncio.Event = field(default_factory=asyncio.Event)

    async def open(self, entry: str) -> str | None:
        return entry

    async def step(self, call: str, input_key: str, heard: Heard) -> Moved:
        assert input_key == str(len(self.heard)), "each turn has its own key"
        self.heard.append(heard)
        self.news.set()
        if isinstance(heard, TimeUp):
            return Moved(call, SHORT, None)
        return Moved(call, SHORT, self.first if len(self.heard) == 1 else MENU, 0, "nl-BE", date(2026, 11, 24))

    async def statement(self, call: str, pcm: bytes) -> str | None:
        self.kept.append(pcm)
        return "a.wav" if self.keeps else None

    async def over(self, call: str, first_audio_ms: int | None) -> None:
        return None

    async def until(self, count: int) -> list[Heard]:
        """What was heard after the answer, when so many turns were taken."""
        async with asyncio.timeout(30):
            while len(self.heard) <= count:
                self.news.clear()
                await self.news.wait()
        assert self.heard[0] == Answered()
        return self.heard[1:]


@dataclass
class Caller:
    house: House
    server: LineServer
    ears: FakeEars
    client: AudioSocketClient

    def says(self, *pcm: bytes) -> None:
        """All at once: the line counts sound, not seconds."""
        sound = b"".join(pcm)
        for at in range(0, len(sound), FRAME_BYTES):
            self.client.send_raw(frame(SLIN, sound[at : at + FRAME_BYTES]))

    def presses(self, key: str) -> None:
        self.client.send_raw(frame(DTMF, key.encode()))

    async def has_heard_us(self) -> None:
        """Our words are over."""
        await self.client.wait_for_quiet(ms=200)


@pytest.fixture
async def caller(request: pytest.FixtureRequest) -> AsyncIterator[Caller]:
    """Somebody who has just said yes to being recorded."""
    house, port, ears = getattr(request, "param", House)(), pick_ports(1), FakeEars(most=50)
    await ears.start()
    server = LineServer(house, ears=ears)
    await server.start("127.0.0.1", port)
    client = await AudioSocketClient.connect("127.0.0.1", port)
    client.introduce(uuid.uuid4())
    await client.wait_for_voice()
    yield Caller(house, server, ears, client)
    await server.close()


async def test_what_is_said_after_our_words_is_kept_until_three_quiet_seconds_and_no_ear_listens(
    caller: Caller,
) -> None:
    await caller.has_heard_us()
    assert caller.ears.open_ears == []
    caller.says(BREATH, WORDS, silence(3100), WORDS)
    assert await caller.house.until(1) == [Recorded("a.wav", 4)]
    (pcm,) = caller.house.kept
    assert pcm.startswith(BREATH + WORDS)
    assert duration_ms(pcm) == pytest.approx(3500, abs=40), "half a second of what followed, and nothing of the rest"


async def test_a_key_ends_it(caller: Caller) -> None:
    await caller.has_heard_us()
    caller.says(BREATH, WORDS)
    caller.presses("#")
    assert await caller.house.until(1) == [Recorded("a.wav", 3)]


async def test_a_person_may_be_asked_for_in_the_middle_and_what_was_said_is_kept(caller: Caller) -> None:
    await caller.has_heard_us()
    caller.says(BREATH, WORDS)
    caller.presses("0")
    assert await caller.house.until(1) == [Recorded("a.wav", 3, "0")]


@pytest.mark.parametrize(("key", "heard"), [("#", Silence()), ("0", Keys("0")), ("5", Silence())])
async def test_with_nothing_said_there_is_nothing_to_keep(caller: Caller, key: str, heard: Heard) -> None:
    await caller.has_heard_us()
    caller.says(BREATH)
    caller.presses(key)
    assert await caller.house.until(1) == [heard]
    assert caller.house.kept == []


async def test_eight_silent_seconds_are_a_no(caller: Caller) -> None:
    await caller.has_heard_us()
    caller.says(silence(8100))
    assert await caller.house.until(1) == [Silence()]


async def test_what_is_said_over_our_words_is_not_recorded(caller: Caller) -> None:
    caller.says(WORDS)
    await caller.has_heard_us()
    caller.presses("#")
    assert await caller.house.until(1) == [Silence()]


@pytest.mark.parametrize("caller", [lambda: House(keeps=False)], indirect=True)
async def test_what_can_not_be_kept_is_told_to_the_conversation(caller: Caller) -> None:
    await caller.has_heard_us()
    caller.says(BREATH, WORDS)
    caller.presses("#")
    assert await caller.house.until(1) == [Recorded("", 3)]


async def test_who_hangs_up_in_the_middle_has_said_what_they_said(caller: Caller) -> None:
    await caller.has_heard_us()
    caller.says(BREATH, WORDS)
    caller.client.hang_up()
    assert await caller.house.until(2) == [Recorded("a.wav", 3), HungUp()]


async def test_who_hangs_up_at_its_beginning_has_said_nothing(caller: Caller) -> None:
    await caller.has_heard_us()
    caller.says(BREATH, tone(400, 1500))
    caller.client.hang_up()
    assert await caller.house.until(1) == [HungUp()]
    assert caller.house.kept == []


async def test_when_the_house_closes_it_is_kept_before_goodbye(caller: Caller) -> None:
    await caller.has_heard_us()
    caller.says(BREATH, WORDS)
    await asyncio.sleep(0.1)  # it has come in
    caller.server.say_goodbye()
    assert await caller.house.until(2) == [Recorded("a.wav", 3), TimeUp()]


async def test_a_payment_waits_until_it_is_said(caller: Caller) -> None:
    await caller.has_heard_us()
    (call,) = caller.server.live
    caller.server.payments_seen({str(call._call): PaymentSeen()})
    caller.says(BREATH, WORDS)
    await asyncio.sleep(0.3)
    assert caller.house.heard == [Answered()]
    caller.presses("#")
    assert await caller.house.until(2) == [Recorded("a.wav", 3), PaymentSeen()]


@pytest.mark.parametrize("caller", [lambda: House(first=SPEAKS)], indirect=True)
async def test_nothing_is_recorded_at_any_other_question(caller: Caller) -> None:
    await caller.has_heard_us()
    caller.says(BREATH, WORDS)
    caller.presses("1")
    assert await caller.house.until(1) == [Keys("1")]
    caller.client.hang_up()
    assert await caller.house.until(2) == [Keys("1"), HungUp()]
    assert caller.house.kept == []

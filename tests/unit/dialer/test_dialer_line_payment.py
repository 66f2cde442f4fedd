"""When a caller hears of a payment: never over our own words, never into an entry that is being typed."""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field

import pytest

from dialer.asterisk_line import LineServer
from dialer.line_port import Moved
from dialer.ports import pick_ports
from ivr.act import Ask, Expect
from ivr.heard import Answered, Heard, HungUp, Keys, PaymentSeen
from phone.audiosocket import DTMF, frame
from phone.audiosocket_client import AudioSocketClient
from phone.sound import tone

SHORT, LONG = tone(600, 100), tone(600, 60_000)
MENU = Ask(Expect.MENU, choices="12", patience_s=600.0)
FOUR_DIGITS = Ask(Expect.DIGITS, digits=4, between_s=600.0, patience_s=600.0)
PAID = PaymentSeen()


@dataclass
class Script:
    """A conversation that says what is written, turn by turn, and remembers what it heard."""

    turns: list[tuple[bytes, Ask]]
    heard: list[Heard] = field(default_factory=list)
    news: asyncio.Event = field(default_factory=asyncio.Event)

    async def open(self, entry: str) -> str | None:
        return entry

    async def step(self, call: str, input_key: str, heard: Heard) -> Moved:
        self.heard.append(heard)
        self.news.set()
        pcm, ask = self.turns.pop(0) if self.turns else (SHORT, MENU)
        return Moved(call, b"" if isinstance(heard, HungUp) else pcm, ask)

    async def over(self, call: str, first_audio_ms: int | None) -> None:
        return None

    async def until_heard(self, *heard: Heard) -> None:
        async with asyncio.timeout(30):
            while len(self.heard) < len(heard):
                self.news.clear()
                await self.news.wait()
        assert self.heard == list(heard)


@dataclass
class Talk:
    script: Script
    server: LineServer
    client: AudioSocketClient
    call: str

    def payment(self) -> None:
        self.server.payments_seen({self.call: PAID, "another call": PAID})

    def press(self, keys: Sequence[str]) -> None:
        for key in keys:
            self.client.send_raw(frame(DTMF, key.encode()))


@pytest.fixture
async def talking(request: pytest.FixtureRequest) -> AsyncIterator[Talk]:
    """Somebody who hears the first of these turns."""
    script, port, entry = Script(list(request.param)), pick_ports(1), uuid.uuid4()
    server = LineServer(script)
    await server.start("127.0.0.1", port)
    client = await AudioSocketClient.connect("127.0.0.1", port)
    client.introduce(entry)
    await client.wait_for_voice()
    yield Talk(script, server, client, str(entry))
    await server.close()


@pytest.mark.parametrize("talking", [[(SHORT, MENU)]], indirect=True)
async def test_when_our_words_are_over_they_hear_it_at_once(talking: Talk) -> None:
    talking.payment()
    await talking.script.until_heard(Answered(), PAID)


@pytest.mark.parametrize("talking", [[(LONG, MENU), (SHORT, MENU)]], indirect=True)
async def test_our_words_are_not_cut_for_it_and_a_key_that_cuts_them_is_answered_first(talking: Talk) -> None:
    talking.payment()
    talking.press("1")
    await talking.script.until_heard(Answered(), Keys("1"), PAID)


@pytest.mark.parametrize("talking", [[(LONG, FOUR_DIGITS)]], indirect=True)
async def test_an_entry_that_is_being_typed_is_let_come_to_its_end(talking: Talk) -> None:
    talking.press("12")
    await asyncio.sleep(0.1)  # the keys have come, and our words have stopped
    talking.payment()
    await asyncio.sleep(0.1)
    talking.press("34")
    await talking.script.until_heard(Answered(), Keys("1234"), PAID)


@pytest.mark.parametrize("talking", [[(LONG, MENU)]], indirect=True)
async def test_what_is_no_news_any_more_is_not_told(talking: Talk) -> None:
    talking.payment()
    talking.server.payments_seen({"another call": PAID})
    talking.press("1")
    await talking.script.until_heard(Answered(), Keys("1"))
    talking.press("2")  # the same key so soon would be one press
    await talking.script.until_heard(Answered(), Keys("1"), Keys("2"))

"""A statement on a live call: what is recorded, what ends it, and what becomes of it whoever goes first."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass

import pytest

from ivr.act import Ask, Expect
from ivr.heard import Answered, Heard, HungUp, Keys, PaymentSeen, Recorded, Silence, TimeUp
from ivr.intent import Wants
from line_script import SHORT, OnLine, Said, Script, on_the_line
from phone.audiosocket import SLIN, frame
from phone.sound import tone
from voices.audio import FRAME_BYTES, duration_ms, silence
from voices.testing import FakeEars

STATEMENT = Ask(Expect.STATEMENT, choices="*09", patience_s=8.0)
SPEAKS = Ask(Expect.MENU, choices="12", patience_s=600.0, wants=Wants(yes_no=True))
#: What somebody says: silence first, then a voice.
BREATH, WORDS = silence(400), tone(400, 2600)


@dataclass
class Caller(OnLine):
    ears: FakeEars

    def says(self, *pcm: bytes) -> None:
        """All at once: the line counts sound, not seconds."""
        sound = b"".join(pcm)
        for at in range(0, len(sound), FRAME_BYTES):
            self.client.send_raw(frame(SLIN, sound[at : at + FRAME_BYTES]))

    async def has_heard_us(self) -> None:
        """Our words are over."""
        await self.client.wait_for_quiet(ms=200)

    async def until(self, count: int) -> list[Heard]:
        """What was heard after the answer, when so many turns were taken."""
        answered, *rest = await self.script.until(count + 1)
        assert answered == Answered()
        return rest


@pytest.fixture
async def caller(request: pytest.FixtureRequest) -> AsyncIterator[Caller]:
    """Somebody who has just said yes to being recorded, if nothing else is asked."""
    first, keeps = getattr(request, "param", (STATEMENT, "a.wav"))
    ears = FakeEars(most=50)
    await ears.start()
    async with on_the_line(Script([Said(SHORT, first)], keeps=keeps), ears) as one:
        yield Caller(one.script, one.server, one.client, one.call, ears)


async def test_what_is_said_after_our_words_is_kept_until_three_quiet_seconds_and_no_ear_listens(
    caller: Caller,
) -> None:
    await caller.has_heard_us()
    assert caller.ears.open_ears == []
    caller.says(BREATH, WORDS, silence(3100), WORDS)
    assert await caller.until(1) == [Recorded("a.wav", 4)]
    (pcm,) = caller.script.kept
    assert pcm.startswith(BREATH + WORDS)
    assert duration_ms(pcm) == pytest.approx(3500, abs=40), "half a second of what followed, and nothing of the rest"


async def test_a_key_ends_it(caller: Caller) -> None:
    await caller.has_heard_us()
    caller.says(BREATH, WORDS)
    caller.press("#")
    assert await caller.until(1) == [Recorded("a.wav", 3)]


async def test_a_person_may_be_asked_for_in_the_middle_and_what_was_said_is_kept(caller: Caller) -> None:
    await caller.has_heard_us()
    caller.says(BREATH, WORDS)
    caller.press("0")
    assert await caller.until(1) == [Recorded("a.wav", 3, "0")]


@pytest.mark.parametrize(("key", "heard"), [("#", Silence()), ("0", Keys("0")), ("5", Silence())])
async def test_with_nothing_said_there_is_nothing_to_keep(caller: Caller, key: str, heard: Heard) -> None:
    await caller.has_heard_us()
    caller.says(BREATH)
    caller.press(key)
    assert await caller.until(1) == [heard]
    assert caller.script.kept == []


async def test_eight_silent_seconds_are_a_no(caller: Caller) -> None:
    await caller.has_heard_us()
    caller.says(silence(8100))
    assert await caller.until(1) == [Silence()]


async def test_what_is_said_over_our_words_is_not_recorded(caller: Caller) -> None:
    caller.says(WORDS)
    await caller.has_heard_us()
    caller.press("#")
    assert await caller.until(1) == [Silence()]


@pytest.mark.parametrize("caller", [(STATEMENT, None)], indirect=True)
async def test_what_can_not_be_kept_is_told_to_the_conversation(caller: Caller) -> None:
    await caller.has_heard_us()
    caller.says(BREATH, WORDS)
    caller.press("#")
    assert await caller.until(1) == [Recorded("", 3)]


async def test_who_hangs_up_in_the_middle_has_said_what_they_said(caller: Caller) -> None:
    await caller.has_heard_us()
    caller.says(BREATH, WORDS)
    caller.client.hang_up()
    assert await caller.until(2) == [Recorded("a.wav", 3), HungUp()]


async def test_who_hangs_up_at_its_beginning_has_said_nothing(caller: Caller) -> None:
    await caller.has_heard_us()
    caller.says(BREATH, tone(400, 1500))
    caller.client.hang_up()
    assert await caller.until(1) == [HungUp()]
    assert caller.script.kept == []


async def test_when_the_house_closes_it_is_kept_before_goodbye(caller: Caller) -> None:
    await caller.has_heard_us()
    caller.says(BREATH, WORDS)
    await asyncio.sleep(0.1)  # it has come in
    caller.server.say_goodbye()
    assert await caller.until(2) == [Recorded("a.wav", 3), TimeUp()]


async def test_a_payment_waits_until_it_is_said(caller: Caller) -> None:
    await caller.has_heard_us()
    caller.server.payments_seen({caller.call: PaymentSeen()})
    caller.says(BREATH, WORDS)
    await asyncio.sleep(0.3)
    assert caller.script.heard == [Answered()]
    caller.press("#")
    assert await caller.until(2) == [Recorded("a.wav", 3), PaymentSeen()]


@pytest.mark.parametrize("caller", [(SPEAKS, "a.wav")], indirect=True)
async def test_nothing_is_recorded_at_any_other_question(caller: Caller) -> None:
    await caller.has_heard_us()
    caller.says(BREATH, WORDS)
    caller.press("1")
    assert await caller.until(1) == [Keys("1")]
    caller.client.hang_up()
    assert await caller.until(2) == [Keys("1"), HungUp()]
    assert caller.script.kept == []

"""A key on the line while somebody, or a machine, speaks at length."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest

from ivr.act import Ask, Expect
from ivr.gather import TWICE_S
from ivr.heard import Answered, KeyInGreeting, Keys, MachineAnswered
from line_script import SHORT, OnLine, Said, Script, on_the_line
from phone.audiosocket import SLIN, frame
from phone.sound import FRAME_BYTES, tone

FIRST_QUESTION = Said(SHORT, Ask(Expect.MENU, choices="01239*#", patience_s=600.0))
#: Its pitch changes with every frame, as a voice's does and a beep's doesn't.
WORDS = b"".join(tone(300 + 200 * (n % 7), 20) for n in range(200))
BEEP, QUIET = tone(1000, 400), bytes(FRAME_BYTES * 60)


@pytest.fixture
async def asked() -> AsyncIterator[OnLine]:
    """Somebody who is asked the first question, again and again."""
    async with on_the_line(Script([FIRST_QUESTION] * 4)) as one:
        yield one


def says(one: OnLine, pcm: bytes) -> None:
    for start in range(0, len(pcm), FRAME_BYTES):
        one.client.send_raw(frame(SLIN, pcm[start : start + FRAME_BYTES]))


async def test_a_tone_in_a_greeting_is_doubted_and_the_machine_is_still_known(asked: OnLine) -> None:
    says(asked, WORDS)
    asked.press("0")
    await asked.script.until_heard(Answered(), KeyInGreeting("0"))
    says(asked, BEEP + QUIET)
    await asked.script.until_heard(Answered(), KeyInGreeting("0"), MachineAnswered())


async def test_who_presses_again_is_a_person(asked: OnLine) -> None:
    says(asked, WORDS)
    asked.press("0")
    await asked.script.until_heard(Answered(), KeyInGreeting("0"))
    await asyncio.sleep(TWICE_S + 0.1)  # the same key so soon would be one press
    says(asked, WORDS)
    asked.press("0")
    await asked.script.until_heard(Answered(), KeyInGreeting("0"), Keys("0"))


async def test_a_key_in_silence_is_taken_at_its_word(asked: OnLine) -> None:
    says(asked, WORDS + QUIET)
    asked.press("0")
    await asked.script.until_heard(Answered(), Keys("0"))

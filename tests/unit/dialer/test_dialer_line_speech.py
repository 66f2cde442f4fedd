"""What is said on a live call: when it answers, when it stops our words, and when it is nothing."""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field
from datetime import date

import pytest

from dialer.asterisk_line import LineServer
from dialer.line_port import Moved
from dialer.ports import pick_ports
from ivr.act import Ask, Expect
from ivr.heard import Answered, Heard, HungUp, Keys, KeysOnly, Noise, Words
from ivr.intent import Wants
from phone.audiosocket import DTMF, frame
from phone.audiosocket_client import AudioSocketClient
from phone.sound import tone
from voices.ears import Lost, Partial, Pause, SpeechBegan, Utterance
from voices.testing import FakeEar, FakeEars

TODAY = date(2026, 11, 24)
SHORT, LONG = tone(600, 60), tone(600, 60_000)
YES_NO = Ask(Expect.MENU, choices="12", patience_s=600.0, wants=Wants(yes_no=True))
BINDING = Ask(Expect.MENU, choices="12", patience_s=600.0, binding=True, wants=Wants(yes_no=True))
A_DATE = Ask(Expect.MENU, choices="12", patience_s=600.0, wants=Wants(date=True))
KEYS = Ask(Expect.MENU, choices="12", patience_s=600.0)


@dataclass
class Script:
    """A conversation that says what is written, turn by turn, and remembers what it heard."""

    #: Sound, question, and after how many milliseconds the question begins in it.
    turns: list[tuple[bytes, Ask, int]]
    heard: list[Heard] = field(default_factory=list)
    news: asyncio.Event = field(default_factory=asyncio.Event)

    async def open(self, entry: str) -> str | None:
        return entry

    async def step(self, call: str, input_key: str, heard: Heard) -> Moved:
        self.heard.append(heard)
        self.news.set()
        pcm, ask, question_ms = self.turns.pop(0) if self.turns else (SHORT, KEYS, 0)
        return Moved(call, b"" if isinstance(heard, HungUp) else pcm, ask, question_ms, "nl-BE", TODAY)

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
    ears: FakeEars
    client: AudioSocketClient

    async def ear(self) -> FakeEar:
        """The ear of the open question."""
        async with asyncio.timeout(30):
            while not self.ears.open_ears:  # noqa: ASYNC110 - the line opens it between two steps
                await asyncio.sleep(0.005)
        (ear,) = self.ears.open_ears
        return ear

    async def says(self, text: str, *others: str) -> None:
        (await self.ear()).says(text, others)

    def press(self, keys: Sequence[str]) -> None:
        for key in keys:
            self.client.send_raw(frame(DTMF, key.encode()))


@pytest.fixture
async def talking(request: pytest.FixtureRequest) -> AsyncIterator[Talk]:
    """Somebody who hears the first of these turns."""
    turns, most = request.param if isinstance(request.param, tuple) else (request.param, 50)
    script, port, ears = Script(list(turns)), pick_ports(1), FakeEars(most=most)
    await ears.start()
    server = LineServer(script, ears=ears)
    await server.start("127.0.0.1", port)
    client = await AudioSocketClient.connect("127.0.0.1", port)
    client.introduce(uuid.uuid4())
    await client.wait_for_voice()
    yield Talk(script, ears, client)
    await server.close()
    assert ears.open_ears == []


def turns(*asked: tuple[bytes, Ask, int]) -> list[tuple[bytes, Ask, int]]:
    return list(asked)


@pytest.mark.parametrize("talking", [turns((SHORT, YES_NO, 0))], indirect=True)
async def test_a_yes_answers_the_question(talking: Talk) -> None:
    await talking.says("ja hoor")
    await talking.script.until_heard(Answered(), Words("yes"))


@pytest.mark.parametrize("talking", [turns((LONG, YES_NO, 0), (SHORT, KEYS, 0))], indirect=True)
async def test_it_stops_our_words_and_answers_over_them(talking: Talk) -> None:
    await talking.says("ja")
    await talking.script.until_heard(Answered(), Words("yes"))


@pytest.mark.parametrize("talking", [turns((LONG, YES_NO, 60_000), (SHORT, KEYS, 0))], indirect=True)
async def test_a_yes_before_the_question_is_no_answer_but_a_stop_counts_at_any_moment(talking: Talk) -> None:
    await talking.says("ja")
    await talking.says("")
    await asyncio.sleep(0.1)
    assert talking.script.heard == [Answered()]
    await talking.says("bel mij niet meer")
    await talking.script.until_heard(Answered(), Words("stop"))


@pytest.mark.parametrize("talking", [turns((LONG, BINDING, 0), (SHORT, KEYS, 0))], indirect=True)
async def test_what_binds_must_have_been_heard_before_a_yes_counts(talking: Talk) -> None:
    await talking.says("ja")
    await asyncio.sleep(0.1)
    assert talking.script.heard == [Answered()]
    await asyncio.sleep(1.0)
    await talking.says("ja")
    await talking.script.until_heard(Answered(), Words("yes"))


@pytest.mark.parametrize("talking", [turns((SHORT, YES_NO, 0), (SHORT, KEYS, 0))], indirect=True)
async def test_a_yes_that_nothing_turns_round_is_taken_at_the_first_pause_and_counts_once(talking: Talk) -> None:
    ear = await talking.ear()
    assert ear.listening.pauses
    for event in (SpeechBegan(), Partial("ja"), Pause("ja"), Utterance("ja")):
        ear.event(event)
    await talking.script.until_heard(Answered(), Words("yes"))
    await asyncio.sleep(0.1)
    assert talking.script.heard == [Answered(), Words("yes")]


@pytest.mark.parametrize("talking", [turns((SHORT, YES_NO, 0), (SHORT, KEYS, 0))], indirect=True)
@pytest.mark.parametrize("so_far", ["klopt", "nee", "ja maar", "bel mij niet meer", ""])
async def test_what_may_still_become_something_else_is_heard_to_its_end(talking: Talk, so_far: str) -> None:
    ear = await talking.ear()
    for event in (SpeechBegan(), Partial(so_far), Pause(so_far)):
        ear.event(event)
    await asyncio.sleep(0.3)
    assert talking.script.heard == [Answered()]
    ear.event(Utterance("klopt niet"))
    await talking.script.until_heard(Answered(), Words("no"))


@pytest.mark.parametrize("talking", [turns((SHORT, YES_NO, 0), (SHORT, KEYS, 0))], indirect=True)
async def test_who_goes_on_after_a_pause_is_heard_to_the_end(talking: Talk) -> None:
    ear = await talking.ear()
    for event in (SpeechBegan(), Partial("ja"), Pause("ja"), Partial("ja maar")):
        ear.event(event)
    await asyncio.sleep(0.3)
    assert talking.script.heard == [Answered()]
    ear.event(Utterance("ja maar dat ben ik niet"))
    await talking.script.until_heard(Answered(), Words("no"))


@pytest.mark.parametrize("talking", [turns((SHORT, BINDING, 0), (SHORT, KEYS, 0))], indirect=True)
async def test_no_beginning_answers_what_binds(talking: Talk) -> None:
    ear = await talking.ear()
    await asyncio.sleep(1.2)
    for event in (SpeechBegan(), Partial("ja"), Pause("ja")):
        ear.event(event)
    await asyncio.sleep(0.3)
    assert talking.script.heard == [Answered()]
    ear.event(Utterance("ja"))
    await talking.script.until_heard(Answered(), Words("yes"))


@pytest.mark.parametrize("talking", [turns((LONG, YES_NO, 60_000), (SHORT, KEYS, 0))], indirect=True)
async def test_no_beginning_answers_a_question_that_has_not_sounded(talking: Talk) -> None:
    ear = await talking.ear()
    for event in (SpeechBegan(), Partial("ja"), Pause("ja"), Utterance("ja")):
        ear.event(event)
    await asyncio.sleep(0.3)
    assert talking.script.heard == [Answered()]


@pytest.mark.parametrize("talking", [turns((SHORT, A_DATE, 0))], indirect=True)
async def test_a_day_comes_with_its_date(talking: Talk) -> None:
    assert (await talking.ear()).listening.patient
    await talking.says("op vrijdag")
    await talking.script.until_heard(Answered(), Words("date", (("date", "2026-11-27"),)))


@pytest.mark.parametrize("talking", [turns((SHORT, YES_NO, 0), (SHORT, KEYS, 0))], indirect=True)
async def test_what_nobody_understands_is_noise(talking: Talk) -> None:
    await talking.says("")
    await talking.script.until_heard(Answered(), Noise())


@pytest.mark.parametrize("talking", [turns((SHORT, YES_NO, 0), (SHORT, KEYS, 0))], indirect=True)
async def test_a_second_reading_of_the_same_sound_may_answer(talking: Talk) -> None:
    await talking.says("", "neen")
    await talking.script.until_heard(Answered(), Words("no"))


@pytest.mark.parametrize("talking", [turns((LONG, YES_NO, 0), (SHORT, KEYS, 0))], indirect=True)
async def test_keys_win_over_words(talking: Talk) -> None:
    ear = await talking.ear()
    ear.event(SpeechBegan())
    talking.press("2")
    await talking.script.until_heard(Answered(), Keys("2"))
    ear.event(Utterance("ja"))
    await asyncio.sleep(0.1)
    assert talking.script.heard == [Answered(), Keys("2")]


@pytest.mark.parametrize("talking", [turns((SHORT, YES_NO, 0), (SHORT, KEYS, 0))], indirect=True)
async def test_a_lost_ear_is_told_and_the_keys_go_on(talking: Talk) -> None:
    (await talking.ear()).event(Lost("the engine broke"))
    await talking.script.until_heard(Answered(), KeysOnly())


@pytest.mark.parametrize("talking", [(turns((SHORT, YES_NO, 0), (SHORT, KEYS, 0)), 0)], indirect=True)
async def test_where_no_ear_is_free_they_are_told_when_our_words_are_over(talking: Talk) -> None:
    await talking.script.until_heard(Answered(), KeysOnly())


@pytest.mark.parametrize("talking", [(turns((LONG, YES_NO, 0), (SHORT, KEYS, 0)), 0)], indirect=True)
async def test_it_never_hides_who_calls_and_takes_no_key_away(talking: Talk) -> None:
    await asyncio.sleep(0.2)
    assert talking.script.heard == [Answered()]
    talking.press("1")
    await talking.script.until_heard(Answered(), Keys("1"))


SOON = Ask(Expect.MENU, choices="12", patience_s=1.5, wants=Wants(yes_no=True))


@pytest.mark.parametrize("talking", [turns((SHORT, SOON, 0), (SHORT, KEYS, 0))], indirect=True)
async def test_nobody_who_is_speaking_is_taken_for_silent(talking: Talk) -> None:
    ear = await talking.ear()
    ear.event(SpeechBegan())
    await asyncio.sleep(2.0)
    assert talking.script.heard == [Answered()]
    ear.event(Utterance("ja"))
    await talking.script.until_heard(Answered(), Words("yes"))

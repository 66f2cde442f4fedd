"""What is said on a live call: when it answers, when it stops our words, and when it is nothing."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass

import pytest

from ivr.act import Ask, Expect
from ivr.heard import Answered, Keys, KeysOnly, Noise, Words
from ivr.intent import Wants
from line_script import KEYS, LONG, SHORT, OnLine, Said, Script, on_the_line
from voices.ears import Lost, Partial, Pause, SpeechBegan, Utterance
from voices.testing import FakeEar, FakeEars

YES_NO = Ask(Expect.MENU, choices="12", patience_s=600.0, wants=Wants(yes_no=True))
BINDING = Ask(Expect.MENU, choices="12", patience_s=600.0, binding=True, wants=Wants(yes_no=True))
A_DATE = Ask(Expect.MENU, choices="12", patience_s=600.0, wants=Wants(date=True))


@dataclass
class Talk(OnLine):
    ears: FakeEars

    async def ear(self) -> FakeEar:
        """The ear of the open question."""
        async with asyncio.timeout(30):
            while not self.ears.open_ears:  # noqa: ASYNC110 - the line opens it between two steps
                await asyncio.sleep(0.005)
        (ear,) = self.ears.open_ears
        return ear

    async def says(self, text: str, *others: str) -> None:
        (await self.ear()).says(text, others)


@pytest.fixture
async def talking(request: pytest.FixtureRequest) -> AsyncIterator[Talk]:
    """Somebody who hears the first of these turns."""
    said, most = request.param if isinstance(request.param, tuple) else (request.param, 50)
    ears = FakeEars(most=most)
    await ears.start()
    async with on_the_line(Script(list(said)), ears) as one:
        yield Talk(one.script, one.server, one.client, one.call, ears)
    assert ears.open_ears == []


def turns(*said: tuple[bytes, Ask, int]) -> list[Said]:
    return [Said(*one) for one in said]


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

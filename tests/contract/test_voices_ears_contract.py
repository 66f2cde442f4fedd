"""What all ears promise: the fake, and real ones with PocketSphinx in a child."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace

import pytest

from ears_ground import EarGround, Listener, fake_ears, listen, real_ears, settled
from voices.ears import Listening, Pause, SpeechBegan, Utterance

QUESTION = Listening(language="en", phrases=("yes", "no", "i want to pay", "stop calling", "a payment plan"))


@pytest.fixture(scope="module", params=["fake", pytest.param("pocketsphinx", marks=pytest.mark.speech)])
def kind(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
async def ground(kind: str) -> AsyncIterator[EarGround]:
    async with fake_ears() if kind == "fake" else real_ears() as ground:
        yield ground


async def test_what_is_said_is_heard_from_its_beginning_to_its_end(ground: EarGround) -> None:
    heard = Listener()
    ear = ground.ears.open(QUESTION, heard)
    assert ear is not None
    listen(ear, ground.say("i want to pay"))
    await heard.until(lambda one: bool(one.utterances))
    assert heard.events[0] == SpeechBegan()
    assert heard.utterances[0].text == "i want to pay"
    listen(ear, ground.say("yes"))
    await heard.until(lambda one: len(one.utterances) == 2)
    assert heard.utterances[1].text == "yes"
    assert heard.events.count(SpeechBegan()) == 2


async def test_at_a_pause_it_is_told_what_was_said_so_far_where_the_question_asks_for_it(ground: EarGround) -> None:
    asks, rests = Listener(), Listener()
    ear = ground.ears.open(replace(QUESTION, pauses=True), asks)
    other = ground.ears.open(QUESTION, rests)
    assert ear is not None
    assert other is not None
    for one in (ear, other):
        listen(one, ground.say("yes"))
    await asks.until(lambda one: bool(one.utterances))
    await rests.until(lambda one: bool(one.utterances))
    assert [event for event in asks.events if isinstance(event, Pause)] == [Pause("yes")]
    assert asks.events.index(Pause("yes")) < asks.events.index(asks.utterances[0])
    assert not any(isinstance(event, Pause) for event in rests.events)


async def test_phrases_are_listened_for_however_they_are_written(ground: EarGround) -> None:
    heard = Listener()
    ear = ground.ears.open(Listening(language="en", phrases=("No", " Stop  Calling", "Yes", "Yes")), heard)
    assert ear is not None
    listen(ear, ground.say("yes"))
    await heard.until(lambda one: bool(one.utterances))
    assert heard.utterances[0].text == "yes"
    assert ground.ears.open(Listening(language="en", phrases=(" ",)), heard) is None


async def test_every_text_is_made_of_the_words_that_were_listened_for(ground: EarGround) -> None:
    heard = Listener()
    ear = ground.ears.open(QUESTION, heard)
    assert ear is not None
    listen(ear, ground.say("the train to the sea leaves at noon"))
    await heard.until(lambda one: bool(one.utterances))
    words = {word for phrase in QUESTION.phrases for word in phrase.split()}
    for event in heard.events:
        if isinstance(event, Utterance):
            assert {word for text in (event.text, *event.others) for word in text.split()} <= words


async def test_what_is_no_speech_and_our_own_voice_coming_back_say_nothing(ground: EarGround) -> None:
    heard = Listener()
    ear = ground.ears.open(QUESTION, heard)
    assert ear is not None
    for noise in ground.noises:
        listen(ear, noise)
    listen(ear, *ground.echo("Good morning. This is a computer. Do you want to pay now, or rather later?"))
    listen(ear, ground.say("no"))
    await heard.until(lambda one: bool(one.utterances))
    assert [one.text for one in heard.utterances] == ["no"]
    assert heard.events.count(SpeechBegan()) == 1


async def test_a_closed_ear_tells_nothing_and_takes_anything(ground: EarGround) -> None:
    closed, other = Listener(), Listener()
    ear, witness = ground.ears.open(QUESTION, closed), ground.ears.open(QUESTION, other)
    assert ear is not None
    assert witness is not None
    listen(ear, ground.say("yes"))
    ear.close()
    ear.close()
    listen(ear, ground.say("yes"))
    listen(witness, ground.say("yes"))
    await other.until(lambda one: bool(one.utterances))
    await settled()
    assert closed.events == []


async def test_frames_of_any_length_are_taken(ground: EarGround) -> None:
    heard = Listener()
    ear = ground.ears.open(QUESTION, heard)
    assert ear is not None
    for frame in (b"", b"\1", bytes(319), bytes(1000)):
        ear.feed(frame, b"")
        ear.feed(b"", frame)
    listen(ear, ground.say("yes"))
    await heard.until(lambda one: bool(one.utterances))
    assert heard.utterances[0].text == "yes"


async def test_an_unknown_language_and_one_ear_too_many_are_refused_at_once(ground: EarGround) -> None:
    ears = ground.ears
    assert ears.languages == {"en"}
    assert set(ears.health) == {"en"}
    assert ears.open(Listening(language="eo", phrases=("jes",)), Listener()) is None
    opened = [ears.open(QUESTION, Listener()) for _ in range(ears.most)]
    assert None not in opened
    assert ears.busy == ears.most
    assert ears.open(QUESTION, Listener()) is None
    assert opened[0] is not None
    opened[0].close()
    assert ears.open(QUESTION, Listener()) is not None


async def test_nothing_is_heard_after_the_end(ground: EarGround) -> None:
    heard = Listener()
    ear = ground.ears.open(QUESTION, heard)
    assert ear is not None
    await ground.ears.stop()
    listen(ear, ground.say("yes"))
    await settled()
    assert heard.events == []
    assert ground.ears.busy == 0
    assert ground.ears.open(QUESTION, heard) is None

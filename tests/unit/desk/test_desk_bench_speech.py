"""The bench of speech: its telephone, its sentences, and the parts that need no engine."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest

from desk.bench.answers import SAID, Answerer
from desk.bench.callers import CALLERS, QUIET_MS, Caller
from desk.bench.rendering import hits
from desk.bench.sentences import COMMANDS, STRANGE, intent_of
from desk.bench.telephone import as_sound, as_ulaw, frames, line_noise, through_ulaw, tones
from dialer.line_port import Moved
from dialer.question_ear import early_answer
from ivr.act import Ask, Expect
from ivr.intent import Wants
from phone.sound import PCMU
from voices.audio import FRAME_BYTES, silence
from voices.ears import Listening
from voices.testing import FakeEars, spoken


def test_its_telephone_codes_every_sample_as_the_standard_does() -> None:
    every = np.arange(-32768, 32768).astype("<i2")
    coded = PCMU.decode(PCMU.encode(every.tobytes()))
    assert through_ulaw(every).astype("<i2").tobytes() == coded
    assert PCMU.decode(as_ulaw(every.tobytes())) == coded


def test_the_noise_of_its_line_is_as_loud_as_asked() -> None:
    heard = as_sound(line_noise(tones((0.0,), 4000), -40.0))
    assert abs(20 * np.log10(np.sqrt(np.mean(np.square(heard)))) + 40.0) < 0.5
    assert {len(frame) for frame in frames(line_noise(tones((0.0,), 30), -40.0))} == {FRAME_BYTES}


def test_every_phrase_has_one_intent_and_no_strange_sentence_has_any() -> None:
    assert len({phrase for phrase, _ in COMMANDS}) == len(COMMANDS)
    assert all(intent_of(phrase) == intent for phrase, intent in COMMANDS)
    assert {intent_of(sentence) for sentence in STRANGE} == {None}


def test_every_piece_of_a_promise_is_in_the_cache_before_a_call() -> None:
    assert hits() == 1.0


async def test_a_caller_notes_how_long_every_answer_took() -> None:
    ears = FakeEars(["en"], most=CALLERS)
    await ears.start()
    said = spoken("yes")
    sound = said + silence(QUIET_MS)
    caller = Caller(ears, Listening(language="en", phrases=("yes",)), [sound])
    await caller.speak()
    assert len(caller.waits_ms) == 1
    assert caller.lost == 0
    assert ears.busy == 0


@pytest.mark.parametrize("language", ["nl-BE", "fr-BE", "de", "en"])
def test_what_is_said_to_measure_settled_answers_is_settled(language: str) -> None:
    asked = Wants(yes_no=True)
    assert all(early_answer(text, language, asked, date(2026, 11, 24)) for text in SAID[language[:2]])


async def test_an_answer_comes_sooner_at_a_pause_than_where_it_binds() -> None:
    ears = FakeEars(["en"], most=CALLERS)
    await ears.start()
    waits = []
    for binding in (False, True):
        ask = Ask(Expect.MENU, choices="12", binding=binding, wants=Wants(yes_no=True))
        one = Answerer(
            ears, Moved("bench", b"", ask, 0, "en", date(2026, 11, 24)), [spoken("yes") + silence(QUIET_MS)] * 2
        )
        await one.speak()
        waits.append(one.waits_ms)
    assert [len(found) for found in waits] == [2, 2]
    assert max(waits[0]) < min(waits[1])
    assert ears.busy == 0

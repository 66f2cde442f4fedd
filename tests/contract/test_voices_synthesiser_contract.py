"""What every voice promises, whoever makes it: the fake, pyttsx3 and the espeak-ng program."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

from voices.audio import duration_ms
from voices.casting import VOICE_IDS, voice_for
from voices.errors import SynthesisFailed
from voices.espeak_synthesiser import EspeakSynthesiser
from voices.pyttsx3_synthesiser import Pyttsx3Synthesiser
from voices.synthesiser import Synthesiser, Voice
from voices.testing import FakeSynthesiser

DUTCH = voice_for("nl-BE")
#: Each clearly longer than the one before it.
LADDER = ["Ja.", *("Ja, " + "en dat is goed, " * n + "dank u." for n in range(1, 9))]


@pytest.fixture(
    scope="module",
    params=[
        pytest.param(FakeSynthesiser, id="fake"),
        pytest.param(EspeakSynthesiser, id="espeak", marks=pytest.mark.speech),
        pytest.param(Pyttsx3Synthesiser, id="pyttsx3", marks=pytest.mark.speech),
    ],
)
def voice(request: pytest.FixtureRequest) -> Iterator[Synthesiser]:
    yield request.param()


def test_it_names_its_engine(voice: Synthesiser) -> None:
    assert voice.engine.strip()


@pytest.mark.parametrize("language", VOICE_IDS)
def test_it_speaks_every_language_in_telephone_sound(voice: Synthesiser, language: str) -> None:
    sound = voice.render("Energie 'Noord', één, élève, Grüße?", voice_for(language))
    assert len(sound) % 2 == 0
    assert 500 < duration_ms(sound) < 6000
    assert np.abs(np.frombuffer(sound, "<i2").astype(int)).max() > 1000


def test_the_same_text_sounds_the_same(voice: Synthesiser) -> None:
    once, again = (duration_ms(voice.render("Goedendag, mevrouw Peeters.", DUTCH)) for _ in range(2))
    assert abs(once - again) <= 20


def test_a_slower_pace_takes_longer(voice: Synthesiser) -> None:
    normal, slow = (voice.render("Neem rustig de tijd.", voice_for("nl-BE", pace)) for pace in ("normal", "slow"))
    assert duration_ms(slow) > duration_ms(normal) * 1.1


def test_prompts_made_at_the_same_time_are_never_mixed(voice: Synthesiser) -> None:
    alone = {text: duration_ms(voice.render(text, DUTCH)) for text in LADDER}
    assert list(alone.values()) == sorted(set(alone.values()))
    many = [text for _ in range(3) for text in LADDER]
    with ThreadPoolExecutor(6) as pool:
        together = pool.map(lambda text: (text, duration_ms(voice.render(text, DUTCH))), many)
        assert all(abs(alone[text] - heard) <= 20 for text, heard in together)


@pytest.mark.parametrize("text", ["", "   ", "\n"])
def test_nothing_to_say_is_refused(voice: Synthesiser, text: str) -> None:
    with pytest.raises(SynthesisFailed):
        voice.render(text, DUTCH)


@pytest.mark.parametrize("unknown", ["gmw/xx", "nl-BE", "en-gb"])
def test_an_unknown_voice_is_refused_and_never_spoken_with_another(voice: Synthesiser, unknown: str) -> None:
    with pytest.raises(SynthesisFailed):
        voice.render("Goedendag.", Voice(id=unknown, language="nl-BE"))


def test_a_name_that_looks_like_an_option_is_spoken(voice: Synthesiser) -> None:
    assert duration_ms(voice.render("--version -v en", DUTCH)) > 300

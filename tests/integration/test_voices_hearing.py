"""What counts as somebody's speech: real prompts coming back as echo, keys, tones, noise; and callers over all that."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest

from desk.bench.telephone import SPEECH_DBFS, echo, frames, line_noise, rendered, told, tones
from voices.audio import SILENCE, silence
from voices.ears import Event, SpeechBegan, Utterance
from voices.hearing import Hearing
from voices.recogniser import Reading
from voices.voice_activity import VoiceActivity

pytestmark = pytest.mark.speech

PROMPTS = {
    "gmw/nl": "Goedendag. U spreekt met een computer van Energie Noord. Spreek ik met mevrouw Peeters? Zeg ja of nee.",
    "roa/fr-be": "Bonjour. Vous parlez avec un ordinateur. Est-ce que je parle à madame Dupont? Dites oui ou non.",
    "gmw/de": "Guten Tag. Hier spricht ein Computer. Spreche ich mit Frau Weber? Sagen Sie ja oder nein.",
    "gmw/en": "Good morning. This is a computer. Am I speaking with Mrs Baker? Please say yes or no.",
}


class Counting:
    """A stream that knows no words and counts what it is fed."""

    def __init__(self) -> None:
        self.fed = 0

    def feed(self, pcm: bytes) -> str | None:
        self.fed += len(pcm)
        return None

    def end(self) -> Reading:
        return Reading("")


@pytest.fixture(scope="module")
def network() -> VoiceActivity:
    return VoiceActivity()


def events(network: VoiceActivity, heard: bytes, played: bytes = b"", *, patient: bool = False) -> list[Event]:
    def told() -> Iterator[Event]:
        hearing = Hearing(network.caller(), Counting, patient=patient)
        ours = frames(played)
        for frame in frames(heard):
            yield from hearing.feed(frame, next(ours, SILENCE))

    return list(told())


@pytest.mark.parametrize("voice", PROMPTS)
@pytest.mark.parametrize(("delay_ms", "weaker_db"), [(0, 6), (40, 10), (250, 20), (390, 12), (90, 30), (60, 40)])
def test_our_own_prompt_coming_back_is_no_speech(
    network: VoiceActivity, voice: str, delay_ms: int, weaker_db: float
) -> None:
    played = rendered(PROMPTS[voice], voice)
    assert events(network, echo(played + silence(600), delay_ms, weaker_db), played) == []


@pytest.mark.parametrize("voice", PROMPTS)
def test_a_caller_who_speaks_over_our_echo_is_heard(network: VoiceActivity, voice: str) -> None:
    played = rendered(PROMPTS[voice], voice)
    back = np.frombuffer(echo(played, 120, 15), "<i2").astype(np.int32)
    caller = np.frombuffer(told("i want to speak with a person", "gmw/en-US"), "<i2").astype(np.int32)
    both = back.copy()
    both[: len(caller)] += caller[: len(back)]
    heard = np.clip(both, -32768, 32767).astype("<i2").tobytes()
    assert SpeechBegan() in events(network, heard, played)


@pytest.mark.parametrize("voice", PROMPTS)
def test_a_caller_who_says_our_own_words_by_themselves_is_heard(network: VoiceActivity, voice: str) -> None:
    assert SpeechBegan() in events(network, told(PROMPTS[voice], voice), b"")


@pytest.mark.parametrize(
    "hz",
    [(697, 1209), (941, 1336), (852, 1477), (425,), (440, 480), (950,), (1400,), (262, 330, 392)],
    ids=["key 1", "key 0", "key 9", "ringing", "ringing, American", "network tone", "network tone, high", "chord"],
)
def test_keys_tones_and_chords_are_no_speech(network: VoiceActivity, hz: tuple[float, ...]) -> None:
    for amplitude in (0.05, 0.4):
        assert events(network, silence(300) + line_noise(tones(hz, 2000, amplitude), -55.0) + silence(800)) == []


@pytest.mark.parametrize("dbfs", [-60.0, -40.0, -25.0, -12.0])
def test_noise_of_any_loudness_is_no_speech(network: VoiceActivity, dbfs: float) -> None:
    assert events(network, line_noise(tones((0.0,), 6000), dbfs)) == []


def test_minutes_of_silence_are_no_speech_and_cost_no_recogniser(network: VoiceActivity) -> None:
    quiet = Hearing(network.caller(), lambda: pytest.fail("nobody spoke"), patient=False)
    second = line_noise(tones((0.0,), 1000), -65.0)
    for _ in range(180):  # the hour stands in the pure test of the endpoint
        assert list(quiet.feed(second, b"")) == []


@pytest.mark.parametrize("patient", [False, True])
def test_an_utterance_ends_soon_after_its_last_word(network: VoiceActivity, patient: bool) -> None:
    sound = told("seven", "gmw/en-US", 20.0, after_ms=3000)
    hearing = Hearing(network.caller(), Counting, patient=patient)
    ended = [
        n for n, frame in enumerate(frames(sound)) for e in hearing.feed(frame, SILENCE) if isinstance(e, Utterance)
    ]
    last_word = (len(sound) // 16 - 3000) // 20
    wait_ms = (ended[0] - last_word) * 20
    assert len(ended) == 1
    assert (900 if patient else 400) < wait_ms < (1400 if patient else 900)


def test_a_caller_is_as_loud_as_this_test_believes() -> None:
    samples = np.frombuffer(told("seven eight nine", "gmw/en-US", 60.0), "<i2").astype(float) / 32768
    active = samples[np.abs(samples) > 0.01]
    assert 20 * np.log10(np.sqrt(np.mean(np.square(active)))) == pytest.approx(SPEECH_DBFS, abs=2)

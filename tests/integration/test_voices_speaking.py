"""Whole prompts with a real voice."""

from __future__ import annotations

import subprocess
import sys
from datetime import date
from pathlib import Path
from threading import Thread

import numpy as np
import pytest

from ledger.money import Money
from voices import catalogue, pyttsx3_once
from voices.audio import RATE_HZ, duration_ms
from voices.cache import PieceCache
from voices.errors import NotReady
from voices.espeak_synthesiser import EspeakSynthesiser
from voices.mastering import LOUDNESS_DBFS, PEAK_DBFS
from voices.prompt import Name, Spoken
from voices.pyttsx3_synthesiser import Pyttsx3Synthesiser
from voices.renderer import Renderer, Urgency
from voices.speech import Kind, Piece, ahead, pieces, sound

pytestmark = pytest.mark.speech

#: A listener takes so much silence for the end of our turn; a piece must stay well below, as rests are added.
LONGEST_REST_MS = 700

PROMISE = Spoken("promise.check", {"amount": Money(8550), "date": date(2026, 12, 4)})


def longest_silence_ms(pcm: bytes) -> int:
    """The longest stretch inside the sound that a listener takes for silence."""
    samples = np.frombuffer(pcm, "<i2").astype(float) / 32768
    window = RATE_HZ // 100
    levels = np.sqrt(np.mean(np.square(samples[: len(samples) // window * window].reshape(-1, window)), axis=1))
    heard = np.flatnonzero(levels > 10 ** (-45 / 20))
    return int(np.diff(heard).max(initial=0)) * 10


def shared(language: str) -> list[Piece]:
    """What is listened to here: every sentence, the promise's words, and the closed set of Dutch."""
    made = [piece for piece in ahead(language, ["slow"]) if piece.kind is Kind.FIXED or language == "nl-BE"]
    return made + [item for item in pieces(PROMISE, language, "slow") if isinstance(item, Piece)]


@pytest.fixture(scope="module")
def rendered(tmp_path_factory: pytest.TempPathFactory) -> PieceCache:
    """Our own words in every language, and all of Dutch, by the fast voice at the slow pace: its rests are longest."""
    voice = EspeakSynthesiser()
    cache = PieceCache(tmp_path_factory.mktemp("voices"), voice.engine)
    renderer = Renderer(voice, cache)
    for language in catalogue.LANGUAGES:
        renderer.want(shared(language), Urgency.AHEAD)
    progress = renderer.wait()
    renderer.close()
    assert progress.failed == 0, renderer.failures
    return cache


@pytest.mark.parametrize("language", catalogue.LANGUAGES)
def test_no_piece_holds_a_silence_that_ends_our_turn(rendered: PieceCache, language: str) -> None:
    for piece in shared(language):
        pcm = rendered.get(piece)
        assert pcm is not None
        assert longest_silence_ms(pcm) < LONGEST_REST_MS - 100, piece.text


@pytest.mark.parametrize("language", catalogue.LANGUAGES)
def test_a_spliced_prompt_flows_and_is_as_loud_as_all_others(rendered: PieceCache, language: str) -> None:
    pcm = sound(pieces(PROMISE, language, "slow"), rendered)
    assert 3000 < duration_ms(pcm) < 20_000
    assert longest_silence_ms(pcm) < LONGEST_REST_MS
    samples = np.frombuffer(pcm, "<i2").astype(float) / 32768
    active = samples[np.abs(samples) > 0.01]
    assert 20 * np.log10(np.abs(samples).max()) <= PEAK_DBFS + 0.05
    assert 20 * np.log10(np.sqrt(np.mean(np.square(active)))) == pytest.approx(LOUDNESS_DBFS, abs=3)


def test_distinct_words_of_a_language_are_distinct_sounds(rendered: PieceCache) -> None:
    words = {piece.text: rendered.get(piece) for piece in ahead("nl-BE", ["slow"]) if piece.kind is Kind.WORD}
    assert len(set(words.values())) == len(words)


def test_a_person_is_rendered_with_pyttsx3_and_then_the_first_words_are_ready(tmp_path: Path) -> None:
    voice = Pyttsx3Synthesiser()
    cache = PieceCache(tmp_path, voice.engine)
    hello = pieces(Spoken("open.hello", {"sender": Name("Énergie & Fils S.A.")}), "fr-BE")
    with pytest.raises(NotReady) as refused:
        sound(hello, cache)
    renderer = Renderer(voice, cache)
    renderer.want(refused.value.missing, Urgency.NEXT)
    assert renderer.wait().over
    renderer.close()
    assert duration_ms(sound(hello, cache)) > 2500


def test_the_text_of_a_prompt_never_stands_in_a_process_title(tmp_path: Path) -> None:
    secret = Piece("Zebulon Quarantaine " * 40, next(ahead("nl-BE")).voice, Kind.NAME)
    voice = Pyttsx3Synthesiser()
    work = Thread(target=voice.render, args=(secret.text, secret.voice))
    work.start()
    titles: set[str] = set()
    while work.is_alive():
        for process in Path("/proc").glob("[0-9]*/cmdline"):
            try:
                titles.add(process.read_bytes().replace(b"\0", b" ").decode(errors="replace"))
            except OSError:
                continue
    work.join()
    assert any("pyttsx3_once.py" in title for title in titles)
    assert not any("Zebulon" in title for title in titles)


def test_the_speaking_process_ends_with_a_reason_when_the_voice_is_unknown(tmp_path: Path) -> None:
    command = [sys.executable, pyttsx3_once.__file__, "gmw/xx", "150", str(tmp_path / "out.wav")]
    done = subprocess.run(command, input=b"Goedendag.", capture_output=True, check=False)
    assert done.returncode == 1
    assert done.stderr.decode().strip() == "it has no voice gmw/xx"

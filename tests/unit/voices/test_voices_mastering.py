"""An engine's sound made fit for the telephone."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from voices.audio import RATE_HZ, duration_ms
from voices.mastering import EDGE_MS, LOUDNESS_DBFS, PEAK_DBFS, Samples, gain_for, master, to_telephone


def tone(hz: float, ms: int, level: float, rate_hz: int = RATE_HZ) -> Samples:
    at = np.arange(rate_hz * ms // 1000) / rate_hz
    return (np.sin(2 * np.pi * hz * at) * level * 32767).astype(np.int16)


def nothing(ms: int) -> Samples:
    return np.zeros(RATE_HZ * ms // 1000, np.int16)


def dbfs(level: float) -> float:
    return float(20 * np.log10(level / 32768))


def rms(sound: Samples | NDArray[np.float64]) -> float:
    return float(np.sqrt(np.mean(np.square(sound.astype(float)))))


@pytest.mark.parametrize("level", [0.02, 0.2, 0.9])
def test_speech_is_brought_to_one_loudness_however_much_silence_is_between(level: float) -> None:
    spoken = np.concatenate([nothing(500), tone(400, 800, level), nothing(900), tone(600, 800, level)])
    loud = spoken[RATE_HZ // 2 : RATE_HZ // 2 + 6400] * gain_for(spoken)
    assert dbfs(rms(loud)) == pytest.approx(LOUDNESS_DBFS, abs=0.5)


def test_silence_has_no_gain_and_becomes_no_sound() -> None:
    assert gain_for(nothing(1000)) == 1.0
    assert master(nothing(1000), 1.0) == b""


def test_no_peak_stands_above_the_limit_and_quiet_sound_is_left_alone() -> None:
    loud = np.frombuffer(master(tone(400, 300, 0.9), 4.0), "<i2")
    assert dbfs(float(np.abs(loud.astype(float)).max())) <= PEAK_DBFS + 0.01
    quiet = tone(400, 300, 0.3)
    kept = np.frombuffer(master(quiet, 1.0), "<i2")
    assert np.abs(kept[400:1000].astype(int)).max() == pytest.approx(np.abs(quiet.astype(int)).max(), abs=2)


@pytest.mark.parametrize("before_ms", [0, 10, 400])
def test_edges_are_trimmed_or_filled_to_thirty_milliseconds(before_ms: int) -> None:
    sound = master(np.concatenate([nothing(before_ms), tone(400, 300, 0.5), nothing(before_ms)]), 1.0)
    assert duration_ms(sound) == pytest.approx(300 + 2 * EDGE_MS, abs=10)
    samples = np.frombuffer(sound, "<i2")
    edge = RATE_HZ * (EDGE_MS - 5) // 1000
    assert np.abs(samples[:edge].astype(int)).max() < 200
    assert np.abs(samples[-edge:].astype(int)).max() < 200


def test_resampling_keeps_speech_and_lets_no_high_tone_fold_back() -> None:
    kept, folded = (to_telephone(tone(hz, 500, 0.5, 22050), 22050) for hz in (1000, 6000))
    assert len(kept) == pytest.approx(RATE_HZ // 2, abs=2)
    assert rms(kept) == pytest.approx(0.5 / 2**0.5 * 32767, rel=0.02)
    assert rms(folded[200:-200]) < 5

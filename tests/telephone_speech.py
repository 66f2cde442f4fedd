"""Speech as it comes over a telephone: espeak's voices, 300 to 3400 Hz, G.711, and noise of a fixed seed."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

import numpy as np
from numpy.typing import NDArray

from phone.sound import PCMU
from voices.audio import FRAME_BYTES, RATE_HZ
from voices.espeak_synthesiser import EspeakSynthesiser
from voices.synthesiser import Voice

#: How loud a caller speaks (dB below full scale).
SPEECH_DBFS = -22.0
_BAND_HZ = (300, 3400)

Sound = NDArray[np.float64]


@cache
def rendered(text: str, voice: str, rate_wpm: int = 150) -> bytes:
    """A voice's sound of a text, as we would play it."""
    language = voice.rpartition("/")[2][:2]  # for its loudness, of which each of our languages has a sample
    known = language if language in {"nl", "fr", "de", "en"} else "en"
    return _espeak().render(text, Voice(id=voice, language=known, rate_wpm=rate_wpm))


@cache
def _espeak() -> EspeakSynthesiser:
    return EspeakSynthesiser()


def told(
    text: str, voice: str, snr_db: float = 25.0, seed: int = 1, *, before_ms: int = 400, after_ms: int = 1400
) -> bytes:
    """The text as our line hears it, with silence around it that is filled with the noise of the line."""
    speech = _band(_sound(rendered(text, voice)))
    speech *= _linear(SPEECH_DBFS) / _active(speech)
    return line_noise(_between(speech, before_ms, after_ms), SPEECH_DBFS - snr_db, seed)


def line_noise(sound: Sound, dbfs: float, seed: int = 1) -> bytes:
    """Sound after a telephone's channel: noise of this level added, then G.711."""
    noise = _band(np.random.default_rng(seed).standard_normal(len(sound)))
    samples = np.clip(sound + noise * _linear(dbfs) / noise.std(), -1.0, 1.0) * 32767
    return PCMU.decode(PCMU.encode(samples.astype("<i2").tobytes()))


def echo(played: bytes, delay_ms: int, weaker_db: float, noise_dbfs: float = -60.0) -> bytes:
    """What comes back of a sound: later, weaker, smeared a little, over a noisy line."""
    sound = _sound(played)
    smear = np.random.default_rng(3).standard_normal(40) * np.exp(-np.arange(40) / 6)
    back = np.convolve(sound, smear / np.sqrt(np.square(smear).sum()))[: len(sound)]
    delayed = np.concatenate([np.zeros(RATE_HZ * delay_ms // 1000), back])[: len(sound)]
    return line_noise(delayed * 10 ** (-weaker_db / 20), noise_dbfs)


def tones(hz: tuple[float, ...], ms: int, amplitude: float = 0.2) -> Sound:
    """Several pitches at once: a key, a ringing tone, a chord."""
    at = np.arange(RATE_HZ * ms // 1000) / RATE_HZ
    return np.sum([np.sin(2 * np.pi * one * at) for one in hz], axis=0) * amplitude / len(hz)


def frames(pcm: bytes) -> Iterator[bytes]:
    """Frames of the line."""
    for n in range(0, len(pcm), FRAME_BYTES):
        yield pcm[n : n + FRAME_BYTES].ljust(FRAME_BYTES, b"\0")


def _sound(pcm: bytes) -> Sound:
    return np.frombuffer(pcm, "<i2").astype(np.float64) / 32768


def _between(sound: Sound, before_ms: int, after_ms: int) -> Sound:
    return np.concatenate([np.zeros(RATE_HZ * before_ms // 1000), sound, np.zeros(RATE_HZ * after_ms // 1000)])


def _band(sound: Sound) -> Sound:
    spectrum, hz = np.fft.rfft(sound), np.fft.rfftfreq(len(sound), 1 / RATE_HZ)
    spectrum[(hz < _BAND_HZ[0]) | (hz > _BAND_HZ[1])] = 0
    return np.fft.irfft(spectrum, len(sound))


def _active(sound: Sound) -> float:
    return float(np.sqrt(np.mean(np.square(sound[np.abs(sound) > 0.01]))))


def _linear(dbfs: float) -> float:
    return float(10 ** (dbfs / 20))

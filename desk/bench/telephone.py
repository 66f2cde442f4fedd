"""Speech as it comes over a telephone: espeak's voices, 300 to 3400 Hz, G.711 u-law, and noise of a fixed seed."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

import numpy as np
from numpy.typing import NDArray

from voices.audio import FRAME_BYTES, RATE_HZ
from voices.espeak_synthesiser import EspeakSynthesiser
from voices.loudness import measured
from voices.synthesiser import Voice

#: How loud a caller speaks (dB below full scale).
SPEECH_DBFS = -22.0
_BAND_HZ = (300, 3400)
#: Quieter samples are no speech (share of full scale).
_ACTIVE = 0.01
#: A telephone smears what it returns over so many samples.
_SMEAR = 40

Sound = NDArray[np.float64]


@cache
def rendered(text: str, voice: str, rate_wpm: int = 150) -> bytes:
    """A voice's sound of a text, as we would play it. `voice` is espeak's id: `gmw/nl`."""
    language = voice.rpartition("/")[2][:2]
    known = language if language in measured() else "en"
    return _espeak().render(text, Voice(id=voice, language=known, rate_wpm=rate_wpm))


@cache
def _espeak() -> EspeakSynthesiser:
    return EspeakSynthesiser()


def told(
    text: str, voice: str, snr_db: float = 25.0, seed: int = 1, *, before_ms: int = 400, after_ms: int = 1400
) -> bytes:
    """The text as our line hears it, with silence around it that is filled with the noise of the line."""
    speech = _band(as_sound(rendered(text, voice)))
    active = speech[np.abs(speech) > _ACTIVE]
    speech *= _linear(SPEECH_DBFS) / float(np.sqrt(np.mean(np.square(active))))
    before, after = (np.zeros(RATE_HZ * ms // 1000) for ms in (before_ms, after_ms))
    return line_noise(np.concatenate([before, speech, after]), SPEECH_DBFS - snr_db, seed)


def line_noise(sound: Sound, dbfs: float, seed: int = 1) -> bytes:
    """Sound after a telephone's channel: noise of this level added, then G.711."""
    noise = _band(np.random.default_rng(seed).standard_normal(len(sound)))
    samples = np.clip(sound + noise * _linear(dbfs) / noise.std(), -1.0, 1.0) * 32767
    return through_ulaw(samples.astype(np.int16)).astype("<i2").tobytes()


def echo(played: bytes, delay_ms: int, weaker_db: float, noise_dbfs: float = -60.0) -> bytes:
    """What comes back of a sound: later, weaker, smeared a little, over a noisy line."""
    sound = as_sound(played)
    smear = np.random.default_rng(3).standard_normal(_SMEAR) * np.exp(-6.0 * np.arange(_SMEAR) / _SMEAR)
    back = np.convolve(sound, smear / np.sqrt(np.square(smear).sum()))[: len(sound)]
    delayed = np.concatenate([np.zeros(RATE_HZ * delay_ms // 1000), back])[: len(sound)]
    return line_noise(delayed * _linear(-weaker_db), noise_dbfs)


def tones(hz: tuple[float, ...], ms: int, amplitude: float = 0.2) -> Sound:
    """Several pitches at once: a key, a ringing tone, a chord; 0 Hz is silence."""
    at = np.arange(RATE_HZ * ms // 1000) / RATE_HZ
    sound: Sound = np.sum([np.sin(2 * np.pi * one * at) for one in hz], axis=0) * amplitude / len(hz)
    return sound


def frames(pcm: bytes) -> Iterator[bytes]:
    """Frames of the line, the last one filled up."""
    for n in range(0, len(pcm), FRAME_BYTES):
        yield pcm[n : n + FRAME_BYTES].ljust(FRAME_BYTES, b"\0")


def as_sound(pcm: bytes) -> Sound:
    """Samples as shares of full scale."""
    return np.frombuffer(pcm, "<i2").astype(np.float64) / 32768


def through_ulaw(samples: NDArray[np.int16]) -> NDArray[np.int16]:
    """What a G.711 u-law line makes of 16-bit samples (ITU-T G.711, the integer rule)."""
    segment, mantissa = _ulaw_parts(samples)
    level = (((mantissa << 3) + 0x84) << segment) - 0x84
    heard: NDArray[np.int16] = np.where(samples < 0, -level, level).astype(np.int16)
    return heard


def as_ulaw(pcm: bytes) -> bytes:
    """The bytes in which such a line carries it, one a sample."""
    samples = np.frombuffer(pcm, "<i2")
    segment, mantissa = _ulaw_parts(samples)
    codes = np.where(samples < 0, 0x80, 0) | segment << 4 | mantissa
    return bytes((codes ^ 0xFF).astype(np.uint8))


def _ulaw_parts(samples: NDArray[np.int16]) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
    """Of each sample its segment and where in it."""
    magnitude = np.minimum(np.abs(samples.astype(np.int32) >> 2), 8158) + 33
    segment = np.floor(np.log2(magnitude)).astype(np.int32) - 5
    return segment, (magnitude >> (segment + 1)) & 0x0F


def _band(sound: Sound) -> Sound:
    spectrum, hz = np.fft.rfft(sound), np.fft.rfftfreq(len(sound), 1 / RATE_HZ)
    spectrum[(hz < _BAND_HZ[0]) | (hz > _BAND_HZ[1])] = 0
    return np.fft.irfft(spectrum, len(sound))


def _linear(db: float) -> float:
    return float(10 ** (db / 20))

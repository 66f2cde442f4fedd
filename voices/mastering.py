"""From an engine's sound to the telephone's: 8 kHz, one loudness for all voices, no silence at the edges.

Loudness is one fixed gain per voice, measured once on a long text: measured per word, a short "ja" would come out
louder than a sentence.
"""

from __future__ import annotations

import numpy as np
import soxr
from numpy.typing import NDArray

from voices.audio import RATE_HZ

Samples = NDArray[np.int16]

#: Active speech is brought to this level, and no peak stands above that one (dB below full scale).
LOUDNESS_DBFS = -20.0
PEAK_DBFS = -3.0
#: Below this the limiter does nothing.
_KNEE_DBFS = -6.0
#: Quieter than this counts as silence.
_SILENCE_DBFS = -50.0
#: What stays of the silence before and after.
EDGE_MS = 30
_WINDOW = RATE_HZ * 5 // 1000
_FRAME = RATE_HZ * 20 // 1000


def to_telephone(samples: Samples, rate_hz: int) -> Samples:
    """The same sound at 8 kHz."""
    return soxr.resample(samples, rate_hz, RATE_HZ, quality="HQ")


def gain_for(samples: Samples) -> float:
    """The factor that brings a long sample of a voice to our loudness, measured where it speaks."""
    levels = _levels(samples, _FRAME)
    active = levels[levels > max(_linear(_SILENCE_DBFS), levels.max(initial=0.0) / 30)]
    if not len(active):
        return 1.0
    return float(_linear(LOUDNESS_DBFS) / np.sqrt(np.mean(np.square(active))))


def master(samples: Samples, gain: float) -> bytes:
    """8 kHz sound at our loudness, its edges trimmed to 30 ms. Empty where there is only silence."""
    limited = _limited(samples.astype(np.float64) / 32768 * gain)
    return _trimmed(np.round(limited * 32767).astype(np.int16)).astype("<i2").tobytes()


def _limited(sound: NDArray[np.float64]) -> NDArray[np.float64]:
    knee, peak = _linear(_KNEE_DBFS), _linear(PEAK_DBFS)
    level = np.abs(sound)
    over = knee + (peak - knee) * np.tanh((level - knee) / (peak - knee))
    return np.where(level > knee, np.sign(sound) * over, sound)


def _trimmed(samples: Samples) -> Samples:
    loud = np.flatnonzero(_levels(samples, _WINDOW) > _linear(_SILENCE_DBFS))
    if not len(loud):
        return samples[:0]
    edge = RATE_HZ * EDGE_MS // 1000
    start, end = loud[0] * _WINDOW - edge, (loud[-1] + 1) * _WINDOW + edge
    whole = np.concatenate([np.zeros(max(0, -start), np.int16), samples[max(0, start) : end]])
    return np.concatenate([whole, np.zeros(max(0, end - len(samples)), np.int16)])


def _levels(samples: Samples, window: int) -> NDArray[np.float64]:
    whole = np.concatenate([samples, np.zeros(-len(samples) % window, np.int16)]).astype(np.float64) / 32768
    levels: NDArray[np.float64] = np.sqrt(np.mean(np.square(whole.reshape(-1, window)), axis=1))
    return levels


def _linear(dbfs: float) -> float:
    return float(10 ** (dbfs / 20))

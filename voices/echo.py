"""Is what came in our own voice coming back? A caller's telephone, or the network, returns it later, weaker, smeared.

What was heard in the last quarter of a second is compared with what we played: by normalised cross-correlation the
delay is found, and around it a short filter that makes the one of the other as well as any can. How much of the sound
it explains (0 to 1) was measured on espeak's voices in four languages over smeared echoes of 0 to 390 ms: 0.4 to 1 for
95 of 100 voiced frames of echo, at most 0.3 for as many of callers. Both sounds are whitened first (each sample less
the one before it), as two voices of the same pitch look alike otherwise.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from voices.audio import RATE_HZ

#: An echo comes back within this (ms).
LONGEST_DELAY_MS = 400
#: The stretch that is compared: 256 ms hold a few syllables.
_WINDOW = RATE_HZ * 256 // 1000
_DELAY = RATE_HZ * LONGEST_DELAY_MS // 1000
#: Taps of the filter: a telephone smears over 4 ms.
_TAPS = 32
#: So much of a sound is explained: it is our voice.
_EXPLAINED = 0.35
#: A sound that is so much weaker than ours just was (20 dB), while we speak, is taken for echo too: there the noise of
#: the line hides what it is made of. A caller is about as loud as we are.
_WEAKER = 10**-2.0
#: Power of a whitened sound that nobody hears.
_SILENT = 8.0**2
#: Steadies the filter where a voice holds few pitches.
_STEADY = 0.003

_Sound = NDArray[np.float64]


class EchoGuard:
    """One call. Used by one thread at a time."""

    def __init__(self) -> None:
        self._heard = np.zeros(_WINDOW)
        self._played = np.zeros(_WINDOW + _DELAY)
        self._last_heard = self._last_played = 0.0

    def hear(self, heard: NDArray[np.int16], played: NDArray[np.int16]) -> None:
        """A frame of what came in, and of what we played meanwhile; equally long."""
        self._last_heard = _pushed(self._heard, heard, self._last_heard)
        self._last_played = _pushed(self._played, played, self._last_played)

    def echoes(self) -> bool:
        """The last quarter of a second is, for the greater part, our own voice."""
        powers = np.concatenate([[0.0], np.cumsum(np.square(self._played))])
        played = powers[_WINDOW:] - powers[:-_WINDOW]
        if played.max() < _SILENT * _WINDOW:
            return False
        heard = float(np.square(self._heard).sum())
        if heard < _WEAKER * played.max():
            return True
        return explained(self._heard, self._played, played) >= _EXPLAINED


def explained(heard: _Sound, played: _Sound, powers: _Sound) -> float:
    """How much of `heard` a short filter makes of some stretch of `played` (0 to 1). `powers`: of each stretch."""
    products = _products(played, heard)
    agreement = np.concatenate([[0.0], np.cumsum(np.square(products) / np.maximum(powers, powers.max() / 1000))])
    first = int((agreement[_TAPS:] - agreement[:-_TAPS]).argmax())
    stretch = played[first + _TAPS // 2 :][: len(heard)]
    likeness = np.fft.irfft(np.square(np.abs(np.fft.rfft(stretch, 2 * len(stretch)))))[:_TAPS]
    mixing = likeness[np.abs(np.subtract.outer(np.arange(_TAPS), np.arange(_TAPS)))]
    mixing[np.diag_indices(_TAPS)] += likeness[0] * _STEADY + 1.0
    taps = products[first : first + _TAPS]
    return float(taps @ np.linalg.solve(mixing, taps) / max(float(np.square(heard).sum()), 1.0))


def _pushed(kept: _Sound, samples: NDArray[np.int16], before: float) -> float:
    """Move the whitened samples in at the end; answers the last raw one."""
    raw = samples.astype(np.float64)
    kept[: -len(raw)] = kept[len(raw) :]
    kept[-len(raw) :] = np.diff(raw, prepend=before)
    return float(raw[-1])


def _products(long: _Sound, short: _Sound) -> _Sound:
    """The inner product of `short` with `long` at each place where it fits; by its transform."""
    size = 1 << (len(long) + len(short) - 1).bit_length()
    turned = np.fft.rfft(long, size) * np.conj(np.fft.rfft(short, size))
    products: _Sound = np.fft.irfft(turned, size)[: len(long) - len(short) + 1]
    return products

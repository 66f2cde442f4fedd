"""What was heard, compared with what we can say: a sentence is found in a recording by correlation."""

from __future__ import annotations

import os
from datetime import date
from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from ledger.money import Money
from voices.cache import PieceCache
from voices.espeak_synthesiser import EspeakSynthesiser
from voices.prompt import Choice, Name, Slot, Spoken
from voices.speech import Piece, pieces

#: Same words, through a telephone's coding: near 1. Other words: below 0.3.
ALIKE = 0.7
#: So much of a sentence's beginning is looked for (samples of 8 kHz).
ENOUGH = 8000
#: For what stands later in a prompt than the words looked for.
_FILLING: dict[str, dict[str, Slot]] = {
    "promise.done": {"quiet_until": date(2026, 12, 1), "channel": Choice("channel.sms")},
    "due.friendly": {
        "creditor": Name("Stroomdal"),
        "amount": Money(11840),
        "issue_date": date(2026, 10, 31),
        "due_date": date(2026, 10, 31),
    },
}


def heard(recording: bytes, key: str, language: str = "nl-BE") -> bool:
    """Is the beginning of a prompt's first sentence in a recording (8 kHz, 16 bit)?"""
    return likeness(recording, first_words(key, language)) > ALIKE


@cache
def first_words(key: str, language: str) -> bytes:
    """The sound of a prompt's first piece, as it was rendered for the calls."""
    first = next(item for item in pieces(Spoken(key, _FILLING.get(key, {})), language) if isinstance(item, Piece))
    base = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    found = PieceCache(base / "beltoon" / "voices", EspeakSynthesiser().engine).get(first)
    assert found is not None, f"{key} was never rendered"
    return found


def likeness(recording: bytes, words: bytes) -> float:
    """The highest normalised correlation of the words with any stretch of the recording, 0 to 1."""
    long, short = _samples(recording), _samples(words)
    loud = np.flatnonzero(np.abs(short) > 200)
    short = short[loud[0] : loud[0] + ENOUGH] if loud.size else short
    if long.size < short.size:
        return 0.0
    size = 1 << (long.size + short.size).bit_length()
    spectrum = np.fft.rfft(long, size) * np.conj(np.fft.rfft(short, size))
    product = np.fft.irfft(spectrum, size)[: long.size - short.size + 1]
    power = np.concatenate(([0.0], np.cumsum(long**2)))
    energy = power[short.size :] - power[: power.size - short.size]
    scale = np.sqrt(np.maximum(energy, 1.0) * np.sum(short**2))
    return float(np.max(product / scale))


def _samples(pcm: bytes) -> NDArray[np.float64]:
    return np.frombuffer(pcm[: len(pcm) // 2 * 2], dtype="<i2").astype(np.float64)

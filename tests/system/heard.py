"""What was heard, compared with what we can say: a sentence is found in a recording by correlation."""

from __future__ import annotations

import os
from datetime import date
from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from voices import catalogue
from voices.cache import PieceCache
from voices.espeak_synthesiser import EspeakSynthesiser
from voices.prompt import Name, Slot, Spoken
from voices.speech import Kind, Piece, pieces
from voices.template import Blank, parse

#: Same words, through a telephone's coding: near 1. Other words: below 0.3.
ALIKE = 0.7
#: So much of a sentence's beginning is looked for (samples of 8 kHz).
ENOUGH = 8000


def heard(recording: bytes, key: str, language: str = "nl-BE", nth: int = 0) -> bool:
    """Is a sentence of a prompt, its first or the nth, in a recording (8 kHz, 16 bit)?"""
    return likeness(recording, words_of(key, language, nth)) > ALIKE


@cache
def words_of(key: str, language: str, nth: int) -> bytes:
    """The sound of a piece of a prompt, as it was rendered for the calls."""
    blanks = [part for part in parse(catalogue.text(language, key)).parts if isinstance(part, Blank)]
    # What is filled in does not matter here: only whole pieces of our own words are looked for.
    filling: dict[str, Slot] = {blank.slot: date(2026, 12, 1) if blank.form else Name("Els") for blank in blanks}
    own = [
        item for item in pieces(Spoken(key, filling), language) if isinstance(item, Piece) and item.kind is Kind.FIXED
    ]
    base = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    found = PieceCache(base / "beltoon" / "voices", EspeakSynthesiser().engine).get(own[nth])
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

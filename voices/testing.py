"""A voice for tests: instant, exact, and told apart by the length of what it says."""

from __future__ import annotations

import hashlib
from collections.abc import Collection
from threading import Lock

import numpy as np

from voices.audio import RATE_HZ
from voices.casting import VOICE_IDS
from voices.errors import SynthesisFailed
from voices.synthesiser import Voice

#: A tenth of full scale: about as loud as speech.
_AMPLITUDE = 3277


class FakeSynthesiser:
    """Speaks every text as a tone: the longer the text the longer the tone, and every text a little differently long.

    Keeps the port's promises: another text is another length, the same text the same bytes, blank texts and unknown
    voices raise. `failing` are texts that never succeed; `rendered` tells what was spoken, in order.
    """

    engine = "fake 1"

    def __init__(self, failing: Collection[str] = ()) -> None:
        self.failing = set(failing)
        self.rendered: list[str] = []
        self._lock = Lock()

    def render(self, text: str, voice: Voice) -> bytes:
        """A tone of 40 ms a character and a few samples that are the text's own. Raises `SynthesisFailed`."""
        if not text.strip() or text in self.failing or voice.id not in VOICE_IDS.values():
            raise SynthesisFailed("the fake was told to fail on this, or has nothing to say")
        with self._lock:
            self.rendered.append(text)
        own = int.from_bytes(hashlib.sha256(f"{voice.id}\0{text}".encode()).digest()[:2]) % 300
        samples = RATE_HZ * 40 * len(text) * 150 // (1000 * voice.rate_wpm) + own
        pitch_hz = 200 + own
        tone = np.sin(2 * np.pi * pitch_hz / RATE_HZ * np.arange(samples)) * _AMPLITUDE
        return bytes(tone.astype("<i2"))

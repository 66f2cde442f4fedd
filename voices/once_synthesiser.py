"""What the engines share that speak each prompt in a process of its own: tried again, checked, at one loudness."""

from __future__ import annotations

from abc import ABC, abstractmethod

from voices.child import tried
from voices.errors import SynthesisFailed
from voices.loudness import Loudness
from voices.mastering import Samples, master
from voices.synthesiser import Voice


class OnceSynthesiser(ABC):
    """The `Synthesiser` port around one try of an engine. Safe among threads."""

    def __init__(self, engine: str) -> None:
        """`engine`: its name and version."""
        self.engine = engine
        self._loudness = Loudness(self._samples)

    def render(self, text: str, voice: Voice) -> bytes:
        """8 kHz sound of `text`, whole. Raises `SynthesisFailed` after three tries."""
        gain = self._loudness.gain(voice)
        sound = master(self._samples(text, voice), gain)
        if not sound:
            raise SynthesisFailed("the engine spoke only silence")
        return sound

    def _samples(self, text: str, voice: Voice) -> Samples:
        if not text.strip():
            raise SynthesisFailed("there is no text to speak")
        return tried(lambda: self._once(text, voice))

    @abstractmethod
    def _once(self, text: str, voice: Voice) -> Samples:
        """One try: telephone-rate samples of `text`, which is not empty. Raises `SynthesisFailed`."""

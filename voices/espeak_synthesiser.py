"""The `espeak-ng` program behind our port: the fast way on Linux. Text on standard input, sound on standard output."""

from __future__ import annotations

import numpy as np

from voices.child import run, tried
from voices.errors import SynthesisFailed
from voices.loudness import Loudness
from voices.mastering import Samples, master, to_telephone
from voices.synthesiser import Voice

#: espeak-ng always speaks at this rate (Hz).
_RATE_HZ = 22050
#: On a pipe the header names a false length: what counts is what follows it.
_HEADER_BYTES = 44


def espeak_version() -> str:
    """`espeak-ng 1.51`. Raises `SynthesisFailed` where it is not installed."""
    said = run("espeak-ng", ["espeak-ng", "--version"], "").decode(errors="replace")
    number = said.partition(":")[2].split()
    return f"espeak-ng {number[0] if number else 'unknown'}"


class EspeakSynthesiser:
    """Speaks with espeak-ng's voices. Safe among threads: each prompt is a process."""

    def __init__(self) -> None:
        """Raises `SynthesisFailed` where espeak-ng is not installed."""
        self.engine = espeak_version()
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

    @staticmethod
    def _once(text: str, voice: Voice) -> Samples:
        if "/" not in voice.id:
            # A language's tag is taken for the nearest voice, without a word: "nl-BE" gives Dutch, "zh" may give any.
            raise SynthesisFailed(f"{voice.id!r} is no voice's id; give one like gmw/nl")
        command = ["espeak-ng", "-v", voice.id, "-s", str(voice.rate_wpm), "-b", "1", "--stdin", "--stdout"]
        wav = run("espeak-ng", command, text)
        if len(wav) <= _HEADER_BYTES or wav[:4] != b"RIFF":
            raise SynthesisFailed("espeak-ng wrote no sound")
        if int.from_bytes(wav[24:28], "little") != _RATE_HZ:
            raise SynthesisFailed("espeak-ng wrote sound of an unknown rate")
        frames = wav[_HEADER_BYTES:]
        return to_telephone(np.frombuffer(frames[: len(frames) // 2 * 2], "<i2"), _RATE_HZ)

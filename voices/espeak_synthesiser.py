"""The `espeak-ng` program behind our port: the fast way on Linux. Text on standard input, sound on standard output."""

from __future__ import annotations

import numpy as np

from voices.child import run
from voices.errors import SynthesisFailed
from voices.mastering import Samples, to_telephone
from voices.once_synthesiser import OnceSynthesiser
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


class EspeakSynthesiser(OnceSynthesiser):
    """Speaks with espeak-ng's voices. Safe among threads: each prompt is a process."""

    def __init__(self) -> None:
        """Raises `SynthesisFailed` where espeak-ng is not installed."""
        super().__init__(espeak_version())

    def _once(self, text: str, voice: Voice) -> Samples:
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

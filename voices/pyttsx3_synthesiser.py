"""pyttsx3 behind our port: one short-lived process per prompt, its result verified, and tried again when it fails."""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
import wave
from importlib.metadata import version
from pathlib import Path

import numpy as np

from voices.child import run
from voices.errors import SynthesisFailed
from voices.espeak_synthesiser import espeak_version
from voices.mastering import Samples, to_telephone
from voices.once_synthesiser import OnceSynthesiser
from voices.synthesiser import Voice

#: Run by its path and with nothing of ours to import (-P), as every prompt pays for what it starts with.
_ONCE = Path(__file__).with_name("pyttsx3_once.py")


class Pyttsx3Synthesiser(OnceSynthesiser):
    """Speaks with the voices of pyttsx3; on Linux these are espeak-ng's. Safe among threads."""

    def __init__(self) -> None:
        """Raises `SynthesisFailed` where espeak-ng is not installed."""
        super().__init__(f"pyttsx3 {version('pyttsx3')} {espeak_version()}")

    def _once(self, text: str, voice: Voice) -> Samples:
        # A folder for each prompt: no two can ever write or read the same file.
        folder = Path(tempfile.mkdtemp(prefix="beltoon-voice-"))
        try:
            part, whole = folder / "prompt.part", folder / "prompt.wav"
            run("pyttsx3", [sys.executable, "-P", str(_ONCE), voice.id, str(voice.rate_wpm), str(part)], text)
            os.rename(part, whole)
            return to_telephone(*_read(whole))
        except FileNotFoundError:
            raise SynthesisFailed("the engine ended well and wrote nothing") from None
        finally:
            shutil.rmtree(folder, ignore_errors=True)


def _read(path: Path) -> tuple[Samples, int]:
    try:
        with wave.open(str(path), "rb") as recording:
            frames = recording.readframes(recording.getnframes())
            rate_hz, width, channels = recording.getframerate(), recording.getsampwidth(), recording.getnchannels()
            promised = recording.getnframes()
    except (wave.Error, EOFError) as fault:
        raise SynthesisFailed(f"the engine wrote no sound file: {fault}") from None
    if (width, channels) != (2, 1) or not frames or len(frames) != 2 * promised:
        raise SynthesisFailed("the engine wrote no whole 16-bit mono sound")
    return np.frombuffer(frames, "<i2"), rate_hz

"""The telephone's sound as a WAV file: whole or not at all, and for its owner's eyes alone."""

from __future__ import annotations

import contextlib
import io
import os
import wave
from pathlib import Path
from tempfile import mkstemp

from voices.audio import RATE_HZ

#: How a file ends that is still being written, or never was finished.
PART = ".part"


def _as_wav(sound: bytes) -> bytes:
    """Sound (8 kHz 16-bit mono) as a WAV file's bytes."""
    file = io.BytesIO()
    with wave.open(file, "wb") as writer:
        writer.setnchannels(1)
        writer.setsampwidth(2)
        writer.setframerate(RATE_HZ)
        writer.writeframes(sound)
    return file.getvalue()


def write_wav(path: Path, sound: bytes) -> None:
    """Write it beside its place, then move it there: on disk when this returns. Raises `OSError`, and leaves nothing.

    What is spoken of a person is personal data, so that nobody but the owner may read it, not even while it is written.
    """
    descriptor, name = mkstemp(prefix=f"{path.stem}-", suffix=PART, dir=path.parent)
    part = Path(name)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(_as_wav(sound))
            file.flush()
            os.fsync(file.fileno())
        part.replace(path)
    except OSError:
        with contextlib.suppress(OSError):
            part.unlink(missing_ok=True)
        raise

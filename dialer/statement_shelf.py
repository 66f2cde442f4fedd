"""Where statements lie: a folder of WAV files that only we can read, each under a name that tells nothing."""

from __future__ import annotations

import os
import secrets
from datetime import UTC, datetime
from pathlib import Path

from voices.wav import PART, write_wav

_ENDING = ".wav"


class StatementShelf:
    """One folder, made at first need. Every method blocks."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    @property
    def usable(self) -> bool:
        """The folder is not there yet, or can be written in."""
        return not self.folder.exists() or (self.folder.is_dir() and os.access(self.folder, os.W_OK | os.X_OK))

    def keep(self, pcm: bytes) -> str:
        """Write the sound (8 kHz 16-bit mono), whole or not at all; gives its name. Raises `OSError`."""
        self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        name = f"{secrets.token_hex(16)}{_ENDING}"
        write_wav(self.folder / name, pcm)
        return name

    def lying(self) -> dict[str, datetime]:
        """Every file of ours, also one that was never finished, with when it was written. Raises `OSError`."""
        if not self.folder.is_dir():
            return {}
        ours = [path for path in self.folder.iterdir() if path.suffix in (_ENDING, PART)]
        return {path.name: datetime.fromtimestamp(path.stat().st_mtime, UTC) for path in ours}

    def remove(self, name: str) -> None:
        """Delete one; that it is gone already is no error. Raises `OSError`."""
        (self.folder / Path(name).name).unlink(missing_ok=True)

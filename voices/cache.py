"""Rendered pieces on disk, found by what they are: the same text, voice, rate and engine is the same sound.

Files appear whole or not at all (written beside, then renamed), carry a check sum, and are for their owner alone: a
name that is spoken is personal data. What was heard lately also stays in memory.
"""

from __future__ import annotations

import hashlib
import os
import zlib
from collections import OrderedDict
from collections.abc import Iterable
from itertools import count
from pathlib import Path
from threading import Lock

from voices.speech import Piece

#: Raised when mastering changes: older files are then no longer found.
FORMAT = "s16le-8000-mono/1"
#: All of one language at both paces is some 25 MB.
MEMORY_BYTES = 128 * 1024 * 1024
_SUM_BYTES = 4


class PieceCache:
    """Sound by piece, of one engine. Safe among threads, and among processes that share the folder."""

    def __init__(self, folder: Path, engine: str, memory_bytes: int = MEMORY_BYTES) -> None:
        self._folder = folder
        self._engine = engine
        self._memory_bytes = memory_bytes
        self._memory: OrderedDict[Piece, bytes] = OrderedDict()
        self._held = 0
        self._lock = Lock()
        self._serial = count()

    def get(self, piece: Piece) -> bytes | None:
        """The piece's sound, or None where it is not rendered, or its file is damaged."""
        with self._lock:
            if (found := self._memory.get(piece)) is not None:
                self._memory.move_to_end(piece)
                return found
        if (stored := self._stored(piece)) is not None:
            self._remember(piece, stored)
        return stored

    def put(self, piece: Piece, sound: bytes) -> None:
        """Keeps a piece's sound. Raises `OSError` where the folder can't be written."""
        path = self.path(piece)
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        part = path.with_suffix(f".{os.getpid()}-{next(self._serial)}.part")
        descriptor = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            file.write(zlib.crc32(sound).to_bytes(_SUM_BYTES) + sound)
        os.replace(part, path)
        self._remember(piece, sound)

    def missing(self, pieces: Iterable[Piece]) -> tuple[Piece, ...]:
        """Those that are not rendered yet, each once, in the order given."""
        return tuple(piece for piece in dict.fromkeys(pieces) if not self._has(piece))

    def path(self, piece: Piece) -> Path:
        """Where the piece lies. Two languages that share a voice share what is said alike."""
        voice = piece.voice
        name = "\0".join((FORMAT, self._engine, voice.id, str(voice.rate_wpm), piece.text))
        key = hashlib.sha256(name.encode()).hexdigest()
        return self._folder / key[:2] / f"{key[2:34]}.s16"

    def _has(self, piece: Piece) -> bool:
        with self._lock:
            if piece in self._memory:
                return True
        return self.path(piece).exists()

    def _stored(self, piece: Piece) -> bytes | None:
        try:
            file = self.path(piece).read_bytes()
        except OSError:
            return None
        sound = file[_SUM_BYTES:]
        whole = bool(sound) and zlib.crc32(sound).to_bytes(_SUM_BYTES) == file[:_SUM_BYTES]
        if not whole:
            # A power cut may leave a named but empty file; without it the piece counts as missing and is made again.
            self.path(piece).unlink(missing_ok=True)
        return sound if whole else None

    def _remember(self, piece: Piece, sound: bytes) -> None:
        with self._lock:
            self._held += len(sound) - len(self._memory.pop(piece, b""))
            self._memory[piece] = sound
            while self._held > self._memory_bytes and self._memory:
                _, dropped = self._memory.popitem(last=False)
                self._held -= len(dropped)

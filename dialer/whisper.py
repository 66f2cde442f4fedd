"""What an agent alone hears before a caller does: who it is. A file for Asterisk, made for one call."""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import structlog

from voices.cache import PieceCache
from voices.errors import NotReady
from voices.prompt import Name, Spoken
from voices.renderer import Renderer, Urgency
from voices.speech import pieces, sound

log = structlog.get_logger(__name__)

#: A name that was not rendered yet is waited for so long (seconds); then the agent hears none.
LATE_SECONDS = 1.5


@dataclass(frozen=True, kw_only=True)
class Told:
    """Who it is."""

    #: Empty: somebody whom we don't know.
    name: str
    #: nl-BE, nl-NL, fr-BE, fr-FR, de or en: of the call, which its agent speaks.
    language: str

    def spoken(self, *, waits: bool) -> Spoken:
        """The sentence: a call that rings, or somebody who waits."""
        if not self.name:
            return Spoken("whisper.stranger")
        return Spoken("whisper.waits" if waits else "whisper.call", {"full_name": Name(self.name)})


class Whispers:
    """Makes the files in Asterisk's folder of sounds; without one (an Asterisk that is not ours) nothing is heard."""

    def __init__(self, folder: Callable[[], Path | None], cache: PieceCache, late: Renderer) -> None:
        self._folder = folder
        self._cache = cache
        self._late = late

    def made(self, told: Told, call: str, *, waits: bool) -> str:
        """The name of the file; empty where nothing can be heard. Blocks for a moment; logged, never raised: a caller
        is put through with or without it."""
        folder = self._folder()
        if folder is None or not folder.is_dir():
            return ""
        strip = pieces(told.spoken(waits=waits), told.language)
        name = f"whisper-{call}"
        try:
            try:
                pcm = sound(strip, self._cache)
            except NotReady as lacking:
                self._late.want(lacking.missing, Urgency.NEXT)
                self._late.wait(LATE_SECONDS)
                pcm = sound(strip, self._cache)
            (folder / f"{name}.sln").write_bytes(pcm)
        except (NotReady, OSError) as error:
            log.warning("whisper_not_made", call=call, why=str(error))
            return ""
        return name

    def forget(self, call: str) -> None:
        """It was heard: nobody's name stays in a file."""
        if (folder := self._folder()) is not None:
            with contextlib.suppress(OSError):
                (folder / f"whisper-{call}.sln").unlink(missing_ok=True)

"""Sound for calls: rendered ahead of the dialer, joined for the line."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import structlog

from ivr.act import Act, Say
from voices.audio import duration_ms, silence
from voices.cache import PieceCache
from voices.errors import NotReady
from voices.renderer import Renderer, Urgency
from voices.speech import Pause, Piece, ahead, lead_ms, names, pieces, sound

log = structlog.get_logger(__name__)

#: The pace that every call needs; the slow one follows behind.
NORMAL = "normal"
#: Between two prompts, beside the 30 ms of quiet that every piece keeps at its edges.
BETWEEN_MS = 120
#: Of that quiet before its first word a turn needs less: the caller waits this much shorter for it.
SPARED_MS = 20
#: So many names are remembered as sound; then we look anew.
MOST_SEEN = 4096
#: A question that surprised us (a name of a caller whom nobody expected) is rendered while the caller waits.
LATE_SECONDS = 4.0


class SoundsAhead:
    """Keeps the renderer ahead of the dialer: a language's common pieces first, each person's names before the call."""

    def __init__(self, renderer: Renderer, cache: PieceCache) -> None:
        self._renderer = renderer
        self._cache = cache
        self._whole: set[str] = set()
        #: (language, name) of which the sound was seen: the disk is not asked for the same names at each look.
        self._seen: set[tuple[str, str]] = set()

    def ready(self, language: str, texts: Sequence[str]) -> bool:
        """Could a call in this language with these names be spoken now? What is missing goes into the queue."""
        unseen = [text for text in texts if (language, text) not in self._seen]
        if unseen:
            if self._renderer.want(names(unseen, language, (NORMAL,)), Urgency.NEXT) == 0:
                self._see(language, unseen)
            self._renderer.want(names(unseen, language), Urgency.LATER)
        return self.language_ready(language) and all((language, text) in self._seen for text in texts)

    def _see(self, language: str, texts: Sequence[str]) -> None:
        if len(self._seen) > MOST_SEEN:
            self._seen.clear()
        self._seen.update((language, text) for text in texts)

    def language_ready(self, language: str) -> bool:
        """Is everything but names there, at the normal pace? The slow pace follows behind."""
        if language in self._whole:
            return True
        if self._renderer.want(ahead(language, (NORMAL,)), Urgency.LATER):
            return False
        self._whole.add(language)
        self._renderer.want(ahead(language), Urgency.AHEAD)
        return True


class Speaker:
    """Joins the sound of acts from the cache; a few milliseconds."""

    def __init__(self, cache: PieceCache, late: Renderer) -> None:
        self._cache = cache
        self._late = late

    def sound(self, acts: tuple[Act, ...], language: str) -> tuple[bytes, int]:
        """All that is said, one prompt after the other; and after how many milliseconds the last one begins."""
        says = [act for act in acts if isinstance(act, Say)]
        *first, last = [self._one(say, language) for say in says] or [b""]
        before = b"".join(said + silence(BETWEEN_MS) for said in first)
        begins = duration_ms(before) + (lead_ms(_strip(says[-1], language)) if says else 0)
        return (before + last)[len(silence(SPARED_MS)) :], max(0, begins - SPARED_MS)

    def _one(self, say: Say, language: str) -> bytes:
        strip = _strip(say, language)
        try:
            return sound(strip, self._cache)
        except NotReady as lacking:
            if say.pace != NORMAL:  # slower is a kindness; the words come first
                return self._one(replace(say, pace=NORMAL), language)
            log.warning("sound_rendered_late", prompt=say.spoken.key, pieces=len(lacking.missing))
            self._late.want(lacking.missing, Urgency.NEXT)
            self._late.wait(LATE_SECONDS)
            return sound(strip, self._cache)


def _strip(say: Say, language: str) -> tuple[Piece | Pause, ...]:
    return pieces(say.spoken, say.language or language, say.pace)

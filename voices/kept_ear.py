"""An open ear of a child, as the line holds it, with the sound that a fresh child would have to hear."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from typing import Protocol

import structlog

from voices.audio import FRAME_MS, SILENCE
from voices.ear_wire import Kind, sound
from voices.ears import Event, Listening, Lost, SpeechBegan, Tell, Utterance
from voices.endpoint import LONGEST_MS

log = structlog.get_logger(__name__)

#: Sound that is kept: a whole utterance; as long as nobody speaks, more than the time in which a child that hangs is
#: found out; and less than the silence that has just ended an utterance.
_KEPT_FRAMES, _KEPT_BEFORE, _KEPT_AFTER = LONGEST_MS // FRAME_MS, 3000 // FRAME_MS, 300 // FRAME_MS
#: A replay goes in pieces of a second, so that no piece of work is long.
_REPLAYED = 1000 // FRAME_MS


class Keeper(Protocol):
    """Whoever keeps the child."""

    @property
    def ready(self) -> bool:
        """It hears now."""
        ...

    def send(self, message: bytes) -> None:
        """To the child."""
        ...

    def closed(self, ear: KeptEar) -> None:
        """This ear listens no more."""
        ...


class KeptEar:
    """An open ear, and what a fresh child has to hear of it."""

    def __init__(self, keeper: Keeper, number: int, listening: Listening, tell: Tell) -> None:
        self.number, self.listening = number, listening
        #: A child died while this ear's sound was in work, and nobody knows of what.
        self.suspected = False
        self._keeper, self._tell = keeper, tell
        self._open = True
        self._speaking = False
        self._frames: deque[tuple[bytes, bytes]] = deque(maxlen=_KEPT_FRAMES)

    def feed(self, heard: bytes, played: bytes) -> None:
        """One frame of the line each."""
        if not self._open:
            return
        whole = len(heard) // 2 * 2  # half a sample would turn all that follows into noise
        both = heard[:whole], b"" if played == SILENCE else played[:whole].ljust(whole, b"\0")
        self._frames.append(both)
        if self._keeper.ready:
            if not self._speaking:
                self._forget(_KEPT_BEFORE)
            self._keeper.send(sound(Kind.FEED, self.number, *both))

    def close(self) -> None:
        """Nothing is told from now on."""
        if self._open:
            self._open = False
            self._keeper.closed(self)

    def told(self, event: Event) -> None:
        """The child has heard this."""
        if isinstance(event, Lost):
            self.close()
        elif isinstance(event, SpeechBegan):
            if self._speaking:  # a fresh child heard it once more
                return
            self._speaking = True
        elif isinstance(event, Utterance):
            self._speaking = self.suspected = False
            self._forget(_KEPT_AFTER)
        try:
            self._tell(event)
        except Exception:  # one call's fault must not reach the ears of all others
            log.exception("ears_listener_failed", language=self.listening.language)

    def replay(self) -> Iterator[bytes]:
        """What a fresh child hears first, as messages."""
        frames = tuple(self._frames)
        for n in range(0, len(frames), _REPLAYED):
            heard, played = zip(*frames[n : n + _REPLAYED], strict=True)
            both = b"".join(heard), b"".join(p or bytes(len(h)) for h, p in zip(heard, played, strict=True))
            yield sound(Kind.REPLAY, self.number, *both)

    def _forget(self, kept: int) -> None:
        while len(self._frames) > kept:
            self._frames.popleft()

"""One caller and one question, within the child: frames of sound in, events out.

The recogniser runs from just before speech begins to its end, and not in the silence between: it costs as much there.
Where pauses are told, it ends at a pause already; whoever goes on is heard once more from the beginning, which is rare.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator, Sequence
from typing import Final

import numpy as np

from voices.ears import Event, Partial, Pause, SpeechBegan, Utterance
from voices.echo import EchoGuard
from voices.endpoint import GOES_ON_AT, Mark, listening
from voices.errors import CannotHear
from voices.recogniser import Reading, Recogniser, Stream
from voices.voice_activity import FRAME_MS, FRAME_SAMPLES, Voicing

#: Sound before the onset that the recogniser gets too: a word's first consonant is seen late (ms).
PRE_ROLL_MS: Final = 300
_FRAME_BYTES = 2 * FRAME_SAMPLES


def usable(recogniser: Recogniser, phrases: Sequence[str]) -> tuple[tuple[str, ...], frozenset[str]]:
    """The phrases that the model can hear, and the words that it lacks.

    A phrase is left out whole: without a word of it, "that is not right" would be heard as its opposite.
    Raises `CannotHear` where none is left.
    """
    missing = recogniser.unknown(sorted({word for phrase in phrases for word in phrase.split()}))
    left = tuple(phrase for phrase in phrases if phrase.split() and missing.isdisjoint(phrase.split()))
    if not left:
        raise CannotHear("the model knows none of the phrases")
    return left, missing


class Hearing:
    """Used by one thread at a time."""

    def __init__(
        self, voicing: Voicing, open_stream: Callable[[], Stream], *, patient: bool, pauses: bool = False
    ) -> None:
        """`open_stream` begins an utterance; it is called at each onset of speech. `pauses`: they are told, too."""
        self._voicing, self._open_stream = voicing, open_stream
        self._echo = EchoGuard()
        self._endpoint = listening(patient)
        self._pauses = pauses
        self._heard, self._played = bytearray(), bytearray()
        self._before: deque[bytes] = deque(maxlen=PRE_ROLL_MS // FRAME_MS + 1)
        self._stream: Stream | None = None
        self._partial = ""
        #: The whole utterance so far, and what it was at its pause, as long as nothing more is said.
        self._said = bytearray()
        self._at_pause: Reading | None = None

    def feed(self, heard: bytes, played: bytes) -> Iterator[Event]:
        """Sound of the line, equally long both ways; what it brings. Raises `CannotHear` where the engine fails."""
        self._heard += heard
        self._played += played[: len(heard)].ljust(len(heard), b"\0")
        while len(self._heard) >= _FRAME_BYTES:
            yield from self._frame(bytes(self._heard[:_FRAME_BYTES]), bytes(self._played[:_FRAME_BYTES]))
            del self._heard[:_FRAME_BYTES], self._played[:_FRAME_BYTES]

    def _frame(self, heard: bytes, played: bytes) -> Iterator[Event]:
        samples = np.frombuffer(heard, "<i2")
        self._echo.hear(samples, np.frombuffer(played, "<i2"))
        chance = self._voicing.hear(samples)
        if chance >= GOES_ON_AT and self._echo.echoes():
            chance = 0.0
        self._endpoint, mark = self._endpoint.hear(chance)
        self._before.append(heard)
        if mark is Mark.BEGAN:
            yield SpeechBegan()
            self._stream, self._partial = self._open_stream(), ""
            self._said[:] = b"".join(self._before)
            yield from self._recognise(bytes(self._said))
        elif self._stream is not None:
            self._said += heard
            yield from self._recognise(heard)
        elif self._at_pause is not None:
            self._said += heard
            if mark is None and not self._endpoint.quiet_ms:
                self._at_pause, self._stream = None, self._open_stream()
                yield from self._recognise(bytes(self._said))
        if mark is Mark.PAUSED and self._pauses and self._stream is not None:
            self._at_pause, self._stream = self._stream.end(), None
            yield Pause(self._at_pause.text)
        if mark is Mark.ENDED:
            yield self._utterance()

    def _utterance(self) -> Utterance:
        reading = self._at_pause
        if reading is None:
            assert self._stream is not None  # noqa: S101
            reading = self._stream.end()
        self._at_pause = self._stream = None
        return Utterance(reading.text, reading.others)

    def _recognise(self, pcm: bytes) -> Iterator[Event]:
        assert self._stream is not None  # noqa: S101
        partial = self._stream.feed(pcm)
        if partial and partial != self._partial:
            self._partial = partial
            yield Partial(partial)

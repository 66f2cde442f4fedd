"""When speech begins and ends, from one frame of 32 ms to the next. Pure.

The network lags behind: it takes about 100 ms (80 to 160) to see that speech is over, so that an utterance of words
ends 0.6 s after its last sound, and one of digits 1.1 s.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import Enum, auto
from typing import Final

#: One frame, the network's own.
FRAME_MS: Final = 32
#: Speech begins with so many frames in a row (64 ms): less is a click.
ONSET_FRAMES: Final = 2
#: A frame is speech from this chance on; once somebody speaks, a lesser one holds on (Silero's own two values).
BEGINS_AT, GOES_ON_AT = 0.5, 0.35
#: Silence that ends an utterance (ms), as the network sees it: of words; of digits and dates, between which one thinks.
END_MS, PATIENT_END_MS = 500, 1000
#: Silence within it that is a pause (ms, as the network sees it): no stop between two fluent words is as long.
PAUSE_MS = 256
#: Nobody answers a question for longer (ms): it is a radio, or a talk with somebody else.
LONGEST_MS = 15_000


class Mark(Enum):
    """What a frame changes."""

    #: Somebody speaks.
    BEGAN = auto()
    #: They are silent for a moment, and may go on.
    PAUSED = auto()
    #: They have ended, or went on for too long.
    ENDED = auto()


@dataclass(frozen=True, kw_only=True)
class Endpoint:
    """Where in an utterance a caller is."""

    #: Silence that ends it (ms).
    end_ms: int
    #: Frames of speech in a row, before it counts.
    onset: int = 0
    #: Somebody speaks now.
    speaking: bool = False
    #: How long there has been nothing but silence, within an utterance (ms).
    quiet_ms: int = 0
    #: How long the utterance is (ms).
    length_ms: int = 0

    def hear(self, chance: float) -> tuple[Endpoint, Mark | None]:
        """The next frame, by its chance to be the caller's speech: 0 for tones and for our own echo."""
        return self._within(chance) if self.speaking else self._before(chance)

    def _before(self, chance: float) -> tuple[Endpoint, Mark | None]:
        onset = self.onset + 1 if chance >= BEGINS_AT else 0
        if onset < ONSET_FRAMES:
            return replace(self, onset=onset), None
        return Endpoint(end_ms=self.end_ms, speaking=True, length_ms=onset * FRAME_MS), Mark.BEGAN

    def _within(self, chance: float) -> tuple[Endpoint, Mark | None]:
        quiet_ms = 0 if chance >= GOES_ON_AT else self.quiet_ms + FRAME_MS
        length_ms = self.length_ms + FRAME_MS
        if quiet_ms >= self.end_ms or length_ms >= LONGEST_MS:
            return Endpoint(end_ms=self.end_ms), Mark.ENDED
        return replace(self, quiet_ms=quiet_ms, length_ms=length_ms), Mark.PAUSED if quiet_ms == PAUSE_MS else None


def listening(patient: bool) -> Endpoint:
    """Nobody has spoken yet."""
    return Endpoint(end_ms=PATIENT_END_MS if patient else END_MS)

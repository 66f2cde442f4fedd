"""What somebody says about a dispute, recorded from the end of our words until they are done. Only after their yes.

When it ends is a pure rule over frames of 20 ms; a frame holds sound when it is well above the quietest one so far, so
that neither a hissing line nor a running engine is taken for a voice.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Protocol

import numpy as np
import structlog

from ivr.act import Ask
from ivr.heard import Heard, Keys, Recorded, Silence
from voices.audio import FRAME_BYTES, FRAME_MS, duration_ms

log = structlog.get_logger(__name__)

#: Quiet that ends what was said, and the longest that is recorded (seconds).
QUIET_S, LONGEST_S = 3.0, 60.0
#: Sound of at least this long in all is a voice; less is a click or a cough (seconds).
VOICE_S = 0.2
#: Of somebody who hangs up in the middle at least this much is kept (seconds, from the first sound to the last).
WORTH_KEEPING_S = 2.0
#: The end of a word is softer than its middle: so much is kept after the last sound (seconds).
AFTER_S = 0.5
#: Root mean square of a sample from which a frame can be heard at all (of 32768; -50 dBFS), and how many times it must
#: be the quietest frame's (12 dB).
_HEARD, _ABOVE = 100.0, 4.0


@dataclass(frozen=True, kw_only=True)
class Progress:
    """How far a statement is; times are seconds of sound since our words ended."""

    #: How long it has been, and how much of it held sound.
    passed: float = 0.0
    sounded: float = 0.0
    #: When the first sound began and the last one ended.
    first: float | None = None
    last: float = 0.0
    #: The quietest frame so far.
    quietest: float = float("inf")

    def hear(self, loudness: float) -> Progress:
        """One frame more, by its root mean square."""
        frame_s = FRAME_MS / 1000
        after = replace(self, passed=self.passed + frame_s, quietest=min(self.quietest, loudness))
        if loudness < max(_HEARD, _ABOVE * after.quietest):
            return after
        first = self.passed if self.first is None else self.first
        return replace(after, sounded=self.sounded + frame_s, first=first, last=after.passed)

    @property
    def spoke(self) -> bool:
        """Somebody has said something."""
        return self.sounded >= VOICE_S

    @property
    def worth_keeping(self) -> bool:
        """It was more than a beginning."""
        return self.spoke and self.last - (self.first or 0.0) >= WORTH_KEEPING_S

    def over(self, patience_s: float) -> bool:
        """They are done, or have said nothing for so long, or it is the longest that we record."""
        quiet = self.passed - self.last >= QUIET_S if self.spoke else self.passed >= patience_s
        return quiet or self.passed >= LONGEST_S


class Keeps(Protocol):
    """Whoever keeps the sound of statements."""

    async def statement(self, call: str, pcm: bytes) -> str | None:
        """Keep it: the name under which it is kept, or None where it can't be."""
        ...


class Statement:
    """One open question for a statement."""

    def __init__(self, ask: Ask, now: float) -> None:
        self._ask = ask
        #: When our words ended, or so far when they began; sound that never comes may not hold a call up.
        self._since = now
        self._open = False
        self._frames: list[bytes] = []
        self._progress = Progress()

    @property
    def worth_keeping(self) -> bool:
        """Also of somebody who hung up in the middle of it."""
        return self._progress.worth_keeping

    def open(self, now: float) -> None:
        """Our words are over: from now on it is recorded."""
        if not self._open:
            self._open, self._since = True, now

    def feed(self, frame: bytes) -> None:
        """What came in. Nothing is kept of what is said over our words, nor after the end."""
        if self._open and len(frame) == FRAME_BYTES and not self._progress.over(self._ask.patience_s):
            self._frames.append(frame)
            samples = np.frombuffer(frame, "<i2").astype(np.float64)
            self._progress = self._progress.hear(float(np.sqrt(np.square(samples).mean())))

    def over(self, now: float) -> bool:
        """It is done, whether sound comes in or not."""
        return self._open and (self._progress.over(self._ask.patience_s) or now - self._since > LONGEST_S + QUIET_S)

    async def handed_in(self, keeps: Keeps, call: str, key: str = "") -> Heard:
        """Give the sound away, and what the conversation hears then. `key`: the key that ended it."""
        leads = key if key in self._ask.choices else ""
        if not self._progress.spoke:
            return Keys(leads) if leads else Silence()
        pcm, self._frames = self._sound(), []
        try:
            name = await keeps.statement(call, pcm)
        except Exception:  # whatever is wrong with it, their dispute stands and the talk goes on
            log.exception("statement_not_kept", call=call)
            name = None
        return Recorded(name or "", round(duration_ms(pcm) / 1000), "" if leads == "*" else leads)

    def _sound(self) -> bytes:
        """What was said, without the silence that ended it."""
        return b"".join(self._frames[: round((self._progress.last + AFTER_S) * 1000 / FRAME_MS)])

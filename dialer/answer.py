"""Person or machine: what picked up, judged from its first half minute, while we are already speaking.

A key is a person's, with one exception: a greeting may hold the tone of a key, and of a key that records something at
its first press one alone, inside words without a pause, proves nobody. The same key again does.

A voicemail is known by its beep after some speech, or by a greeting so long that no person gives it, and then quiet.
Until it is known we have said only neutral words, so a late or wrong verdict tells nobody of a debt. Thresholds are
project defaults, chosen so that a person who talks over us is not taken for a machine.
"""

from __future__ import annotations

import itertools

#: Mean absolute sample above which a frame holds sound (of 32768).
LOUD = 200
#: Only the beginning of a call is judged.
LISTEN_FRAMES = 30 * 50
#: A steady tone of this many frames (of 20 ms) is a beep, if at least this much speech came before it.
BEEP_FRAMES, SPEECH_BEFORE_BEEP = 9, 75
#: A greeting this long, with no pause of `PAUSE_FRAMES` in it, then quiet for `QUIET_FRAMES`.
LONG_GREETING, PAUSE_FRAMES, QUIET_FRAMES = 350, 35, 50
#: Keys that record something at their first press (a person's call-back, never again), and so could do harm.
LASTING_KEYS = "09"


class Greeting:
    """Hears frames; `hears` is True once, when a machine has finished its greeting and our message may begin."""

    def __init__(self) -> None:
        self._frames = 0
        self._speech = 0
        self._burst = 0
        self._quiet = 0
        self._tone = 0
        self._beep = 0
        self._pitch = -1
        self._long = False
        self._decided = False
        #: Keys that came once inside a greeting.
        self._doubted = ""

    def person(self) -> None:
        """Somebody was understood: this is a person, listen no more."""
        self._decided = True

    def holds(self, key: str, *, answers: bool) -> bool:
        """May this key be a tone of the greeting? Each once; every other key is a person's, and we listen no more.

        `answers`: it answers a question. One that doesn't (a finger's echo, too early) proves nobody in a greeting.
        """
        greets = not self._decided and self._burst >= SPEECH_BEFORE_BEEP
        held = greets and key in LASTING_KEYS and not (answers and key in self._doubted)
        if held and answers:
            self._doubted += key
        self._decided |= not held
        return held

    def hears(self, payload: bytes) -> bool:
        """One frame of 20 ms; True when the verdict is: a machine, and it is our turn."""
        if self._decided or len(payload) % 2:
            return False
        self._frames += 1
        if self._frames > LISTEN_FRAMES:
            self._decided = True
            return False
        samples = memoryview(payload).cast("h")
        if not samples or sum(map(abs, samples)) < LOUD * len(samples):
            return self._silent()
        crossings = sum((a < 0) != (b < 0) for a, b in itertools.pairwise(samples))
        steady = self._pitch >= 0 and abs(crossings - self._pitch) <= 1 and crossings >= 10
        self._pitch = crossings
        # A beep ends somewhere inside a frame: that last one is neither tone nor silence.
        self._beep = 0 if steady else self._tone
        if steady:
            self._tone += 1
        else:  # a tone may end in the middle of a frame
            self._ended = self._tone if self._tone >= BEEP_FRAMES else 0
            self._tone = 0
        self._quiet = 0
        self._speech += 1
        self._burst += 1
        if self._burst >= LONG_GREETING:
            self._long = True
        return False

    def _silent(self) -> bool:
        tone = max(self._tone, self._beep)
        beeped = tone >= BEEP_FRAMES and self._speech - tone >= SPEECH_BEFORE_BEEP
        self._tone, self._beep, self._pitch = 0, 0, -1
        self._quiet += 1
        if self._quiet >= PAUSE_FRAMES:
            self._burst = 0
        if beeped or (self._long and self._quiet >= QUIET_FRAMES):
            self._decided = True
            return True
        return False

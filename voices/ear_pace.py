"""How many callers one engine hears in time on this machine: measured once, when it has been loaded."""

from __future__ import annotations

import os
import time
from collections.abc import Sequence

import numpy as np

from voices.audio import FRAME_MS, RATE_HZ
from voices.recogniser import Recogniser
from voices.voice_activity import FRAME_SAMPLES, VoiceActivity

#: The part of the processor that ears may fill. The line needs some, bursts of decoding need some, and an engine that
#: was measured alone was seen to cost half as much again among others.
SHARE = 0.4
#: While somebody is listened to they speak for half of the time at most: they hear the question first, and think.
SPEAKING = 0.5
#: Sound of the measurement (s): long enough for a tick of the clock to be nothing.
_SECONDS = 2.0
#: Nobody has more lines than this on one machine.
_MOST = 400


def most_streams(recogniser: Recogniser, voices: VoiceActivity, phrases: Sequence[str]) -> int:
    """So many callers may be listened to at once, so that what all of them say is heard in time. At least one.

    An engine that does its work elsewhere costs next to nothing here: its own machine has to be measured.
    """
    sound = _babble()
    begun = time.thread_time()
    caller = voices.caller()
    for n in range(0, len(sound) - FRAME_SAMPLES + 1, FRAME_SAMPLES):
        caller.hear(sound[n : n + FRAME_SAMPLES])
    watched = time.thread_time()
    if phrases:
        stream = recogniser.open(phrases)
        frame = RATE_HZ * FRAME_MS // 1000
        for n in range(0, len(sound), frame):
            stream.feed(sound[n : n + frame].tobytes())
        stream.end()
    cost = (watched - begun + SPEAKING * (time.thread_time() - watched)) / _SECONDS
    cores = len(os.sched_getaffinity(0)) if recogniser.parallel else 1
    return max(1, min(_MOST, int(cores * SHARE / cost)))


def _babble() -> np.ndarray[tuple[int], np.dtype[np.int16]]:
    """Sound that is as much work as speech: a hum with overtones under noise, in syllables."""
    at = np.arange(int(RATE_HZ * _SECONDS)) / RATE_HZ
    hum = sum(np.sin(2 * np.pi * 130 * n * at) / n for n in range(1, 20))
    syllables = np.clip(np.sin(2 * np.pi * 4 * at), 0.0, 1.0)
    noise = np.random.default_rng(0).standard_normal(len(at)) / 10
    samples: np.ndarray[tuple[int], np.dtype[np.int16]] = ((hum * syllables + noise) * 2000).astype(np.int16)
    return samples

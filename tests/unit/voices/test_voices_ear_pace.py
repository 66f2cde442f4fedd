"""How many callers an engine is trusted with, by what it costs."""

from __future__ import annotations

import time
from collections.abc import Sequence

import pytest

from voices.ear_pace import most_streams
from voices.recogniser import Reading
from voices.voice_activity import VoiceActivity


class Costly:
    """Burns so much of the processor for each frame of 20 ms (s)."""

    name = "costly"

    def __init__(self, frame_s: float, *, parallel: bool = False) -> None:
        self.frame_s, self.parallel, self.whole = frame_s, parallel, False

    def unknown(self, words: Sequence[str]) -> frozenset[str]:
        return frozenset()

    def open(self, phrases: Sequence[str], repeated: Sequence[str] = ()) -> Costly:
        return self

    def feed(self, pcm: bytes) -> str | None:
        until = time.thread_time() + self.frame_s
        while time.thread_time() < until:
            pass
        return None

    def end(self) -> Reading:
        return Reading("")


@pytest.fixture(scope="module")
def voices() -> VoiceActivity:
    return VoiceActivity()


def test_an_engine_slower_than_speech_itself_still_hears_one(voices: VoiceActivity) -> None:
    assert most_streams(Costly(0.025), voices, ("yes",)) == 1


def test_a_cheaper_engine_hears_more_and_none_hears_without_end(voices: VoiceActivity) -> None:
    dear, cheap, free = (most_streams(Costly(cost), voices, ("yes",)) for cost in (0.004, 0.001, 0.0))
    assert dear < cheap < free <= 400

"""What one call hears: words cut into frames, then silence for ever."""

from __future__ import annotations

from array import array

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dialer.playback import AUDIBLE, Playback, audible
from voices.audio import FRAME_BYTES, SILENCE

SOUND = st.binary(max_size=4 * FRAME_BYTES).map(lambda data: data[: len(data) // 2 * 2])


@given(SOUND)
def test_words_are_heard_whole_once_and_then_there_is_silence(pcm: bytes) -> None:
    playback, heard = Playback(), b""
    playback.play(pcm)
    while playback.playing:
        heard += playback.next_frame()
    assert heard[: len(pcm)] == pcm
    assert set(heard[len(pcm) :]) <= {0}
    assert len(heard) - len(pcm) < FRAME_BYTES
    assert [playback.next_frame() for _ in range(3)] == [SILENCE] * 3


@given(SOUND, st.integers(0, 6))
def test_every_frame_has_20_milliseconds_whatever_is_played(pcm: bytes, frames: int) -> None:
    playback = Playback()
    playback.play(pcm)
    assert {len(playback.next_frame()) for _ in range(frames)} <= {FRAME_BYTES}


def test_it_is_silent_from_the_next_frame_on_when_stopped() -> None:
    playback = Playback()
    playback.play(b"\x01\x01" * 1600)
    playback.next_frame()
    playback.stop()
    assert not playback.playing
    assert playback.next_frame() == SILENCE


def test_new_words_take_the_place_of_old_ones() -> None:
    playback = Playback()
    playback.play(b"\x01\x01" * 1600)
    playback.next_frame()
    playback.play(b"\x02\x02" * 160)
    assert playback.next_frame() == b"\x02\x02" * 160
    assert not playback.playing


def test_before_the_first_words_there_is_silence() -> None:
    assert Playback().next_frame() == SILENCE
    assert not Playback().playing


@pytest.mark.parametrize(
    ("sample", "heard"), [(0, False), (AUDIBLE, False), (-AUDIBLE, False), (AUDIBLE + 1, True), (-AUDIBLE - 1, True)]
)
def test_a_frame_can_be_heard_when_one_sample_is_loud_enough(sample: int, heard: bool) -> None:
    assert audible(array("h", [0] * 159 + [sample]).tobytes()) is heard

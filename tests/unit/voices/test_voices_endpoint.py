"""When speech begins and ends, frame by frame."""

from __future__ import annotations

from collections.abc import Iterable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from voices.endpoint import END_MS, FRAME_MS, LONGEST_MS, ONSET_FRAMES, PATIENT_END_MS, PAUSE_MS, Mark, listening
from voices.voice_activity import FRAME_MS as NETWORK_FRAME_MS

SPEECH, NOTHING = 0.9, 0.05


def marks(chances: Iterable[float], *, patient: bool = False) -> list[tuple[int, Mark]]:
    """Where speech begins and ends, by the frame's number."""
    return [(n, mark) for n, mark in all_marks(chances, patient=patient) if mark is not Mark.PAUSED]


def all_marks(chances: Iterable[float], *, patient: bool = False) -> list[tuple[int, Mark]]:
    """The same with pauses."""
    endpoint, found = listening(patient), []
    for n, chance in enumerate(chances):
        endpoint, mark = endpoint.hear(chance)
        if mark is not None:
            found.append((n, mark))
    return found


def test_a_click_of_one_frame_is_no_speech() -> None:
    assert marks([SPEECH, NOTHING] * 50) == []


def test_speech_begins_with_its_second_frame() -> None:
    assert marks([NOTHING] * 5 + [SPEECH] * 2) == [(6, Mark.BEGAN)]


@pytest.mark.parametrize(("patient", "ms"), [(False, END_MS), (True, PATIENT_END_MS)])
def test_it_ends_after_its_silence_and_not_in_a_shorter_pause(patient: bool, ms: int) -> None:
    frames = -(-ms // FRAME_MS)
    pause = [NOTHING] * (frames - 1)
    said = [SPEECH] * 10 + pause + [SPEECH] * 10
    assert marks(said + pause, patient=patient) == [(1, Mark.BEGAN)]
    assert marks([*said, *pause, NOTHING], patient=patient) == [(1, Mark.BEGAN), (len(said) + frames - 1, Mark.ENDED)]


def test_a_silence_within_it_is_a_pause_once_and_a_shorter_one_is_none() -> None:
    frames = PAUSE_MS // FRAME_MS
    shorter, longer = [NOTHING] * (frames - 1), [NOTHING] * (frames + 3)
    said = [SPEECH] * 10 + shorter + [SPEECH] * 10 + longer + [SPEECH] * 10
    pause = 10 + len(shorter) + 10 + frames - 1
    assert all_marks(said) == [(1, Mark.BEGAN), (pause, Mark.PAUSED)]


def test_a_pause_comes_well_before_the_end() -> None:
    found = all_marks([SPEECH] * 10 + [NOTHING] * 100)
    assert [mark for _, mark in found] == [Mark.BEGAN, Mark.PAUSED, Mark.ENDED]
    assert PAUSE_MS % FRAME_MS == 0
    assert (found[2][0] - found[1][0]) * FRAME_MS >= END_MS - PAUSE_MS


def test_a_voice_that_grows_weak_holds_on_longer_than_it_needed_to_begin() -> None:
    weak = 0.4
    assert marks([weak] * 100) == []
    assert marks([SPEECH, SPEECH] + [weak] * 100) == [(1, Mark.BEGAN)]


def test_nobody_speaks_for_ever() -> None:
    found = marks([SPEECH] * (LONGEST_MS // FRAME_MS + 10))
    assert found[:2] == [(1, Mark.BEGAN), (-(-LONGEST_MS // FRAME_MS) - 1, Mark.ENDED)]


def test_an_hour_of_silence_marks_nothing() -> None:
    assert marks([NOTHING] * (3_600_000 // FRAME_MS)) == []


@given(st.lists(st.floats(0, 1), max_size=400), st.booleans())
def test_begin_and_end_take_turns_and_every_end_comes_in_time(chances: list[float], patient: bool) -> None:
    found = marks(chances, patient=patient)
    assert [mark for _, mark in found] == [Mark.BEGAN, Mark.ENDED] * (len(found) // 2) + [Mark.BEGAN] * (len(found) % 2)
    for (began, _), (ended, _) in zip(found[::2], found[1::2], strict=False):
        assert (ended - began) * FRAME_MS <= LONGEST_MS
        assert ended - began >= ONSET_FRAMES


def test_its_frames_are_those_of_the_network() -> None:
    assert FRAME_MS == NETWORK_FRAME_MS

"""What a bench says of its figures: ratios, goals, percentiles, losses, and the document's shape. Never the speed."""

from __future__ import annotations

import os
import subprocess
import sys
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desk.bench.launch import Rate
from desk.bench.launch import rows as launch_rows
from desk.bench.line import heard_out
from desk.bench.line_rows import Heard, Speech, spoken_rows
from desk.bench.line_rows import rows as line_rows
from desk.bench.machine import child_of
from desk.bench.person import FINDS_NONE, LISTENS, OVER, PATIENCE, UNHEARD, Person
from desk.bench.reception import lost
from desk.bench.report import AtLeast, AtLeastRatio, AtMost, AtMostMore, AtMostRatio, Goal, Row, document, share_of

KEYS = {"name", "ours", "baseline", "unit", "ratio", "goal", "holds", "note"}
#: A frame every 20 ms.
EVEN = [n * 0.02 for n in range(400)]


def row(ours: float | None, baseline: float | None, goal: Goal | None = None) -> Row:
    return Row(name="waits", ours=ours, baseline=baseline, unit="ms", goal=goal)


@pytest.mark.parametrize(
    ("ours", "baseline", "goal", "ratio", "holds"),
    [
        (80.0, 100.0, AtLeastRatio(0.8), 0.8, True),
        (79.0, 100.0, AtLeastRatio(0.8), 0.79, False),
        (112.0, 12.0, AtMostMore(100.0), 112 / 12, True),
        (112.1, 12.0, AtMostMore(100.0), 112.1 / 12, False),
        (0.0, 0.0, AtMost(0), None, True),
        (1.0, 0.0, AtMost(0), None, False),
        (20_000.0, None, AtLeast(20_000), None, True),
        (19_999.0, 90_000.0, AtLeast(20_000), 19_999 / 90_000, False),
        (5.0, 4.0, None, 1.25, None),
        (12.0, 4.0, AtMostRatio(3.0), 3.0, True),
        (12.1, 4.0, AtMostRatio(3.0), 12.1 / 4, False),
        (12.0, None, AtMostRatio(3.0), None, None),
        (5.0, None, AtMostMore(100.0), None, None),
        (None, 4.0, AtMost(40.0), None, False),
    ],
)
def test_a_row_tells_its_ratio_and_whether_its_goal_holds(
    ours: float | None, baseline: float | None, goal: Goal | None, ratio: float | None, holds: bool | None
) -> None:
    found = row(ours, baseline, goal)
    assert found.ratio == (None if ratio is None else pytest.approx(ratio))
    assert found.holds is holds


def test_the_document_has_the_shape_that_scripts_rely_on() -> None:
    found = document("line", {"cores": 2}, [row(123.456789, 10.0, AtMostMore(100.0)), row(None, None)])
    assert (found["bench"], found["machine"]) == ("line", {"cores": 2})
    assert [set(one) for one in found["rows"]] == [KEYS, KEYS]
    assert found["rows"][0] == {
        "name": "waits",
        "ours": 123.5,
        "baseline": 10.0,
        "unit": "ms",
        "ratio": 12.35,
        "goal": "at most 100 ms above the baseline",
        "holds": False,
        "note": None,
    }


@given(st.lists(st.floats(0, 1e6), min_size=1), st.floats(0.01, 1))
def test_a_share_is_one_of_the_values_and_that_many_lie_at_or_below_it(values: list[float], share: float) -> None:
    found = share_of(values, share)
    assert found in values
    assert sum(value <= found for value in values) >= share * len(values) - 1e-9


def test_nothing_measured_has_no_percentile() -> None:
    assert share_of([], 0.95) is None
    assert share_of([float(n) for n in range(1, 101)], 0.95) == 95.0


def test_frames_that_are_late_are_not_lost() -> None:
    assert lost(EVEN) == 0
    assert lost([at + (0.013 if n % 7 == 0 else 0.0) for n, at in enumerate(EVEN)]) == 0
    assert lost([*EVEN[:-1], EVEN[-1] + 0.3]) == 0


@given(st.sets(st.integers(100, 300), max_size=20))
def test_every_frame_that_never_came_is_counted(missing: set[int]) -> None:
    assert lost([at for n, at in enumerate(EVEN) if n not in missing]) == len(missing)


def pressed(person: Person, *, at: float, ended: float) -> str | None:
    """The key that the person presses at this moment, held until `ended`."""
    key = person.due(at)
    person.answer_ended(ended)
    return key


def test_a_person_answers_in_a_pause_of_our_words_and_times_the_next_ones_from_the_keys_end() -> None:
    person = Person(("1",), thinks=2.0, answered_at=10.0)
    person.heard(10.05, audible=False)
    person.heard(10.07, audible=True)
    assert person.first_voice == 10.07
    assert person.due(12.0) is None  # still thinking
    person.heard(12.1, audible=True)
    assert person.due(12.11) is None  # in the middle of a word
    person.heard(12.12, audible=False)
    assert pressed(person, at=12.21, ended=12.3) == "1"
    person.heard(12.34, audible=True)
    assert person.keys == [(12.3, 12.34)]
    assert person.due(12.34 + LISTENS / 2) is None
    assert person.due(12.34 + LISTENS) == ""


def test_a_key_that_ends_while_our_old_words_sound_is_not_timed() -> None:
    person = Person(("1", "2"), thinks=0.0, answered_at=0.0)
    person.heard(0.1, audible=True)
    person.heard(0.12, audible=False)
    assert person.due(0.21) == "1"
    person.heard(0.25, audible=True)
    person.answer_ended(0.27)
    person.heard(0.29, audible=True)
    assert person.keys == []
    person.heard(0.4, audible=False)
    assert person.due(0.5) == "2"


def test_who_finds_no_pause_presses_all_the_same() -> None:
    person = Person(("1",), thinks=0.0, answered_at=0.0)
    person.heard(0.1, audible=True)
    for n in range(200):
        person.heard(0.12 + n / 50, audible=True)
    assert person.due(2.0) is None
    assert person.due(0.1 + FINDS_NONE) == "1"


def test_a_person_who_hears_nothing_after_a_key_gives_up_and_that_counts_as_never() -> None:
    person = Person(("1", "2"), thinks=0.0, answered_at=0.0)
    person.heard(0.1, audible=True)
    person.heard(0.12, audible=False)
    assert pressed(person, at=0.2, ended=0.3) == "1"
    assert person.due(0.3 + PATIENCE) is None
    assert person.due(0.4 + PATIENCE) == ""
    assert person.keys == [(0.3, None)]


def test_the_keys_of_one_answer_are_pressed_one_after_the_other_and_not_timed() -> None:
    person = Person(("90",), thinks=0.0, answered_at=0.0)
    person.heard(0.1, audible=True)
    person.heard(0.12, audible=False)
    assert pressed(person, at=0.2, ended=0.3) == "9"
    assert person.due(0.4) is None
    assert pressed(person, at=0.5, ended=0.6) == "0"
    person.heard(0.7, audible=True)
    assert person.keys == []
    assert person.due(0.7 + LISTENS) == ""


def spoken(person: Person, *, at: float, ended: float) -> str | None:
    """The words that the person says from this moment on, until `ended`."""
    said = person.due(at)
    person.answer_ended(ended)
    return said


def test_who_speaks_waits_for_the_end_of_our_words_and_times_the_next_ones_from_the_last_sound() -> None:
    person = Person(("yes=1", "2"), thinks=0.0, answered_at=0.0)
    person.heard(0.1, audible=True)
    person.heard(0.12, audible=False)
    assert person.due(0.1 + OVER - 0.01) is None, "it may be a pause between two sentences"
    assert spoken(person, at=0.9, ended=1.6) == "yes"
    assert person.waits == [], "words are no key"
    person.heard(2.0, audible=True)
    assert (person.words, person.keys) == ([(1.6, 2.0)], [])
    person.heard(2.02, audible=False)
    assert pressed(person, at=2.2, ended=2.3) == "2"


def test_who_is_not_heard_presses_the_key_instead_and_that_is_told_apart() -> None:
    person = Person(("yes=1",), thinks=0.0, answered_at=0.0)
    person.heard(0.1, audible=True)
    person.heard(0.12, audible=False)
    assert spoken(person, at=0.9, ended=1.6) == "yes"
    assert person.due(1.6 + UNHEARD) is None
    assert pressed(person, at=1.7 + UNHEARD, ended=5.0) == "1"
    person.heard(5.03, audible=True)
    assert person.words == [(1.6, None)]
    assert person.keys == [(5.0, 5.03)]
    assert person.due(5.03 + LISTENS) == ""


def reception(*answers: float | None) -> dict[str, object]:
    gaps = {"gap_p99": 22.0, "gap_p999": 25.0, "gap_max": 40.0}
    words = [400.0, 500.0, None]
    return {"answers": list(answers), "keys": [30.0], "words": words, "lost": 0, "packets": 9, "completed": 3, **gaps}


def test_of_debtors_who_speak_is_told_how_soon_they_were_answered_and_how_many_were_asked_for_the_keys() -> None:
    cpu = {"line": 0.2, "dialer": 0.1, "asterisk": 0.3, "recogniser": 0.4}
    kinds = Counter({"Answered": 60, "Words": 90, "Noise": 4, "KeysOnly": 3, "deaf": 20})
    ours = Heard(50, reception(40.0, 50.0), cpu, Speech(ears=22, kinds=kinds))
    found = {
        one.name.removesuffix(", 50 calls that speak"): one for one in spoken_rows(ours, Heard(50, reception(5.0), cpu))
    }
    assert found["answer to first audible speech p95"].ours == 50.0
    waited = found["end of words to next prompt p95"]
    assert (waited.ours, waited.holds) == (500.0, True)
    assert waited.note == "2 answered, p50 400 ms; 1 said to nobody, who then took the key"
    assert found["callers listened to at one time"].ours == 22
    assert found["callers listened to at one time"].note == "calls that were asked for the keys: 23 of 60"
    assert (found["answers in words understood"].ours, found["answers in words understood"].note) == (90, "and 4 not")
    assert found["processor of the recogniser for a call"].ours == 0.4


def test_a_machine_that_is_too_busy_for_so_many_calls_says_how_many_there_were() -> None:
    cpu = {"line": 0.2, "dialer": 0.1, "asterisk": 0.3}
    assert Heard(200, reception(40.0), cpu, reached=120).at == "200 calls (120 reached)"
    assert Heard(200, reception(40.0), cpu, reached=200).at == Heard(200, reception(40.0), cpu).at == "200 calls"
    assert Heard(1, reception(40.0), cpu).at == "1 call"


def test_the_oldest_child_of_a_process_is_found_and_of_one_that_is_gone_none() -> None:
    child = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE)
    try:
        assert child_of(os.getpid()) is not None
        assert child_of(child.pid) is None
    finally:
        child.communicate()
    assert child_of(child.pid) is None


def test_a_wait_that_never_ended_fails_its_goal_whatever_the_others_say() -> None:
    cpu = {"line": 0.2, "dialer": 0.1, "asterisk": 0.3}
    bare = Heard(50, reception(5.0, 6.0), cpu)
    good = {one.name: one for one in line_rows(Heard(50, reception(40.0, 50.0), cpu), bare)}
    bad = {one.name: one for one in line_rows(Heard(50, reception(40.0, None), cpu), bare)}
    name = "answer to first audible speech p95, 50 calls"
    assert good[name].holds is True
    assert bad[name].holds is False
    assert "1 never heard it" in (bad[name].note or "")


def test_a_wait_that_began_in_the_last_moment_of_the_stretch_is_heard_out() -> None:
    reports = iter([reception(40.0, None), reception(40.0, None), reception(40.0, 48.0)])
    slept: list[float] = []
    assert heard_out(lambda: next(reports), slept.append) == reception(40.0, 48.0)
    assert len(slept) == 3


def test_a_wait_is_given_up_when_nobody_waits_any_longer() -> None:
    slept: list[float] = []
    assert heard_out(lambda: reception(40.0, None), slept.append) == reception(40.0, None)
    assert PATIENCE < sum(slept) < PATIENCE + 5


def test_a_key_after_which_nothing_was_heard_yet_is_a_wait_that_is_open() -> None:
    person = Person(("1",), thinks=0.0, answered_at=0.0)
    assert person.waits == [], "whoever has just answered has pressed no key"
    person.heard(0.1, audible=True)
    person.heard(0.12, audible=False)
    assert pressed(person, at=0.2, ended=0.3) == "1"
    assert person.waits == [(0.3, None)]
    person.heard(0.4, audible=True)
    assert person.waits == [(0.3, 0.4)]


def test_one_call_alone_tells_of_waits_only() -> None:
    one = Heard(1, reception(40.0), {"line": 0.2, "dialer": 0.1, "asterisk": 0.3})
    assert [found.name for found in line_rows(one, one)] == [
        "answer to first audible speech p95, 1 call",
        "key to next prompt p95, 1 call",
    ]


def test_the_launch_rate_says_which_process_binds() -> None:
    ours = Rate(per_second=40.0, cpu_ms={"dialer": 9.0, "line": 20.0, "asterisk": 3.0, "callee": 1.0})
    bare = Rate(per_second=100.0, cpu_ms={"loop": 0.5, "line": 0.5, "asterisk": 3.0, "callee": 1.0})
    first = launch_rows(ours, bare)[0]
    assert (first.ratio, first.holds) == (0.4, False)
    assert "the line process uses 20.0 ms of its one core for a call (80 % busy)" in (first.note or "")

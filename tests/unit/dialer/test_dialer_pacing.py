"""How many calls may start: never above the lines, never above the rate in any second, and no slower than need be."""

from __future__ import annotations

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dialer.pacing import MOST_LAG_MS, Pace, calls_to_place

RATES = st.one_of(st.integers(1, 200).map(float), st.floats(0.1, 200.0))


def most_in_a_second(per_second: float) -> int:
    return max(1, math.floor(per_second))


@given(RATES, st.lists(st.tuples(st.floats(0.0, 1.5), st.integers(0, 60)), max_size=80), st.integers(0, 50))
def test_no_second_holds_more_calls_than_the_rate_says(rate: float, looks: list[tuple[float, int]], lines: int) -> None:
    pace, now, placed = Pace.starting(rate, 0.0), 0.0, list[tuple[float, int]]()
    for passed, in_flight in looks:
        now += passed
        pace = pace.filled(now)
        calls = calls_to_place(lines, in_flight, pace, 0.0)
        assert 0 <= calls <= max(0, lines - in_flight)
        pace = pace.spent(calls)
        placed.append((now, calls))
    for begins, _ in placed:
        assert sum(calls for at, calls in placed if 0 <= at - begins < 1.0) <= most_in_a_second(rate)


@pytest.mark.parametrize("rate", [0.5, 1.0, 2.0, 5.0, 20.0, 99.9, 200.0])
@pytest.mark.parametrize("look_every", [0.01, 0.05, 0.13])
def test_no_second_holds_more_however_eager_we_are(rate: float, look_every: float) -> None:
    pace, placed = Pace.starting(rate, 0.0), list[tuple[float, int]]()
    for n in range(int(4.0 / look_every)):
        pace = pace.filled(n * look_every)
        calls = calls_to_place(10_000, 0, pace, 0.0)
        pace = pace.spent(calls)
        placed.append((n * look_every, calls))
    windows = [sum(calls for at, calls in placed if 0 <= at - begins < 1.0) for begins, _ in placed]
    assert max(windows) <= most_in_a_second(rate)


@settings(deadline=None, max_examples=100)
@given(RATES, st.floats(0.01, 0.05))
def test_a_rate_is_reached_when_there_are_enough_calls_and_looks(rate: float, look_every: float) -> None:
    pace, total, seconds = Pace.starting(rate, 0.0), 0, 10.0
    for n in range(int(seconds / look_every)):
        pace = pace.filled(n * look_every)
        calls = calls_to_place(10_000, 0, pace, 0.0)
        pace, total = pace.spent(calls), total + calls
    assert total >= 0.9 * math.floor(min(rate, most_in_a_second(rate)) * seconds)


def test_calls_are_spread_over_the_second() -> None:
    pace = Pace.starting(50.0, 0.0)
    assert calls_to_place(100, 0, pace, 0.0) == 5
    pace = pace.spent(5).filled(0.02)
    assert calls_to_place(100, 0, pace, 0.0) == 1


@pytest.mark.parametrize(("lines", "in_flight", "calls"), [(10, 0, 5), (10, 7, 3), (10, 10, 0), (10, 12, 0), (0, 0, 0)])
def test_no_more_calls_than_lines_are_free(lines: int, in_flight: int, calls: int) -> None:
    assert calls_to_place(lines, in_flight, Pace.starting(50.0, 0.0), 0.0) == calls


def test_nothing_is_placed_while_the_line_lags() -> None:
    pace = Pace.starting(50.0, 0.0)
    assert calls_to_place(10, 0, pace, MOST_LAG_MS) == 5
    assert calls_to_place(10, 0, pace, MOST_LAG_MS + 0.1) == 0


def test_a_clock_that_goes_back_gives_nothing_away() -> None:
    pace = Pace.starting(10.0, 100.0).spent(1)
    assert calls_to_place(10, 0, pace.filled(50.0), 0.0) == 0
    assert calls_to_place(10, 0, pace.filled(50.0).filled(100.0), 0.0) == 0
    assert calls_to_place(10, 0, pace.filled(50.0).filled(101.5), 0.0) == 2

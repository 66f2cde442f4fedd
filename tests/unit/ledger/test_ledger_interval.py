"""Intervals are half-open, and their sets obey the laws of sets."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.interval import around, intersection, minus, union

_PIECES = st.lists(st.tuples(st.integers(0, 60), st.integers(0, 60)), max_size=6)


def _points(*sets: object) -> set[int]:
    return {point for one in sets for start, end in one for point in range(start, end)}  # type: ignore[attr-defined]


def test_what_overlaps_or_touches_becomes_one() -> None:
    assert union([(9, 12), (11, 13)], [(13, 14)], [(20, 21)]) == ((9, 14), (20, 21))


def test_what_is_empty_or_reversed_is_dropped() -> None:
    assert union([(5, 5), (9, 7)]) == ()


def test_the_end_does_not_belong_to_an_interval() -> None:
    assert around(((9, 12),), 9) == (9, 12)
    assert around(((9, 12),), 12) is None


def test_an_intersection_of_nothing_has_no_name() -> None:
    with pytest.raises(ValueError, match="at least one"):
        intersection()


@given(_PIECES, _PIECES)
def test_sets_of_intervals_are_sets_of_their_points(these: list[tuple[int, int]], those: list[tuple[int, int]]) -> None:
    a, b = _points(these), _points(those)
    assert _points(union(these, those)) == a | b
    assert _points(intersection(these, those)) == a & b
    assert _points(minus(these, those)) == a - b


@given(_PIECES, _PIECES)
def test_a_set_is_sorted_and_its_pieces_lie_apart(these: list[tuple[int, int]], those: list[tuple[int, int]]) -> None:
    for found in (union(these, those), intersection(these, those), minus(these, those)):
        assert all(start < end for start, end in found)
        assert all(one[1] < other[0] for one, other in pairwise(found))

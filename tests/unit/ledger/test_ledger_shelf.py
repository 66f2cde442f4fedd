"""A shelf is a dictionary, however little of it is at hand."""

from __future__ import annotations

from contextlib import closing

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.intake.shelf import Shelf

_texts = st.text(st.characters(codec="utf-8"), max_size=8)


@given(
    st.lists(st.tuples(_texts, st.one_of(st.integers(-(2**63), 2**63 - 1), st.binary(max_size=9)))), st.integers(1, 9)
)
def test_it_knows_the_last_value_of_every_key(entries: list[tuple[str, int | bytes]], at_hand: int) -> None:
    told: dict[str, int | bytes] = {}
    shelf: Shelf[str, int | bytes] = Shelf(at_hand=at_hand)
    with closing(shelf):
        for key, value in entries:
            assert (key in shelf, shelf.get(key)) == (key in told, told.get(key))
            shelf.put(key, value)
            told[key] = value
            assert len(shelf) == len(told)
        assert sorted(shelf) == sorted(told)
        assert {key: shelf.get(key) for key in told} == told


def test_whole_values_come_back_as_they_were_packed() -> None:
    shelf: Shelf[int, tuple[str, ...]] = Shelf(",".join, lambda stored: tuple(stored.split(",")), at_hand=1)
    with closing(shelf):
        for n in range(-3, 4):
            shelf.add(n, (str(n), "x"))
        assert [shelf.get(n) for n in (-3, 0, 3)] == [("-3", "x"), ("0", "x"), ("3", "x")]
        assert shelf.get(4) is None


@pytest.mark.parametrize("many", [150_000])
def test_the_marks_grow_with_the_file(many: int) -> None:
    shelf: Shelf[int, int] = Shelf(at_hand=40_000)
    with closing(shelf):
        for n in range(many):
            shelf.add(n * 7919, n)
        assert len(shelf) == many
        assert all(shelf.get(n * 7919) == n for n in range(0, many, 997))
        assert not any(n * 7919 + 1 in shelf for n in range(0, many, 997))

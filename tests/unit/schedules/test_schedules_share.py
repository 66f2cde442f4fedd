"""Dialers side by side look at different people, and nobody waits for a dialer that is busy."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schedules.queue import Candidate
from schedules.rank import callback_place
from schedules.share import ALONE, Share, whose

NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)
_windows = st.lists(st.integers(1, 500), unique=True, max_size=60).map(
    lambda debtors: [Candidate(1000 + debtor, debtor, NOON, NOON, n) for n, debtor in enumerate(debtors)]
)


@given(_windows, st.integers(1, 20), st.integers(1, 5))
def test_together_they_look_at_the_whole_window_and_each_at_as_many_as_it_wants(
    window: list[Candidate], most: int, dialers: int
) -> None:
    shares = [Share(nth, dialers) for nth in range(dialers)]
    window = window[: shares[0].window(most)]
    looked = [one.first(window, most) for one in shares]
    for mine in looked:
        assert len(mine) == min(most, len(window)), "nobody looks at fewer while somebody waits"
        assert mine == [one for one in window if one in mine], "in the order of the queue"
    for nth, mine in enumerate(looked):
        own = [one for one in window if whose(one.debtor_id, dialers) == nth]
        assert set(own[:most]) <= set(mine), "its own come first"


@pytest.mark.parametrize("step", [1, 2, 10, 400])
def test_debtors_fall_evenly_to_the_dialers_whatever_the_pattern_of_their_numbers(step: int) -> None:
    for dialers in (2, 3, 5):
        counts = Counter(whose(n * step, dialers) for n in range(3000))
        assert max(counts.values()) - min(counts.values()) < 3000 / dialers / 5


@given(_windows, st.integers(1, 20))
def test_a_dialer_alone_takes_them_as_they_come(window: list[Candidate], most: int) -> None:
    assert ALONE.first(window, most) == window[:most]
    assert ALONE.window(most) == most


def test_a_promised_call_back_is_looked_at_by_every_dialer() -> None:
    promised = Candidate(1, 7, NOON, NOON, callback_place(NOON))
    others = [Candidate(n, n, NOON, NOON, n) for n in range(10, 20)]
    for nth in range(3):
        assert promised in Share(nth, 3).first([promised, *others], 2)


def test_what_a_dialer_without_a_free_line_leaves_is_taken_by_the_others() -> None:
    window = [Candidate(n, n, NOON, NOON, n) for n in range(8)]
    first = Share(0, 2)
    theirs = [one for one in window if whose(one.debtor_id, 2) == 1]
    assert first.first(theirs, 4) == theirs[:4]


def test_each_dialer_finds_its_own_place_among_all_that_live() -> None:
    names = ["dial-b", "dial-a", "dial-c"]
    assert [Share.among(one, names) for one in sorted(names)] == [Share(0, 3), Share(1, 3), Share(2, 3)]
    assert Share.among("dial-a", []) == ALONE, "not seen by anybody yet: as if alone"

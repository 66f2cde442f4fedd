"""A promise is kept when the money came, broken when day and grace are over, and else still waited for."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.promise import Promised, judged, left_of

DUE = date(2026, 12, 1)


def promised(paid: int = 0, open_: int = 12000) -> Promised:
    return Promised(agreement_id=1, debtor_id=1, due_on=DUE, amount_minor=12000, paid_minor=paid, open_minor=open_)


@pytest.mark.parametrize(
    ("paid", "open_", "day", "state"),
    [
        (0, 12000, 0, None),
        (0, 12000, 3, None),
        (0, 12000, 4, "broken"),
        (12000, 0, -5, "kept"),
        (12000, 3000, 0, "kept"),
        (11999, 1, 4, "broken"),
        (0, 0, 0, "kept"),
    ],
)
def test_what_came_of_it(paid: int, open_: int, day: int, state: str | None) -> None:
    assert judged(promised(paid, open_), DUE + timedelta(days=day), 3) == state


@given(paid=st.integers(0, 20000), days=st.integers(-40, 40), grace=st.integers(0, 10))
def test_nobody_who_paid_is_ever_called_a_breaker_of_promises(paid: int, days: int, grace: int) -> None:
    state = judged(promised(paid), DUE + timedelta(days=days), grace)
    assert not (state == "broken" and paid >= 12000)
    assert not (state == "broken" and days <= grace)


@pytest.mark.parametrize(
    ("anew", "left"),
    [((), (10000, 2000, 10500)), ((2,), (8500, 2000, 6500)), ((1, 2), (0, 0, 0))],
)
def test_what_was_agreed_anew_is_not_waited_for(anew: tuple[int, ...], left: tuple[int, int, int]) -> None:
    assert left_of(10000, {1: (2000, 6500), 2: (0, 4000)}, anew) == left


def test_of_a_part_that_was_promised_no_more_is_waited_for_than_that_part() -> None:
    assert left_of(3000, {1: (0, 6500), 2: (0, 4000)}, (2,)) == (3000, 0, 6500)

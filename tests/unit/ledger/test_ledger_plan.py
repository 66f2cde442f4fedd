"""How a plan goes, from its instalments and what was paid."""

from __future__ import annotations

import itertools
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.plan import LATE_AFTER, Part, RunningPlan, allocated, is_paid, late_parts, next_part

FIRST = date(2026, 11, 1)
SECOND = date(2026, 12, 1)
THIRD = date(2027, 1, 1)


def plan(paid: int = 0, open_minor: int | None = None) -> RunningPlan:
    parts = tuple(Part(n=n, due_on=day, amount_minor=40_00) for n, day in enumerate((FIRST, SECOND, THIRD), 1))
    left = 120_00 - paid if open_minor is None else open_minor
    return RunningPlan(agreement_id=1, debtor_id=1, parts=parts, paid_minor=paid, open_minor=left)


@pytest.mark.parametrize(
    ("paid", "each"),
    [(0, [0, 0, 0]), (39_99, [39_99, 0, 0]), (50_00, [40_00, 10_00, 0]), (200_00, [40_00] * 3), (-5_00, [0, 0, 0])],
)
def test_payments_fall_to_the_instalments_in_their_order(paid: int, each: list[int]) -> None:
    assert [part.paid_minor for part in allocated(plan().parts, paid)] == each


def test_an_instalment_is_left_in_peace_for_five_days_after_its_day() -> None:
    assert late_parts(plan(), FIRST + LATE_AFTER, ()) == ()
    (late,) = late_parts(plan(), FIRST + LATE_AFTER + timedelta(days=1), ())
    assert (late.part.n, late.by_person) == (1, False)


def test_a_cent_that_is_missing_is_late_and_a_paid_instalment_is_not() -> None:
    long_after = SECOND + timedelta(days=10)
    assert [late.part.n for late in late_parts(plan(39_99), long_after, ())] == [1, 2]
    assert [late.part.n for late in late_parts(plan(40_00), long_after, ())] == [2]
    assert late_parts(plan(80_00), long_after, ()) == ()


def test_the_second_late_instalment_is_a_persons_and_nothing_is_said_twice() -> None:
    told = {(1, FIRST)}
    (late,) = late_parts(plan(40_00), SECOND + timedelta(days=10), told)
    assert late.by_person
    assert late_parts(plan(), FIRST + timedelta(days=10), told) == ()
    first, second = late_parts(plan(), SECOND + timedelta(days=10), ())
    assert (first.by_person, second.by_person) == (False, True)


def test_an_instalment_that_was_moved_and_is_late_again_goes_to_a_person() -> None:
    (late,) = late_parts(plan(), FIRST + timedelta(days=10), {(1, FIRST - timedelta(days=14))})
    assert late.by_person


def test_a_plan_is_paid_when_the_sum_came_in_or_nothing_is_open() -> None:
    assert is_paid(plan(120_00)) and is_paid(plan(0, open_minor=0))
    assert not is_paid(plan(119_99))
    assert late_parts(plan(0, open_minor=0), THIRD + timedelta(days=99), ()) == ()
    assert next_part(plan(120_00)) is None


@given(st.integers(-200_00, 300_00))
def test_nothing_is_lost_in_the_allocation(paid: int) -> None:
    parts = allocated(plan().parts, paid)
    assert sum(part.paid_minor for part in parts) == min(max(paid, 0), 120_00)
    # no instalment is begun before the one in front of it is whole
    assert all(before.is_paid or not after.paid_minor for before, after in itertools.pairwise(parts))

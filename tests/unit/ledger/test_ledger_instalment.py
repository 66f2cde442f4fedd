"""The one free move of an instalment, and the plan of a person's own figure."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.errors import BadAnswer
from ledger.instalment import MOST_DAYS_LATER, days_to_move, why_not_moved
from ledger.money import Money
from ledger.own_figure import MOST_PARTS, own_plan
from ledger.plan import Part, RunningPlan
from ledger.region import Region

BELGIUM = Region("BE")
TODAY = date(2026, 11, 24)
#: A Tuesday, and a Friday in January.
FIRST, SECOND = date(2026, 12, 15), date(2027, 1, 15)
PLAN = RunningPlan(
    agreement_id=1, debtor_id=1, paid_minor=0, open_minor=80_00,
    parts=(Part(n=1, due_on=FIRST, amount_minor=40_00), Part(n=2, due_on=SECOND, amount_minor=40_00)),
)  # fmt: skip


def why(n: int, to: date, moved_before: int | None = None, today: date = TODAY, plan: RunningPlan = PLAN) -> str | None:
    return why_not_moved(plan, n, to, moved_before=moved_before, today=today, region=BELGIUM)


def test_an_open_instalment_moves_two_weeks_and_no_day_more() -> None:
    assert why(1, FIRST + timedelta(days=14)) is None
    assert "more than 14 days" in (why(1, FIRST + timedelta(days=15)) or "")


def test_a_late_instalment_may_move_too_but_not_into_the_past() -> None:
    today = FIRST + timedelta(days=7)
    assert why(1, FIRST + timedelta(days=8), today=today) is None
    assert (why(1, today, today=today) or "").startswith("to: 2026-12-22 is too early")


@pytest.mark.parametrize(
    ("n", "to", "moved_before", "reason"),
    [
        (3, FIRST, None, "instalment: this plan has no instalment 3"),
        (1, date(2026, 12, 25), None, "to: no bank books a payment on 2026-12-25"),
        (1, date(2026, 12, 19), None, "to: no bank"),
        (1, FIRST, None, "to: 2026-12-15 is too early"),
        (1, FIRST + timedelta(days=1), 2, "instalment: 2 of this plan was moved before"),
    ],
)
def test_what_can_not_be_is_said_with_the_fields_name(n: int, to: date, moved_before: int | None, reason: str) -> None:
    assert (why(n, to, moved_before) or "").startswith(reason)


def test_what_is_paid_is_not_moved_and_an_unknown_country_has_no_known_holidays() -> None:
    paid = RunningPlan(agreement_id=1, debtor_id=1, paid_minor=40_00, open_minor=40_00, parts=PLAN.parts)
    assert (why(1, FIRST + timedelta(days=1), plan=paid) or "").startswith("instalment: 1 is paid already")
    nowhere = why_not_moved(PLAN, 1, FIRST + timedelta(days=1), moved_before=None, today=TODAY, region=None)
    assert (nowhere or "").startswith("to: the country of this person is not known")


@given(st.integers(-20, 40), st.sampled_from([None, 2]), st.integers(0, 2))
def test_the_days_to_move_to_are_all_those_against_which_nothing_stands(
    days_on: int, moved_before: int | None, n: int
) -> None:
    today = FIRST + timedelta(days=days_on)
    found = days_to_move(PLAN, n, moved_before=moved_before, today=today, region=BELGIUM)
    every = (FIRST + timedelta(days=k) for k in range(-20, 80))
    assert found == tuple(day for day in every if why(n, day, moved_before, today) is None)
    assert len(found) <= MOST_DAYS_LATER


@given(st.integers(1, 500_00), st.integers(5_00, 200_00))
def test_a_plan_of_the_own_figure_is_exact_to_the_cent_and_never_asks_more_a_month(open_: int, monthly: int) -> None:
    parts = own_plan(Money(open_), Money(monthly), TODAY, None)
    assert sum(part.minor for _, part in parts) == open_
    assert all(0 < part.minor <= monthly for _, part in parts)
    days = [day for day, _ in parts]
    assert days == sorted(set(days)) and days[0] == TODAY + timedelta(days=14)


@pytest.mark.parametrize(
    ("open_", "monthly", "first", "field"),
    [
        (120_00, 0, None, "figure"),
        (0, 25_00, None, "id"),
        (120_00, 25_00, TODAY, "first"),
        (120_00, 25_00, date(2062, 1, 1), "first"),
        (25_00 * MOST_PARTS + 1, 25_00, None, "figure"),
    ],
)
def test_a_plan_that_can_not_be_is_refused_with_the_fields_name(
    open_: int, monthly: int, first: date | None, field: str
) -> None:
    with pytest.raises(BadAnswer, match=rf"^{field}: "):
        own_plan(Money(open_), Money(monthly), TODAY, first)

"""Paying habit: a contact waits for the pay day, is never brought forward, and never waits for long."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schedules.habit import GRACE_DAYS, LONGEST_DAYS, put_off_to, usual_day

days = st.dates(date(2024, 1, 1), date(2027, 12, 31))
PENSION = [date(2026, 8, 23), date(2026, 9, 23), date(2026, 10, 23)]


@pytest.mark.parametrize(
    ("paid_on", "usual"),
    [
        (PENSION, 23),
        (PENSION[:2], None),
        ([*PENSION, date(2026, 11, 24)], 23),
        ([date(2026, 8, 31), date(2026, 10, 1), date(2026, 10, 30), date(2026, 12, 1)], 1),
        ([date(2026, 7, 31), date(2026, 9, 1), date(2026, 10, 2)], 1),
        ([date(2026, 8, 3), date(2026, 9, 17), date(2026, 10, 29)], None),
        ([date(2026, 8, 23), date(2026, 8, 24), date(2026, 8, 25)], None),
    ],
    ids=[
        "pension",
        "twice",
        "a day later",
        "the first of each month counts",
        "round the end of a month",
        "anyhow",
        "one month",
    ],
)
def test_a_usual_day_needs_three_months_that_agree(paid_on: list[date], usual: int | None) -> None:
    assert usual_day(paid_on) == usual


@pytest.mark.parametrize(
    ("planned", "then"),
    [
        (date(2026, 11, 15), date(2026, 11, 15)),
        (date(2026, 11, 16), date(2026, 11, 26)),
        (date(2026, 11, 23), date(2026, 11, 26)),
        (date(2026, 11, 26), date(2026, 11, 26)),
        (date(2026, 11, 27), date(2026, 11, 27)),
    ],
)
def test_a_contact_waits_for_the_usual_day_and_three_more(planned: date, then: date) -> None:
    assert put_off_to(planned, PENSION) == then


def test_the_last_day_of_a_short_month_stands_for_the_thirty_first() -> None:
    wages = [date(2026, 8, 31), date(2026, 10, 31), date(2026, 12, 31)]
    assert put_off_to(date(2027, 2, 25), wages) == date(2027, 2, 28) + timedelta(days=GRACE_DAYS)


@given(days, st.lists(days, max_size=8))
def test_a_contact_is_never_brought_forward_and_waits_ten_days_at_most(planned: date, paid_on: list[date]) -> None:
    then = put_off_to(planned, paid_on)
    assert planned <= then <= planned + timedelta(days=LONGEST_DAYS)


@given(days, st.integers(1, 31))
def test_who_was_put_off_once_is_not_put_off_again(planned: date, usual: int) -> None:
    """On the day to which a contact was put off it is made: the wait is ten days in all."""
    wages = [date(2026, month, min(usual, 28)) for month in (1, 2, 3)]
    then = put_off_to(planned, wages)
    assert put_off_to(then, wages) == then

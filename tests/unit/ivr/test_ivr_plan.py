"""Instalments: exact, sayable in one breath, inside the policy or decided by a person."""

from __future__ import annotations

from datetime import date
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ivr.act import Say
from ivr.briefing import PlanOffer
from ivr.offer import on_day, sayable
from ivr.record import PlanAgreed, PlanRequested
from ivr.testing import INVOICE, SECOND_INVOICE, proved, said
from ledger.money import Money, total


@given(st.integers(1, 1_000_000), st.integers(2, 6))
def test_a_plan_that_is_said_has_one_first_part_and_equal_others(cents: int, parts: int) -> None:
    offer = PlanOffer(instalments=Money(cents).split(parts), dates=tuple(date(2027, n, 1) for n in range(1, parts + 1)))
    plan = sayable(offer)
    assert total(list(plan.instalments)) == Money(cents)
    assert len(plan.instalments) == parts
    assert len(set(plan.instalments[1:])) == 1
    assert plan.instalments[0].minor - plan.instalments[1].minor < parts


@given(st.integers(1, 28), st.integers(2, 6), st.dates(date(2026, 1, 1), date(2030, 1, 1)))
def test_another_day_of_the_month_starts_at_the_next_such_day(day: int, count: int, earliest: date) -> None:
    dates = on_day(day, count, earliest)
    assert len(dates) == count
    assert all(one.day == day for one in dates)
    assert 0 <= (dates[0] - earliest).days <= 31
    assert all(28 <= (late - early).days <= 31 for early, late in pairwise(dates))


def test_less_a_month_walks_to_the_end_of_the_policy_and_then_to_a_person() -> None:
    offers = ("2", "2", "1")
    assert said(proved(*offers)) == ["plan.offer"]
    assert said(proved(*offers, "2", "2")) == ["plan.offer"]
    assert said(proved(*offers, "2", "2", "2")) == ["plan.type"]
    check = proved(*offers, "2", "2", "2", "0005")
    assert said(check) == ["plan.check"]
    assert check.records == ()
    assert [type(record) for record in proved(*offers, "2", "2", "2", "0005", "1").records] == [PlanRequested]


@pytest.mark.parametrize(("typed", "parts"), [("0050", 2), ("0042", 3), ("0015", 6), ("43", 2), ("9999", 2)])
def test_the_own_figure_finds_the_first_plan_that_it_carries(typed: str, parts: int) -> None:
    assert said(proved("2", "2", "2", typed)) == ["plan.income"]
    turn = proved("2", "2", "2", typed, "#")
    assert said(turn) == ["plan.offer"]
    say = turn.acts[0]
    assert isinstance(say, Say)
    assert say.spoken.slots["count"].n == parts  # type: ignore[union-attr]


def test_who_can_spare_nothing_gets_quiet_and_help_and_no_counter_offer() -> None:
    turn = proved("2", "2", "2", "0000")
    assert said(turn) == ["hard.ack", "hard.help", "hard.person", "person.when"]
    assert [type(record).__name__ for record in turn.records] == ["HardshipTold"]


@pytest.mark.parametrize(("income", "first"), [("15", "2026-12-16"), ("27", "2026-11-28"), ("31", "2026-12-01")])
def test_an_instalment_falls_on_the_day_after_the_income(income: str, first: str) -> None:
    (record,) = proved("2", "2", "2", "0050", income, "1").records
    assert isinstance(record, PlanAgreed)
    assert record.dates[0].isoformat() == first


def test_a_day_of_income_that_no_month_has_is_asked_again() -> None:
    assert said(proved("2", "2", "2", "0050", "32")) == ["plan.no_day", "plan.income"]


def test_another_day_is_read_back_and_agreed() -> None:
    turn = proved("2", "2", "1", "3", "05")
    assert said(turn) == ["plan.offer"]
    (record,) = proved("2", "2", "1", "3", "05", "1").records
    assert isinstance(record, PlanAgreed)
    assert [day.isoformat() for day in record.dates] == ["2026-12-05", "2027-01-05"]


def test_a_day_that_not_every_month_has_is_asked_again() -> None:
    assert said(proved("2", "2", "1", "3", "31")) == ["plan.no_day", "plan.day"]


def test_a_policy_without_plans_asks_the_own_figure_at_once() -> None:
    assert said(proved("2", "2", plans=())) == ["plan.type"]


def test_plans_for_more_than_is_left_open_are_not_offered() -> None:
    """One of two invoices is disputed: the policy's plans were made for both."""
    keys = ("2", "3", "2", "2", "1", "4", "1", "2", "2")
    assert said(proved(*keys, invoices=(INVOICE, SECOND_INVOICE))) == ["plan.type"]

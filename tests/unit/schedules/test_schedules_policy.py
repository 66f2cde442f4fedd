"""A creditor's own policy: the second reminder and the first call are one day, and what may be saved."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schedules.errors import BadRules
from schedules.ladder import SECOND
from schedules.ladder_file import shipped_ladder
from schedules.law_file import shipped_rules
from schedules.policy import call_days, check_policy, ladder_of, own_call_days
from schedules.rules import Rules
from schedules.rules_document import read_document, rules_of
from schedules.testing import local

LADDER, SHIPPED = shipped_ladder().ladder, shipped_rules()
TODAY = local("2026-11-24 10:30").date()
TERMS = SHIPPED.terms(None, TODAY)


def house(days: int) -> Rules:
    """The rules of a house that calls from another day on."""
    document = read_document({"row": [{"name": "ladder_call_days", "value": days}]}, SHIPPED.profiles)
    return rules_of(SHIPPED, document, 1)


@given(st.one_of(st.none(), st.integers(-5, 60)), st.integers(6, 29))
def test_the_ladders_second_step_is_the_day_from_which_permission_lets_a_creditor_call(
    own: int | None, days: int
) -> None:
    terms = house(days).terms(None, TODAY)
    policy: dict[str, Any] = (
        {} if own is None else {"ladder": {"second_reminder": own, "last_reminder": 100, "hand_over": 120}}
    )
    assert ladder_of(policy, LADDER, terms).steps[SECOND].days == call_days(own, terms.ladder_call_days)


def test_the_shipped_ladder_and_the_shipped_rules_say_the_same_day() -> None:
    assert LADDER.steps[SECOND].days == TERMS.ladder_call_days.value
    assert ladder_of({}, LADDER, TERMS) == LADDER


def test_a_creditors_own_day_stands_above_the_house_and_never_below_what_the_house_could_choose() -> None:
    assert call_days(None, TERMS.ladder_call_days) == 15
    assert call_days(40, TERMS.ladder_call_days) == 40
    assert call_days(10, TERMS.ladder_call_days) == 10
    assert call_days(1, TERMS.ladder_call_days) == 6


@pytest.mark.parametrize("ladder", [None, {}, [], "soon", {"second_reminder": "soon"}, {"second_reminder": True}])
def test_without_a_day_that_can_be_read_the_house_decides(ladder: Any) -> None:
    assert own_call_days({"ladder": ladder}) is None


def test_what_a_creditor_may_decide_may_be_saved() -> None:
    check_policy({}, LADDER, TERMS)
    check_policy(
        {
            "ladder": {"courtesy": -5, "first_reminder": 4, "second_reminder": 6, "last_reminder": 20},
            "plan_most": 1, "plan_least_minor": 2500, "part_paid_minor": 0, "essential": False,
            "vat_not_deductible_bp": 2100,
        },
        LADDER,
        TERMS,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("policy", "told"),
    [
        ({"ladder": {"first_reminder": 3, "second_reminder": 5}}, "ladder, second_reminder: .* not before day 6"),
        ({"ladder": {"last_reminder": 15}}, "ladder, last_reminder: comes on day 15, not after second_reminder"),
        ({"ladder": {"court": 60}}, "ladder, court: no step"),
        ({"ladder": {"second_reminder": "soon"}}, "ladder, second_reminder"),
        ({"plan_most": 7}, "plan_most: a whole number from 1 to 6"),
        ({"plan_most": True}, "plan_most"),
        ({"plan_least_minor": 0}, "plan_least"),
        ({"part_paid_minor": 5001}, "part_paid: an amount from 0.00 to 50.00"),
        ({"essential": "yes"}, "essential"),
        ({"vat_not_deductible_bp": 10001}, "vat_not_deductible"),
        ({"departments": {}}, "departments: is nothing that a creditor decides"),
    ],
)
def test_anything_else_is_refused_by_its_name(policy: dict[str, Any], told: str) -> None:
    with pytest.raises(BadRules, match=told):
        check_policy(policy, LADDER, TERMS)

"""The last reminder is read only when a letter, its term and the hand-over are all true."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dialer.final_notice import FirstLetter, final_notice, term_is_over
from ivr.briefing import FinalNotice
from ledger.calendar import is_working_day
from ledger.money import Money
from ledger.region import Region

#: Tuesday.
TODAY = date(2026, 11, 24)
BELGIUM = Region("BE")
NOTHING = Money(0)
LETTER = FirstLetter(sent_on=date(2026, 11, 3), by="post", costs=NOTHING, charged=NOTHING)
CHARGED = replace(LETTER, costs=Money(2000), charged=Money(2000))
TO = "Kantoor Maes"


def notice(*letters: FirstLetter, stage: int = 3, to: str | None = TO) -> FinalNotice | None:
    return final_notice(stage, to, letters, TODAY, BELGIUM)


def test_it_names_who_comes_next_and_a_day_before_which_all_is_settled() -> None:
    assert notice(LETTER) == FinalNotice(letter_on=None, costs=None, before=date(2026, 12, 4), next_party=TO)


def test_costs_are_named_as_the_letter_named_them() -> None:
    found = notice(CHARGED, LETTER)
    assert found is not None
    assert (found.letter_on, found.costs) == (date(2026, 11, 3), Money(2000))
    two = notice(CHARGED, CHARGED)
    assert two is not None
    assert two.costs == Money(4000)


@pytest.mark.parametrize("stage", [1, 2])
def test_it_belongs_to_the_last_stage(stage: int) -> None:
    assert notice(LETTER, stage=stage) is None


@pytest.mark.parametrize("to", [None, ""])
def test_nobody_is_threatened_with_a_hand_over_that_is_not_planned(to: str | None) -> None:
    assert notice(LETTER, to=to) is None


@pytest.mark.parametrize(
    "over",
    [
        {"sent_on": None},
        {"sent_on": TODAY - timedelta(days=10)},
        {"charged": Money(1500), "costs": Money(2000)},
        {"charged": Money(1500)},
    ],
    ids=["no letter", "its term is not over", "other costs than charged", "costs of which no letter spoke"],
)
def test_one_invoice_of_which_it_is_not_true_is_enough(over: dict[str, Any]) -> None:
    assert notice(LETTER, replace(LETTER, **over)) is None


def test_costs_of_two_letters_are_not_put_into_one() -> None:
    assert notice(CHARGED, replace(CHARGED, sent_on=date(2026, 11, 2))) is None


def test_costs_that_a_letter_named_and_nobody_charged_are_not_spoken_of() -> None:
    found = notice(replace(LETTER, costs=Money(2000)))
    assert found is not None
    assert (found.letter_on, found.costs) == (None, None)


def test_without_invoices_there_is_nothing_to_remind_of() -> None:
    assert notice() is None


@pytest.mark.parametrize(
    ("by", "last_day_of_the_term"),
    # posted on Tuesday 3 November: from the third working day, the 6th; an e-mail counts from the 4th
    [("post", date(2026, 11, 19)), (None, date(2026, 11, 19)), ("email", date(2026, 11, 17))],
)
def test_the_fourteen_days_of_a_letter_are_whole(by: str | None, last_day_of_the_term: date) -> None:
    letter = replace(LETTER, by=by)
    assert not term_is_over(letter, last_day_of_the_term, BELGIUM)
    assert term_is_over(letter, last_day_of_the_term + timedelta(days=1), BELGIUM)


def test_where_the_law_of_costs_gives_a_longer_term_the_last_reminder_waits_for_that() -> None:
    # The Netherlands: a full fourteen days after receipt, and the post is given three days. Posted on Monday the 2nd,
    # the third working day is the 5th, and the day after receipt is the 6th.
    letter = replace(LETTER, sent_on=date(2026, 11, 2))
    assert term_is_over(letter, date(2026, 11, 19), BELGIUM)
    assert not term_is_over(letter, date(2026, 11, 19), Region("NL"))
    assert term_is_over(letter, date(2026, 11, 20), Region("NL"))


@given(st.dates(date(2026, 1, 1), date(2027, 6, 1)))
def test_there_is_always_time_to_pay_and_the_day_is_no_holiday(today: date) -> None:
    found = final_notice(3, TO, [replace(LETTER, sent_on=today - timedelta(days=60))], today, BELGIUM)
    assert found is not None
    assert found.before >= today + timedelta(days=10)
    assert is_working_day(found.before, BELGIUM)

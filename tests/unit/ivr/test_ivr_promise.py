"""A typed day: this year or next, never past, too far, or closed."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ivr.act import Ask, Say
from ivr.promise import read_date
from ivr.record import PersonAsked, PromiseMade
from ivr.testing import TODAY, a_briefing, proved, said


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("0712", date(2026, 12, 7)),
        ("2412", date(2026, 12, 24)),
        ("2512", "too_far"),
        ("2311", "past"),
        ("2411", date(2026, 11, 25)),
        ("0512", "closed"),
        ("3102", "no_date"),
        ("0013", "no_date"),
        ("2902", "no_date"),
        ("0105", "past"),
    ],
)
def test_four_digits_are_a_day_or_a_reason(typed: str, meant: date | str) -> None:
    assert read_date(typed, a_briefing()) == meant


def test_a_day_of_january_is_next_year() -> None:
    assert read_date("0501", a_briefing(promise_until=date(2027, 1, 20))) == date(2027, 1, 5)


def test_the_29th_of_february_of_next_year_is_found() -> None:
    briefing = a_briefing(today=date(2027, 12, 20), promise_from=date(2027, 12, 21), promise_until=date(2028, 3, 1))
    assert read_date("2902", briefing) == date(2028, 2, 29)


@given(st.integers(0, 99), st.integers(0, 99), st.integers(0, 400))
def test_what_is_agreed_always_lies_inside_what_may_be_agreed(day: int, month: int, later: int) -> None:
    today = TODAY + timedelta(days=later)
    briefing = a_briefing(today=today, promise_from=today + timedelta(days=1), promise_until=today + timedelta(days=30))
    meant = read_date(f"{day:02}{month:02}", briefing)
    if isinstance(meant, date):
        assert briefing.promise_from <= meant <= briefing.promise_until
        assert meant not in briefing.closed_days
    else:
        assert meant in ("no_date", "past", "closed", "too_far")


def test_a_day_that_can_not_be_is_said_kindly_and_asked_again() -> None:
    assert said(proved("2", "1", "3", "2311")) == ["promise.past", "promise.ask"]
    assert said(proved("2", "1", "3", "0512")) == ["promise.closed", "promise.ask"]
    assert said(proved("2", "1", "3", "0109")) == ["promise.past", "promise.ask"]
    assert said(proved("2", "1", "3", "3102")) == ["promise.no_date", "promise.type"]


def test_the_third_day_that_can_not_be_brings_help() -> None:
    assert said(proved("2", "1", "3", "3102", "3102", "3102")) == ["promise.no_date", "help.offer"]


def test_it_is_read_back_and_bound_by_a_key() -> None:
    check = proved("2", "1", "1")
    ask = check.acts[-1]
    assert said(check) == ["promise.check"]
    assert isinstance(ask, Ask) and ask.binding
    assert check.records == ()
    done = proved("2", "1", "1", "1")
    assert [type(record) for record in done.records] == [PromiseMade]


def test_no_takes_it_back_to_the_days() -> None:
    assert said(proved("2", "1", "1", "2")) == ["promise.ask"]


def test_after_three_broken_promises_a_person_looks_at_it() -> None:
    turn = proved("2", "1", broken_promises=3)
    assert said(turn) == ["promise.person", "agent.none", "agent.more"]
    assert [type(record) for record in turn.records] == [PersonAsked]


def test_quiet_lasts_until_three_days_after_it() -> None:
    say = proved("2", "1", "1", "1").acts[0]
    assert isinstance(say, Say)
    assert say.spoken.slots["quiet_until"] == date(2026, 11, 30)

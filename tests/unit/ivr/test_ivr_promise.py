"""A typed day: this year or next, never past, too far, or closed."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ivr import heard as h
from ivr.act import Ask, Say
from ivr.promise import read_date
from ivr.record import PersonAsked, PromiseMade
from ivr.testing import TODAY, a_briefing, proved, said
from ivr.turn import take_turn
from ledger.money import Money


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


# -- a part of it ----------------------------------------------------------------------------------------------------

DAY = ("date", "2026-12-03")


@pytest.mark.parametrize(
    "way",
    [
        ("2", "1", "2", "3", "40"),
        ("2", "1", "2", h.Words("amount", (("minor", "4000"),))),
        (h.Words("promise", (DAY, ("minor", "4000"))),),
        ("2", "1", h.Words("date", (DAY, ("minor", "4000")))),
        (h.Words("promise", (("minor", "4000"),)), "2"),
        (h.Words("pay", (("minor", "4000"),)), "2"),
    ],
)
def test_a_part_is_read_back_promised_and_the_rest_is_told(way: tuple[str | h.Heard, ...]) -> None:
    check = proved(*way)
    (read,) = [act.spoken for act in check.acts if isinstance(act, Say) and act.spoken.key == "promise.check"]
    assert read.slots["amount"] == Money(4000)
    done = take_turn(a_briefing(), check.state, h.Keys("1"))
    assert [record.amount for record in done.records if isinstance(record, PromiseMade)] == [Money(4000)]
    rest = next(act.spoken for act in done.acts if isinstance(act, Say) and act.spoken.key == "promise.rest")
    assert rest.slots["amount"] == Money(4550)


@pytest.mark.parametrize("typed", ["85", "86", "9999"])
def test_no_more_than_what_is_open_is_promised(typed: str) -> None:
    done = proved("2", "1", "2", "3", typed, "1")
    (promise,) = [record for record in done.records if isinstance(record, PromiseMade)]
    assert promise.amount == min(Money(int(typed) * 100), Money(8550))
    assert ("promise.rest" in said(done)) == (promise.amount < Money(8550))


def test_a_part_of_nothing_is_asked_again_and_three_times_brings_help() -> None:
    assert said(proved("2", "1", "2", "3", "0")) == ["promise.part"]
    assert said(proved("2", "1", "2", "3", "0", "0", "0")) == ["help.offer"]


def test_a_new_promise_begins_with_all_of_it() -> None:
    again = proved("2", "1", "2", "3", "40", "2", "#", "1", "1")
    (read,) = [act.spoken for act in again.acts if isinstance(act, Say) and act.spoken.key == "promise.check"]
    assert read.slots["amount"] == Money(8550)


def test_next_week_is_no_day_and_said_three_times_it_brings_help() -> None:
    soon = h.Words("promise")
    assert said(proved(soon, soon)) == ["promise.which_day", "promise.ask"]
    assert said(proved(soon, soon, soon, soon)) == ["promise.which_day", "help.offer"]


@pytest.mark.parametrize("minor", ["8550", "9000"])
def test_who_pays_all_of_it_now_promises_nothing(minor: str) -> None:
    assert said(proved(h.Words("pay", (("minor", minor),)))) == ["pay.how"]

"""The order of the queue: call-backs, then expected value, and nobody waits for ever."""

from __future__ import annotations

import math
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.money import Money
from schedules.choice import choose
from schedules.ladder_file import shipped_ladder
from schedules.queue import NEVER, Candidate, Ranking
from schedules.rank import (
    LEAST_CHANCE,
    MOST_WORTH,
    STEPS_A_DOUBLING,
    Rank,
    Stakes,
    quarter_end_near,
    rank,
    standing_place,
    worth,
)
from schedules.reach import Learned
from schedules.rules import Rules
from schedules.stage import REMINDER_DAYS, stage_on
from schedules.standing import Standing
from schedules.testing import a_contact, a_standing, a_talk, an_agreement, an_invoice, local, with_open_bands

NOW = local("2026-11-24 10:30")
MADE = NOW - timedelta(days=3)

stakes = st.builds(
    Stakes,
    owed=st.integers(0, 10**9).map(Money),
    days_late=st.integers(0, 3000),
    waits_since=st.integers(0, 400 * 24).map(lambda hours: NOW - timedelta(hours=hours)),
    stage=st.integers(0, 3),
    broken_promise=st.booleans(),
)
chances = st.floats(0.0, 1.0)


def some(**over: Any) -> Stakes:
    return replace(Stakes(owed=Money(118_40), days_late=24, waits_since=MADE, stage=2), **over)


def ranked(one: Stakes, chance: float = 0.2, closes_at: datetime | None = None) -> Rank:
    return rank(one, NOW, chance, closes_at=closes_at, today=NOW.date())


@given(stakes, chances)
def test_a_call_back_comes_before_everybody(other: Stakes, chance: float) -> None:
    asked = ranked(some(callback_at=NOW + timedelta(days=300)))
    assert asked.place < ranked(other, chance).place


def test_call_backs_come_in_the_order_of_their_times() -> None:
    first, second = (ranked(some(callback_at=NOW + timedelta(minutes=n))) for n in (0, 30))
    assert first.place < second.place


@pytest.mark.parametrize(
    "better",
    [
        {"owed": Money(500_00)},
        {"days_late": 60},
        {"stage": 3},
        {"broken_promise": True},
        {"waits_since": MADE - timedelta(hours=1)},
    ],
)
def test_more_at_stake_or_a_longer_wait_comes_earlier(better: dict[str, Any]) -> None:
    assert ranked(some(**better)).place < ranked(some()).place


def test_a_higher_chance_and_a_closing_window_come_earlier() -> None:
    assert ranked(some(), 0.4).place < ranked(some(), 0.2).place
    closing = [ranked(some(), closes_at=NOW + timedelta(minutes=n)).place for n in (5, 30, 59, 61, 300)]
    assert closing == sorted(closing)
    assert closing[-1] == closing[-2] == ranked(some()).place


def test_small_debtors_are_not_forgotten() -> None:
    """A hundred times the debt is worth less than three times as much, and less than two days of waiting."""
    small, large = some(owed=Money(20_00)), some(owed=Money(2000_00))
    assert worth(large) < 3 * worth(small)
    assert ranked(replace(small, waits_since=MADE - timedelta(days=2))).place < ranked(large).place


@given(stakes, chances, stakes, chances)
def test_nobody_waits_for_ever(first: Stakes, his: float, second: Stakes, hers: float) -> None:
    """Whoever waits so many days longer comes first, whatever is at stake for the other."""
    longest = math.log2(MOST_WORTH * 2 / LEAST_CHANCE) + 0.01
    earlier = replace(first, waits_since=second.waits_since - timedelta(days=longest))
    assert ranked(earlier, his).place <= ranked(second, hers).place


@given(stakes, chances)
def test_what_is_stored_fits_its_column_and_is_the_order_of_now_without_what_passes(one: Stakes, chance: float) -> None:
    place = standing_place(one, chance)
    assert 0 < place < 2**31
    assert ranked(one, chance).standing == place
    assert rank(one, NOW, chance, today=date(2026, 11, 24)).place == place


@given(stakes, stakes, chances)
def test_tomorrow_the_order_is_the_same(one: Stakes, other: Stakes, chance: float) -> None:
    """So a stored place stays true without anybody writing it anew."""
    tomorrow = NOW + timedelta(days=1)
    now = [rank(who, NOW, chance, today=NOW.date()).place for who in (one, other)]
    then = [rank(who, tomorrow, chance, today=tomorrow.date()).place for who in (one, other)]
    assert now == then


@pytest.mark.parametrize(
    ("one", "closes_in", "reason"),
    [
        (some(callback_at=local("2026-11-24 11:00")), 10, "call-back promised for 11:00"),
        (some(), 20, "window closes in 20 min, 24 days late, 118.40 EUR, waits for 3 days, chance to reach 20 %"),
        (
            some(broken_promise=True, waits_since=NOW, days_late=1),
            300,
            "a promise was broken, 1 day late, 118.40 EUR, chance to reach 20 %",
        ),
    ],
)
def test_a_place_has_a_reason_that_a_person_understands(one: Stakes, closes_in: int, reason: str) -> None:
    assert ranked(one, closes_at=NOW + timedelta(minutes=closes_in)).reason == reason


@pytest.mark.parametrize(
    ("today", "near"),
    [
        (date(2026, 12, 21), False),
        (date(2026, 12, 22), True),
        (date(2026, 12, 31), True),
        (date(2027, 1, 1), False),
        (date(2026, 3, 25), True),
        (date(2026, 5, 25), False),
        (date(2026, 9, 30), True),
    ],
)
def test_a_quarter_ends_four_times_a_year(today: date, near: bool) -> None:
    assert quarter_end_near(today) is near


def test_the_end_of_a_quarter_lets_larger_amounts_come_a_little_earlier() -> None:
    small, large = some(owed=Money(20_00)), some(owed=Money(2000_00))
    end, middle = local("2026-12-30 10:30"), local("2026-11-24 10:30")

    def gap(now: datetime) -> int:
        return rank(small, now, 0.2, today=now.date()).place - rank(large, now, 0.2, today=now.date()).place

    assert gap(end) > gap(middle) > 0
    assert "the quarter ends" in rank(large, end, 0.2, today=end.date()).reason


# -- the choice ------------------------------------------------------------------------------------------------------


def a_candidate(n: int, **over: Any) -> Candidate:
    return Candidate(n, n, NOW, NEVER, 0)._replace(**over)


def chosen(rules: Rules, standings: dict[int, Standing], paid: dict[int, list[date]] | None = None, at: datetime = NOW):  # type: ignore[no-untyped-def]
    ranking = Ranking(rules=with_open_bands(rules), learned=Learned(), known_at=at)
    return choose({a_candidate(n): MADE for n in standings}, standings, paid or {}, ranking, at)


def test_whoever_may_not_be_called_is_not_chosen_whatever_is_at_stake(rules: Rules) -> None:
    rich = a_standing(invoices=(an_invoice(open=Money(10**7)),), contacts=(a_talk(NOW - timedelta(days=1)),))
    found = chosen(rules, {1: rich, 2: a_standing()})
    assert [one.candidate.id for one in found.chosen] == [2]
    assert [(one.candidate.id, one.verdict.rule) for one in found.declined] == [(1, "rest")]
    wait = found.declined[0].wait()
    assert wait.at == found.declined[0].verdict.next_opening
    assert wait.at < wait.open_until < NEVER, "the opening and its end are both known"


def test_the_end_of_a_quarter_orders_and_adds_nobody(rules: Rules) -> None:
    standings = {n: a_standing(invoices=(an_invoice(open=Money(n * 1000)),)) for n in range(1, 6)}
    standings[6] = a_standing(contacts=(a_contact(local("2026-12-30 09:00")),))
    found = chosen(rules, standings, at=local("2026-12-30 10:30"))
    assert sorted(one.candidate.id for one in found.chosen) == [1, 2, 3, 4, 5]


def test_who_pays_soon_by_habit_is_left_in_peace_unless_they_asked_for_the_call(rules: Rules) -> None:
    pension = {n: [date(2026, month, 25) for month in (8, 9, 10)] for n in (1, 2)}
    asked = an_agreement("callback", NOW - timedelta(hours=20), from_at=NOW, until_at=NOW + timedelta(hours=2))
    found = chosen(rules, {1: a_standing(), 2: a_standing(agreements=(asked,))}, pension)
    assert [one.candidate.id for one in found.chosen] == [2]
    (waits,) = found.declined
    assert waits.verdict is None
    assert waits.wait().at.date() == date(2026, 11, 28), "the usual day is the 25th"


def test_age_plays_no_part_in_what_a_talk_is_worth(rules: Rules) -> None:
    people = {1: a_standing(birth_date=date(1990, 1, 1)), 2: a_standing(birth_date=date(1940, 1, 1))}
    found = chosen(rules, people)
    assert len({one.rank.place for one in found.chosen}) == 1


def test_a_place_that_was_stored_is_written_anew_only_when_it_is_untrue_by_more_than_a_day(rules: Rules) -> None:
    first = chosen(rules, {1: a_standing()})
    true = first.chosen[0].rank.standing
    ranking = Ranking(rules=with_open_bands(rules), learned=Learned(), known_at=NOW)
    for off, drifts in ((0, False), (STEPS_A_DOUBLING, False), (STEPS_A_DOUBLING + 1, True)):
        found = choose({a_candidate(1, rank=true + off): MADE}, {1: a_standing()}, {}, ranking, NOW)
        assert found.drifted() == ({1: true} if drifts else {})


@pytest.mark.parametrize(("days", "stage"), [(-3, 0), (4, 0), (5, 1), (15, 2), (29, 2), (30, 3), (400, 3)])
def test_the_stage_follows_the_days_since_the_due_date(days: int, stage: int) -> None:
    assert stage_on(days) == stage


def test_stages_by_days_late_are_those_of_the_shipped_ladder() -> None:
    assert tuple(step.days for step in shipped_ladder().ladder.steps[1:4]) == REMINDER_DAYS

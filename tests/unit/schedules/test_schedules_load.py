"""A day as hours, and the ladder as steps: figures for people, from values alone."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schedules.campaign import CampaignRules
from schedules.funnel import Step, Way, funnel
from schedules.load import Stretch, calls_an_hour, hours_of, windows_of
from schedules.testing import local

DAWN, NIGHT = local("2026-12-28 00:00"), local("2026-12-29 00:00")
TODAY = date(2026, 11, 24)


def at(clock: str) -> datetime:
    return local(f"2026-12-28 {clock}")


MORNING: Sequence[Stretch] = ((at("10:00"), at("12:00")),)
ALL_DAY: Sequence[Stretch] = ((at("10:00"), at("12:00")), (at("14:00"), at("17:00")))


def test_each_hour_tells_who_may_be_called_in_it_and_what_the_lines_can_do() -> None:
    hours = {one.begins_at: one for one in hours_of([MORNING, MORNING, ALL_DAY], DAWN, NIGHT, an_hour=1)}
    assert {f"{begin:%H}": (one.open, one.calls) for begin, one in hours.items() if one.open} == {
        "10": (3, 1),
        "11": (3, 1),
        "14": (1, 1),
        "15": (1, 0),
        "16": (1, 0),
    }
    assert len(hours) == 24


@given(
    st.lists(st.sampled_from([(), MORNING, ALL_DAY]), max_size=30),
    st.floats(0.5, 100),
    st.sampled_from([1.0, 2.0, 500.0]),
)
def test_nobody_is_reckoned_twice_and_no_line_is_outrun(
    people: list[Sequence[Stretch]], an_hour: float, scale: float
) -> None:
    hours = hours_of(people, DAWN, NIGHT, an_hour, scale)
    callable_ = sum(bool(one) for one in people) * scale
    assert sum(one.calls for one in hours) <= callable_
    assert all(one.calls <= min(one.open, an_hour + scale) for one in hours)


def test_a_day_on_which_the_clock_is_put_back_has_twenty_five_hours() -> None:
    assert len(hours_of([], local("2026-10-25 00:00"), local("2026-10-26 00:00"), 1)) in (24, 25)


def test_windows_are_told_by_the_persons_own_clock_and_who_has_none_comes_last() -> None:
    paris = [("Europe/Paris", ALL_DAY)] * 2
    told = windows_of([("Europe/London", MORNING), ("Europe/Paris", ()), *paris], scale=10)
    assert [(one.hours, one.zone, one.people) for one in told] == [
        ("10:00-12:00, 14:00-17:00", "Europe/Paris", 20),
        ("09:00-11:00", "Europe/London", 10),
        ("", "Europe/Paris", 10),
    ]


def test_lines_that_ring_limit_the_calls_of_an_hour() -> None:
    assert calls_an_hour(CampaignRules(lines=20, calls_per_second=5.0, ring_seconds=25)) == 20 / 25 * 3600
    assert calls_an_hour(CampaignRules(lines=1000, calls_per_second=0.5, ring_seconds=25)) == 1800


# -- the ladder ------------------------------------------------------------------------------------------------------


def way(days_late: int, **over: object) -> Way:
    return Way(due_on=TODAY - timedelta(days=days_late), **over)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("one", "at_stage", "counted"),
    [
        (way(2), 0, set()),
        (way(40), 3, set()),
        (way(40, contacts=1, last_on=TODAY - timedelta(days=25)), 2, {"contacted"}),
        (way(20, contacts=2, last_on=TODAY), 2, {"contacted", "silent"}),
        (way(20, contacts=2, last_on=TODAY, talked=True), 2, {"contacted", "talked", "stopped"}),
        (way(20, contacts=2, last_on=TODAY, talked=True, promised=True), 2, {"contacted", "talked", "promised"}),
        (way(9, contacts=2, last_on=TODAY, paid=True), 1, {"contacted", "paid"}),
        (way(40, slid=((TODAY - timedelta(days=20), TODAY - timedelta(days=6)),)), 2, set()),
        (way(40, slid=((TODAY - timedelta(days=39), date.max),)), 0, set()),
        (way(20, own_days=(3, 21, None)), 1, set()),
        (way(40, own_days=(None, None, 45)), 2, set()),
        (way(20, contacts=1, last_on=TODAY, slid=((TODAY - timedelta(days=90), TODAY),)), 0, {"contacted"}),
    ],
)
def test_everybody_stands_once_at_the_stage_of_their_last_contact(one: Way, at_stage: int, counted: set[str]) -> None:
    steps = funnel([one], TODAY)
    assert [step.people for step in steps] == [int(n == at_stage) for n in range(4)]
    names = {"contacted", "talked", "promised", "kept", "paid", "stopped", "silent"}
    assert {name for name in names if getattr(steps[at_stage], name)} == counted


@given(
    st.lists(
        st.builds(way, st.integers(-30, 200), contacts=st.integers(0, 5), talked=st.booleans(), paid=st.booleans())
    )
)
def test_no_step_has_more_of_anything_than_people(ways: list[Way]) -> None:
    steps = funnel(ways, TODAY)
    assert sum(step.people for step in steps) == len(ways)
    for step in steps:
        assert max(step.contacted, step.talked, step.paid, step.stopped, step.silent) <= step.people
        assert isinstance(step, Step)

"""Openings in which nobody may be called yet stand behind the others, and only until somebody there may."""

from __future__ import annotations

from datetime import datetime, timedelta

from schedules.shut import FEWEST, Shut, Stand
from schedules.testing import local

NOW = local("2026-11-24 09:00")
OPENING = (NOW - timedelta(hours=1), NOW + timedelta(hours=9))
HERE = (1, OPENING)


def _waits(count: int) -> list[tuple[Stand, datetime]]:
    return [(HERE, NOW + timedelta(hours=1 + n)) for n in range(count)]


def test_enough_refusals_and_nobody_found_shut_an_opening_until_the_first_of_them_may_be_called() -> None:
    shut = Shut()
    shut.learn(_waits(FEWEST), found_in=())
    assert shut.behind(1, NOW) == {OPENING}
    assert shut.behind(2, NOW) == frozenset(), "another campaign has other rules"
    assert shut.behind(1, NOW + timedelta(hours=1)) == frozenset()


def test_a_few_refusals_say_nothing_and_somebody_found_says_that_it_is_open() -> None:
    shut = Shut()
    shut.learn(_waits(FEWEST - 1), found_in=())
    shut.learn(_waits(FEWEST), found_in={HERE})
    assert shut.behind(1, NOW) == frozenset()

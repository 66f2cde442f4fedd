"""The local clock of a question is remembered; the hour that comes twice is still two hours."""

from __future__ import annotations

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from schedules.case import Local

BRUSSELS, LONDON = ZoneInfo("Europe/Brussels"), ZoneInfo("Europe/London")


@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
def test_the_two_instants_of_an_hour_that_comes_twice_have_their_own_clock_elsewhere(order: tuple[int, int]) -> None:
    """02:30 in Brussels on the day of the change is 09:30 in Tokyo, and an hour later 10:30."""
    tokyo = ZoneInfo("Asia/Tokyo")
    shown = {
        fold: Local("Asia/Tokyo", tokyo, datetime(2026, 10, 25, 2, 30, tzinfo=BRUSSELS, fold=fold)).minute
        for fold in order
    }
    assert shown == {0: 9 * 60 + 30, 1: 10 * 60 + 30}


def test_whatever_clock_tells_the_moment_it_is_the_same_minute() -> None:
    told = datetime(2026, 11, 24, 10, 30, tzinfo=BRUSSELS)
    for moment in (told, told.astimezone(UTC), told.astimezone(LONDON)):
        local = Local("Europe/Brussels", BRUSSELS, moment)
        assert (local.date, local.minute) == (date(2026, 11, 24), 10 * 60 + 30)

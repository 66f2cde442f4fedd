"""Numbers as people type them: read to the cent, or not at all."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desk.typed import day, hundredths, instant, whole


@given(st.integers(-10_000_000, 10_000_000))
def test_every_amount_is_read_to_the_cent(cents: int) -> None:
    sign = "-" if cents < 0 else ""
    assert hundredths(f"{sign}{abs(cents) // 100}.{abs(cents) % 100:02d}") == cents
    assert whole(str(cents)) == cents


@pytest.mark.parametrize("text", ["", "much", "5,00", "5.001", "nan", "inf", "1e-9"])
def test_what_is_no_amount_or_would_be_rounded_is_none(text: str) -> None:
    assert hundredths(text) is None


@pytest.mark.parametrize("text", ["", "much", "5.0", "1e3"])
def test_what_is_no_whole_number_is_none(text: str) -> None:
    assert whole(text) is None


def test_a_moment_is_read_with_its_zone_and_a_day_as_it_stands() -> None:
    assert instant("2026-12-23T18:30:00+01:00") == datetime(2026, 12, 23, 17, 30, tzinfo=UTC)
    assert day("2026-12-28") == date(2026, 12, 28)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("tomorrow", "no time"),
        (None, "no time"),
        (5, "no time"),
        ("2026-12-23T18:30:00", "lacks its zone"),
        ("9999-12-31T23:59:59-05:00", "check the year"),
        ("0001-01-01T00:00:00+01:00", "check the year"),
    ],
)
def test_a_moment_that_nobody_means_is_told_in_a_sentence(text: object, told: str) -> None:
    assert told in str(instant(text))


@pytest.mark.parametrize(
    ("text", "told"), [("someday", "no day"), ("2026-02-30", "no day"), ("9999-12-31", "check the year")]
)
def test_a_day_that_nobody_means_is_told_in_a_sentence(text: str, told: str) -> None:
    assert told in str(day(text))

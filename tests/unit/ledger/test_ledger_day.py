"""Dates as lists write them."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from a_list import TODAY
from ledger.intake.day import read_birth, read_day, read_invoice_day
from ledger.intake.finding import BadCell


@pytest.mark.parametrize(
    "text",
    [
        "2026-10-01",
        "2026-10-1",
        "01/10/2026",
        "1/10/2026",
        "01.10.2026",
        "01-10-2026",
        "2026-10-01T00:00:00",
        "2026-10-01 00:00:00",
        "01/10/2026 0:00",
    ],
)
def test_it_reads_the_forms_that_mean_one_day(text: str) -> None:
    assert read_day(text) == date(2026, 10, 1)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("31/02/2026", "does not exist"),
        ("2026-02-29", "does not exist"),
        ("2026-13-01", "does not exist"),
        ("12/31/2026", "does not exist"),
        ("01/02/03", "two digits"),
        ("45991", "count of days"),
        ("45991,0", "count of days"),
        ("20261001", "no date"),
        ("1 oktober 2026", "no date"),
        ("2026-W01-1", "no date"),
        ("01/10-2026", "no date"),
        ("٠١/١٠/٢٠٢٦", "no date"),
        ("2026-10-01T14:30:00", "no date"),
        ("0000-00-00", "does not exist"),
    ],
)
def test_it_refuses_days_that_do_not_exist_or_could_be_two(text: str, reason: str) -> None:
    with pytest.raises(BadCell) as refused:
        read_day(text)
    assert reason in refused.value.reason


@given(st.dates(min_value=date(1000, 1, 1)))
def test_every_day_reads_back_day_first_and_year_first(day: date) -> None:
    assert read_day(day.isoformat()) == day
    assert read_day(f"{day.day:02d}/{day.month:02d}/{day.year}") == day
    assert read_day(f"{day.day}.{day.month}.{day.year}") == day


@pytest.mark.parametrize("text", ["9999-12-31", "1899-12-30", "2037-01-01"])
def test_an_invoice_is_not_of_another_age(text: str) -> None:
    with pytest.raises(BadCell, match="too far away"):
        read_invoice_day(text, TODAY)


@pytest.mark.parametrize(
    ("text", "birth", "warning"),
    [
        ("1974-03-02", date(1974, 3, 2), None),
        ("1996-02-29", date(1996, 2, 29), None),
        ("2008-11-24", date(2008, 11, 24), None),
        ("2008-11-25", date(2008, 11, 25), "17 years old"),
        ("1900-01-01", None, "unknown"),
        ("1910-01-01", None, "unknown"),
        ("1917-01-01", date(1917, 1, 1), None),
        ("1980", None, "only a year"),
    ],
)
def test_a_birth_date_that_cannot_be_is_unknown(text: str, birth: date | None, warning: str | None) -> None:
    found, said = read_birth(text, TODAY)
    assert found == birth
    assert (warning or "") in (said or "")
    assert (said is None) == (warning is None)


def test_a_birth_that_is_to_come_is_refused() -> None:
    with pytest.raises(BadCell, match="not come yet"):
        read_birth("2026-11-25", TODAY)

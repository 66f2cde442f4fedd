"""The lines for people in despair: each has its source and its day, and is named in the caller's own language."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ivr.errors import BadHelpLine
from ivr.help_line import STALE_AFTER, help_line, help_lines, read_help_lines, stale

GOOD = 'emergency = "112"\nother = { spoken = "113", source = "https://one.example", checked_on = 2026-11-22 }\n'


def test_every_line_that_we_name_has_a_source_and_the_day_on_which_it_was_looked_up() -> None:
    assert {one.country for one in help_lines()} == {"BE", "NL", "FR", "DE", "GB", "US"}
    for one in help_lines():
        assert one.source.startswith("https://")
        assert one.checked_on >= date(2026, 1, 1)


@pytest.mark.parametrize(
    ("country", "language", "number"),
    [("BE", "nl-BE", "1813"), ("BE", "de", "108"), ("BE", "en", "0800 32 123"), ("NL", "en", "0800 01 13")],
)
def test_it_is_the_line_of_the_callers_language_or_of_all_others(country: str, language: str, number: str) -> None:
    line = help_line(country, language)
    assert line is not None and line.number == number


def test_of_a_country_that_we_do_not_know_none_is_named() -> None:
    assert help_line("AT", "de") is None


@pytest.mark.parametrize(
    ("written", "told"),
    [
        (GOOD.replace(', source = "https://one.example"', ""), "AT other, source: is missing"),
        (GOOD.replace('"https://one.example"', '" "'), "AT other, source: is missing"),
        (GOOD.replace(", checked_on = 2026-11-22", ""), "AT other, checked_on: write a day, as 2026-11-22"),
        (GOOD.replace("2026-11-22", '"last year"'), "AT other, checked_on: write a day"),
        (GOOD.replace('spoken = "113"', "spoken = 113"), "AT other, spoken: is missing"),
        (GOOD.replace('emergency = "112"\n', ""), "AT, emergency: is missing"),
        ('emergency = "112"\nother = "113"\n', "AT other: write a number with its source"),
    ],
)
def test_an_entry_that_lacks_something_is_refused_by_its_name(written: str, told: str) -> None:
    with pytest.raises(BadHelpLine, match=told):
        read_help_lines(f"[AT]\n{written}")


@given(st.integers(-1000, 1000))
def test_a_line_is_stale_after_a_year_and_before_the_day_on_which_it_claims_to_be_looked_up(days: int) -> None:
    (line,) = read_help_lines(f"[AT]\n{GOOD}")
    today = line.checked_on + timedelta(days=days)
    assert bool(stale([line], today)) is not (0 <= days <= STALE_AFTER.days)

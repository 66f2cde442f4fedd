"""What the doctor says of data that ages: who can't be called by the rules and why, which help lines to look up."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from desk.aging import judged_help_lines, judged_rules
from desk.finding import Health
from ivr.help_line import help_lines
from schedules.law_file import shipped_rules
from schedules.rules import Rules
from schedules.testing import with_profile


@pytest.fixture
def rules() -> Rules:
    return shipped_rules()


def test_good_rules_name_the_countries_that_are_called_and_those_that_are_not_yet(rules: Rules) -> None:
    found = judged_rules(rules, date(2026, 11, 27))
    assert (found.what, found.health) == ("rules", Health.GOOD)
    assert found.told == f"BE, DE, FR, GB, NL; not in use: US; {rules.version}"


def test_a_review_that_is_due_is_a_note(rules: Rules) -> None:
    found = judged_rules(rules, date(2028, 3, 1))
    assert found.health is Health.NOTE
    assert "The rules of Belgium were reviewed until 2027-12-31" in found.told
    assert "United States" not in found.told


def test_a_review_that_is_too_old_stops_a_country(rules: Rules) -> None:
    found = judged_rules(with_profile(rules, "BE", reviewed_until=date(2025, 11, 26)), date(2026, 11, 27))
    assert (found.health, found.told) == (Health.WRONG, "nobody is called in Belgium: review too old")


def test_a_year_without_a_table_of_holidays_stops_a_country(rules: Rules) -> None:
    reviewed = with_profile(rules, "NL", reviewed_until=date(2029, 12, 31))
    found = judged_rules(reviewed, date(2029, 2, 1))
    assert found.health is Health.WRONG
    assert "nobody is called in the Netherlands: no holiday table" in found.told


def test_help_lines_that_were_looked_up_lately_are_good() -> None:
    found = judged_help_lines(help_lines(), ["BE", "NL"], max(one.checked_on for one in help_lines()))
    assert (found.what, found.health) == ("help lines", Health.GOOD)


def test_a_help_line_that_nobody_looked_up_for_a_year_is_named_with_its_source() -> None:
    first, *others = help_lines()
    old = replace(first, checked_on=date(2025, 11, 27))
    found = judged_help_lines([old, *others], ["BE"], date(2026, 11, 28))
    assert found.health is Health.NOTE
    assert f"not looked up for a year: BE 1813 ({first.source}, 2025-11-27);" in found.told
    assert "NL" not in found.told


def test_a_country_whose_people_would_hear_no_line_is_wrong() -> None:
    found = judged_help_lines(help_lines(), ["BE", "AT"], date(2026, 11, 28))
    assert (found.health, "no line in AT;" in found.told) == (Health.WRONG, True)

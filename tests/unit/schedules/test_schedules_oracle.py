"""Permission against a second reading of its rules, written from the texts alone (`tests/oracle`).

The same people each time; `ORACLE_EXAMPLES=20000` asks about so many others, and a tenth as many openings.
"""

from __future__ import annotations

import os
from datetime import date, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings

from ledger.calendar import holiday_on
from ledger.contact import Channel
from ledger.region import AUGSBURG, LAENDER, Region
from oracle.compare import opening_quarrel, verdict_quarrel
from oracle.finding import ORDER
from oracle.people import questions
from oracle.rest_days import rest_days
from schedules.law_file import shipped_rules
from schedules.permission import may_contact, next_opening
from schedules.standing import Standing
from schedules.testing import a_standing, local, with_open_bands
from schedules.verdict import RULES

RULES_OF_THE_HOUSE = shipped_rules()
SAME = "ORACLE_EXAMPLES" not in os.environ
EXAMPLES = int(os.environ.get("ORACLE_EXAMPLES", "300"))
SLOW = (HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much)

Question = tuple[Standing, datetime]


@settings(max_examples=EXAMPLES, deadline=None, derandomize=SAME, suppress_health_check=SLOW)
@given(questions())
def test_every_answer_and_every_reason_follow_from_the_texts(question: Question) -> None:
    standing, now = question
    verdict = may_contact(standing, Channel.VOICE, now, rules=RULES_OF_THE_HOUSE)
    assert verdict_quarrel(standing, now, verdict) is None


@settings(max_examples=max(EXAMPLES // 10, 1), deadline=None, derandomize=SAME, suppress_health_check=SLOW)
@given(questions())
def test_the_next_opening_is_the_first_minute_that_the_texts_allow(question: Question) -> None:
    standing, now = question
    opening = next_opening(standing, Channel.VOICE, now, rules=RULES_OF_THE_HOUSE)
    assert opening_quarrel(standing, now, opening) is None


def test_both_readings_know_the_same_rules_in_the_same_order() -> None:
    assert ORDER == RULES


@pytest.mark.parametrize(
    ("country", "parts"),
    [
        ("BE", ("",)), ("NL", ("",)), ("FR", ("", "57")), ("DE", (*LAENDER, AUGSBURG)),
        ("GB", ("ENG", "SCT", "WLS", "NIR")),
    ],
)  # fmt: skip
def test_both_readings_close_the_same_days_in_every_part_of_a_country(country: str, parts: tuple[str, ...]) -> None:
    days = [date(2026, 1, 1) + timedelta(days=n) for n in range(3 * 365 + 1)]
    for part in parts:
        # Whether Easter Sunday is a holiday or a Sunday changes nothing: both are closed.
        ours = {day for day in days if day.weekday() < 6 and holiday_on(day, Region(country, (part,))) is not None}
        assert ours == {day for day in days if day.weekday() < 6 and day in rest_days(country, part, day.year)}, (
            country,
            part,
        )


def test_the_second_reading_notices_hours_that_are_not_those_of_the_texts() -> None:
    morning = local("2026-11-24 09:30")
    verdict = may_contact(a_standing(), Channel.VOICE, morning, rules=with_open_bands(RULES_OF_THE_HOUSE))
    assert verdict_quarrel(a_standing(), morning, verdict) == "allowed, but refused by band"

"""Permission against a second reading of its rules, written from the texts alone (`tests/oracle`).

The same people each time; `ORACLE_EXAMPLES=20000` asks about so many others, and a tenth as many openings.
"""

from __future__ import annotations

import os
from datetime import datetime

from hypothesis import HealthCheck, given, settings

from ledger.contact import Channel
from oracle.compare import opening_quarrel, verdict_quarrel
from oracle.finding import ORDER
from oracle.people import questions
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


def test_the_second_reading_notices_hours_that_are_not_those_of_the_texts() -> None:
    morning = local("2026-11-24 09:30")
    verdict = may_contact(a_standing(), Channel.VOICE, morning, rules=with_open_bands(RULES_OF_THE_HOUSE))
    assert verdict_quarrel(a_standing(), morning, verdict) == "allowed, but refused by band"

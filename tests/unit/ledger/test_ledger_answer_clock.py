"""Our own clocks: what waits for an answer, and a payment that somebody told us of."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from ledger.answer_clock import Waiting, answer_day, notes
from ledger.money import Money
from ledger.paid_claim import Claim, judged
from ledger.region import Region

#: A Tuesday.
ASKED = date(2026, 11, 24)
REQUEST = Waiting(kind="plan_request", made_on=ASKED, answer_by=date(2026, 12, 1), monthly=Money(25_00))
DISPUTE = Waiting(kind="dispute", made_on=ASKED, answer_by=date(2026, 12, 8))


def kinds(waiting: Waiting, today: date) -> list[tuple[str, bool]]:
    return [(note.kind, note.urgent) for note in notes(waiting, answer_day(waiting, Region("BE")), today)]


def test_a_request_is_a_task_at_once_and_an_alarm_when_its_day_has_passed() -> None:
    assert kinds(REQUEST, ASKED) == [("plan_request", False)]
    assert kinds(REQUEST, date(2026, 12, 1)) == [("plan_request", False)]
    assert kinds(REQUEST, date(2026, 12, 2)) == [("plan_request", False), ("plan_request_late", True)]
    assert "25.00" in notes(REQUEST, date(2026, 12, 1), ASKED)[0].why


def test_a_dispute_is_an_alarm_only_when_its_day_has_passed() -> None:
    assert kinds(DISPUTE, date(2026, 12, 8)) == []
    assert kinds(DISPUTE, date(2026, 12, 9)) == [("dispute_late", True)]


def test_where_no_day_was_named_working_days_count_and_without_a_country_none_is_waited() -> None:
    unnamed = Waiting(kind="plan_request", made_on=ASKED, answer_by=None)
    assert answer_day(unnamed, Region("BE")) == date(2026, 12, 1)
    assert answer_day(unnamed, None) == ASKED


@pytest.mark.parametrize(
    ("open_minor", "days", "claim"),
    [(0, 0, Claim.FOUND), (0, 99, Claim.FOUND), (1, 9, Claim.LOOKING), (1, 10, Claim.ASK)],
)
def test_a_claim_is_looked_for_ten_days_before_a_letter_asks(open_minor: int, days: int, claim: Claim) -> None:
    assert judged(open_minor, ASKED, ASKED + timedelta(days=days)) is claim

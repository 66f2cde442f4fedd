"""How far a supervisor may move our own counts: never to the lax side of what a debtor was told."""

from __future__ import annotations

import pytest

from schedules.law_file import shipped_rules
from schedules.row import LESS_IS_STRICTER

ROWS = {row.name: row for row in shipped_rules().defaults}
#: Left to the house by the readings: a creditor's remainder (C13), its feed (B5), the ringing and the day of a step.
OPEN = {"part_paid_minor", "stale_minutes", "ring_seconds", "ladder_call_days"}


@pytest.mark.parametrize("name", sorted(name for name, row in ROWS.items() if row.room is not None))
def test_a_range_holds_our_own_value_and_is_no_laxer_unless_the_readings_leave_it_open(name: str) -> None:
    row = ROWS[name]
    assert row.room is not None
    assert row.count is not None
    least, most = row.room
    assert least <= row.count <= most
    lax_end = most if name in LESS_IS_STRICTER else least
    assert (lax_end == row.count) is (name not in OPEN)


def test_there_is_no_range_for_what_protects_a_person_most() -> None:
    protected = {
        "attempts_1",
        "attempts_7",
        "attempts_30",
        "rest_after_talk",
        "rest_after_hardship",
        "rest_after_crisis",
        "abandoned_rest_minutes",
        "callback_tries",
        "last_dial_seconds",
        "letter_first",
    }
    assert {name for name in protected if ROWS[name].room is not None} == set()

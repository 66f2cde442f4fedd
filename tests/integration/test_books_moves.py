"""The rows of calls move along the table of a call's life, in whatever order we hear of it, on both engines."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime
from itertools import permutations

import pytest

from books import HUNG_UP, Day, people
from dialer.call import CALL_MOVES, CallEvent, CallState
from dialer.claim import Claimed
from dialer.outcome import CarriersEnd
from dialer.tables import AttemptRow, CallRow
from ledger.database import Database
from ledger.tables import ContactRow

FOUND_ENDED = CarriersEnd(cause=0, dial_status=None, answered=False, lost=True)
#: Every order of all events, and each event twice, then all of them again.
ORDERS = list(permutations(CallEvent))

#: How each event reaches the books.
TELL: dict[CallEvent, Callable[[Day, str], object]] = {
    CallEvent.RINGS: lambda day, call: day.flight.told([call], [], {}),
    CallEvent.ANSWERED: lambda day, call: day.flight.told([], [call], {}),
    CallEvent.ENDED: lambda day, call: day.flight.told([], [], {call: HUNG_UP}),
    CallEvent.LOST: lambda day, call: day.flight.lost(call),
    CallEvent.FOUND_ENDED: lambda day, call: day.flight.told([], [], {call: FOUND_ENDED}),
}


@pytest.fixture
def day(database: Database) -> Iterator[Day]:
    people(database, len(ORDERS))
    one = Day(database)
    yield one
    one.close()


def claimed(day: Day) -> list[Claimed]:
    """A call for each order of events."""
    found: list[Claimed] = []
    while len(found) < len(ORDERS):
        found += day.claim(50)
    return found


def states(day: Day) -> dict[str, tuple[str, str]]:
    """Where each call stands: its own row, and its attempt's."""
    attempts = {one.uuid: one.state for one in day.rows(AttemptRow)}
    return {one.uuid: (one.state, attempts[one.uuid]) for one in day.rows(CallRow)}


def ends(day: Day) -> dict[str, tuple[datetime | None, str | None, int | None, str | None]]:
    """What is written of each call's end."""
    contacts = {one.id: one.disposition for one in day.rows(ContactRow)}
    return {
        one.uuid: (one.ended_at, one.end_note, one.hangup_cause, contacts[one.contact_id])
        for one in day.rows(AttemptRow)
        if one.state == CallState.ENDED
    }


def test_after_every_order_of_events_even_doubled_the_rows_stand_where_the_table_says(day: Day) -> None:
    orders = dict(zip([one.attempt for one in claimed(day)], ORDERS, strict=True))
    expected = dict.fromkeys(orders, CallState.DIALING)
    first_end: dict[str, tuple[datetime | None, str | None, int | None, str | None]] = {}
    for n in [0, 0, 1, 1, 2, 2, 3, 3, 4, 4, 0, 1, 2, 3, 4]:
        for call, order in orders.items():
            TELL[order[n]](day, call)
            expected[call] = CALL_MOVES[expected[call]][order[n]]
        assert states(day) == {call: (state, state) for call, state in expected.items()}
        first_end = ends(day) | first_end
        assert ends(day) == first_end  # an end sticks, with all that was written of it


def test_a_late_ring_or_answer_in_the_same_breath_as_the_end_changes_no_end(day: Day) -> None:
    calls = [one.attempt for one in claimed(day)]
    day.flight.told([], [], dict.fromkeys(calls, HUNG_UP))
    before = ends(day)
    day.flight.told(calls, calls, dict.fromkeys(calls, FOUND_ENDED))
    assert ends(day) == before
    assert set(states(day).values()) == {(CallState.ENDED, CallState.ENDED)}

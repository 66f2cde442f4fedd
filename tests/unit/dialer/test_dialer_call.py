"""The life of a call as a table, and how a call that nobody answered is named."""

from __future__ import annotations

from itertools import chain, permutations, product

import pytest

from dialer.call import CALL_MOVES, CallEvent, CallState, moved_by, unanswered
from ledger.contact import Disposition

ENDS = {CallEvent.ENDED, CallEvent.FOUND_ENDED}


def after(*events: CallEvent) -> CallState:
    state = CallState.DIALING
    for event in events:
        state = CALL_MOVES[state][event]
    return state


@pytest.mark.parametrize(("state", "event"), list(product(CallState, CallEvent)))
def test_every_event_is_foreseen_in_every_state(state: CallState, event: CallEvent) -> None:
    assert CALL_MOVES[state][event] in CallState


@pytest.mark.parametrize("event", CallEvent)
def test_an_end_sticks(event: CallEvent) -> None:
    assert CALL_MOVES[CallState.ENDED][event] is CallState.ENDED


@pytest.mark.parametrize("missing", [None, *CallEvent])
def test_all_orders_of_all_events_even_twice_come_to_the_same_end(missing: CallEvent | None) -> None:
    events = [event for event in CallEvent if event is not missing]
    assert {after(*order) for order in permutations(events)} == {CallState.ENDED}
    assert {after(*chain(order, order)) for order in permutations(events)} == {CallState.ENDED}


def test_no_call_ends_by_ringing_answering_or_being_lost() -> None:
    for order in permutations(set(CallEvent) - ENDS):
        assert after(*order) is not CallState.ENDED


def test_a_call_never_goes_back_to_dialling_and_a_talk_never_back_to_ringing() -> None:
    for state, event in product(CallState, CallEvent):
        new = CALL_MOVES[state][event]
        assert new is not CallState.DIALING
        assert state is CallState.DIALING or state is CallState.RINGING or new is not CallState.RINGING


#: asterisk.md, section 2: what our Asterisk told of each kind of debtor.
MEASURED = [
    ("busy", 17, "BUSY", Disposition.BUSY),
    ("congestion", 34, "CONGESTION", Disposition.CONGESTION),
    ("unallocated", 1, "NOANSWER", Disposition.UNALLOCATED),
    ("rejected", 21, "NOANSWER", Disposition.REJECTED),
    ("rings past its time", 19, None, Disposition.NO_ANSWER),
]
#: The status alone, where no cause was told; and what says nothing.
TOLD_LESS = [
    ("busy by status", 0, "BUSY", Disposition.BUSY),
    ("congestion by status", 0, "CONGESTION", Disposition.CONGESTION),
    ("no answer by status", 0, "NOANSWER", Disposition.NO_ANSWER),
    ("normal clearing", 16, None, Disposition.FAILED),
    ("nothing at all", 0, None, Disposition.FAILED),
    ("an unknown status", 0, "DONTCALL", Disposition.FAILED),
    ("an unknown cause", 127, None, Disposition.FAILED),
    ("a cause beside another status", 17, "NOANSWER", Disposition.BUSY),
]


@pytest.mark.parametrize(
    ("cause", "status", "named"),
    [row[1:] for row in MEASURED + TOLD_LESS],
    ids=[row[0] for row in MEASURED + TOLD_LESS],
)
def test_a_call_that_nobody_answered_is_named_by_cause_and_then_by_status(
    cause: int, status: str | None, named: Disposition
) -> None:
    assert unanswered(cause, status) is named


@pytest.mark.parametrize(("cause", "status"), [row[1:3] for row in MEASURED + TOLD_LESS])
def test_what_we_ended_ourselves_is_cancelled_whatever_the_network_says(cause: int, status: str | None) -> None:
    assert unanswered(cause, status, by_us=True) is Disposition.CANCELLED


def test_no_cause_of_the_network_is_without_a_name() -> None:
    """Q.850 has 127; none is a talk, none is ours."""
    names = {unanswered(cause, None) for cause in range(128)}
    assert names == {
        Disposition.BUSY, Disposition.NO_ANSWER, Disposition.REJECTED, Disposition.UNALLOCATED,
        Disposition.CONGESTION, Disposition.FAILED,
    }  # fmt: skip


@pytest.mark.parametrize("event", CallEvent)
def test_what_an_event_moves_is_the_table_without_what_it_leaves(event: CallEvent) -> None:
    moved = {before: after for after, states in moved_by(event).items() for before in states}
    assert moved == {state: new for state, moves in CALL_MOVES.items() if (new := moves[event]) is not state}

"""How a call ended: the carrier's word and the talk's, put together by one table."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dialer.call import CALL_MOVES, CallEvent, CallState, unanswered
from dialer.outcome import CarriersEnd, ending, known_cause
from dialer.who_ended import WhoEnded, who_ended
from ivr.outcome import MARKS, OUTCOMES
from ledger.contact import Disposition as D
from schedules.retry import _STEPS, Step

ANSWERED = CarriersEnd(cause=16, dial_status="ANSWER", answered=True)
LINE_LOST = CarriersEnd(cause=16, dial_status="ANSWER", answered=True, line_lost=True)
LOST = CarriersEnd(cause=0, dial_status=None, answered=False, lost=True)
TAKEN_BACK = CarriersEnd(cause=16, dial_status=None, answered=False, by_us=True)
BUSY = CarriersEnd(cause=17, dial_status="BUSY", answered=False)

ENDS = st.builds(
    CarriersEnd,
    cause=st.integers(0, 127),
    dial_status=st.sampled_from([None, "", "ANSWER", "BUSY", "NOANSWER", "CONGESTION", "CHANUNAVAIL", "CANCEL"]),
    answered=st.booleans(),
    line_lost=st.booleans(),
    by_us=st.booleans(),
    lost=st.booleans(),
)


@pytest.mark.parametrize(
    ("end", "cause"),
    [
        (ANSWERED, 16),
        (BUSY, 17),
        (CarriersEnd(cause=0, dial_status="ANSWER", answered=True), 16),  # they hung up, by a BYE without a cause
        (CarriersEnd(cause=31, dial_status="ANSWER", answered=True), 31),
        (CarriersEnd(cause=0, dial_status=None, answered=False), None),
        (CarriersEnd(cause=0, dial_status=None, answered=False, by_us=True), None),
        (CarriersEnd(cause=0, dial_status=None, answered=True, lost=True), None),
    ],
)
def test_a_cause_is_what_was_told_and_never_nought(end: CarriersEnd, cause: int | None) -> None:
    assert known_cause(end.cause, answered=end.answered, lost=end.lost) == cause


@pytest.mark.parametrize(
    ("note", "answered", "talk_over", "hung_up", "who"),
    [
        (None, True, True, False, WhoEnded.US),
        (None, True, True, True, WhoEnded.THEM),
        ("line_lost", True, True, True, WhoEnded.LINE),
        ("by_us", False, False, False, WhoEnded.TAKEN_BACK),
        (None, False, False, False, None),
        (None, True, False, False, None),
        ("lost", True, True, False, None),
    ],
)
def test_who_ended_a_call(note: str | None, answered: bool, talk_over: bool, hung_up: bool, who: WhoEnded) -> None:
    assert who_ended(note, answered=answered, talk_over=talk_over, hung_up=hung_up) is who


@pytest.mark.parametrize(
    ("end", "talk", "disposition", "talked"),
    [
        # Nobody talked: the carrier tells.
        (BUSY, None, D.BUSY, False),
        (TAKEN_BACK, None, D.CANCELLED, False),
        (LOST, None, D.UNKNOWN, False),
        (ANSWERED, None, D.NO_CONVERSATION, False),
        (LINE_LOST, None, D.ABANDONED, False),
        # A talk tells more than the carrier can.
        (ANSWERED, D.PROMISE, D.PROMISE, True),
        (LINE_LOST, D.PROMISE, D.PROMISE, True),
        (LOST, D.DISPUTE, D.DISPUTE, True),
        (TAKEN_BACK, D.OPTED_OUT, D.OPTED_OUT, True),
        (ANSWERED, D.WRONG_NUMBER, D.WRONG_NUMBER, True),
        (ANSWERED, D.IDENTITY_FAILED, D.IDENTITY_FAILED, True),
        # Silence, a machine, or nobody of us: no talk came of it.
        (ANSWERED, D.NO_CONVERSATION, D.NO_CONVERSATION, False),
        (ANSWERED, D.VOICEMAIL, D.VOICEMAIL, False),
        (ANSWERED, D.ABANDONED, D.ABANDONED, False),
        (LINE_LOST, D.NO_CONVERSATION, D.ABANDONED, False),
        (LINE_LOST, D.VOICEMAIL, D.VOICEMAIL, False),
    ],
)
def test_the_end_of_a_call(end: CarriersEnd, talk: D | None, disposition: D, talked: bool) -> None:
    found = ending(end, talk)
    assert (found.disposition, found.talked) == (disposition, talked)


@given(end=ENDS, talk=st.none() | st.sampled_from(list(D)))
def test_every_end_has_one_disposition_and_what_was_said_is_never_lost(end: CarriersEnd, talk: D | None) -> None:
    found = ending(end, talk)
    if talk is not None and talk not in (D.NO_CONVERSATION, D.VOICEMAIL, D.ABANDONED):
        assert (found.disposition, found.talked) == (talk, True)
    if talk is None:
        assert not found.talked
        assert found.disposition not in {outcome.disposition for outcome in OUTCOMES}


@pytest.mark.parametrize(
    ("cause", "status", "disposition"),
    [
        (1, None, D.UNALLOCATED), (3, "CHANUNAVAIL", D.UNALLOCATED), (22, None, D.UNALLOCATED),
        (28, None, D.UNALLOCATED), (17, "BUSY", D.BUSY), (18, "NOANSWER", D.NO_ANSWER), (19, "NOANSWER", D.NO_ANSWER),
        (20, None, D.NO_ANSWER), (21, "NOANSWER", D.REJECTED), (34, "CONGESTION", D.CONGESTION),
        (38, None, D.CONGESTION), (41, None, D.CONGESTION), (42, None, D.CONGESTION), (44, None, D.CONGESTION),
        # The cause says nothing: DialStatus does.
        (0, "BUSY", D.BUSY), (0, "NOANSWER", D.NO_ANSWER), (127, "CONGESTION", D.CONGESTION),
        # Nothing says anything.
        (0, None, D.FAILED), (16, "CHANUNAVAIL", D.FAILED), (999, "", D.FAILED), (27, "CHANUNAVAIL", D.FAILED),
    ],
)  # fmt: skip
def test_a_call_that_nobody_answered_ends_as_the_network_says(cause: int, status: str | None, disposition: D) -> None:
    assert unanswered(cause, status) is disposition
    assert unanswered(cause, status, by_us=True) is D.CANCELLED


def test_every_way_to_end_has_a_next_step() -> None:
    """What is no row of the table is tried again; nothing that was said is."""
    retried = set(D) - _STEPS.keys()
    said = {outcome.disposition for outcome in OUTCOMES} | {disposition for _, disposition in MARKS}
    assert retried & said <= {D.HEARD, D.NOT_AT_HOME, D.VOICEMAIL, D.WRONG_NUMBER}
    assert set(_STEPS.values()) <= set(Step)


def test_a_call_moves_by_its_table_and_an_end_sticks() -> None:
    for state, moves in CALL_MOVES.items():
        assert set(moves.values()) <= set(CallState)
        assert moves.get(CallEvent.ENDED) is CallState.ENDED
        if state is CallState.ENDED:
            assert set(moves.values()) == {CallState.ENDED}
        if state is CallState.TALKING:
            assert moves[CallEvent.RINGS] is CallState.TALKING, "what comes late does not turn it back"

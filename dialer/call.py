"""The life of a call, as a table; an end sticks."""

from __future__ import annotations

from enum import StrEnum

from ledger.contact import Disposition


class CallState(StrEnum):
    """Where a call stands."""

    #: Committed, perhaps at the carrier.
    DIALING = "dialing"
    RINGING = "ringing"
    TALKING = "talking"
    ENDED = "ended"
    #: Lost from sight; counts as called, and is never placed again.
    UNKNOWN = "unknown"


class CallEvent(StrEnum):
    """What moves it."""

    RINGS = "rings"
    ANSWERED = "answered"
    ENDED = "ended"
    LOST = "lost"
    FOUND_ENDED = "found_ended"


#: (state, event) → state. Events that come late or twice leave the state as it is, and are named here too.
CALL_MOVES: dict[CallState, dict[CallEvent, CallState]] = {
    CallState.DIALING: {
        CallEvent.RINGS: CallState.RINGING,
        CallEvent.ANSWERED: CallState.TALKING,
        CallEvent.ENDED: CallState.ENDED,
        CallEvent.LOST: CallState.UNKNOWN,
        CallEvent.FOUND_ENDED: CallState.ENDED,
    },
    CallState.RINGING: {
        CallEvent.RINGS: CallState.RINGING,
        CallEvent.ANSWERED: CallState.TALKING,
        CallEvent.ENDED: CallState.ENDED,
        CallEvent.LOST: CallState.UNKNOWN,
        CallEvent.FOUND_ENDED: CallState.ENDED,
    },
    CallState.TALKING: {
        CallEvent.RINGS: CallState.TALKING,
        CallEvent.ANSWERED: CallState.TALKING,
        CallEvent.ENDED: CallState.ENDED,
        CallEvent.LOST: CallState.UNKNOWN,
        CallEvent.FOUND_ENDED: CallState.ENDED,
    },
    CallState.UNKNOWN: {
        CallEvent.RINGS: CallState.UNKNOWN,
        CallEvent.ANSWERED: CallState.TALKING,
        CallEvent.ENDED: CallState.ENDED,
        CallEvent.LOST: CallState.UNKNOWN,
        CallEvent.FOUND_ENDED: CallState.ENDED,
    },
    CallState.ENDED: dict.fromkeys(CallEvent, CallState.ENDED),
}


def moved_by(event: CallEvent) -> dict[CallState, tuple[CallState, ...]]:
    """Where an event leads, and from which states: those that it leaves as they are don't stand here."""
    found: dict[CallState, tuple[CallState, ...]] = {}
    for state, moves in CALL_MOVES.items():
        if moves[event] is not state:
            found[moves[event]] = (*found.get(moves[event], ()), state)
    return found


#: Q.850 causes of a call that nobody answered, as dispositions.
_CAUSES = {
    1: Disposition.UNALLOCATED,
    3: Disposition.UNALLOCATED,
    17: Disposition.BUSY,
    18: Disposition.NO_ANSWER,
    19: Disposition.NO_ANSWER,
    20: Disposition.NO_ANSWER,
    21: Disposition.REJECTED,
    22: Disposition.UNALLOCATED,
    28: Disposition.UNALLOCATED,
    34: Disposition.CONGESTION,
    38: Disposition.CONGESTION,
    41: Disposition.CONGESTION,
    42: Disposition.CONGESTION,
    44: Disposition.CONGESTION,
}


def unanswered(cause: int, dial_status: str | None, *, by_us: bool = False) -> Disposition:
    """How a call that was not answered ended: by hang-up cause and DialStatus, never by Originate's Reason.

    `by_us`: we ended it ourselves while it rang (stopped, or permission was withdrawn).
    """
    if by_us:
        return Disposition.CANCELLED
    if cause in _CAUSES:
        return _CAUSES[cause]
    status = {"BUSY": Disposition.BUSY, "CONGESTION": Disposition.CONGESTION, "NOANSWER": Disposition.NO_ANSWER}
    return status.get(dial_status or "", Disposition.FAILED)

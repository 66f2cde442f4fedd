"""Who ended a call: ourselves, the other side, or a line of ours that broke. Pure."""

from __future__ import annotations

from enum import StrEnum


class WhoEnded(StrEnum):
    """Who ended a call."""

    #: The talk came to its end: we said goodbye and hung up.
    US = "us"
    #: They hung up.
    THEM = "them"
    #: Our line was away or broke, and Asterisk played the neutral sentence.
    LINE = "line"
    #: We took it back before anybody answered.
    TAKEN_BACK = "taken_back"


def who_ended(note: str | None, *, answered: bool, talk_over: bool, hung_up: bool) -> WhoEnded | None:
    """Who ended it; None: nobody answered, it goes on, or nobody knows.

    `note`: what the attempt says of its end (`by_us`, `line_lost`, `lost`). `talk_over`: there was a talk, and it has
    ended; `hung_up`: the talk heard the other side hang up. The network's cause doesn't tell: it is 16 both ways.
    """
    if note == "by_us":
        return WhoEnded.TAKEN_BACK
    if note == "line_lost":
        return WhoEnded.LINE
    if note == "lost" or not answered or not talk_over:
        return None
    return WhoEnded.THEM if hung_up else WhoEnded.US

"""A voicemail, or another machine, at the other end: until somebody was understood, it may be one."""

from __future__ import annotations

from ivr.state import GONE, Proof
from ivr.talk import Talk


def may_be_machine(talk: Talk) -> bool:
    """Nobody who answered our call has been understood yet."""
    state = talk.state
    return talk.briefing.direction == "out" and state.proof is Proof.NONE and not state.touched


def voicemail(talk: Talk) -> Talk:
    """A neutral message where the rules allow one and there is a number to leave; then the line is closed."""
    talk = talk.mark("voicemail")
    if talk.briefing.voicemail_allowed and talk.briefing.callback_number:
        return talk.part("voicemail")
    return talk.go(GONE)

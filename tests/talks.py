"""Talks turn by turn for tests of the dialogue: what was said last, and what was noted in that turn."""

from __future__ import annotations

from ivr import heard as h
from ivr.act import Say
from ivr.briefing import Briefing
from ivr.state import fresh
from ivr.turn import Turn, take_turn

#: The keys with which Ada proves who she is.
PROVED = ("1", "1", "9000", "4417")


def after(briefing: Briefing, *heard: str | h.Heard, speech: bool = True) -> Turn:
    """The last turn of a talk; a text is keys."""
    turn = take_turn(briefing, fresh(briefing), h.Answered(speech=speech))
    for one in heard:
        turn = take_turn(briefing, turn.state, h.Keys(one) if isinstance(one, str) else one)
    return turn


def said(turn: Turn) -> list[str]:
    """The keys of the prompts, without the words that invite to speak."""
    keys = [act.spoken.key for act in turn.acts if isinstance(act, Say)]
    return [key for key in keys if key not in ("speech.may", "speech.digits")]


def kinds(turn: Turn) -> list[type]:
    """The classes of what is recorded."""
    return [type(record) for record in turn.records]

"""Stop: this number is not called again. Committed before it is said; one key undoes it once.

No word undoes it: "yes" to "was that not meant?" is as often "yes, I mean it", and a recogniser takes noise for a yes.
So we ask outright, and the key answers.
"""

from __future__ import annotations

from dataclasses import replace

from ivr.place import BACK, Place, way
from ivr.record import OptedOut, OptOutUndone
from ivr.state import GONE
from ivr.talk import Talk


def stop(talk: Talk) -> Talk:
    """Opt out. A withheld number of a stranger can't be closed: say so and offer a person."""
    briefing = talk.briefing
    if briefing.e164 is None and briefing.debtor_id is None:
        return talk.say("stop.withheld").go("inbound.unknown")
    if OptedOut.__name__ not in talk.state.facts:
        talk = talk.note(OptedOut(e164=briefing.e164))
    return _but(talk.say("agreement.opted_out")) if talk.state.undone else talk.go("stop.done")


def undo(talk: Talk) -> Talk:
    """It was a slip of the finger: as it was, where the talk was."""
    talk = talk.note(OptOutUndone(e164=talk.briefing.e164)).say("stop.undone")
    facts = tuple(f for f in talk.state.facts if f not in (OptedOut.__name__, OptOutUndone.__name__))
    return replace(talk, state=replace(talk.state, facts=facts, undone=True, place=talk.state.back))


def _but(talk: Talk) -> Talk:
    """To the debtor, proved: what stays open. Then goodbye."""
    return talk.part("stop.but", "bye") if talk.state.verified and talk.remaining else talk.part("bye")


PLACES = (
    Place(
        name="stop.done",
        asks=("stop.done",),
        fixed="0",
        side=True,
        ways={
            "1": way("undo", BACK, do=undo),
            "2": way("no", GONE, do=_but, hears=("no", "stop")),
            "said": way("yes or wait, in words", "stop.sure", hears=("yes", "wait")),
            "silence": way("silence", GONE, do=_but),
            "noise": way("else", GONE, do=_but),
        },
    ),
    Place(
        name="stop.sure",
        asks=("stop.sure",),
        fixed="0",
        side=True,
        binding=True,
        ways={
            "1": way("call again", BACK, do=undo),
            "2": way("no", GONE, do=_but, hears=("no", "stop")),
            "said": way("yes or wait, in words", "stop.sure", hears=("yes", "wait")),
            "silence": way("silence", GONE, do=_but),
            "noise": way("else", GONE, do=_but),
        },
    ),
)

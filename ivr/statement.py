"""A dispute in the person's own words: recorded after their yes on this call, for the people who look into it.

What they say is kept as sound; no word of it is understood here. Their dispute stands whether it works or not.
"""

from __future__ import annotations

from ivr.closing import AFTER, onward
from ivr.place import Place, way
from ivr.record import StatementGiven
from ivr.talk import Talk

#: Nothing is said for so long after our words: they would rather not (seconds).
PATIENCE_S = 8.0


def offer(talk: Talk) -> Talk:
    """A dispute is committed: ask for it in their own words, where a line can record them; else go on."""
    return talk.go("dispute.tell") if talk.briefing.statements else onward(talk)


def given(talk: Talk) -> Talk:
    """It is kept, or could not be; then on to what is left."""
    recorded = talk.recorded
    if recorded is None or not recorded.name:
        return lost(talk)
    talk = talk.note(StatementGiven(name=recorded.name, seconds=recorded.seconds))
    return onward(talk.say("dispute.told"))


def lost(talk: Talk) -> Talk:
    """What was said could not be kept: say so, and that the dispute stands. Nobody has to say it all again."""
    return onward(talk.say("trouble.statement"))


PLACES = (
    Place(
        name="dispute.tell",
        asks=("dispute.tell",),
        # A key that is pressed over what came before is no yes to being recorded.
        binding=True,
        ways={
            "1": way("yes", "dispute.speak", hears=("yes",)),
            "2": way("no", *AFTER, do=onward, hears=("no",)),
            # Whoever does not answer has not agreed.
            "silence": way("silence", *AFTER, do=onward),
        },
    ),
    Place(
        name="dispute.speak",
        asks=("dispute.speak",),
        fixed="09",
        # A trip to a person and back does not begin to record again without a new yes.
        side=True,
        statement=True,
        patience_s=PATIENCE_S,
        ways={
            "recorded": way("what is wrong", *AFTER, do=given),
            "lost": way("can't be kept", *AFTER, do=lost),
            "silence": way("silence", *AFTER, do=onward),
        },
    ),
)

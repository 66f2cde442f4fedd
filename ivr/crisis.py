"""Talk of ending one's life, or of danger: heard at every moment and above everything else.

The script stops. We name the country's line, a person of ours is asked for at once, all contact is quiet for thirty
days, and no word of it is stored.
"""

from __future__ import annotations

from ivr.closing import gone_with
from ivr.place import Place, way
from ivr.record import CrisisHeard
from ivr.state import GONE
from ivr.talk import Talk

#: So often we stay and say the number again, whatever is said or not said.
STAYS = 6


def crisis(talk: Talk) -> Talk:
    """Stop the script and say where somebody listens; noted once."""
    if CrisisHeard.__name__ not in talk.state.facts:
        talk = talk.note(CrisisHeard(e164=talk.briefing.e164))
    return talk.go("crisis")


def stay(talk: Talk) -> Talk:
    """We don't hang up on somebody who needs time."""
    talk = talk.with_(misses=talk.state.misses + 1)
    return talk.part("crisis.bye") if talk.state.misses > STAYS else talk.say("silence.1").go("crisis")


PLACES = (
    Place(
        name="crisis",
        asks=("crisis",),
        fixed="09",
        slow=True,
        patience_s=20.0,
        ways={
            "silence": way("silence", GONE, do=gone_with("crisis.bye")),
            "noise": way("else", "crisis", GONE, do=stay),
            "1": way("yes", "crisis", GONE, do=stay, hears=("yes", "no", "wait", "repeat")),
        },
    ),
)

"""Talk of ending one's life, or of danger: heard at every moment and above everything else.

The script stops. We name the country's line, a person of ours is asked for at once, all contact is quiet for thirty
days, and no word of it is stored.
"""

from __future__ import annotations

from ivr.opening import appointment_told, death_told
from ivr.place import Deed, Place, way
from ivr.record import CrisisHeard
from ivr.state import GONE
from ivr.talk import Talk

#: Where we are with somebody of whom our books could take nothing: no call back may be promised there.
ALONE = "crisis.alone"
#: So often we stay and say the number again, whatever is said or not said.
STAYS = 6
#: What was told just before, and waited for its yes: it is kept, as far as it was told.
_TOLD: dict[str, Deed] = {"meant.deceased": death_told, "meant.representative": appointment_told}


def crisis(talk: Talk) -> Talk:
    """Stop the script and say where somebody listens; noted once. A death that was being confirmed is not lost."""
    if (told := _TOLD.get(talk.state.place)) is not None:
        talk = told(talk)
    if CrisisHeard.__name__ not in talk.state.facts:
        talk = talk.note(CrisisHeard(e164=talk.briefing.e164))
    return talk.go("crisis")


def stay(talk: Talk) -> Talk:
    """We don't hang up on somebody who needs time."""
    talk = talk.with_(misses=talk.state.misses + 1)
    return talk.part("crisis.bye") if talk.state.misses > STAYS else talk.say("silence.1").go("crisis")


def quiet(talk: Talk) -> Talk:
    """Silence: where one of our people may be put through we stay until they come, else goodbye."""
    return stay(talk) if talk.briefing.agents else talk.part("crisis.bye")


def death_told_here(talk: Talk) -> Talk:
    """Whose death weighs so heavily is noted too; nothing is asked about it, and we stay."""
    return stay(death_told(talk))


def alone(talk: Talk) -> Talk:
    """Our books can't take it. We say where somebody listens, promise nothing, and try again at whatever comes."""
    if talk.state.place != ALONE:
        return talk.with_(misses=0).go(ALONE)
    talk = talk.with_(misses=talk.state.misses + 1)
    return talk.part("crisis.alone_bye") if talk.state.misses > STAYS else talk.say("silence.1").go(ALONE)


PLACES = (
    Place(
        name="crisis",
        asks=("crisis",),
        fixed="09",
        slow=True,
        patience_s=20.0,
        ways={
            "silence": way("silence", "crisis", GONE, do=quiet),
            "noise": way("else", "crisis", GONE, do=stay),
            "1": way("yes", "crisis", GONE, do=stay, hears=("yes", "no", "wait", "repeat")),
            "deceased": way("a death", "crisis", GONE, do=death_told_here, hears=("deceased",)),
        },
    ),
    Place(
        name=ALONE,
        asks=("crisis.alone",),
        fixed="09",
        slow=True,
        patience_s=20.0,
        ways={
            "silence": way("silence", "crisis", do=crisis),
            "noise": way("else", "crisis", do=crisis),
            "1": way("yes", "crisis", do=crisis, hears=("yes", "no", "wait", "repeat", "hesitation")),
        },
    ),
)

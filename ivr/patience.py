"""Along the ways of the table; and what happens where an answer leads nowhere.

Nothing understood and silence are met with patience: first once more, then slower, then a person's call-back is
offered, then a polite goodbye. Nobody is left in silence, and no conversation runs for ever.
"""

from __future__ import annotations

from ivr.changed import changed
from ivr.errors import UnknownMove
from ivr.place import BACK, Place, Way
from ivr.script import ways_of
from ivr.state import State
from ivr.talk import Talk

#: Where a person's call-back is offered.
HELP = "help.offer"
#: Unanswered questions in a row before a call-back is offered.
MISSES_AT_MOST = 3
#: So often help is offered on one call, and the talk may go on after a person or another moment was asked for; then
#: it is a goodbye, since what was agreed stands and is confirmed in writing.
OFFERS_AT_MOST = {HELP: 2, "agent.more": 3, "later.done": 3}


def along(talk: Talk, place: Place, way: Way) -> Talk:
    """Along a way of the table, and nowhere else. Raises `UnknownMove` for a deed that leads where its way does not."""
    if way.do is None:
        (only,) = way.to
        return talk.go(talk.state.back if only == BACK else only)
    done = way.do(talk)
    allowed = {talk.state.back if name == BACK else name for name in way.to}
    if done.state.place not in allowed:
        raise UnknownMove(f"from {place.name} by {way.label} the script does not lead to {done.state.place}")
    return done


def missed(talk: Talk, place: Place, silent: bool) -> tuple[Talk, bool]:
    """No answer. True: wait on without asking again."""
    ways = ways_of(place)
    if (answer := ways.get("silence" if silent else "noise")) is not None:
        answered = along(talk, place, answer)
        return answered, only_waits(answered, place) and answered.state.misses == 1
    talk = talk.with_(misses=talk.state.misses + 1)
    if talk.state.misses >= MISSES_AT_MOST:
        return talk.go(HELP), False
    said = "silence." if silent else "speech.not_" if talk.state.speech else "heard.not_"
    talk = talk.say(f"{said}{talk.state.misses}")
    return talk, silent and talk.state.misses == 1


def only_waits(talk: Talk, place: Place) -> bool:
    """Somebody only waits here, and has heard a word: the question is not asked again at once."""
    return bool(place.still and talk.says) and talk.state.place == place.name


def hesitates(talk: Talk, place: Place) -> tuple[Talk, bool]:
    """ "Uh" is no answer, not even where silence is one. It may be a noise, so we wait no longer than for one."""
    if talk.state.misses + 1 >= MISSES_AT_MOST:
        return missed(talk, place, silent=False)
    return talk.with_(misses=talk.state.misses + 1).say(place.still or "silence.1"), True


def no_further(before: Talk, after: Talk, place: Place) -> Talk:
    """Words that were understood and changed nothing count like words that were not: the third time help is offered.

    "This evening" where no evening is free, or "something is wrong" at "what is wrong?", would else be asked for ever.
    """
    if after.records or _standing(after.state) != _standing(before.state):
        return after
    if before.state.misses + 1 >= MISSES_AT_MOST:
        return missed(before, place, silent=False)[0]
    return after.with_(misses=before.state.misses + 1)


def offered_enough(talk: Talk, place: Place) -> Talk:
    """Whoever comes again and again to the offer of help, or to a person's call-back, is told goodbye."""
    now = talk.state.place
    most = OFFERS_AT_MOST.get(now) if now != place.name else None
    return talk.part("bye") if most is not None and talk.state.times(now) >= most else talk


def _standing(state: State) -> State:
    """Where a talk stands, without the counts of what was not answered."""
    return changed(state, misses=0, touched=True)

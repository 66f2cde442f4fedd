"""Somebody on the line waits for one of our people: where, for how long, and what happens when these have gone.

A wait begins and ends with its place, whatever led there or away (`attended`): no way of the script can forget it.
"""

from __future__ import annotations

from ivr.closing import gone_with
from ivr.crisis import ALONE, crisis
from ivr.heard import AgentGone, Heard, PaymentSeen, Words
from ivr.language import spoken_here
from ivr.later import later_then
from ivr.opening import hello
from ivr.person import call_back, person_noted
from ivr.place import Place, way
from ivr.record import AgentAwaited, CrisisHeard, WaitEnded
from ivr.state import GONE, START, State
from ivr.talk import Talk

#: One of our people speaks first; the caller has asked for one.
FIRST, WAIT = "agent.first", "agent.wait"
#: Where somebody waits, and why.
WHY = {FIRST: "first", WAIT: "person", "crisis": "crisis"}
#: Also where our books could not take the last turn: a wait that stands goes on there.
_GOES_ON = (*WHY, ALONE)
#: What is said to whoever waits on.
STILL = "agent.still"
#: So many rounds of patience, then nobody has come.
ROUNDS = 3
#: Our agent has ended the talk; whatever else we hear, they were lost.
DONE = "done"
#: The mark of a talk whose agent was lost: a second one is not looked for.
LOST = "agent_lost"

_bye = gone_with("agent.bye")
_crisis_bye = gone_with("crisis.alone_bye")


def attended(talk: Talk, before: State, met: bool) -> Talk:
    """Note that a wait has ended, and that one begins: at its place, in another language, or (`met`) after an agent."""
    was, now = before.place, talk.state.place
    moved = was != now
    begins = now in WHY and _waits(talk, now) and (moved or met or spoken_here(talk)[:2] != _language(talk, before))
    if _waits(talk, was) and moved and (begins or not _waits(talk, now)):
        talk = talk.note(WaitEnded())
    if not begins:
        return talk
    why = "crisis" if CrisisHeard.__name__ in talk.state.facts else WHY[now]
    return talk.note(AgentAwaited(why=why, language=spoken_here(talk)[:2]))


def _waits(talk: Talk, place: str) -> bool:
    return place == FIRST or (talk.briefing.agents and place in _GOES_ON)


def _language(talk: Talk, state: State) -> str:
    return (state.language or talk.briefing.language)[:2]


def agent_gone(talk: Talk, gone: AgentGone) -> Talk:
    """The caller is with us again: goodbye after their talk; for one whose line broke another is looked for, once."""
    agents = talk.briefing.agents
    talk = talk.with_(touched=True, misses=0, again=0)
    if CrisisHeard.__name__ in talk.state.facts or talk.state.place == ALONE:
        # Whoever is in a crisis is never sent on: they wait again, as often as it takes.
        stays = crisis(talk.say("agent.lost") if agents and gone.how != DONE else talk)
        return _crisis_bye(stays) if gone.how == DONE else stays
    if gone.how == DONE:
        return _bye(talk)
    second = LOST in talk.state.facts
    talk = person_noted(talk, why="lost").mark(LOST)
    return call_back(talk) if second or not agents else talk.say("agent.lost").go(WAIT)


def late(talk: Talk, old: Place, heard: Heard, quiet: bool) -> tuple[Talk, bool]:
    """Where an agent was to speak first, whoever answers us has waited enough, and whoever comes back too: our own
    opening, with the words that say who we are. True: wait on without asking again, as before."""
    if talk.state.place != FIRST or old.name == START or isinstance(heard, PaymentSeen):
        return talk, quiet
    return hello(talk.unsaid() if old.name == FIRST and isinstance(heard, Words) else talk), False


def still(talk: Talk) -> Talk:
    """Nobody is free yet: a word, and on we wait; after the last round a person calls back."""
    talk = talk.with_(misses=talk.state.misses + 1)
    return call_back(talk) if talk.state.misses >= ROUNDS else talk.say(STILL)


def waits_on(talk: Talk) -> Talk:
    """They would rather wait."""
    return talk.say(STILL)


def rather_called(talk: Talk) -> Talk:
    """The call-back that stands; somebody whom we know and who names a day or an hour is called then."""
    named = talk.slot("date") or talk.slot("from")
    return later_then(talk) if named and talk.briefing.debtor_id is not None else call_back(talk)


PLACES = (
    Place(
        name=FIRST,
        asks=("agent.first",),
        patience_s=6.0,
        ways={"silence": way("silence", "open.ask", do=hello), "noise": way("else", "open.ask", do=hello)},
    ),
    Place(
        name=WAIT,
        asks=("agent.hold",),
        fixed="9",
        side=True,
        still=STILL,
        patience_s=10.0,
        ways={
            "1": way("call me back", "agent.more", "later.ask", "later.done", GONE, do=rather_called,
                     hears=("yes", "later")),
            "0": way("waits on", WAIT, do=waits_on, hears=("no", "person")),
            "silence": way("silence", WAIT, "agent.more", do=still),
            "noise": way("else", WAIT, "agent.more", do=still),
        },
    ),
)  # fmt: skip

"""One turn: what was heard, and what we say, ask and record. Pure: no clock, no database, no chance."""

from __future__ import annotations

from dataclasses import dataclass

from ivr import heard as h
from ivr.act import Act, HangUp
from ivr.anywhere import ABOVE, heard_anywhere, wished
from ivr.asking import ask_of
from ivr.briefing import Briefing
from ivr.changed import changed
from ivr.closing import menu_of
from ivr.crisis import ALONE, alone
from ivr.due import MENUS, once_more
from ivr.errors import UnknownMove
from ivr.guard import guarded
from ivr.intent import KIND_SLOT
from ivr.language import OFFERED, ours
from ivr.machine import may_be_machine, voicemail
from ivr.patience import along, hesitates, missed, no_further, offered_enough, only_waits
from ivr.payment import as_of, payment_seen
from ivr.place import MENU, Place, Way
from ivr.record import Record
from ivr.script import SCRIPT, way_heard, ways_of
from ivr.state import GONE, START, State
from ivr.talk import Talk
from ivr.waiting import FIRST, agent_gone, attended, late

#: After so many turns we say goodbye: no loop lasts, whatever is pressed.
TURNS_AT_MOST = 120
#: Intents that may carry a day or an amount for the question.
_FOR_SLOT = {"date": ("date", "promise", "paid", "later"), "amount": ("amount", "plan")}
#: The ways of such a question, and the slot that each needs.
_SLOTS = (("date", "date"), ("amount", "minor"))
#: Who asks us something has not failed to answer.
_ASKS_US = ("who", "genuine", "repeat")
#: So often we try to commit before we say goodbye.
UNRECORDED_AT_MOST = 2


@dataclass(frozen=True)
class Turn:
    """What one turn makes: the next state, facts to commit, and acts to do only after they are committed."""

    state: State
    records: tuple[Record, ...]
    acts: tuple[Act, ...]


def take_turn(briefing: Briefing, state: State, heard: h.Heard) -> Turn:
    """Answer what was heard. Raises `UnknownMove` where the table has no such move, `DebtBeforeProof` at the gate."""
    if state.over:
        return Turn(state, (), () if isinstance(heard, h.HungUp) else (HangUp("over"),))
    old = SCRIPT.get(state.place)
    if old is None:
        raise UnknownMove(f"there is no place {state.place} in the script")
    talk = Talk(as_of(briefing, state), changed(state, turns=state.turns + 1))
    quiet = False
    if isinstance(heard, h.HungUp):
        left = old.ways.get("hangup")
        talk = left.do(talk) if left is not None and left.do is not None else talk
        talk = attended(talk.go(GONE), state, met=False)
        return Turn(talk.state, talk.records, ())
    if isinstance(heard, h.TimeUp) or state.turns >= TURNS_AT_MOST:
        talk = talk.part("trouble.time_up")
    elif isinstance(heard, h.CouldNotRecord):
        talk = alone(talk) if heard.crisis or old.name in ("crisis", ALONE) else _not_recorded(talk, old)
    elif isinstance(heard, h.PaymentSeen):
        talk, quiet = payment_seen(talk, briefing, heard)
    elif isinstance(heard, h.AgentGone):
        talk = agent_gone(talk, heard)
    elif isinstance(heard, h.MachineAnswered) and may_be_machine(talk):
        talk = voicemail(talk)
    elif state.place == START:
        talk = talk.with_(speech=isinstance(heard, h.Answered) and heard.speech)
        talk = along(talk, old, old.ways["answered"])
    elif isinstance(heard, h.Keys):
        talk = _key(talk, old, heard.keys)
    elif isinstance(heard, h.KeyInGreeting):
        # A greeting's tone may ask for no person and end no calls; whoever presses is asked once more.
        talk = missed(talk, old, silent=False)[0] if may_be_machine(talk) else _key(talk, old, heard.key)
    elif isinstance(heard, h.Words):
        talk, quiet = _words(talk.with_slots(heard.slots), old, heard.intent)
    elif isinstance(heard, h.Recorded):
        talk = _recorded(changed(talk, recorded=heard), old, heard.key)
    elif isinstance(heard, h.KeysOnly):
        talk = talk.with_(speech=False).say("speech.keys")
    elif isinstance(heard, h.Answered | h.MachineAnswered):
        talk = talk.go(old.name)
    else:
        talk, quiet = missed(talk, old, isinstance(heard, h.Silence))
    if talk.state.wish and talk.state.place in (*MENUS, "plan.next"):
        talk = wished(talk)
    talk, quiet = late(talk, old, heard, quiet)
    talk = attended(offered_enough(talk, old), state, met=isinstance(heard, h.AgentGone))
    return _turn(talk, old, quiet)


def _words(talk: Talk, place: Place, intent: str) -> tuple[Talk, bool]:
    """What was understood in words. True: wait on without asking again."""
    answered, quiet = _understood(talk, place, intent)
    if not quiet and intent not in _ASKS_US:
        answered = no_further(talk, answered, place)
    return answered, quiet or only_waits(answered, place)


def _understood(talk: Talk, place: Place, intent: str) -> tuple[Talk, bool]:
    ways = ways_of(place)
    above = None if intent not in ABOVE else heard_anywhere(intent, _touched(talk), place)
    if intent == "wait" and (waits := place.ways.get("wait")) is not None:
        # Whoever comes to the phone is asked who they are; until then nobody is hurried.
        return along(_touched(talk), place, waits).say("silence.1"), True
    own = way_heard(place, f"{intent}.{talk.slot(KIND_SLOT.get(intent, ''))}") or way_heard(place, intent)
    if own is not None and not (intent == "crisis" and above):
        return along(_touched(talk), place, own), False
    if above is not None:
        return above, False
    if intent == "repeat":
        return _key(talk, place, "*"), False
    if intent == "wait":
        return _touched(talk).say(place.still or "silence.1"), True
    if intent == "hesitation":
        return hesitates(talk, place)
    if intent == "option" and place.options:
        return _named(talk, place), False
    if intent == "option" or (intent == "digits" and place.digits is not None):
        return _key(talk, place, talk.slot("n" if intent == "option" else "digits")), False
    for name, slot in _SLOTS:
        if talk.slot(slot) and name in ways and intent in _FOR_SLOT[name] and _tells(intent, place):
            return along(_touched(talk), place, ways[name]), False
    if (found := heard_anywhere(intent, _touched(talk), place)) is not None:
        return found, False
    return missed(talk, place, silent=False)


def _key(talk: Talk, place: Place, keys: str) -> Talk:
    """A key of a menu, a whole entry of digits, or a command."""
    ways = ways_of(place)
    if keys == "*":
        talk = once_more(talk) if place.name in MENUS else talk
        return changed(talk, state=changed(talk.state, again=talk.state.again + 1, misses=0, touched=True))
    if keys == "#" and "#" not in ways:
        return along(_touched(talk), place, Way("back", (_back_of(talk, place),)))
    if place.digits is not None and keys.isdecimal():
        wanted = place.digits(talk)
        if len(keys) == wanted or (place.fewer and len(keys) < wanted):
            return along(changed(_touched(talk), typed=keys), place, ways["digits"])
    elif len(keys) == 1 and keys in ways:
        return along(_touched(talk), place, ways[keys])
    return missed(talk, place, silent=False)[0]


def _tells(intent: str, place: Place) -> bool:
    """May its slot answer this question? A day of paying that is to come is none on which it was paid."""
    return not (intent == "promise" and way_heard(place, "paid"))


def _named(talk: Talk, place: Place) -> Talk:
    """One of the things that may be named here, by its place among them."""
    named = dict(enumerate(place.options, 1)).get(int(talk.slot("n") or 0))
    return (
        missed(talk, place, silent=False)[0] if named is None else along(_touched(talk), place, ways_of(place)[named])
    )


def _recorded(talk: Talk, place: Place, key: str) -> Talk:
    """A statement; a key that ended it leads where it always leads, and from there back to what is left."""
    ways = ways_of(place)
    if "recorded" not in ways:
        return talk.go(place.name)
    talk = along(_touched(talk), place, ways["recorded"])
    return along(talk.with_(back=talk.state.place), place, ways[key]) if key in ways else talk


def _touched(talk: Talk) -> Talk:
    return talk.with_(misses=0, again=0, touched=True)


def _back_of(talk: Talk, place: Place) -> str:
    if place.side:
        return talk.state.back
    return menu_of(talk) if place.back == MENU else place.back or place.name


def _not_recorded(talk: Talk, place: Place) -> Talk:
    """Nothing of the last turn could be committed: say so, ask again once, then goodbye with our number.

    What was spoken is not asked for again.
    """
    if talk.state.place == START:
        return talk.part("fallback" if talk.briefing.direction == "out" else "fallback.inbound")
    talk = talk.with_(unrecorded=talk.state.unrecorded + 1)
    if talk.state.unrecorded >= UNRECORDED_AT_MOST:
        return talk.part("trouble.not_recorded")
    if (lost := place.ways.get("lost")) is not None:
        return along(talk, place, lost)
    talk = talk.say("trouble.again")
    return talk.say("trouble.person") if "0" in SCRIPT[talk.state.place].fixed else talk


def _turn(talk: Talk, old: Place, quiet: bool) -> Turn:
    """Put the turn together: what is said, then the next question, or the end."""
    place = SCRIPT[talk.state.place]
    talk = _entered(talk, old, place)
    state = talk.state
    pace = "slow" if state.pace == "slow" else "normal"
    says = tuple(guarded(spoken, state, pace) for spoken in talk.says)
    if state.over:
        return Turn(state, talk.records, (*says, HangUp()))
    patience = 0 if state.pace == "slow_at_trouble" else 1
    troubled = state.again > patience or state.misses > patience
    asked_pace = "slow" if pace == "slow" or place.slow or troubled else "normal"
    heard_before = state.times(place.name) > 1 or state.again or state.misses
    keys = () if quiet else _question_of(place, state, bool(heard_before))
    question = tuple(guarded(spoken, state, asked_pace) for spoken in changed(talk, says=()).say(*keys).says)
    if place.tongues:
        question = tuple(
            changed(say, language=ours(code, talk.briefing.country)) for say in question for code in OFFERED
        )
    return Turn(state, talk.records, (*says, *question, ask_of(talk, place, asked_pace)))


def _question_of(place: Place, state: State, heard_before: bool) -> tuple[str, ...]:
    """The prompts of a question: at the first time with a word that one may speak, later with what else there is."""
    before = ("speech.may",) if state.speech and place.invites and not heard_before else ()
    digits = ("speech.digits",) if state.speech and place.digits is not None and not heard_before else ()
    return (*before, *place.asks, *digits, *(place.more if heard_before else ()))


def _entered(talk: Talk, old: Place, place: Place) -> Talk:
    """Bookkeeping of a move: where a side trip set out, what a new question forgets."""
    if place.name == old.name:
        return talk
    state = changed(talk.state, again=0, misses=0)
    if place.side and not old.side:
        state = changed(state, back=FIRST if old.name == START else old.name)
    if place.name in ("menu.main", "menu.slow"):
        state = changed(state, chosen=(), purpose="", invoice=0)
    said = {**dict(state.said), place.name: state.times(place.name) + 1}
    return changed(talk, state=changed(state, said=tuple(sorted(said.items()))))

"""What may be said at any moment, in the caller's own words: by intent, before and after proof of identity.

Before proof, what is about money waits: we say with whom we talk about it, and go there once we know who it is.
"""

from __future__ import annotations

from ivr.closing import confirmed, not_right
from ivr.crisis import crisis
from ivr.dispute import by_words
from ivr.due import once_more
from ivr.hardship import cannot_pay
from ivr.language import another_language
from ivr.later import later_then
from ivr.opening import first_question, genuine, not_at_home, who
from ivr.other import complaint_told, slower_here
from ivr.paying import read_or_send
from ivr.person import person
from ivr.place import Deed, Place
from ivr.plan import to_plan
from ivr.promise import to_promise
from ivr.state import Proof
from ivr.stop import stop
from ivr.talk import Talk
from ivr.which import ASIDE, SORTING, set_aside

#: Heard above what the question asks for, in this order of weight.
ABOVE = ("crisis", "representative", "deceased", "stop", "wrong_person", "complaint", "person")

_ANYBODY: dict[str, Deed] = {
    "crisis": crisis,
    "representative": lambda talk: talk.go("meant.representative"),
    "deceased": lambda talk: talk.go("meant.deceased"),
    "wrong_person": lambda talk: talk.go("meant.wrong_person"),
    "complaint": complaint_told,
    "stop": stop,
    "person": person,
    "later": later_then,
    "slower": slower_here,
    "who": lambda talk: _what_about(talk) if talk.state.verified else who(talk),
    "genuine": genuine,
    "language": another_language,
}
#: What we can do for somebody whom we don't know.
_STRANGER = ("crisis", "stop", "person", "slower", "language")
#: About what is open: only after proof, and only while something is.
_DEBTOR: dict[str, Deed] = {
    "pay": read_or_send,
    "promise": to_promise,
    "plan": to_plan,
    "dispute": by_words("dispute"),
    "invoice_missing": by_words("copy"),
    "paid": by_words("paid"),
    "hardship": cannot_pay,
    "refuse": lambda talk: talk.go("why.ask"),
}


def _what_about(talk: Talk) -> Talk:
    """Somebody whom we know asks what this is about, or for whom: what is open, as long as nothing was agreed of it."""
    told = once_more(talk)
    return told.go(talk.state.place) if told is not talk else who(talk)


def _unproved(intent: str, talk: Talk) -> Talk:
    if intent == "hardship":
        return person(talk, why="hardship")
    if intent == "paid":
        return talk.with_(told=talk.slot("when")).go("meant.paid")
    talk = talk.with_(wish=intent, wish_slots=talk.slots)
    return talk.say("id.first" if talk.state.proof is Proof.CLAIMED else "who.about").go(talk.state.place)


def _not_home(talk: Talk) -> Talk | None:
    """Another time; after a yes it was somebody else's: we ask again whom we speak with. Proved, it means nothing."""
    if talk.state.proof is Proof.CLAIMED:
        return first_question(talk)
    return not_at_home(talk) if talk.state.proof is Proof.NONE else None


def heard_anywhere(intent: str, talk: Talk, place: Place) -> Talk | None:
    """What an intent does here beside what the question asks for; None: nothing, it counts as not understood."""
    nobody = talk.briefing.debtor_id is None and not talk.briefing.full_name
    if nobody and intent not in _STRANGER:
        # Whatever else a stranger rings about: one of our people can find out whom it concerns.
        return person(talk, why="stranger") if intent in _ANYBODY or intent in _DEBTOR else None
    if place.name in (f"meant.{intent}", "crisis") and intent != "person":
        return None
    if intent == "not_home":
        return _not_home(talk)
    if (deed := _ANYBODY.get(intent)) is not None:
        return deed(talk)
    if (deed := _DEBTOR.get(intent)) is None:
        return None
    if not talk.state.verified:
        return _unproved(intent, talk)
    if place.name in SORTING and intent in ASIDE and len(talk.remaining) > 1:
        return set_aside(intent, talk)
    if talk.remaining:
        return deed(talk)
    return _of_the_summary(intent, talk) if place.name == "sum.check" else None


def _of_the_summary(intent: str, talk: Talk) -> Talk:
    """The promised day once more is a yes; another day, or another way, is not what was read out."""
    day = talk.state.promise_on
    if intent == "promise" and day is not None and talk.slot("date") == day.isoformat():
        return confirmed(talk)
    # How to pay comes in writing.
    return confirmed(talk) if intent == "pay" else not_right(talk)


def wished(talk: Talk) -> Talk:
    """After proof, at the menu: what was asked for before we knew who speaks."""
    intent, slots = talk.state.wish, talk.state.wish_slots
    talk = talk.with_(wish="", wish_slots=()).with_slots(slots)
    return _DEBTOR[intent](talk) if talk.remaining else talk

"""The first minute: who calls, am I speaking with …, and what anybody may answer without proof."""

from __future__ import annotations

from ivr.closing import gone_with
from ivr.place import Place, way
from ivr.record import DeceasedReported, NotAtHome, RepresentativeReported, WrongNumber
from ivr.state import GONE, START, Proof
from ivr.talk import Talk


def greet(talk: Talk) -> Talk:
    """The line has opened. Where one of our people is kept for this call, they speak first."""
    first = talk.briefing.person_first and talk.briefing.direction == "out"
    return talk.go("agent.first") if first else hello(talk)


def hello(talk: Talk) -> Talk:
    """Our first words: outgoing, a caller whom the number hints at, or a stranger."""
    if talk.briefing.direction == "out":
        return talk.say("open.hello").go("open.ask")
    talk = talk.say("inbound.hello", *(() if talk.briefing.agents else ("inbound.closed",)))
    return talk.go("inbound.unknown" if talk.briefing.debtor_id is None else "inbound.ask")


def first_question(talk: Talk) -> Talk:
    """Back to "am I speaking with …": what a yes had opened is closed again."""
    return talk.with_(proof=Proof.NONE).go("open.ask" if talk.briefing.direction == "out" else "inbound.ask")


def who(talk: Talk) -> Talk:
    """Who calls, and how to see that we are genuine; then the question again."""
    talk = talk.say("who.are_you", "who.about")
    if talk.briefing.call_code or talk.briefing.callback_number:
        talk = talk.say("who.genuine")
    return talk.go(talk.state.place)


def genuine(talk: Talk) -> Talk:
    """How to see that we are genuine, at any moment; then the question again."""
    known = talk.briefing.call_code or talk.briefing.callback_number
    return talk.say("who.genuine" if known else "who.are_you").go(talk.state.place)


def introduced(talk: Talk) -> Talk:
    """To somebody whom we don't know: who we are; then the question again."""
    return talk.say("inbound.who")


def claim(talk: Talk) -> Talk:
    """Somebody says to be the debtor: words of class identity may follow."""
    return talk.with_(proof=Proof.CLAIMED).go("free.ask")


def wrong_number(talk: Talk) -> Talk:
    """Not the debtor's number: it is closed for ever."""
    return talk.note(WrongNumber(e164=talk.briefing.e164)).part("wrong.done")


def not_at_home(talk: Talk) -> Talk:
    """Another time."""
    return talk.note(NotAtHome()).part("household.later")


def deceased(talk: Talk) -> Talk:
    """All contact stops until a person has looked."""
    return death_told(talk).part("deceased.done")


def death_told(talk: Talk) -> Talk:
    """A death is noted once, whatever is said next."""
    if DeceasedReported.__name__ in talk.state.facts:
        return talk
    return talk.note(DeceasedReported(answer_by=talk.briefing.plan_answer_by))


def appointed(talk: Talk) -> Talk:
    """An administrator or mediator: nothing more to the debtor until a person confirms."""
    return appointment_told(talk).part("representative.done", "bye")


def appointment_told(talk: Talk) -> Talk:
    """Somebody acts for the debtor: noted, whatever is said next."""
    return talk.note(RepresentativeReported(answer_by=talk.briefing.plan_answer_by))


_ASK = {
    "1": way("yes, that is me", "free.ask", do=claim, hears=("yes",)),
    "2": way("no", "household.ask", hears=("no",)),
}

PLACES = (
    Place(
        name=START,
        ways={
            "answered": way("answered", "open.ask", "agent.first", "inbound.ask", "inbound.unknown", do=greet),
        },
    ),
    Place(
        name="open.ask",
        asks=("open.ask",),
        invites=True,
        ways={**_ASK, "3": way("who calls?", "open.ask", do=who)},
    ),
    Place(
        name="inbound.ask",
        asks=("inbound.ask",),
        invites=True,
        ways={**_ASK, "3": way("who are you?", "inbound.ask", do=who)},
    ),
    Place(
        name="inbound.unknown",
        asks=("inbound.unknown",),
        fixed="09",
        ways={"3": way("who are you?", "inbound.unknown", do=introduced, hears=("who", "genuine"))},
    ),
    Place(
        name="household.ask",
        asks=("household.ask",),
        several=True,
        ways={
            "#": way("back", "open.ask", "inbound.ask", do=first_question),
            "1": way("wrong number", GONE, do=wrong_number, hears=("wrong_person",)),
            "2": way("not at home", GONE, do=not_at_home, hears=("not_home", "later", "no")),
            # A bare yes may answer either question: the one that closes the number for ever is asked alone.
            "yes": way("yes", "meant.wrong_person", hears=("yes",)),
            "wait": way("fetches them", "open.ask", "inbound.ask", do=first_question, hears=("wait",)),
            "3": way("something else", "other.ask"),
        },
    ),
    Place(
        name="relative.ask",
        asks=("relative.ask",),
        back="other.ask",
        ways={
            # In words, a son who helps sounds like an administrator: `meant.representative` asks.
            "1": way("appointed", GONE, do=appointed),
            "2": way("family or friend", "relative.ack"),
        },
    ),
    Place(
        name="relative.ack",
        asks=("relative.ack",),
        back="relative.ask",
        ways={"silence": way("silence", GONE, do=gone_with("bye")), "noise": way("else", GONE, do=gone_with("bye"))},
    ),
)

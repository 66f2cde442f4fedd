"""A person of ours: put through where somebody is signed on; where nobody is, or comes, called back in office hours."""

from __future__ import annotations

from ivr.closing import finish
from ivr.openings import for_person
from ivr.place import BACK, Place, way
from ivr.record import PersonAsked
from ivr.state import GONE
from ivr.talk import Talk

#: So often somebody is put through on one call; then the call-back has to do.
WAITS_AT_MOST = 4
#: Where `person` may lead.
PUT_THROUGH = ("agent.more", "agent.wait")


def person(talk: Talk, why: str = "key") -> Talk:
    """Note the call-back once, so that nothing is lost; then put them through, or say when it comes."""
    talk = person_noted(talk, why)
    if not talk.briefing.agents or talk.state.times("agent.wait") >= WAITS_AT_MOST:
        return call_back(talk)
    talk = talk.say("agent.transfer")
    return (talk.say("agent.sees") if talk.state.verified else talk).go("agent.wait")


def person_noted(talk: Talk, why: str) -> Talk:
    """The call-back by a person, noted once; nothing of somebody whom we could not call."""
    briefing = talk.briefing
    if _unreachable(talk) or PersonAsked.__name__ in talk.state.facts:
        return talk
    openings = for_person(briefing)
    return talk.note(PersonAsked(why=why, opening=openings[0] if openings else None, e164=briefing.e164))


def call_back(talk: Talk) -> Talk:
    """Say when the call-back comes, and offer to go on meanwhile."""
    if _unreachable(talk):
        return talk.say("agent.call_us").go("agent.more")
    return talk.say("agent.none" if for_person(talk.briefing) else "agent.soon").go("agent.more")


def _unreachable(talk: Talk) -> bool:
    return talk.briefing.e164 is None and talk.briefing.debtor_id is None


def not_understood(talk: Talk) -> Talk:
    """The person that we offer when keys don't work out."""
    return person(talk, why="not_understood")


PLACES = (
    Place(
        name="agent.more",
        asks=("agent.more",),
        fixed="09",
        side=True,
        ways={
            "1": way("go on", BACK, hears=("yes",)),
            "2": way("no", "sum.check", GONE, do=finish, hears=("no",)),
            "silence": way("silence", "sum.check", GONE, do=finish),
            "noise": way("else", "sum.check", GONE, do=finish),
        },
    ),
    Place(
        name="help.offer",
        asks=("help.offer",),
        fixed="09",
        side=True,
        ways={
            "1": way("yes", *PUT_THROUGH, do=not_understood, hears=("yes",)),
            "2": way("no", "sum.check", GONE, do=finish, hears=("no",)),
            "silence": way("silence", GONE, do=lambda talk: talk.part("silence.3")),
            "noise": way("else", GONE, do=lambda talk: talk.part("bye")),
        },
    ),
)

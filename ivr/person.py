"""A person of ours. While none can be put through, the call-back by a person is noted, in office hours."""

from __future__ import annotations

from ivr.closing import finish
from ivr.openings import for_person
from ivr.place import BACK, Place, way
from ivr.record import PersonAsked
from ivr.state import GONE
from ivr.talk import Talk


def person(talk: Talk, why: str = "key") -> Talk:
    """Note the call-back once, say when it comes, and offer to go on meanwhile."""
    briefing = talk.briefing
    if briefing.e164 is None and briefing.debtor_id is None:
        return talk.say("agent.call_us").go("agent.more")
    openings = for_person(briefing)
    opening = openings[0] if openings else None
    if PersonAsked.__name__ not in talk.state.facts:
        talk = talk.note(PersonAsked(why=why, opening=opening, e164=briefing.e164))
    return talk.say("agent.none" if opening else "agent.soon").go("agent.more")


def not_understood(talk: Talk) -> Talk:
    """The call-back that we offer when keys don't work out."""
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
            "1": way("yes", "agent.more", do=not_understood, hears=("yes",)),
            "2": way("no", "sum.check", GONE, do=finish, hears=("no",)),
            "silence": way("silence", GONE, do=lambda talk: talk.part("silence.3")),
            "noise": way("else", GONE, do=lambda talk: talk.part("bye")),
        },
    ),
)

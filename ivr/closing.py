"""The end: what is left, the summary, and the last words."""

from __future__ import annotations

from datetime import date

from ivr.openings import for_person
from ivr.place import Deed, Place, way
from ivr.record import PersonAsked
from ivr.state import GONE
from ivr.talk import Talk

#: Where `settled_with`, `onward` and `finish` may lead.
AFTER = ("rest.ask", "sum.check", GONE)


def gone_with(*keys: str) -> Deed:
    """A deed that says the last words and closes the line."""
    return lambda talk: talk.part(*keys)


def settled_with(talk: Talk, summary: str) -> Talk:
    """Something about the subject is committed: on to what is left open, or to the summary."""
    return onward(talk.agree(summary).settle())


def onward(talk: Talk) -> Talk:
    """To what is left open, or to the summary."""
    return talk.go("rest.ask") if talk.remaining else finish(talk)


def finish(talk: Talk) -> Talk:
    """The summary, where something was agreed with the debtor; else goodbye."""
    if talk.state.verified and talk.state.agreements:
        return talk.go("sum.check")
    return talk.part("bye")


def not_right(talk: Talk) -> Talk:
    """The summary is wrong: what was committed stands, and a person looks at it and calls."""
    openings = for_person(talk.briefing)
    opening = openings[0] if openings else None
    talk = talk.note(PersonAsked(why="summary", opening=opening, e164=talk.briefing.e164)).say("sum.wrong")
    return talk.with_(opening=0).say("agreement.person" if opening else "agent.soon").part("bye")


#: The yes to the summary.
confirmed = gone_with("sum.done", "bye")


def day_said(talk: Talk) -> Talk:
    """A day of the summary says yes to it; any other says that the day is wrong."""
    told = {slot for spoken in talk.state.agreements for slot in spoken.slots.values()}
    return confirmed(talk) if date.fromisoformat(talk.slot("date")) in told else not_right(talk)


PLACES = (
    Place(
        name="rest.ask",
        asks=("rest.ask",),
        ways={
            "1": way("yes", "menu.main", "menu.slow", do=lambda talk: talk.go(menu_of(talk)), hears=("yes",)),
            "2": way("no", "sum.check", GONE, do=finish, hears=("no",)),
            "silence": way("silence", "sum.check", GONE, do=finish),
        },
    ),
    Place(
        name="sum.check",
        asks=("sum.check",),
        binding=True,
        ways={
            "1": way("yes", GONE, do=confirmed, hears=("yes",)),
            "2": way("no", GONE, do=not_right, hears=("no",)),
            "date": way("a day", GONE, do=day_said),
            # What was agreed was read back and committed before: silence takes nothing away.
            "silence": way("silence", GONE, do=confirmed),
        },
    ),
    Place(name=GONE, fixed=""),
)


def menu_of(talk: Talk) -> str:
    """The menu that fits the pace: four choices, or three."""
    return "menu.slow" if talk.state.pace == "slow" else "menu.main"

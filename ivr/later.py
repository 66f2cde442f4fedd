"""Another moment: anybody may ask it, no proof is needed; and the wish "always around this hour"."""

from __future__ import annotations

from ivr import record as r
from ivr.closing import finish
from ivr.openings import for_machine, named
from ivr.place import Deed, Place, way
from ivr.state import GONE
from ivr.talk import Talk


def later(talk: Talk) -> Talk:
    """Offer two moments; where the law leaves none, simply another time."""
    return talk.go("later.ask") if for_machine(talk.briefing) else talk.part("later.none")


def later_then(talk: Talk) -> Talk:
    """Said in words: the opening that fits the day and hour that were named; else we say so, and offer two."""
    day, hour = talk.slot("date"), talk.slot("from")
    if day or hour:
        openings = for_machine(talk.briefing)
        if (n := named(openings, day, hour)) is not None:
            return at(n)(talk)
        talk = talk.say("later.not_then") if openings else talk
    return later(talk)


def at(n: int) -> Deed:
    """The call-back in the chosen window, and whether always around that hour."""

    def deed(talk: Talk) -> Talk:
        openings = for_machine(talk.briefing)
        opening = openings[min(n, len(openings) - 1)]
        chosen = openings.index(opening)
        if talk.state.place == "later.done" and talk.state.opening == chosen:
            return talk  # the same moment, said once more
        record = r.CallbackAsked(by="machine", opening=opening, e164=talk.briefing.e164)
        return talk.with_(opening=chosen).note(record).go("later.done")

    return deed


def always(talk: Talk) -> Talk:
    """A wish, above the band and inside the law."""
    opening = for_machine(talk.briefing)[talk.state.opening]
    return finish(talk.note(r.WishSaid(start=opening.start, end=opening.end)).say("later.always"))


_END = ("sum.check", GONE)

PLACES = (
    Place(
        name="later.ask",
        asks=("later.ask",),
        fixed="089",
        side=True,
        ways={
            "1": way("first moment", "later.done", do=at(0)),
            "date": way("a day", "later.ask", "later.done", GONE, do=later_then),
            "2": way("second moment", "later.done", do=at(1)),
            "no": way("no call", *_END, do=finish, hears=("no",)),
        },
    ),
    Place(
        name="later.done",
        asks=("later.done",),
        fixed="09",
        ways={
            "1": way("always then", *_END, do=always, hears=("yes",)),
            "date": way("another day", "later.ask", "later.done", GONE, do=later_then),
            "2": way("no", *_END, do=finish, hears=("no",)),
            "silence": way("silence", *_END, do=finish),
            "noise": way("else", *_END, do=finish),
        },
    ),
)

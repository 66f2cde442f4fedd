"""Paying is not possible now: no reason is asked, reminders stop, free help is named, a person calls."""

from __future__ import annotations

from ivr import record as r
from ivr.closing import finish
from ivr.openings import for_person, named
from ivr.place import Deed, Place, way
from ivr.talk import Talk


def cannot_pay(talk: Talk) -> Talk:
    """Commit the quiet, name the help, ask when a person may call.

    Who pays by a plan is first offered the free move of this instalment, once.
    """
    if talk.instalment is not None and talk.instalment.moves and not talk.state.times("move.ask"):
        return talk.go("move.ask")
    talk = talk.note(r.HardshipTold(invoices=talk.ids)).say("hard.ack", "hard.help").agree("agreement.hardship")
    talk = talk.settle()
    if for_person(talk.briefing):
        return talk.go("hard.when")
    talk = talk.note(r.CallbackAsked(by="person", opening=None, e164=talk.briefing.e164))
    return finish(talk.say("person.soon"))


def call_at(n: int) -> Deed:
    """The person's call, in the window that was chosen."""

    def deed(talk: Talk) -> Talk:
        openings = for_person(talk.briefing)
        opening = openings[min(n, len(openings) - 1)]
        record = r.CallbackAsked(by="person", opening=opening, e164=talk.briefing.e164)
        return finish(talk.with_(opening=openings.index(opening)).note(record).agree("agreement.person"))

    return deed


#: Where `cannot_pay` may lead.
HARDSHIP = ("hard.when", "sum.check", "move.ask")


def call_on(talk: Talk) -> Talk:
    """A day or an hour in words: the window that fits it; where none does we say so, and ask again."""
    day, hour = talk.slot("date"), talk.slot("from")
    n = named(for_person(talk.briefing), day, hour) if day or hour else None
    if n is not None:
        return call_at(n)(talk)
    return (talk.say("later.not_then") if day or hour else talk).go("hard.when")


PLACES = (
    Place(
        name="hard.when",
        asks=("hard.person", "person.when"),
        ways={
            # "In the afternoon" is when a person of ours may call, and no call by this computer instead
            "date": way("a day or an hour", "hard.when", "sum.check", do=call_on, hears=("later",)),
            "1": way("first window", "sum.check", do=call_at(0), hears=("yes",)),
            "2": way("second window", "sum.check", do=call_at(1)),
            # The quiet stands without a call; a person looks at it all the same.
            "no": way("no call", "sum.check", do=finish, hears=("no",)),
        },
    ),
)

"""Which of several open invoices: all, one after another, or one that is named; it is read back before it counts."""

from __future__ import annotations

from ivr.closing import menu_of
from ivr.dispute import NEXT, question
from ivr.person import PUT_THROUGH, person
from ivr.place import Deed, Place, Way, way
from ivr.talk import Talk

#: What may be named in words, in the order in which it is counted.
NAMED = ("first", "second", "third", "all", "one", "last")
#: Where one of several invoices is sorted out, and what may be said there of another one, or as a change of mind.
SORTING = ("which.all", "which.ask", "dispute.kind", "dispute.goods", "paid.when")
ASIDE = ("promise", "plan", "pay", "hardship", "refuse")


def all_of_them(talk: Talk) -> Talk:
    """About every open invoice."""
    return question(talk.with_(chosen=()))


def this_one(talk: Talk) -> Talk:
    """About the invoice that was just named."""
    return question(talk.with_(chosen=(talk.remaining[talk.state.invoice].id,)))


def not_this_one(talk: Talk) -> Talk:
    """On to the next; after the last, a person looks at it."""
    if talk.state.invoice + 1 < len(talk.remaining):
        return talk.with_(invoice=talk.state.invoice + 1).go("which.ask")
    return person(talk.with_(invoice=0), why="which_invoice")


def named(n: int) -> Deed:
    """The invoice with this place in the list that was read out is read back; where it is none, the first."""

    def deed(talk: Talk) -> Talk:
        wanted = talk.briefing.invoices[n : n + 1 or None]
        places = [i for i, invoice in enumerate(talk.remaining) if invoice in wanted]
        return talk.with_(invoice=places[0] if places else 0).go("which.ask")

    return deed


def set_aside(intent: str, talk: Talk) -> Talk:
    """Paying is spoken of before it is known which invoice is not right: first this one, then that.

    What was said to be wrong is not lost over it; whoever says it again means it.
    """
    again = talk.state.wish == intent
    talk = talk.with_(wish=intent, wish_slots=talk.slots)
    if not again:
        return talk.say("which.first")
    return talk.with_(told="", purpose="", chosen=(), invoice=0).go(menu_of(talk))


_NAMED: dict[str, Way] = {
    "first": way("the first", "which.ask", do=named(0)),
    "second": way("the second", "which.ask", do=named(1)),
    "third": way("the third", "which.ask", do=named(2)),
    "last": way("the last", "which.ask", do=named(-1)),
    "one": way("one of them", "which.ask", do=named(0)),
    "all": way("all of them", *NEXT, do=all_of_them),
}


PLACES = (
    Place(
        name="which.all",
        asks=("which.all",),
        back="menu.wrong",
        options=NAMED,
        ways={
            "1": way("all of them", *NEXT, do=all_of_them, hears=("yes",)),
            "2": way("one of them", "which.ask", hears=("no",)),
            **_NAMED,
        },
    ),
    Place(
        name="which.ask",
        asks=("which.ask",),
        back="which.all",
        options=NAMED,
        ways={
            "1": way("this one", *NEXT, do=this_one, hears=("yes",)),
            "2": way("another", "which.ask", *PUT_THROUGH, do=not_this_one, hears=("no",)),
            **_NAMED,
        },
    ),
)

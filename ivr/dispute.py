"""Something is not right, or it is paid already; with several open invoices first: which one?"""

from __future__ import annotations

from ivr import record as r
from ivr.closing import AFTER, settled_with
from ivr.person import person
from ivr.place import MENU, Deed, Place, way
from ivr.slots import COPY_DAYS
from ivr.talk import Talk

#: Who looks into what.
DEPARTMENTS = {
    "not_delivered": "delivery",
    "damaged": "delivery",
    "returned": "delivery",
    "amount": "billing",
    "not_mine": "customers",
}
#: The question of each purpose.
_QUESTION = {"dispute": "dispute.kind", "paid": "paid.when"}
_QUESTIONS = tuple(_QUESTION.values())


def about(purpose: str) -> Deed:
    """A dispute or a payment that was made: about which invoice?"""

    def deed(talk: Talk) -> Talk:
        talk = talk.with_(purpose=purpose, invoice=0, chosen=())
        return talk.go("which.all" if len(talk.remaining) > 1 else _QUESTION[purpose])

    return deed


def all_of_them(talk: Talk) -> Talk:
    """About every open invoice."""
    return talk.with_(chosen=()).go(_QUESTION[talk.state.purpose])


def this_one(talk: Talk) -> Talk:
    """About the invoice that was just named."""
    return talk.with_(chosen=(talk.remaining[talk.state.invoice].id,)).go(_QUESTION[talk.state.purpose])


def not_this_one(talk: Talk) -> Talk:
    """On to the next; after the last, a person looks at it."""
    if talk.state.invoice + 1 < len(talk.remaining):
        return talk.with_(invoice=talk.state.invoice + 1).go("which.ask")
    return person(talk.with_(invoice=0), why="which_invoice")


def disputed(kind: str) -> Deed:
    """Raise it with the department that can look into it."""

    def deed(talk: Talk) -> Talk:
        department = DEPARTMENTS[kind]
        record = r.DisputeRaised(kind=kind, invoices=talk.ids, department=department, answer_by=talk.briefing.answer_by)
        talk = talk.with_(department=department).note(record).say("dispute.done")
        return settled_with(talk, "agreement.dispute")

    return deed


def copy_asked(talk: Talk) -> Talk:
    """Never received: it is sent again, with time to look."""
    record = r.CopyAsked(invoices=talk.ids, days=COPY_DAYS)
    return settled_with(talk.note(record).say("dispute.copy"), "agreement.copy_requested")


def paid(when: str) -> Deed:
    """It is paid: we look, and stay quiet."""

    def deed(talk: Talk) -> Talk:
        record = r.PaidClaimed(when=when, invoices=talk.ids)
        return settled_with(talk.note(record).say("paid.done"), "agreement.already_paid")

    return deed


PLACES = (
    Place(
        name="menu.wrong",
        asks=("menu.wrong",),
        back=MENU,
        ways={
            "1": way("paid already", "which.all", *_QUESTIONS, do=about("paid")),
            "2": way("not right", "which.all", *_QUESTIONS, do=about("dispute")),
        },
    ),
    Place(
        name="which.all",
        asks=("which.all",),
        back="menu.wrong",
        ways={"1": way("all of them", *_QUESTIONS, do=all_of_them), "2": way("one of them", "which.ask")},
    ),
    Place(
        name="which.ask",
        asks=("which.ask",),
        back="which.all",
        ways={
            "1": way("this one", *_QUESTIONS, do=this_one),
            "2": way("another", "which.ask", "agent.more", do=not_this_one),
        },
    ),
    Place(
        name="dispute.kind",
        asks=("dispute.kind",),
        back="menu.wrong",
        ways={
            "1": way("invoice not received", *AFTER, do=copy_asked),
            "2": way("goods", "dispute.goods"),
            "3": way("the amount", *AFTER, do=disputed("amount")),
            "4": way("not mine", *AFTER, do=disputed("not_mine")),
        },
    ),
    Place(
        name="dispute.goods",
        asks=("dispute.goods",),
        back="dispute.kind",
        ways={
            "1": way("not delivered", *AFTER, do=disputed("not_delivered")),
            "2": way("damaged", *AFTER, do=disputed("damaged")),
            "3": way("returned", *AFTER, do=disputed("returned")),
        },
    ),
    Place(
        name="paid.when",
        asks=("paid.when",),
        back="menu.wrong",
        ways={
            "1": way("today or yesterday", *AFTER, do=paid("today_or_yesterday")),
            "2": way("longer ago", *AFTER, do=paid("longer_ago")),
        },
    ),
)

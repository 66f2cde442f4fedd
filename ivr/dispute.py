"""Something is not right, or it is paid already; with several open invoices first: which one (`ivr.which`)?"""

from __future__ import annotations

from datetime import date, timedelta

from ivr import record as r
from ivr.closing import AFTER, settled_with
from ivr.hardship import HARDSHIP, cannot_pay
from ivr.place import MENU, Deed, Place, way
from ivr.slots import COPY_DAYS
from ivr.statement import offer
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
#: Where a question leads: to what was asked, or on at once where it was told before.
NEXT = (*_QUESTIONS, "dispute.tell", *AFTER)
#: Where a dispute leads: to their own words about it, or on.
_DISPUTED = ("dispute.tell", *AFTER)


def about(purpose: str) -> Deed:
    """A dispute or a payment that was made: about which invoice?"""

    def deed(talk: Talk) -> Talk:
        talk = talk.with_(purpose=purpose, invoice=0, chosen=())
        return talk.go("which.all") if len(talk.remaining) > 1 else question(talk)

    return deed


def by_words(what: str) -> Deed:
    """In words, perhaps with its kind, or when it was paid. `what`: dispute, copy (never received) or paid."""

    def deed(talk: Talk) -> Talk:
        told = "copy" if what == "copy" else talk.slot("when" if what == "paid" else "kind")
        return about("paid" if what == "paid" else "dispute")(talk.with_(told=told))

    return deed


def question(talk: Talk) -> Talk:
    """What is asked about the invoice; what was told before is not asked again."""
    told, purpose = talk.state.told, talk.state.purpose
    talk = talk.with_(told="")
    if told == "copy":
        return copy_asked(talk)
    if told:
        return paid(told)(talk) if purpose == "paid" else disputed(told)(talk)
    return talk.go(_QUESTION[purpose])


def disputed(kind: str) -> Deed:
    """Raise it with the department that can look into it."""

    def deed(talk: Talk) -> Talk:
        department = DEPARTMENTS[kind]
        record = r.DisputeRaised(kind=kind, invoices=talk.ids, department=department, answer_by=talk.briefing.answer_by)
        talk = talk.with_(department=department).note(record).say("dispute.done")
        return offer(talk.agree("agreement.dispute").settle())

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


def kind_said(talk: Talk) -> Talk:
    """What is wrong, in words; without its kind the question stays."""
    kind = talk.slot("kind")
    return disputed(kind)(talk) if kind else talk.go(talk.state.place)


def when_said(talk: Talk) -> Talk:
    """When it was paid, in words; without it the question stays."""
    when = talk.slot("when")
    return paid(when)(talk) if when else talk.go(talk.state.place)


def day_said(talk: Talk) -> Talk:
    """The day on which it was paid; today's or yesterday's may be under way, any other is longer ago.

    "The tenth" is read as the next one, but what is paid was paid on the last.
    """
    return paid(lately(date.fromisoformat(talk.slot("date")), talk.briefing.today))(talk)


def lately(day: date, today: date) -> str:
    """When it was paid, as `ivr.record.PaidClaimed` tells it."""
    return "today_or_yesterday" if today - timedelta(days=1) <= day <= today else "longer_ago"


PLACES = (
    Place(
        name="menu.wrong",
        asks=("menu.wrong",),
        back=MENU,
        ways={
            "1": way("paid already", "which.all", *NEXT, do=about("paid")),
            "2": way("not right", "which.all", *NEXT, do=about("dispute")),
        },
    ),
    Place(
        name="why.ask",
        asks=("why.ask",),
        back=MENU,
        ways={
            "1": way("can't pay", *HARDSHIP, do=cannot_pay),
            "2": way("not right", "which.all", *NEXT, do=about("dispute")),
            # "May I ask?" "No": nobody has to say why; a person is offered.
            "no": way("rather not", "help.offer", hears=("no",)),
        },
    ),
    Place(
        name="dispute.kind",
        asks=("dispute.kind",),
        back="menu.wrong",
        ways={
            "1": way("invoice not received", *AFTER, do=copy_asked, hears=("invoice_missing",)),
            "2": way("goods", "dispute.goods"),
            "dispute": way("what it is", "dispute.kind", *_DISPUTED, do=kind_said, hears=("dispute",)),
            "3": way("the amount", *_DISPUTED, do=disputed("amount")),
            "4": way("not mine", *_DISPUTED, do=disputed("not_mine")),
        },
    ),
    Place(
        name="dispute.goods",
        asks=("dispute.goods",),
        back="dispute.kind",
        ways={
            "1": way("not delivered", *_DISPUTED, do=disputed("not_delivered")),
            "2": way("damaged", *_DISPUTED, do=disputed("damaged")),
            "3": way("returned", *_DISPUTED, do=disputed("returned")),
            "dispute": way("what it is", "dispute.goods", *_DISPUTED, do=kind_said, hears=("dispute",)),
        },
    ),
    Place(
        name="paid.when",
        asks=("paid.when",),
        back="menu.wrong",
        ways={
            "1": way("today or yesterday", *AFTER, do=paid("today_or_yesterday")),
            "2": way("longer ago", *AFTER, do=paid("longer_ago")),
            "paid": way("when", "paid.when", *AFTER, do=when_said, hears=("paid",)),
            "date": way("a day", *AFTER, do=day_said),
        },
    ),
)

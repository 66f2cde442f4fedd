"""Instalments: the policy's plans, from the quickest down; outside the policy a person decides on the own figure."""

from __future__ import annotations

from ivr.closing import AFTER, settled_with
from ivr.dispute import NEXT, by_words
from ivr.hardship import HARDSHIP, cannot_pay
from ivr.instalment import not_this_time
from ivr.later import later_then
from ivr.offer import LAST_DAY, fitting, offered, offers
from ivr.place import Place, way
from ivr.record import PlanAgreed, PlanRequested
from ivr.state import GONE
from ivr.talk import Talk
from ledger.money import Money

#: So many days of the month that could not be, and help is offered.
SLIPS_AT_MOST = 3
_LONGEST_MONTH = 31
#: Whole euros are typed in up to so many digits.
EURO_DIGITS = 4


def to_plan(talk: Talk) -> Talk:
    """Our offers, or the own figure at once where the policy has none for this amount. No plan is put over another."""
    if talk.instalment is not None:
        return not_this_time(talk)
    talk = talk.with_(plan=0, plan_day=None, monthly=None)
    if talk.slot("minor"):
        return said_amount(talk)
    if int(talk.slot("count") or 0) > 1:
        return in_parts(talk, int(talk.slot("count")))
    return talk.go("plan.ask" if offers(talk.briefing, talk.state) else "plan.type")


def in_parts(talk: Talk, count: int) -> Talk:
    """ "In three times": our plan of as many parts; where there is none, the figure a month that they come to."""
    for n, plan in enumerate(offers(talk.briefing, talk.state)):
        if len(plan.instalments) == count:
            return talk.with_(plan=n).go("plan.income")
    return own_figure(talk, parts_a_month(talk.amount, count))


def parts_a_month(whole: Money, count: int) -> Money:
    """The figure a month that so many parts come to, the last of them perhaps a little less."""
    return Money(-(-whole.minor // count), whole.currency)


def first_offer(talk: Talk) -> Talk:
    """The quickest plan."""
    return talk.with_(plan=0).go("plan.offer")


def less(talk: Talk) -> Talk:
    """The next plan with less a month; beyond the last, the own figure."""
    if talk.state.plan + 1 < len(offers(talk.briefing, talk.state)):
        return talk.with_(plan=talk.state.plan + 1).go("plan.offer")
    return talk.go("plan.type")


def too_much(talk: Talk) -> Talk:
    """ "That is too much", said of our offer, is no dispute: what works each month? Any other error is one."""
    return talk.go("plan.type") if talk.slot("kind") == "amount" else by_words("dispute")(talk)


def typed_amount(talk: Talk) -> Talk:
    """The own figure in whole euros."""
    return own_figure(talk, Money(int(talk.typed) * 100, talk.amount.currency))


def said_amount(talk: Talk) -> Talk:
    """The own figure, said; it is read back in the offer or the request."""
    return own_figure(talk, Money(int(talk.slot("minor")), talk.amount.currency))


def own_figure(talk: Talk, monthly: Money) -> Talk:
    """The first plan that it carries, after the day of the income; or a request that is read back.

    Nothing at all can be spared: that is no plan, and no counter-offer follows.
    """
    if not monthly:
        return cannot_pay(talk)
    fits = fitting(talk.briefing, talk.state, monthly)
    if fits is not None:
        return talk.with_(plan=fits, monthly=monthly).go("plan.income")
    return talk.with_(monthly=monthly).go("plan.check")


def income(talk: Talk) -> Talk:
    """The instalment falls on the day after the income, on a day that every month has."""
    day = int(talk.slot("date")[-2:]) if talk.slot("date") else int(talk.typed)
    if not 1 <= day <= _LONGEST_MONTH:
        return _slip(talk.say("plan.no_day"), "plan.income")
    return talk.with_(plan_day=day + 1 if day < LAST_DAY else 1).go("plan.offer")


def typed_day(talk: Talk) -> Talk:
    """Another day of the month, one that every month has."""
    day = int(talk.slot("date")[-2:]) if talk.slot("date") else int(talk.typed)
    if not 1 <= day <= LAST_DAY:
        return _slip(talk.say("plan.no_day"), "plan.day")
    return talk.with_(plan_day=day).go("plan.offer")


def other(talk: Talk) -> Talk:
    """ "Another day" beside a plan is one of the month; with a day or an hour of its own it is when we call."""
    return later_then(talk) if talk.slot("date") or talk.slot("from") else talk.go("plan.day")


def _slip(talk: Talk, place: str) -> Talk:
    talk = talk.with_(slips=talk.state.slips + 1)
    return talk.with_(slips=0).go("help.offer") if talk.state.slips >= SLIPS_AT_MOST else talk.go(place)


def agreed(talk: Talk) -> Talk:
    """The yes to an offer: every instalment is committed before it is confirmed."""
    plan = offered(talk.briefing, talk.state)
    record = PlanAgreed(instalments=plan.instalments, dates=plan.dates, invoices=talk.ids)
    return settled_with(talk.note(record).say("plan.done"), "agreement.plan")


def requested(talk: Talk) -> Talk:
    """The yes to the own figure: a person decides; until then no new step."""
    monthly = talk.state.monthly or talk.amount
    record = PlanRequested(monthly=monthly, invoices=talk.ids, answer_by=talk.briefing.plan_answer_by)
    return settled_with(talk.note(record).say("plan.review"), "agreement.plan_request")


#: Where a figure a month leads, and the day of the income.
_FIGURE = ("plan.income", "plan.check", *HARDSHIP)
_INCOME = ("plan.offer", "plan.income", "help.offer")

PLACES = (
    Place(
        name="plan.ask",
        asks=("plan.ask",),
        back="menu.later",
        invites=True,
        ways={
            # Who names no figure hears ours.
            "1": way("our proposal", "plan.offer", do=first_offer, hears=("yes", "no")),
            "2": way("my own figure", "plan.type"),
            "amount": way("so much a month", *_FIGURE, do=said_amount),
        },
    ),
    Place(
        name="plan.type",
        asks=("plan.type",),
        digits=lambda talk: EURO_DIGITS,
        fewer=True,
        fixed="",
        patience_s=10.0,
        ways={
            "digits": way("euros a month", *_FIGURE, do=typed_amount),
            "amount": way("so much a month", *_FIGURE, do=said_amount),
            "#": way("back", "menu.later"),
        },
    ),
    Place(
        name="plan.income",
        asks=("plan.income",),
        digits=lambda talk: 2,
        fewer=True,
        fixed="",
        patience_s=10.0,
        ways={
            "digits": way("day of the income", *_INCOME, do=income),
            "date": way("day of the income", *_INCOME, do=income),
            "amount": way("another figure", *_FIGURE, do=said_amount),
            "#": way("don't know", "plan.offer", hears=("no",)),
            "silence": way("silence", "plan.offer"),
        },
    ),
    Place(
        name="plan.offer",
        asks=("plan.offer",),
        back="plan.ask",
        options=("less",),
        binding=True,
        ways={
            "1": way("good", *AFTER, do=agreed, hears=("yes",)),
            "2": way("less a month", "plan.offer", "plan.type", do=less, hears=("no",)),
            "3": way("another day", "plan.day"),
            "less": way("less a month", "plan.offer", "plan.type", do=less),
            "later": way(
                "another day or moment", "plan.day", "later.ask", "later.done", GONE, do=other, hears=("later",)
            ),
            "amount": way("so much a month", *_FIGURE, do=said_amount),
            "dispute": way("too much", "plan.type", "which.all", *NEXT, do=too_much, hears=("dispute",)),
        },
    ),
    Place(
        name="plan.day",
        asks=("plan.day",),
        digits=lambda talk: 2,
        fixed="",
        patience_s=10.0,
        ways={
            "digits": way("day of the month", "plan.offer", "plan.day", "help.offer", do=typed_day),
            "date": way("day of the month", "plan.offer", "plan.day", "help.offer", do=typed_day),
            "#": way("back", "plan.offer"),
        },
    ),
    Place(
        name="plan.check",
        asks=("plan.check",),
        back="plan.type",
        binding=True,
        ways={
            "1": way("yes", *AFTER, do=requested, hears=("yes",)),
            "2": way("no", "plan.type", hears=("no", "dispute.amount")),
            "amount": way("so much a month", *_FIGURE, do=said_amount),
        },
    ),
)

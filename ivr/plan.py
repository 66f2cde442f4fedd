"""Instalments: the policy's plans, from the quickest down; outside the policy a person decides on the own figure."""

from __future__ import annotations

from ivr.closing import AFTER, settled_with
from ivr.offer import LAST_DAY, fitting, offered, offers
from ivr.place import Place, way
from ivr.record import PlanAgreed, PlanRequested
from ivr.talk import Talk
from ledger.money import Money

#: So many days of the month that could not be, and help is offered.
SLIPS_AT_MOST = 3
#: Whole euros are typed in up to so many digits.
EURO_DIGITS = 4


def to_plan(talk: Talk) -> Talk:
    """Our offers, or the own figure at once where the policy has none for this amount."""
    talk = talk.with_(plan=0, plan_day=None, monthly=None)
    return talk.go("plan.ask" if offers(talk.briefing, talk.state) else "plan.type")


def first_offer(talk: Talk) -> Talk:
    """The quickest plan."""
    return talk.with_(plan=0).go("plan.offer")


def less(talk: Talk) -> Talk:
    """The next plan with less a month; beyond the last, the own figure."""
    if talk.state.plan + 1 < len(offers(talk.briefing, talk.state)):
        return talk.with_(plan=talk.state.plan + 1).go("plan.offer")
    return talk.go("plan.type")


def typed_amount(talk: Talk) -> Talk:
    """The own figure: the first plan that it carries, or a request that is read back."""
    monthly = Money(int(talk.typed) * 100, talk.amount.currency)
    if not monthly:
        return _slip(talk.say("heard.not_1"), "plan.type")
    fits = fitting(talk.briefing, talk.state, monthly)
    if fits is not None:
        return talk.with_(plan=fits, monthly=monthly).go("plan.offer")
    return talk.with_(monthly=monthly).go("plan.check")


def typed_day(talk: Talk) -> Talk:
    """Another day of the month, one that every month has."""
    day = int(talk.typed)
    if not 1 <= day <= LAST_DAY:
        return _slip(talk.say("plan.no_day"), "plan.day")
    return talk.with_(plan_day=day).go("plan.offer")


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


PLACES = (
    Place(
        name="plan.ask",
        asks=("plan.ask",),
        back="menu.later",
        ways={"1": way("our proposal", "plan.offer", do=first_offer), "2": way("my own figure", "plan.type")},
    ),
    Place(
        name="plan.type",
        asks=("plan.type",),
        digits=lambda talk: EURO_DIGITS,
        fewer=True,
        fixed="",
        patience_s=10.0,
        ways={
            "digits": way("euros a month", "plan.offer", "plan.check", "plan.type", "help.offer", do=typed_amount),
            "#": way("back", "menu.later"),
        },
    ),
    Place(
        name="plan.offer",
        asks=("plan.offer",),
        back="plan.ask",
        binding=True,
        ways={
            "1": way("good", *AFTER, do=agreed),
            "2": way("less a month", "plan.offer", "plan.type", do=less),
            "3": way("another day", "plan.day"),
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
            "#": way("back", "plan.offer"),
        },
    ),
    Place(
        name="plan.check",
        asks=("plan.check",),
        back="plan.type",
        binding=True,
        ways={"1": way("yes", *AFTER, do=requested), "2": way("no", "plan.type")},
    ),
)

"""A promise to pay, all or a part: two dates on offer, or one typed or said; read back, committed, confirmed."""

from __future__ import annotations

from datetime import date

from ivr.briefing import Briefing
from ivr.closing import AFTER, settled_with
from ivr.instalment import MOVING, not_this_time
from ivr.later import later_then
from ivr.person import PUT_THROUGH, person
from ivr.place import MENU, Deed, Place, way
from ivr.plan import EURO_DIGITS, to_plan
from ivr.record import PromiseMade
from ivr.state import GONE
from ivr.subject import promised
from ivr.talk import Talk
from ledger.money import Money

#: So many broken promises, and a person looks at it instead of a computer taking one more.
BROKEN_AT_MOST = 2
#: So many dates that could not be, and help is offered.
SLIPS_AT_MOST = 3


def read_date(typed: str, briefing: Briefing) -> date | str:
    """The day that four digits (ddmm) mean, this year or next; or why not: no_date, past, closed, too_far."""
    days = [d for year in (briefing.today.year, briefing.today.year + 1) if (d := _date(typed, year))]
    if not days:
        return "no_date"
    day = next((d for d in days if briefing.today <= d <= briefing.promise_until), None)
    return fit(days[0] if day is None else day, briefing)


def fit(day: date, briefing: Briefing) -> date | str:
    """The day on which it can be promised (today: the first that may be agreed); or why not: past, closed, too_far."""
    if not briefing.today <= day <= briefing.promise_until:
        return "past" if day < briefing.today else "too_far"
    day = max(day, briefing.promise_from)
    return "closed" if day in briefing.closed_days else day


def _date(typed: str, year: int) -> date | None:
    try:
        return date(year, int(typed[2:]), int(typed[:2]))
    except ValueError:
        return None


def to_promise(talk: Talk) -> Talk:
    """Ask for a day; after the third broken promise a person does. Somebody who named no day is asked for one again."""
    if talk.instalment is not None:
        return not_this_time(talk)
    if talk.briefing.broken_promises > BROKEN_AT_MOST:
        return person(talk.say("promise.person"), why="promises_broken")
    if talk.state.place in ("promise.ask", "promise.check") and not talk.slot("date"):
        return _judged(_with_part(talk), "which_day")
    talk = _with_part(talk.with_(part=None))
    return said(talk) if talk.slot("date") else talk.go("promise.ask")


def _with_part(talk: Talk) -> Talk:
    """With what was said of how much; less than all is a part, anything else is all."""
    minor = int(talk.slot("minor") or 0)
    if not minor:
        return talk
    part = Money(minor, talk.amount.currency)
    return talk.with_(part=part if part < talk.amount else None)


def offered(n: int) -> Deed:
    """One of the two dates on offer."""
    return lambda talk: talk.with_(promise_on=talk.briefing.promise_dates[n]).go("promise.check")


def typed(talk: Talk) -> Talk:
    """Judge a typed day; what can't be is said kindly, and asked again."""
    return _judged(talk, read_date(talk.typed, talk.briefing) if len(talk.typed) == 4 else "no_date")


def said(talk: Talk) -> Talk:
    """Judge a day that was said; it is read back before it binds."""
    return _judged(_with_part(talk), fit(date.fromisoformat(talk.slot("date")), talk.briefing))


def another_day(talk: Talk) -> Talk:
    """ "Another day" and "that is too early", beside a day to pay on, are about that day; an hour is one of a call."""
    if talk.slot("from"):
        return later_then(talk)
    return to_promise(talk) if talk.slot("date") or talk.state.place != "promise.check" else talk.go("promise.ask")


def _judged(talk: Talk, day: date | str) -> Talk:
    if isinstance(day, date):
        return talk.with_(promise_on=day).go("promise.check")
    return _slip(talk.say(f"promise.{day}"), "promise.type" if day == "no_date" else "promise.ask")


def _slip(talk: Talk, place: str) -> Talk:
    talk = talk.with_(slips=talk.state.slips + 1)
    return talk.with_(slips=0).go("help.offer") if talk.state.slips >= SLIPS_AT_MOST else talk.go(place)


def part_typed(talk: Talk) -> Talk:
    """So much on that day, in whole euros."""
    return _part(talk.with_slots((("minor", str(int(talk.typed) * 100)),)))


def part_said(talk: Talk) -> Talk:
    """So much on that day, in words; read back before it binds."""
    return _part(talk)


def _part(talk: Talk) -> Talk:
    return _with_part(talk).go("promise.check") if int(talk.slot("minor")) else _slip(talk, "promise.part")


def agreed(talk: Talk) -> Talk:
    """The yes: committed before it is confirmed. Of a part it is said that the rest stays open."""
    day = talk.state.promise_on or talk.briefing.promise_from
    amount = promised(talk.briefing, talk.state)
    talk = talk.note(PromiseMade(amount=amount, on=day, invoices=talk.ids)).say("promise.done")
    return settled_with(talk if amount == talk.amount else talk.say("promise.rest"), "agreement.promise")


_JUDGED = ("promise.check", "promise.type", "promise.ask", "help.offer")
_PART = ("promise.check", "promise.part", "help.offer")
_LATER = (*_JUDGED, *PUT_THROUGH, "later.ask", "later.done", GONE)

PLACES = (
    Place(
        name="menu.later",
        asks=("menu.later",),
        back=MENU,
        ways={
            "1": way("one day", "promise.ask", *MOVING, do=to_promise),
            "later": way("another day", *_LATER, *MOVING, do=another_day, hears=("later",)),
            "2": way("instalments", "plan.ask", "plan.type", *MOVING, do=to_plan),
        },
    ),
    Place(
        name="promise.ask",
        asks=("promise.ask",),
        back="menu.later",
        invites=True,
        ways={
            "1": way("first day", "promise.check", do=offered(0)),
            "2": way("second day", "promise.check", do=offered(1)),
            "3": way("another day", "promise.type"),
            "date": way("a day", *_JUDGED, do=said),
        },
    ),
    Place(
        name="promise.type",
        asks=("promise.type",),
        digits=lambda talk: 4,
        fixed="",
        patience_s=10.0,
        ways={
            "digits": way("day and month", *_JUDGED, do=typed),
            "date": way("a day", *_JUDGED, do=said),
            "#": way("back", "promise.ask", hears=("no",)),
        },
    ),
    Place(
        name="promise.check",
        asks=("promise.check",),
        back="promise.ask",
        binding=True,
        ways={
            "1": way("yes", *AFTER, do=agreed, hears=("yes",)),
            "2": way("no", "promise.ask", hears=("no",)),
            "later": way("a later day", *_LATER, do=another_day, hears=("later",)),
            # "That is too much", of what we would write down: it disputes no invoice.
            "3": way("a part", "promise.part", hears=("dispute.amount",)),
            "date": way("another day", *_JUDGED, do=said),
            "amount": way("so much", *_PART, do=part_said),
        },
    ),
    Place(
        name="promise.part",
        asks=("promise.part",),
        digits=lambda talk: EURO_DIGITS,
        fewer=True,
        fixed="",
        patience_s=10.0,
        ways={
            "digits": way("euros", *_PART, do=part_typed),
            "amount": way("so much", *_PART, do=part_said),
            "#": way("back", "promise.check", hears=("no",)),
        },
    ),
)

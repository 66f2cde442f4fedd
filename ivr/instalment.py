"""Somebody pays by a plan: their next instalment, and its one free move to a later day; read back before it binds.

One late instalment is no broken plan (reference "what each answer does"): the plan's own words promise that we move
that day. What the move depends on is `ledger.instalment`; here are only the days that it left.
"""

from __future__ import annotations

from datetime import date

from ivr.briefing import DueInstalment
from ivr.closing import AFTER, finish, menu_of, settled_with
from ivr.hardship import HARDSHIP, cannot_pay
from ivr.offer import day_offered
from ivr.person import PUT_THROUGH, person
from ivr.place import Place, way
from ivr.record import InstalmentMoved
from ivr.state import GONE
from ivr.talk import Talk

#: Where `not_this_time` may lead, and every day that is named.
MOVING = ("move.check", "move.ask", "help.offer", *PUT_THROUGH)
#: So many days that could not be, and help is offered.
SLIPS_AT_MOST = 3


def not_this_time(talk: Talk) -> Talk:
    """The free move, to the day that was named, if one was; where there is none left, a person looks for a day."""
    if not _days(talk):
        return person(talk.say("promise.person"), why="instalment")
    return said(talk) if talk.slot("date") else talk.go("move.ask")


def goes_on(talk: Talk) -> Talk:
    """It is paid as agreed: the plan stands as it is."""
    return finish(talk.say("plan.good"))


def something_else(talk: Talk) -> Talk:
    """The menu, as for everybody."""
    return talk.go(menu_of(talk))


def offered_first(talk: Talk) -> Talk:
    """The first day on offer."""
    return _to(talk, day_offered(_days(talk), 0))


def offered_second(talk: Talk) -> Talk:
    """The second day on offer."""
    return _to(talk, day_offered(_days(talk), 1))


def typed(talk: Talk) -> Talk:
    """A typed day and month: the one of the possible days that it means."""
    return _to(talk, next((day for day in _days(talk) if f"{day:%d%m}" == talk.typed), None))


def said(talk: Talk) -> Talk:
    """A day that was said; it is read back before it binds."""
    day = date.fromisoformat(talk.slot("date"))
    return _to(talk, day if day in _days(talk) else None)


def _days(talk: Talk) -> tuple[date, ...]:
    return talk.instalment.moves if talk.instalment else ()


def _to(talk: Talk, day: date | None) -> Talk:
    if day is not None:
        return talk.with_(move_to=day).go("move.check")
    if not _days(talk):
        return not_this_time(talk)
    talk = talk.with_(slips=talk.state.slips + 1).say("move.no_day")
    return talk.with_(slips=0).go("help.offer") if talk.state.slips >= SLIPS_AT_MOST else talk.go("move.ask")


def agreed(talk: Talk) -> Talk:
    """The yes: moved in the books before it is confirmed."""
    instalment, day = talk.instalment, talk.state.move_to
    if instalment is None or day is None:
        return not_this_time(talk)
    talk = talk.note(_record(instalment, day)).say("move.done")
    return settled_with(talk.with_(chosen=instalment.invoices), "agreement.moved")


def _record(part: DueInstalment, day: date) -> InstalmentMoved:
    return InstalmentMoved(agreement_id=part.agreement_id, n=part.n, amount=part.amount, on=day, invoices=part.invoices)


#: However somebody says that this instalment does not work.
_NOT_NOW = ("no", "hardship", "later", "promise", "refuse", "plan")

PLACES = (
    Place(
        name="plan.next",
        asks=("plan.next",),
        invites=True,
        ways={
            "1": way("it works", "sum.check", GONE, do=goes_on, hears=("yes",)),
            "2": way("not this time", *MOVING, do=not_this_time, hears=_NOT_NOW),
            "3": way("something else", "menu.main", "menu.slow", do=something_else),
            "date": way("another day", *MOVING, do=said),
        },
    ),
    Place(
        name="move.ask",
        asks=("move.ask",),
        back="plan.next",
        ways={
            "1": way("first day", *MOVING, do=offered_first),
            "2": way("second day", *MOVING, do=offered_second),
            "3": way("another day", "move.type"),
            "4": way("not at all", *HARDSHIP, do=cannot_pay, hears=("no", "hardship", "refuse")),
            "date": way("a day", *MOVING, do=said),
        },
    ),
    Place(
        name="move.type",
        asks=("promise.type",),
        digits=lambda talk: 4,
        fixed="",
        patience_s=10.0,
        ways={
            "digits": way("day and month", *MOVING, do=typed),
            "date": way("a day", *MOVING, do=said),
            "#": way("back", "move.ask", hears=("no",)),
        },
    ),
    Place(
        name="move.check",
        asks=("move.check",),
        back="move.ask",
        binding=True,
        ways={
            "1": way("yes", *AFTER, *PUT_THROUGH, do=agreed, hears=("yes",)),
            "2": way("no", "move.ask", hears=("no",)),
            "date": way("another day", *MOVING, do=said),
        },
    ),
)

"""What is open, and the menus: the first words of debt, after proof."""

from __future__ import annotations

from dataclasses import replace

from ivr.closing import menu_of
from ivr.hardship import HARDSHIP, cannot_pay
from ivr.place import Place, way
from ivr.record import AmountHeard
from ivr.slots import item
from ivr.state import GONE
from ivr.talk import Talk

#: Where proof may lead.
AFTER_PROOF = ("plan.next", "due.several", "menu.main", "menu.slow", GONE)
#: The menu, by pace.
MENUS = ("menu.main", "menu.slow")


def what_is_open(talk: Talk) -> Talk:
    """Tell what is open, by stage and count; of a plan its next instalment. Nothing open: thanks, and goodbye.

    Somebody whom we called and who rings back hears only here what that call was about.
    """
    if not talk.remaining:
        return talk.mark("nothing_open").part("due.nothing", "bye")
    if talk.instalment is not None and talk.instalment.amount:
        return talk.note(AmountHeard(amount=talk.instalment.amount)).go("plan.next")
    talk = talk.note(AmountHeard(amount=talk.amount))
    if talk.briefing.called_on is not None and not talk.state.settled:
        talk = talk.say("inbound.called")
    return talk.go("due.several") if len(talk.remaining) > 1 else _told(_only_one(talk))


def once_more(talk: Talk) -> Talk:
    """At the menu: what is open is told again, as long as nothing about it was agreed. "How much did you say?" """
    if talk.state.settled or not talk.remaining:
        return talk
    return _each(talk) if len(talk.remaining) > 1 else _only_one(talk)


def one_by_one(talk: Talk) -> Talk:
    """Each open invoice, in the order of the briefing."""
    return _told(_each(talk))


def _each(talk: Talk) -> Talk:
    items = tuple(item(talk.briefing, n) for n in range(len(talk.briefing.invoices)))
    return replace(talk, says=talk.says + items)


def _only_one(talk: Talk) -> Talk:
    return talk.say("due.friendly" if talk.briefing.stage < 3 else "due.firm")


def _told(talk: Talk) -> Talk:
    """The last reminder, where all of it is true; then the menu."""
    if talk.briefing.stage == 3 and talk.briefing.final is not None:
        talk = talk.say("final")
    return talk.go(menu_of(talk))


PLACES = (
    Place(
        name="due.several",
        asks=("due.several",),
        ways={
            "1": way("hear each", *MENUS, do=one_by_one, hears=("yes",)),
            "2": way("no", *MENUS, do=_told, hears=("no",)),
        },
    ),
    Place(
        name="menu.main",
        asks=("menu.main",),
        more=("menu.more",),
        invites=True,
        ways={
            "1": way("pay now", "pay.how"),
            "2": way("later or instalments", "menu.later"),
            "3": way("paid, or not right", "menu.wrong"),
            "4": way("can't pay", *HARDSHIP, do=cannot_pay),
        },
    ),
    Place(
        name="menu.slow",
        asks=("menu.slow",),
        more=("menu.more",),
        invites=True,
        ways={
            "1": way("pay", "menu.pay"),
            "2": way("not right", "menu.wrong"),
            "3": way("can't pay", *HARDSHIP, do=cannot_pay),
        },
    ),
)

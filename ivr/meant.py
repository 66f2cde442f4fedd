""" "Have I understood?": what somebody says unasked and what ends our calls is asked once more before it counts.

A recogniser takes noise for words. Whoever hangs up at the question is believed where silence would hurt: a death
and somebody who acts for the debtor are looked at by a person.
"""

from __future__ import annotations

from ivr.opening import appointed, deceased, not_at_home, wrong_number
from ivr.other import complaint
from ivr.person import PUT_THROUGH, person
from ivr.place import BACK, Deed, Place, Way, way
from ivr.record import PaidClaimed
from ivr.state import GONE
from ivr.talk import Talk


def settled(talk: Talk) -> Talk:
    """Before proof: it is said to be settled. Noted about all that was open, without a word of what that is.

    When it was is not asked here; where it was not told, it is taken for longer ago: a payment under way is found.
    """
    invoices = tuple(invoice.id for invoice in talk.briefing.invoices)
    when = talk.state.told or "longer_ago"
    return talk.note(PaidClaimed(when=when, invoices=invoices)).part("meant.paid_done", "bye")


def died(talk: Talk) -> Talk:
    """Said once more: a death. To somebody who has proved to be the debtor it is another's: they are not asked to end
    their own calls, a person speaks with them."""
    return person(talk.say("deceased.other"), why="death") if talk.state.verified else deceased(talk)


def _back(talk: Talk) -> Talk:
    return talk.say("meant.no").go(talk.state.back)


def _asked(name: str, yes: Deed, unanswered: Deed | None, *to: str, again: Way | None = None) -> Place:
    """`unanswered`: what silence and hanging up mean; None: nothing, we go on. `again`: what it means to say it once
    more; None: yes."""
    told = name.removeprefix("meant.")
    ways: dict[str, Way] = {
        "1": way("yes", *to, do=yes, hears=("yes",) if again else ("yes", told)),
        "2": way("no", BACK, do=_back, hears=("no",)),
    }
    if again is not None:
        ways["again"] = again
    if unanswered is not None:
        ways |= {"silence": way("silence", GONE, do=unanswered), "hangup": way("hangs up", GONE, do=unanswered)}
    return Place(name=name, asks=(name,), fixed="09", side=True, ways=ways)


_DIED = way("once more", GONE, *PUT_THROUGH, do=died, hears=("deceased",))

PLACES = (
    _asked("meant.deceased", deceased, deceased, GONE, again=_DIED),
    _asked("meant.representative", appointed, appointed, GONE),
    # Nobody is taken from the list for ever by a noise; and nobody who said so and hung up is called again at once.
    _asked("meant.wrong_person", wrong_number, not_at_home, GONE),
    _asked("meant.complaint", complaint, None, "sum.check", GONE),
    _asked("meant.paid", settled, settled, GONE),
)

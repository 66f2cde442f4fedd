""" "Have I understood?": what somebody says unasked and what ends our calls is asked once more before it counts.

A recogniser takes noise for words. Whoever hangs up at the question is believed where silence would hurt: a death
and somebody who acts for the debtor are looked at by a person.
"""

from __future__ import annotations

from ivr.opening import appointed, deceased, not_at_home, wrong_number
from ivr.other import complaint
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


def _back(talk: Talk) -> Talk:
    return talk.say("meant.no").go(talk.state.back)


def _asked(name: str, yes: Deed, unanswered: Deed | None, *to: str) -> Place:
    """`unanswered`: what silence and hanging up mean; None: nothing, we go on."""
    ways: dict[str, Way] = {
        "1": way("yes", *to, do=yes, hears=("yes", name.removeprefix("meant."))),
        "2": way("no", BACK, do=_back, hears=("no",)),
    }
    if unanswered is not None:
        ways |= {"silence": way("silence", GONE, do=unanswered), "hangup": way("hangs up", GONE, do=unanswered)}
    return Place(name=name, asks=(name,), fixed="09", side=True, ways=ways)


PLACES = (
    _asked("meant.deceased", deceased, deceased, GONE),
    _asked("meant.representative", appointed, appointed, GONE),
    # Nobody is taken from the list for ever by a noise; and nobody who said so and hung up is called again at once.
    _asked("meant.wrong_person", wrong_number, not_at_home, GONE),
    _asked("meant.complaint", complaint, None, "sum.check", GONE),
    _asked("meant.paid", settled, settled, GONE),
)

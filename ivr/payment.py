"""A payment that comes in while we talk: thanks, and nothing more is asked of what is paid."""

from __future__ import annotations

from ivr.briefing import Briefing, DueInstalment, OpenInvoice
from ivr.changed import changed
from ivr.closing import finish, menu_of
from ivr.due import what_is_open
from ivr.heard import PaymentSeen
from ivr.script import SCRIPT
from ivr.state import State
from ivr.talk import Talk
from ledger.money import Money, total
from voices.prompt import Spoken

#: Questions that are about what is open: after a payment it is told anew, and what the person was at begins again.
_ABOUT_WHAT_IS_OPEN = ("due.", "menu.", "why.", "pay.", "promise.", "plan.", "move.", "which.", "dispute.kind",
                       "dispute.goods", "paid.")  # fmt: skip


def as_of(briefing: Briefing, state: State) -> Briefing:
    """The briefing with what is open by now. After a payment no last reminder: its letter named another amount."""
    if state.balances is None:
        return briefing
    now = dict(state.balances)
    left = [_left(invoice, now.get(invoice.id, 0)) for invoice in briefing.invoices]
    invoices = tuple(invoice for invoice in left if invoice.open)
    if invoices == briefing.invoices:
        return briefing
    return changed(briefing, invoices=invoices, final=None, instalment=_not_known(briefing.instalment))


def _left(invoice: OpenInvoice, minor: int) -> OpenInvoice:
    return invoice if invoice.open.minor == minor else changed(invoice, open=Money(minor, invoice.open.currency))


def _not_known(part: DueInstalment | None) -> DueInstalment | None:
    """After a payment: the plan stands, but what is due of it is for the books to tell, and nothing is moved."""
    return None if part is None else changed(part, amount=Money(0, part.amount.currency), moves=())


def no_news(briefing: Briefing) -> PaymentSeen:
    """All that was open still is."""
    return PaymentSeen(open=tuple((invoice.id, invoice.open.minor) for invoice in briefing.invoices))


def payment_seen(talk: Talk, whole: Briefing, seen: PaymentSeen) -> tuple[Talk, bool]:
    """Thanks to the debtor, then what is still open, or goodbye. `whole`: the briefing as it was frozen.

    True: not a word, we wait on. So with somebody who has not proved who they are: they hear nothing of money, and
    after proof only what is then open.
    """
    before = talk.briefing.invoices
    now = dict(seen.open)
    # nobody hears in mid-call that they owe more than they were told
    state = changed(talk.state, balances=tuple((i.id, min(i.open.minor, now.get(i.id, 0))) for i in before))
    talk = changed(talk, state=state, briefing=as_of(whole, state))
    received = [i.open - Money(dict(state.balances or ())[i.id], i.open.currency) for i in before]
    if not state.verified or not any(received):
        return talk, True
    amount = total(received)
    talk = talk.mark("paid_meanwhile")
    if not talk.briefing.invoices:
        return _thanked("pay.received", talk, amount).part("bye"), False
    return _on(_thanked("pay.part", talk, amount)), False


def _thanked(key: str, talk: Talk, amount: Money) -> Talk:
    return changed(talk, says=(*talk.says, Spoken(key, {"amount": amount})))


def _on(talk: Talk) -> Talk:
    """A part is paid: back to what is open; whoever asks for something else (a person, no more calls) goes on."""
    place = SCRIPT[talk.state.place]
    if place.name == "rest.ask" and not talk.remaining:
        return finish(talk)
    if not place.name.startswith(_ABOUT_WHAT_IS_OPEN):
        return talk.with_(back=_way_back(talk)) if place.side else talk
    talk = talk.with_(
        chosen=(),
        purpose="",
        invoice=0,
        slips=0,
        promise_on=None,
        part=None,
        move_to=None,
        plan=0,
        plan_day=None,
        monthly=None,
    )
    return what_is_open(talk) if talk.remaining else finish(talk)


def _way_back(talk: Talk) -> str:
    """From a side trip: not into the middle of an agreement about an amount that has changed."""
    back = talk.state.back
    if not talk.remaining:
        return "sum.check" if back == "rest.ask" or back.startswith(_ABOUT_WHAT_IS_OPEN) else back
    return menu_of(talk) if back.startswith(_ABOUT_WHAT_IS_OPEN) else back

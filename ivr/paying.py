"""Paying: the details by message, or read slowly. A card or account number is never asked."""

from __future__ import annotations

from ivr.closing import AFTER, settled_with
from ivr.instalment import MOVING
from ivr.place import MENU, Place, way
from ivr.plan import to_plan
from ivr.promise import to_promise
from ivr.record import PaymentDetailsGiven
from ivr.subject import due_now, payments_due
from ivr.talk import Talk


def read_or_send(talk: Talk) -> Talk:
    """Asked for in words: how to pay. Who names less than what is open promises a part, on a day."""
    part = 0 < int(talk.slot("minor") or 0) < talk.amount.minor
    return to_promise(talk) if part and talk.instalment is None else talk.go("pay.how")


def by_message(talk: Talk) -> Talk:
    """The details go out by the briefing's channel."""
    record = PaymentDetailsGiven(amount=due_now(talk.briefing, talk.state), invoices=talk.ids, by="message")
    return settled_with(talk.note(record).say("pay.sent"), "agreement.pay")


def read_out(talk: Talk) -> Talk:
    """Read amount, account and reference of the first invoice."""
    return talk.with_(invoice=0).go("pay.read")


def next_invoice(talk: Talk) -> Talk:
    """The next transfer's details; after the last, the debtor has them all."""
    if talk.state.invoice + 1 < len(payments_due(talk.briefing, talk.state)):
        return talk.with_(invoice=talk.state.invoice + 1).go("pay.read")
    record = PaymentDetailsGiven(amount=due_now(talk.briefing, talk.state), invoices=talk.ids, by="voice")
    return settled_with(talk.note(record), "agreement.pay")


PLACES = (
    Place(
        name="menu.pay",
        asks=("menu.pay",),
        back=MENU,
        ways={
            "1": way("now", "pay.how"),
            "2": way("later", "promise.ask", *MOVING, do=to_promise),
            "3": way("instalments", "plan.ask", "plan.type", *MOVING, do=to_plan),
        },
    ),
    Place(
        name="pay.how",
        asks=("pay.how",),
        back=MENU,
        options=("message", "read"),
        ways={
            "1": way("by message", *AFTER, do=by_message, hears=("yes",)),
            "2": way("read it", "pay.read", do=read_out, hears=("no",)),
            "message": way("by message", *AFTER, do=by_message),
            "read": way("read it", "pay.read", do=read_out),
        },
    ),
    Place(
        name="pay.read",
        asks=("pay.read", "pay.next"),
        back="pay.how",
        slow=True,
        patience_s=15.0,
        ways={"1": way("I have it", "pay.read", *AFTER, do=next_invoice, hears=("yes",))},
    ),
)

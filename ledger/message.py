"""Every message that the books may ask to be sent, in one place: its template, and who may hear it.

The texts belong to the delivery of messages; a row of the outbox names a template of this list and brings its slots.
"""

from __future__ import annotations

from ledger.errors import UnknownMessage

#: `identity`: speaks to the person and tells nothing of a debt; `debt`: for the debtor's own eyes, as in the prompts;
#: `house`: for our own people, at the alarm address.
MESSAGES = {
    #: Somebody spoke of ending their life, or of danger: one of us must call them now. Not a word of what was said.
    "alarm.crisis": "house",
    "confirm.already_paid": "debt",
    "confirm.complaint": "debt",
    "confirm.dispute": "debt",
    "confirm.hardship": "debt",
    "confirm.pay": "debt",
    "confirm.plan": "debt",
    "confirm.plan_request": "debt",
    "confirm.promise": "debt",
    "copy.invoice": "debt",
    "ladder.courtesy": "debt",
    "ladder.first_reminder": "debt",
    "ladder.last_reminder": "debt",
    "ladder.second_reminder": "debt",
    "letter.budget_used": "debt",
    "letter.new_code": "identity",
    "letter.no_call": "debt",
    #: On what day, how and with what proof was it paid? We could not find it.
    "letter.paid_proof": "debt",
    #: An instalment is late: kind, with the free move of its date, never a threat.
    "plan.late": "debt",
    #: An instalment has a new day.
    "plan.moved": "debt",
    #: Everything is paid, with thanks.
    "plan.paid": "debt",
    #: After a payment: what is paid, what is left, what comes next.
    "plan.statement": "debt",
    #: Why the own figure was not possible, kindly, and that one of our people calls.
    "plan_request.refused": "debt",
    #: We received the payment, thank you.
    "thanks.payment": "debt",
}


def class_of(template: str) -> str:
    """Who may hear it. Raises `UnknownMessage` for a template that is not on the list."""
    try:
        return MESSAGES[template]
    except KeyError:
        raise UnknownMessage(f"template: {template} is not on the list of messages") from None

"""Which hold the end of a contact makes: what stops for good on a call of ours stops for good in a history too."""

from __future__ import annotations

from ledger.contact import Channel, Disposition
from ledger.intake.history.fact import Fact

#: What stops until a person lifts it (reference "what each answer does"). Everything that ends with an answer or a
#: payment is told by agreements, which know whether it did.
_OF_THE_PERSON = {Disposition.DECEASED: "deceased", Disposition.REPRESENTATIVE: "mediation"}
_BY_NUMBER = frozenset({Channel.VOICE, Channel.SMS})


def stop_of(contact: Fact) -> Fact | None:
    """The hold as a row of that kind, or None: from the end of the contact, until a person lifts it.

    A wrong number is wrong on every channel and for whoever has it; who asked us to stop asked it of that channel.
    """
    said = contact.values
    channel, disposition = Channel(said["channel"]), said["disposition"]
    of_number = channel in _BY_NUMBER
    if disposition in _OF_THE_PERSON:
        return _hold(contact, _OF_THE_PERSON[disposition], e164=None, channel=None)
    if disposition == Disposition.WRONG_NUMBER and of_number:
        return _hold(contact, "wrong_number", e164=said["address"], channel=None)
    if disposition == Disposition.OPTED_OUT:
        return _hold(contact, "opt_out", e164=said["address"] if of_number else None, channel=channel.value)
    return None


def _hold(contact: Fact, kind: str, *, e164: str | None, channel: str | None) -> Fact:
    said = contact.values
    values = {
        "debtor": None if e164 else said["debtor"], "e164": e164, "creditor": None, "invoice": None, "kind": kind,
        "channel": channel, "from_at": said["ended_at"], "until_at": None,
    }  # fmt: skip
    return contact._replace(values=values)

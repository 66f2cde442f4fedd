"""Which holds a row's status asks for. An import adds holds and never lifts one."""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import sha256

from ledger.contact import Channel
from ledger.intake.checked import Entry
from ledger.intake.words import Status


@dataclass(frozen=True, kw_only=True)
class Stop:
    """A hold that a list asks for: on the number `e164`, or, without one, on the debtor."""

    kind: str
    e164: str | None
    #: None: every channel.
    channel: str | None
    #: The same cause never makes it twice, nor again after a person lifted it.
    source_key: str


#: Holds on the human, on all channels.
_ON_THE_PERSON = {
    Status.DISPUTED: "dispute",
    Status.DECEASED: "deceased",
    Status.HARDSHIP: "hardship",
    Status.MEDIATION: "mediation",
    # Age is told by the birth date; where a list only says "minor", a person looks.
    Status.MINOR: "manual",
}


def stops_of(entry: Entry) -> tuple[Stop, ...]:
    """The holds of one row."""
    status = entry.terms.status
    if kind := _ON_THE_PERSON.get(status):
        # Each disputed invoice is a dispute of its own; the others are about the human.
        cause = entry.bill.number if status is Status.DISPUTED else ""
        return (_stop(entry, kind, None, None, cause),)
    if status is Status.OPTED_OUT:
        # The person asked not to be called: these numbers, and any that turns up later.
        voice = Channel.VOICE.value
        numbers = (_stop(entry, "opt_out", phone.e164, voice) for phone in entry.phones if phone.e164)
        return (_stop(entry, "opt_out", None, voice), *numbers)
    if status is Status.WRONG_NUMBER:
        return tuple(_stop(entry, "wrong_number", phone.e164, None) for phone in entry.phones if phone.e164)
    return ()


def _stop(entry: Entry, kind: str, e164: str | None, channel: str | None, cause: str = "") -> Stop:
    parts = (entry.customer.creditor, entry.customer.number, entry.terms.status.value, cause, e164 or "")
    digest = sha256("\0".join(parts).encode()).hexdigest()[:40]
    return Stop(kind=kind, e164=e164, channel=channel, source_key=f"import:{kind}:{digest}")

"""The number: which one is rung first, and whether it may be rung at all."""

from __future__ import annotations

from datetime import datetime

from ledger.contact import Channel, Disposition
from ledger.phone import Verdict, why_not
from schedules.case import Case
from schedules.hold import number_holds
from schedules.standing import Phone, Standing
from schedules.verdict import ORDER, Refusal
from schedules.wish import ChannelWish, NumberWish

#: A try that reached nobody at this number.
FAILURES = frozenset(
    {
        Disposition.BUSY,
        Disposition.NO_ANSWER,
        Disposition.REJECTED,
        Disposition.VOICEMAIL,
        Disposition.CONGESTION,
        Disposition.FAILED,
    }
)
#: After so many failures in a row another number goes first. It orders and never refuses.
FAILURES_BEFORE_ANOTHER = 2
_BY_NUMBER = frozenset({Channel.VOICE, Channel.SMS})
_UNREADABLE = "The number in the list can't be read; correct it"
_WORK = "The only number left is one at work: nobody is called at work"


def in_order(standing: Standing) -> tuple[Phone, ...]:
    """The debtor's numbers, the one to ring first at the front: by rank, after those that failed twice."""
    if len(standing.phones) < 2:
        return standing.phones
    return tuple(
        sorted(
            standing.phones, key=lambda phone: (failures(standing, phone.e164) // FAILURES_BEFORE_ANOTHER, phone.rank)
        )
    )


def failures(standing: Standing, e164: str) -> int:
    """Tries in a row, up to the last one, that reached nobody at this number; a number that no longer exists: two."""
    count = 0
    for contact in reversed(standing.contacts):
        if contact.address != e164 or contact.channel != Channel.VOICE:
            continue
        if contact.disposition == Disposition.UNALLOCATED:
            return max(count, FAILURES_BEFORE_ANOTHER)
        if contact.disposition not in FAILURES:
            break
        count += 1
    return count


def can_be_used(case: Case) -> bool:
    """May this number or address be used at all, today or later, whatever the hour?"""
    return not may_be_rung(case) and not number_holds(case)


def may_be_rung(case: Case) -> list[Refusal]:
    """`no_number`, `bad_number`, `opt_out`, `wrong_number`, `wish_channel`, `wish_number`."""
    found: list[Refusal] = []
    # A letter or e-mail is judged without the number, which may only have told the zone.
    phone = case.phone if case.channel in _BY_NUMBER else None
    if case.channel in _BY_NUMBER:
        if phone is None:
            found.append(Refusal(rule="no_number", reason="No telephone number of this person is known"))
        else:
            found += _bad(phone)
    elif case.channel is Channel.EMAIL and not case.standing.email:
        found.append(Refusal(rule="no_number", reason="No e-mail address of this person is known"))
    if case.standing.holds:
        found += _stopped(case, phone)
    if case.standing.wishes:
        found += _wished(case, phone)
    if len(found) > 1:
        found.sort(key=lambda one: ORDER[one.rule])
    return found


def _bad(phone: Phone) -> list[Refusal]:
    if phone.verdict != Verdict.GOOD:
        reason = f"The number {why_not(Verdict(phone.verdict))}" if phone.e164 else _UNREADABLE
        return [Refusal(rule="bad_number", reason=reason, value=phone.verdict)]
    if phone.kind == "work":
        source = "project default: work numbers are never called"
        return [Refusal(rule="bad_number", reason=_WORK, value="work", source=source, confidence="D")]
    return []


def _stopped(case: Case, phone: Phone | None) -> list[Refusal]:
    found = []
    for hold in case.standing.holds:
        of_number = phone is not None and hold.e164 is not None and hold.e164 == phone.e164
        of_person = hold.e164 is None and hold.invoice_id is None and hold.kind in ("opt_out", "wrong_number")
        if not (of_number or of_person) or not hold.stops(case.channel, case.now):
            continue
        value = f"since {hold.from_at:%Y-%m-%d}"
        if hold.kind == "opt_out":
            reason = "Somebody asked us not to call here again" if of_number else "This person asked not to be called"
        elif hold.kind == "wrong_number":
            reason = "Somebody at this number said that it is the wrong one"
        else:
            continue
        found.append(Refusal(rule=hold.kind, reason=reason, value=value, source=hold.via or None, until=hold.until_at))
    return found


def _wished(case: Case, phone: Phone | None) -> list[Refusal]:
    """A call-back passes what was wished before it was asked for; who wished after that has changed their mind."""
    found = []
    for wish in case.standing.wishes:
        if not isinstance(wish, ChannelWish | NumberWish) or _passed(case, wish.said_at):
            continue
        if isinstance(wish, ChannelWish) and case.channel not in wish.channels:
            value = ", ".join(sorted(wish.channels))
            reason = f"The person asked to be contacted only by {value}"
            found.append(Refusal(rule="wish_channel", reason=reason, value=value))
        elif isinstance(wish, NumberWish) and phone is not None and phone.e164 != wish.e164:
            reason = "The person asked to be called at another number"
            found.append(Refusal(rule="wish_number", reason=reason))
    return found


def _passed(case: Case, said_at: datetime | None) -> bool:
    return case.callback is not None and (said_at is None or said_at <= case.callback.asked_at)

"""Holds: what stops all contact with a person, whoever asked for it and on every campaign."""

from __future__ import annotations

from datetime import datetime, timedelta

from ledger.contact import Channel
from schedules.case import Case
from schedules.standing import Agreement, Hold
from schedules.verdict import ORDER, Refusal

#: Why each hold is there, in words.
REASONS = {
    "deceased": "Somebody reported that this person has died: nothing more is sent until a person decides",
    "mediation": "Somebody acts for this person (debt mediation, administrator, lawyer): the person is left in peace",
    "crisis": "This person was in distress: a person of ours looks, no machine calls",
    "hardship": "This person can't pay now: no reminders for the time being",
    "dispute": "This person disputes a claim: nothing is asked until the written answer and a week to read it",
    "complaint": "This person complained: no reminders until a person has answered",
    "plan_request": "This person asked for a payment plan: nothing is asked until a person decides",
    "plan": "A payment plan stands: nobody calls about it automatically",
    "already_paid": "This person says that it is paid: a person looks for the payment first",
    "manual": "Somebody put this person on hold",
    "paid": "This person's creditor reports that everything is paid",
    "agreement": "This person waits for something from us: time to look at it comes first",
}
#: Agreements that stop as a hold does.
_AGREEMENTS = {
    "deceased": "deceased",
    "representative": "mediation",
    "crisis": "crisis",
    "hardship": "hardship",
    "dispute": "dispute",
    "complaint": "complaint",
    "plan_request": "plan_request",
    "plan": "plan",
    "already_paid": "already_paid",
    "copy": "agreement",
}
#: What is true of the person, whatever it was written on: a dispute about one invoice quiets the others too.
PERSONAL = frozenset({"deceased", "mediation", "crisis", "hardship", "dispute", "complaint"})
#: Holds of a person that other rules name: they belong to a number or an age, whoever wrote them down.
ELSEWHERE = frozenset({"minor", "opt_out", "wrong_number"})


def person_holds(case: Case) -> list[Refusal]:
    """Holds and open agreements of the person, over all creditors; a kind that isn't known stops as `manual`."""
    standing = case.standing
    found = [held(hold) for hold in standing.holds if of_person(hold) and hold.stops(case.channel, case.now)]
    for one in standing.agreements:
        rule = _AGREEMENTS.get(one.kind)
        if rule is not None and (refusal := _agreed(case, rule, one)) is not None:
            found.append(refusal)
    if len(found) > 1:
        found.sort(key=lambda one: ORDER[one.rule])
    return found


def number_holds(case: Case) -> list[Refusal]:
    """Holds of the very number that is asked about, whatever their kind; opt-out and wrong number are `may_be_rung`'s.

    They stand among the holds of the person, so that the order in which rules are named is kept.
    """
    phone = case.phone
    if phone is None:
        return []
    mine = [one for one in case.standing.holds if one.e164 == phone.e164 and one.kind not in ELSEWHERE]
    if not mine or case.channel not in (Channel.VOICE, Channel.SMS):
        return []
    return [held(one) for one in mine if one.stops(case.channel, case.now)]


def of_person(hold: Hold) -> bool:
    """Does it leave the person in peace, and not only a number or one invoice?"""
    personal = hold.invoice_id is None or hold.kind in PERSONAL
    return hold.e164 is None and personal and hold.kind not in ELSEWHERE


def pauses(one: Agreement) -> bool:
    """Does an agreement leave the person in peace?"""
    return one.kind in _AGREEMENTS or one.kind in ("promise", "person")


def pause_end(case: Case, one: Agreement) -> datetime | None:
    """When an agreement left the person's peace to us again; None: it has not yet."""
    if one.kind == "promise" and one.due_on is not None and one.state in ("open", "broken"):
        return case.from_day(one.due_on + timedelta(days=case.terms.promise_quiet.value + 1))
    if one.state != "open":
        return _dispute_end(case, one) or one.ended_at or one.made_at
    return _end(case, one)


def held(hold: Hold) -> Refusal:
    """A hold as a rule's no."""
    rule = hold.kind if hold.kind in REASONS else "manual"
    value = f"since {hold.from_at:%Y-%m-%d}" + (f" until {hold.until_at:%Y-%m-%d}" if hold.until_at else "")
    return Refusal(rule=rule, reason=REASONS[rule], value=value, source=hold.via or None, until=hold.until_at)


def _agreed(case: Case, rule: str, one: Agreement) -> Refusal | None:
    ended = one.state != "open"
    until = _dispute_end(case, one) if ended else _end(case, one)
    if (ended and until is None) or (until is not None and until <= case.now):
        return None
    value = f"since {one.made_at:%Y-%m-%d}" + (f" until {until:%Y-%m-%d}" if until else "")
    return Refusal(rule=rule, reason=REASONS[rule], value=value, source=f"agreement {one.id}", until=until)


def _end(case: Case, one: Agreement) -> datetime | None:
    """When an open agreement stops to hold by itself; None: only a person ends it."""
    figure = {"hardship": case.terms.rest_after_hardship, "crisis": case.terms.rest_after_crisis}.get(one.kind)
    if one.kind == "copy":
        figure = case.terms.rest_after_copy
    if figure is None:
        return None
    return one.until_at or case.days_after(one.made_at, figure.value)


def _dispute_end(case: Case, one: Agreement) -> datetime | None:
    """A dispute that was answered keeps us quiet for some days more: the last of them is still quiet."""
    if one.kind != "dispute" or one.state == "withdrawn" or one.ended_at is None:
        return None
    return case.days_after(one.ended_at, case.terms.dispute_quiet.value + 1)

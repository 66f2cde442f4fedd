"""What one of our people agreed, as the record that the dialogue would make of it: pure, with the dialogue's limits.

Nothing is read back here, so nothing is put right either: a day or an amount that the dialogue would move to the next
one that can be is refused.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date

from ivr import record as r
from ivr.briefing import Briefing, PlanOffer
from ivr.dispute import DEPARTMENTS, lately
from ivr.errors import BadNote
from ivr.notes.about import about, unplanned
from ivr.notes.note import STOPS, Note, Noted, Person, checked, shown
from ivr.notes.reach import numbers, window
from ivr.notes.typed import day_of, money
from ivr.offer import LAST_DAY, fitting, offers, on_day
from ivr.plan import parts_a_month
from ivr.promise import fit
from ivr.slots import COPY_DAYS
from ivr.talk import Talk
from ledger.money import Money

#: Why a day can't be promised.
_UNFIT = {"past": "is over", "closed": "is closed for banks", "too_far": "is too far ahead"}


def noted(note: Note, person: Person) -> tuple[Noted, ...]:
    """The records to write, at least one. Raises `BadNote` with the field that is wrong."""
    checked(note)
    if not person.briefings and note.what not in STOPS:
        raise BadNote(
            "debtor: no law or calendar in use here covers this person, so nothing can be agreed; only"
            f" {', '.join(sorted(STOPS))} can be noted"
        )
    if note.what in _MONEY:
        talk = about(note, person)
        return (Noted(record=_MONEY[note.what](note, talk), briefing=talk.briefing),)
    briefing = next(iter(person.briefings), person.bare)
    if note.what in _SAID:
        return (Noted(record=_SAID[note.what](briefing), briefing=briefing),)
    # who has no number in the books may still ask never to be called
    nowhere = note.what == "stop" and not person.openings and note.number is None
    theirs = (None,) if nowhere else numbers(note, person)
    return tuple(Noted(record=_of(note, briefing, person, one), briefing=replace(briefing, e164=one)) for one in theirs)


def _of(note: Note, briefing: Briefing, person: Person, number: str | None) -> r.Record:
    if note.what == "stop":
        return r.OptedOut(e164=number)
    if note.what == "wrong-number":
        return r.WrongNumber(e164=number)
    opening = window(note, briefing, person.openings[number or ""])
    return r.CallbackAsked(by="person" if note.person else "machine", opening=opening, e164=number)


def _promise(note: Note, talk: Talk) -> r.Record:
    unplanned(talk)
    day, briefing = day_of("on", note.on), talk.briefing
    fits = fit(day, briefing)
    if fits != day:
        why = "is today" if day == briefing.today else _UNFIT[str(fits)]
        raise BadNote(f"on: {day} {why}; write a working day from {briefing.promise_from} to {briefing.promise_until}")
    amount = talk.amount if note.amount is None else money("amount", note.amount, talk.amount.currency)
    if amount > talk.amount:
        raise BadNote(f"amount: {amount} is more than the {talk.amount} that is due; leave --amount out for all of it")
    return r.PromiseMade(amount=amount, on=day, invoices=talk.ids)


def _plan(note: Note, talk: Talk) -> r.Record:
    """A plan of the policy, or a request that one of our people answers."""
    unplanned(talk)
    if (note.instalments is None) == (note.monthly is None):
        raise BadNote("instalments: write either --instalments or --monthly")
    monthly = _a_month(note, talk)
    plans = offers(talk.briefing, talk.state)
    if note.instalments is None:
        n = fitting(talk.briefing, talk.state, monthly)
        plan = None if n is None else plans[n]
    else:
        plan = next((one for one in plans if len(one.instalments) == note.instalments), None)
    if plan is not None:
        return r.PlanAgreed(instalments=plan.instalments, dates=_dates(note, plan, talk), invoices=talk.ids)
    if note.first is not None:
        raise BadNote(
            "first: this plan is outside the creditor's policy, and its first day comes with our answer; leave --first"
            " out"
        )
    return r.PlanRequested(monthly=monthly, invoices=talk.ids, answer_by=talk.briefing.plan_answer_by)


def _a_month(note: Note, talk: Talk) -> Money:
    if note.instalments is not None:
        if note.instalments < 2:
            raise BadNote(f"instalments: {note.instalments} is no plan; write 2 or more, or note a promise")
        return parts_a_month(talk.amount, note.instalments)
    monthly = money("monthly", note.monthly, talk.amount.currency)
    if monthly >= talk.amount:
        raise BadNote(f"monthly: {monthly} pays all of the {talk.amount} that is due at once; note a promise")
    return monthly


def _dates(note: Note, plan: PlanOffer, talk: Talk) -> tuple[date, ...]:
    """The policy's days, or from the first day that was told: one that the dialogue could have reached."""
    first = plan.dates[0] if note.first is None else day_of("first", note.first)
    if first == plan.dates[0]:
        return plan.dates
    earliest = talk.briefing.promise_from
    dates = on_day(min(first.day, LAST_DAY), len(plan.dates), earliest)
    if dates[0] != first:
        raise BadNote(f"first: {first} can't be; write a day of the month to come, from {earliest} on, 1 to {LAST_DAY}")
    return dates


def _hardship(_note: Note, talk: Talk) -> r.Record:
    return r.HardshipTold(invoices=talk.ids)


def _dispute(note: Note, talk: Talk) -> r.Record:
    kind = note.kind or ""
    if kind not in DEPARTMENTS:
        other = "; for an invoice that never came note a copy" if kind == "invoice_missing" else ""
        raise BadNote(f"kind: {shown(kind)} is no dispute; write one of {', '.join(DEPARTMENTS)}{other}")
    return r.DisputeRaised(
        kind=kind, invoices=talk.ids, department=DEPARTMENTS[kind], answer_by=talk.briefing.answer_by
    )


def _paid(note: Note, talk: Talk) -> r.Record:
    day = day_of("when", note.when)
    if day > talk.briefing.today:
        raise BadNote(f"when: {day} is still to come; note a promise, or write the day on which it was paid")
    return r.PaidClaimed(when=lately(day, talk.briefing.today), invoices=talk.ids)


def _copy(_note: Note, talk: Talk) -> r.Record:
    return r.CopyAsked(invoices=talk.ids, days=COPY_DAYS)


_MONEY: dict[str, Callable[[Note, Talk], r.Record]] = {
    "promise": _promise,
    "plan": _plan,
    "hardship": _hardship,
    "dispute": _dispute,
    "paid": _paid,
    "copy": _copy,
}
#: What needs no invoice and no number.
_SAID: dict[str, Callable[[Briefing], r.Record]] = {
    "deceased": lambda briefing: r.DeceasedReported(answer_by=briefing.plan_answer_by),
    "representative": lambda briefing: r.RepresentativeReported(answer_by=briefing.plan_answer_by),
    "complaint": lambda briefing: r.ComplaintMade(answer_by=briefing.answer_by),
}

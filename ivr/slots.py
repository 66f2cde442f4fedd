"""What fills each prompt: one line a key. A slot without a value is left out, and the catalogue's bracket with it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache
from zoneinfo import ZoneInfo

from ivr import record as r
from ivr.briefing import Briefing, Opening, OpenInvoice
from ivr.help_line import help_line
from ivr.offer import day_offered, offered
from ivr.openings import for_machine, for_person
from ivr.outcome import OUTCOME_OF, last_quiet_day, promise_quiet_until
from ivr.state import State
from ivr.subject import amount_of, due_now, in_plan, payments_due, promised, remaining, subject
from voices import catalogue
from voices.prompt import Choice, Count, Digits, Name, Ordinal, Phone, Sentences, Slot, Spoken
from voices.template import parse

Slots = Mapping[str, Slot | None]
Fill = Callable[[Briefing, State], Slots]

_SATURDAY = 5
#: Quiet days for somebody who wants to look at a copy of the invoice.
COPY_DAYS = OUTCOME_OF[r.CopyAsked].holds[0].days or 0


def filled(key: str, briefing: Briefing, state: State) -> Spoken:
    """A prompt with everything known now that it speaks of."""
    fill = FILL.get(key)
    slots = fill(briefing, state) if fill else {}
    return Spoken(key, {name: slot for name, slot in slots.items() if slot is not None and name in _wanted(key)})


@cache
def _wanted(key: str) -> frozenset[str]:
    """The slots that the prompt has, in every language the same."""
    template = parse(catalogue.text(catalogue.LANGUAGES[0], key))
    return template.needed | template.optional


def item(briefing: Briefing, n: int) -> Spoken:
    """One of several invoices, by its place in the list."""
    invoice = briefing.invoices[n]
    slots: dict[str, Slot] = {
        "n": Count(n + 1),
        "amount": invoice.open,
        "issue_date": invoice.issued_on,
        "due_date": invoice.due_on,
    }
    return Spoken("due.item", slots | ({"about": Name(invoice.about)} if invoice.about else {}))


def _name(text: str | None) -> Name | None:
    return Name(text) if text else None


def _grouped(text: str | None, size: int = 4) -> Digits | None:
    """Read in the groups of the bank, or in fours."""
    if not text:
        return None
    plain = text.strip("+ ")
    if " " in plain or "/" in plain:
        return Digits(plain)
    return Digits(" ".join(plain[n : n + size] for n in range(0, len(plain), size)))


def _sender(b: Briefing, _: State) -> Slots:
    return {"sender": Name(b.sender)}


def _who(b: Briefing, _: State) -> Slots:
    return {"sender": Name(b.sender), "full_name": Name(b.full_name)}


def _help(b: Briefing, s: State) -> Slots:
    line = help_line(b.country, s.language or b.language)
    return {"line": Digits(line.number), "emergency": Digits(line.emergency)} if line else {}


def _call_us(b: Briefing, _: State) -> Slots:
    return {"callback_number": Phone(b.callback_number) if b.callback_number else None}


def _genuine(b: Briefing, s: State) -> Slots:
    return {"call_code": Digits(b.call_code) if b.call_code else None, **_call_us(b, s)}


def _ask_us(b: Briefing, s: State) -> Slots:
    return {"channel": _channel(b), "contact_person": _name(b.contact_person), **_call_us(b, s)}


def _voicemail(b: Briefing, s: State) -> Slots:
    hours = {"from": b.office_from, "to": b.office_to}
    return {**_who(b, s), **_call_us(b, s), "contact_person": _name(b.contact_person), **hours}


def _hours_outside(b: Briefing, _: State) -> Slots:
    """When our people are there; within these hours it would only sound as if they should be."""
    here = b.now.astimezone(ZoneInfo(b.zone))
    inside = here.weekday() < _SATURDAY and b.office_from <= here.time() < b.office_to
    return {} if inside else {"from": b.office_from, "to": b.office_to}


def _channel(b: Briefing) -> Choice:
    return Choice(f"channel.{b.confirm_by}")


def _one(b: Briefing, s: State) -> Slots:
    """The invoice that is open, or that a walk through several stands at."""
    left = remaining(b, s)
    return _invoice(b, left[min(s.invoice, len(left) - 1)])


def _invoice(b: Briefing, invoice: OpenInvoice) -> Slots:
    return {"creditor": Name(b.creditor), "amount": invoice.open, "issue_date": invoice.issued_on,
            "due_date": invoice.due_on, "about": _name(invoice.about), "iban": _grouped(b.iban),
            "reference": _grouped(invoice.reference or invoice.number)}  # fmt: skip


def _to_pay(b: Briefing, s: State) -> Slots:
    """One transfer after the other."""
    due = payments_due(b, s)
    one = due[min(s.invoice, len(due) - 1)]
    return {**_invoice(b, one.invoice), "amount": one.amount}


def _sum(b: Briefing, s: State) -> Slots:
    return {"amount": amount_of(subject(b, s)), "count": Count(len(subject(b, s)))}


def _promise(b: Briefing, s: State) -> Slots:
    if s.promise_on is None:
        return {}
    until = promise_quiet_until(s.promise_on)
    return {"amount": promised(b, s), "date": s.promise_on, "quiet_until": until, "channel": _channel(b)}


def _rest(b: Briefing, s: State) -> Slots:
    return {"amount": amount_of(subject(b, s)) - promised(b, s)}


def _plan(b: Briefing, s: State) -> Slots:
    plan = offered(b, s)
    first, each = plan.instalments[0], plan.instalments[1]
    return {"count": Count(len(plan.instalments)), "instalment": each, "first_date": plan.dates[0],
            "first_instalment": first if first != each else None, "day": Ordinal(plan.dates[1].day),
            "channel": _channel(b)}  # fmt: skip


def _instalment(b: Briefing, s: State) -> Slots:
    part = in_plan(b, s)
    return {} if part is None else {"amount": part.amount, "date": part.due_on}


def _move(b: Briefing, s: State) -> Slots:
    part = in_plan(b, s)
    if part is None:
        return {}
    days = {f"date_{n + 1}": day_offered(part.moves, n) for n in range(2)}
    return {**days, "amount": part.amount, "date": s.move_to or part.moves[-1], "channel": _channel(b)}


def _opening(opening: Opening) -> Slots:
    return {"day": opening.day, "from": opening.start, "to": opening.end}


def _two(openings: tuple[Opening, ...]) -> Slots:
    return {f"{name}_{n}": slot for n, o in enumerate(openings, 1) for name, slot in _opening(o).items()}


def _final(b: Briefing, s: State) -> Slots:
    if b.final is None:
        return {}
    return {**_sum(b, s), "creditor": Name(b.creditor), "costs": b.final.costs, "date": b.final.before,
            "letter_date": b.final.letter_on, "next_party": Name(b.final.next_party)}  # fmt: skip


#: The first opening of a person; only where there is one.
_PERSON: Fill = lambda b, s: _opening(for_person(b)[0])  # noqa: E731
_CHOSEN_PERSON: Fill = lambda b, s: _opening(for_person(b)[s.opening])  # noqa: E731
_CHOSEN: Fill = lambda b, s: _opening(for_machine(b)[s.opening])  # noqa: E731
_ANSWER: Fill = lambda b, s: {"date": b.answer_by}  # noqa: E731
_PLAN_ANSWER: Fill = lambda b, s: {"date": b.plan_answer_by}  # noqa: E731
_DAYS: Fill = lambda b, s: {"days": Count(COPY_DAYS)}  # noqa: E731


def _quiet(record: type) -> Fill:
    return lambda b, s: {"quiet_until": last_quiet_day(record, b), "channel": _channel(b)}


FILL: dict[str, Fill] = {
    **dict.fromkeys(("open.hello", "inbound.hello", "agent.first"), _sender),
    **dict.fromkeys(("open.ask", "inbound.ask", "who.are_you", "who.about", "household.ask", "relative.ack",
                     "other.ask", "relative.ask"), _who),
    **dict.fromkeys(("id.failed", "agent.call_us", "trouble.not_recorded"), _call_us),
    **dict.fromkeys(("crisis", "crisis.alone", "crisis.alone_bye"), _help),
    **dict.fromkeys(("meant.deceased", "meant.representative", "meant.wrong_person"), _who),
    "inbound.who": lambda b, s: {**_sender(b, s), **_call_us(b, s)},
    "inbound.closed": _hours_outside,
    "inbound.called": lambda b, s: {"date": b.called_on},
    "who.genuine": _genuine,
    "voicemail": _voicemail,
    "id.done": lambda b, s: {"address_form": Name(b.address_form)},
    **dict.fromkeys(("due.friendly", "due.firm", "which.ask"), _one),
    **dict.fromkeys(("due.several", "rest.ask"), _sum),
    "pay.read": _to_pay,
    "agreement.pay": lambda b, s: {"amount": due_now(b, s)},
    "final": _final,
    "pay.how": lambda b, s: {"channel": _channel(b)},
    "pay.sent": _quiet(r.PaymentDetailsGiven),
    "promise.ask": lambda b, s: {"date_1": b.promise_dates[0], "date_2": b.promise_dates[1]},
    **dict.fromkeys(("promise.check", "promise.done", "agreement.promise"), _promise),
    **dict.fromkeys(("plan.offer", "plan.done", "agreement.plan"), _plan),
    "promise.rest": _rest,
    "plan.next": _instalment,
    "move.no_day": lambda b, s: {**_move(b, s), "date": part.moves[-1] if (part := in_plan(b, s)) else None},
    **dict.fromkeys(("move.ask", "move.check", "move.done", "agreement.moved"), _move),
    "plan.check": lambda b, s: {"amount": s.monthly},
    **dict.fromkeys(("plan.review", "agreement.plan_request", "representative.done"), _PLAN_ANSWER),
    **dict.fromkeys(("complaint.done", "agreement.complaint", "agreement.dispute"), _ANSWER),
    "dispute.done": lambda b, s: {"date": b.answer_by, "department": Choice(f"department.{s.department}")},
    "dispute.told": lambda b, s: {"department": Choice(f"department.{s.department}")},
    **dict.fromkeys(("dispute.copy", "agreement.copy_requested"), _DAYS),
    "paid.done": _quiet(r.PaidClaimed),
    **dict.fromkeys(("hard.ack", "agreement.hardship"), _quiet(r.HardshipTold)),
    "person.when": lambda b, s: _two(for_person(b)),
    "later.ask": lambda b, s: _two(for_machine(b)),
    **dict.fromkeys(("later.done", "agreement.callback"), _CHOSEN),
    "agent.none": _PERSON,
    "agreement.person": _CHOSEN_PERSON,
    "sum.check": lambda b, s: {"agreement": Sentences(s.agreements)},
    "sum.done": _ask_us,
}  # fmt: skip

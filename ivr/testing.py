"""The standing cast of a conversation: Ada, who has not paid yet, and what our letter says."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from ivr.act import Say
from ivr.briefing import Briefing, DueInstalment, Factor, FinalNotice, Opening, OpenInvoice, PlanOffer
from ivr.heard import Answered, Heard, Keys
from ivr.state import fresh
from ivr.turn import Turn, take_turn
from ledger.money import Money

BRUSSELS = ZoneInfo("Europe/Brussels")
#: Tuesday.
TODAY = date(2026, 11, 24)

#: What proves that somebody is Ada: her postcode, and numbers of our letter.
POSTCODE = Factor(kind="postcode", answers=("9000",), group="address")
HOUSE_NUMBER = Factor(kind="house_number", answers=("12",), group="address")
CUSTOMER = Factor(kind="customer", answers=("4417",), group="letter")
INVOICE_NUMBER = Factor(kind="invoice", answers=("0318",), group="letter")
SECRET_CODE = Factor(kind="secret_code", answers=("735102",), group="letter")
BIRTH_DAY = Factor(kind="birth_day", answers=("0512",), group="birth")


def opening(day: date, start: int, end: int) -> Opening:
    """From hour to hour in Brussels."""
    return Opening(
        day=day,
        start=time(start),
        end=time(end),
        from_at=datetime.combine(day, time(start), BRUSSELS),
        until_at=datetime.combine(day, time(end), BRUSSELS),
    )


def plan(*cents: int) -> PlanOffer:
    """A plan of these instalments, each first of the month from January on."""
    dates = tuple(date(2027, 1 + n, 1) for n in range(len(cents)))
    return PlanOffer(instalments=tuple(Money(c) for c in cents), dates=dates)


#: How Ada is addressed, and what her first invoice is for, by language.
ADDRESS = {"nl": "mevrouw Peeters", "fr": "Madame Peeters", "de": "Frau Peeters", "en": "Ms Peeters"}
ABOUT = {"nl": "levering", "fr": "livraison", "de": "Lieferung", "en": "delivery"}

INVOICE = OpenInvoice(
    id=1,
    number="2026-0318",
    open=Money(8550),
    issued_on=date(2026, 9, 30),
    due_on=date(2026, 10, 30),
    about="levering",
    reference="+++090/9337/55493+++",
)
SECOND_INVOICE = replace(
    INVOICE, id=2, number="2026-0377", open=Money(4000), issued_on=date(2026, 10, 5), due_on=date(2026, 11, 4),
    about=None, reference=None,
)  # fmt: skip
FINAL = FinalNotice(letter_on=date(2026, 11, 3), costs=Money(2000), before=date(2026, 12, 4), next_party="Kantoor Maes")

#: The second of Ada's three instalments, four days late; moved, it can't be moved again.
INSTALMENT = DueInstalment(
    agreement_id=7, n=2, amount=Money(2850), due_on=date(2026, 11, 20), invoices=(1,),
    moves=(*(date(2026, 11, d) for d in (25, 26, 27, 30)), *(date(2026, 12, d) for d in (1, 2, 3, 4))),
)  # fmt: skip
MOVED = replace(INSTALMENT, moves=())


def a_briefing(**over: Any) -> Briefing:
    """Ada Peeters of Ghent, one invoice of 85.50 euro, called on a Tuesday in November."""
    ada = Briefing(
        call_id="00000000-0000-4000-8000-000000000001",
        direction="out",
        debtor_id=1,
        full_name="Ada Peeters",
        address_form="mevrouw Peeters",
        language="nl-BE",
        country="BE",
        listening="normal",
        sender="Lumo",
        creditor="Lumo Energie",
        sender_is_creditor=False,
        callback_number="+3292345678",
        contact_person="Hilde Claes",
        call_code="2814",
        e164="+32470123456",
        factors=(POSTCODE, CUSTOMER, INVOICE_NUMBER, SECRET_CODE),
        tries_left=3,
        zone="Europe/Brussels",
        today=TODAY,
        now=datetime(2026, 11, 24, 10, 30, tzinfo=BRUSSELS),
        stage=1,
        invoices=(INVOICE,),
        iban="BE68539007547034",
        promise_from=date(2026, 11, 25),
        promise_until=date(2026, 12, 24),
        closed_days=tuple(date(2026, m, d) for m, d in ((11, 28), (11, 29), (12, 5), (12, 6), (12, 12), (12, 13))),
        promise_dates=(date(2026, 11, 27), date(2026, 12, 4)),
        broken_promises=0,
        plans=(plan(4275, 4275), plan(2850, 2850, 2850), plan(1425, 1425, 1425, 1425, 1425, 1425)),
        openings=(opening(date(2026, 11, 25), 10, 12), opening(date(2026, 11, 26), 14, 16)),
        answer_by=date(2026, 12, 8),
        plan_answer_by=date(2026, 12, 1),
        confirm_by="sms",
        office_from=time(9),
        office_to=time(17),
    )
    return replace(ada, **over)


#: The keys by which Ada proves that it is she: yes, her postcode, her customer number.
PROVED = ("1", "1", "9000", "4417")


def after(briefing: Briefing, *heard: str | Heard) -> Turn:
    """The turn to which a call comes when this is heard, one thing after another; text is keys."""
    turn = take_turn(briefing, fresh(briefing), Answered())
    for one in heard:
        turn = take_turn(briefing, turn.state, Keys(one) if isinstance(one, str) else one)
    return turn


def proved(*heard: str | Heard, **over: Any) -> Turn:
    """The same after Ada has proved that it is she; `over` as in `a_briefing`."""
    return after(a_briefing(**over), *PROVED, *heard)


def said(turn: Turn) -> list[str]:
    """The keys of the prompts that are said in a turn."""
    return [act.spoken.key for act in turn.acts if isinstance(act, Say)]

"""What a conversation will need, gathered before the number is dialled: pure, from facts to a frozen `Briefing`.

`ivr` and `schedules` don't know each other; here the calendar, the rules and the books become what may be said.
"""

from __future__ import annotations

import calendar
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from dialer.due_instalment import due_instalment
from dialer.final_notice import LAST_STAGE, FirstLetter, final_notice
from ivr.briefing import Briefing, Factor, Opening, OpenInvoice, PlanOffer
from ledger.calendar import is_working_day, months_on, nth_working_day_after
from ledger.instalment import Coming
from ledger.money import Money, total
from ledger.own_figure import FIRST_DAYS
from ledger.region import Region
from schedules.openings import PromiseCalendar, promise_calendar
from schedules.rules import Rules

#: Working days within which we answer: a dispute or complaint, and a plan request (conversation.md section 4).
ANSWER_DAYS, PLAN_ANSWER_DAYS = 10, 5
#: Tries of identity per call and per person per day.
IDENTITY_TRIES = 3
#: The hours at which a call-back is offered, local; what lies inside the permitted time is kept.
CALLBACK_HOURS = ((time(10), time(12)), (time(14), time(16)), (time(17), time(18, 30)))
#: A call-back is not offered sooner than this.
CALLBACK_NOTICE = timedelta(hours=1)
#: How many moments are handed to the conversation.
MOST_OPENINGS = 6
#: Office hours of our people, as a voicemail says them.
OFFICE = (time(9), time(17))
#: Plans: first instalment so many days ahead, 2 to 6 parts, none below this.
PLAN_MOST, PLAN_LEAST = 6, Money(2000)


@dataclass(frozen=True, kw_only=True)
class Facts:
    """What the books say of one debtor at one creditor, on one call."""

    call_id: str
    direction: str
    debtor_id: int | None
    full_name: str
    address_form: str | None
    language: str
    region: Region
    zone: str
    listening: str
    sender: str
    creditor: str
    callback_number: str | None
    contact_person: str | None
    iban: str | None
    #: The creditor's own plan policy: `plan_most`, `plan_least_minor`.
    policy: dict[str, int]
    call_code: str | None
    secret_code: str | None
    customer_no: str
    postcode: str | None
    house_number: str | None
    birth_date: date | None
    e164: str | None
    invoices: tuple[OpenInvoice, ...]
    stage: int
    tries_today: int
    broken_promises: int
    has_mobile: bool
    email: str | None
    voicemail_allowed: bool
    #: The first letter about each of the invoices, in their order; and who gets them after the last reminder.
    letters: tuple[FirstLetter, ...] = ()
    hand_over_to: str | None = None
    #: The next instalment of the plan that stands with this creditor.
    coming: Coming | None = None
    #: When we called last, lately, for somebody who rings us.
    called_at: datetime | None = None


def promise_days(facts: Facts, now: datetime, rules: Rules) -> PromiseCalendar:
    """The days on which this debtor may promise to pay, from their own today."""
    return promise_calendar(facts.region, now.astimezone(ZoneInfo(facts.zone)).date(), rules=rules)


def slower(own: str, band: str) -> str:
    """How somebody listens: as they told us, or as people of their band do, whichever is slower."""
    return min(own, band, key=("slow", "slow_at_trouble", "normal").index)


def brief(
    facts: Facts,
    permitted: Sequence[tuple[datetime, datetime]],
    promise: PromiseCalendar,
    now: datetime,
    band_listening: str = "normal",
) -> Briefing:
    """The briefing. `permitted` are the stretches of the next two weeks in which a call-back may be made;
    `band_listening` is how people of this one's age and life listen (`schedules.band.Band.listening`)."""
    zone = ZoneInfo(facts.zone)
    today = now.astimezone(zone).date()
    return Briefing(
        call_id=facts.call_id,
        direction=facts.direction,
        debtor_id=facts.debtor_id,
        full_name=facts.full_name,
        address_form=facts.address_form or facts.full_name,
        language=spoken_language(facts.language, facts.region.country),
        country=facts.region.country,
        zone=facts.zone,
        listening=slower(facts.listening, band_listening),
        sender=facts.sender,
        creditor=facts.creditor,
        sender_is_creditor=facts.sender == facts.creditor,
        callback_number=facts.callback_number,
        contact_person=facts.contact_person,
        call_code=facts.call_code,
        e164=facts.e164,
        factors=factors(facts),
        tries_left=max(0, IDENTITY_TRIES - facts.tries_today),
        today=today,
        now=now,
        stage=facts.stage,
        invoices=facts.invoices,
        iban=facts.iban,
        promise_from=promise.first,
        promise_until=promise.last,
        closed_days=promise.closed,
        promise_dates=promise_dates(today, promise.last, facts.region),
        broken_promises=facts.broken_promises,
        plans=plans(facts.invoices, facts.policy, today),
        openings=openings(permitted, now, zone),
        answer_by=nth_working_day_after(today, ANSWER_DAYS, facts.region),
        plan_answer_by=nth_working_day_after(today, PLAN_ANSWER_DAYS, facts.region),
        confirm_by="sms" if facts.has_mobile else "email" if facts.email else "post",
        office_from=OFFICE[0],
        office_to=OFFICE[1],
        voicemail_allowed=facts.voicemail_allowed,
        statements=True,
        instalment=due_instalment(facts.coming, today, facts.region),
        called_on=facts.called_at.astimezone(zone).date() if facts.called_at else None,
        final=final_notice(facts.stage, facts.hand_over_to, facts.letters, today, facts.region),
    )


def names_of(facts: Facts) -> tuple[str, ...]:
    """Every name that this call may speak: each is rendered once, before the number is dialled."""
    of_call = (facts.full_name, facts.address_form, facts.sender, facts.creditor, facts.contact_person)
    about = (invoice.about for invoice in facts.invoices)
    next_party = facts.hand_over_to if facts.stage >= LAST_STAGE else None
    return tuple(dict.fromkeys(name for name in (*of_call, *about, next_party) if name))


def spoken_language(language: str, country: str) -> str:
    """nl and fr as they are spoken in the country: Belgium has its own words and numbers."""
    if language in {"nl", "fr"}:
        home = "NL" if language == "nl" else "FR"
        return f"{language}-{'BE' if country == 'BE' else home}"
    return language


def factors(facts: Facts) -> tuple[Factor, ...]:
    """What proves identity, in the order in which it is asked: never two of the address.

    Birth day and month only as a third choice, beside a number from our letter. A number with fewer than four digits
    proves too little and is left out; so is whatever equals our own call code, which everybody on the line hears.
    """
    found: list[Factor] = []
    postcode = facts.postcode or ""
    if _digits(postcode) and all(c.isdigit() or c in " -" for c in postcode):
        found.append(Factor(kind="postcode", answers=(_digits(postcode),), group="address"))
    elif house := re.search("[0-9]+", facts.house_number or ""):
        # the number itself, without letter, box or addition: 12 of "12 bus 3"
        found.append(Factor(kind="house_number", answers=(house[0],), group="address"))
    if len(customer := _digits(facts.customer_no)) >= 4:
        found.append(Factor(kind="customer", answers=(customer[-4:],), group="letter"))
    numbers = tuple(dict.fromkeys(d[-4:] for i in facts.invoices if len(d := _digits(i.number)) >= 4))
    if numbers:
        found.append(Factor(kind="invoice", answers=numbers, group="letter"))
    if secret := _digits(facts.secret_code or ""):
        found.append(Factor(kind="secret_code", answers=(secret,), group="letter"))
    if facts.birth_date is not None:
        found.append(Factor(kind="birth_day", answers=(facts.birth_date.strftime("%d%m"),), group="birth"))
    return tuple(one for factor in found if (one := _unheard(factor, _digits(facts.call_code or ""))) is not None)


def _unheard(factor: Factor, call_code: str) -> Factor | None:
    """The factor without our call code among its answers; None where nothing is left."""
    answers = tuple(answer for answer in factor.answers if answer != call_code)
    return replace(factor, answers=answers) if answers else None


def _digits(text: str) -> str:
    return "".join(c for c in text if c.isascii() and c.isdigit())


def promise_dates(today: date, last: date, region: Region) -> tuple[date, date]:
    """Two days to offer: a working day in a week, and the last working day of the month, or one two weeks ahead."""
    first = _working(today + timedelta(days=7), region)
    month_end = date(today.year, today.month, calendar.monthrange(today.year, today.month)[1])
    while not is_working_day(month_end, region):
        month_end -= timedelta(days=1)
    soon = month_end <= first or month_end > last
    return first, _working(today + timedelta(days=14), region) if soon else month_end


def _working(day: date, region: Region) -> date:
    while not is_working_day(day, region):
        day += timedelta(days=1)
    return day


def plans(invoices: Sequence[OpenInvoice], policy: dict[str, int], today: date) -> tuple[PlanOffer, ...]:
    """The policy's plans, by falling monthly amount; the parts' sum is exactly what is open."""
    amount = total([i.open for i in invoices])
    least = Money(policy.get("plan_least_minor", PLAN_LEAST.minor), amount.currency)
    most = policy.get("plan_most", PLAN_MOST)
    days = tuple(months_on(today + timedelta(days=FIRST_DAYS), n) for n in range(most))
    offers = []
    for parts in range(2, most + 1):
        split = amount.split(parts) if amount.minor > 0 else ()
        if not split or split[-1] < least:
            break
        offers.append(PlanOffer(instalments=split, dates=days[:parts]))
    return tuple(offers)


def openings(permitted: Sequence[tuple[datetime, datetime]], now: datetime, zone: ZoneInfo) -> tuple[Opening, ...]:
    """Moments to offer for a call-back: the usual stretches of a day, where they lie inside the permitted time."""
    found: list[Opening] = []
    first = now.astimezone(zone).date()
    for day in (first + timedelta(days=n) for n in range(15)):
        for start, end in CALLBACK_HOURS:
            from_at = datetime.combine(day, start, zone)
            until_at = datetime.combine(day, end, zone)
            inside = any(a <= from_at and until_at <= b for a, b in permitted)
            if inside and from_at >= now + CALLBACK_NOTICE:
                found.append(Opening(day=day, start=start, end=end, from_at=from_at, until_at=until_at))
            if len(found) == MOST_OPENINGS:
                return tuple(found)
    return tuple(found)


def whole_openings(
    permitted: Sequence[tuple[datetime, datetime]], now: datetime, zone: ZoneInfo
) -> tuple[Opening, ...]:
    """The permitted time itself, each stretch a day of the person's own: for whoever agreed on an hour with them."""
    found = ((max(begun, now + CALLBACK_NOTICE).astimezone(zone), until.astimezone(zone)) for begun, until in permitted)
    return tuple(
        Opening(day=begun.date(), start=begun.time(), end=until.time(), from_at=begun, until_at=until)
        for begun, until in found
        if begun < until
    )

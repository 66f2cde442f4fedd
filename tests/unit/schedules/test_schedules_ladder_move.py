"""One debtor's move: laws that hold for everybody, whatever the day, the age and the history."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, timedelta
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from ledger.contact import Channel
from ledger.money import Money
from schedules.campaign import CampaignRules
from schedules.cost_file import shipped_cost_rules
from schedules.courtesy import courtesy_opening
from schedules.ladder_file import shipped_ladder
from schedules.ladder_move import move
from schedules.ladder_value import Bill, LadderBooks, Move, OnLadder
from schedules.law_file import shipped_rules
from schedules.permission import may_contact
from schedules.rules import Rules
from schedules.standing import Phone
from schedules.testing import ZONES, a_contact, a_hold, a_standing, an_agreement, an_invoice, local
from schedules.verdict import Allowed

BOOKS = LadderBooks(rules=shipped_rules(), costs=shipped_cost_rules(), ladder=shipped_ladder())
NOW = local("2026-11-24 10:30")
TODAY = date(2026, 11, 24)


def on_ladder(days: int, *, tone: str | None = None, essential: bool = False, **over: Any) -> OnLadder:
    """Somebody whose invoice is so many days late, and whose letter named costs long ago."""
    country = over.pop("country", "BE")
    invoice = an_invoice(
        due_on=TODAY - timedelta(days=days),
        issued_on=TODAY - timedelta(days=days + 30),
        first_letter_sent_on=TODAY - timedelta(days=25),
        first_letter_by="post",
        costs_in_letter=Money(2000),
    )
    invoice = replace(invoice, **over.pop("invoice", {}))
    standing = a_standing(country, invoices=(invoice,), email="ada@example.org", **over)
    bill = Bill(invoice=invoice, account_id=1, ladder=BOOKS.ladder.ladder, essential=essential)
    return OnLadder(standing=standing, tone=tone, bills=(bill,))


def moved(one: OnLadder) -> Move | None:
    return move(one, NOW, BOOKS, CampaignRules())


AGES = st.integers(18, 105)
DAYS = st.integers(-5, 120)
COUNTRIES = st.sampled_from(["BE", "NL", "FR", "DE"])


@given(AGES, AGES, DAYS, COUNTRIES)
def test_age_never_changes_the_stage_the_tone_or_what_is_asked(one: int, other: int, days: int, country: str) -> None:
    found = []
    for age in (one, other):
        made = moved(on_ladder(days, country=country, birth_date=date(TODAY.year - age, 6, 1)))
        assert (made is None) is (days < -3 or 0 < days < 5)
        if made is not None:
            told = made.message and (made.message.tone if made.message.step.n != 1 else "friendly")
            found.append((made.stage, [charge.costs.amount for charge in made.charges], days >= 30 and told))
    assert len(set(map(str, found))) <= 1


@given(DAYS, COUNTRIES, st.booleans())
def test_a_friendly_person_never_gets_a_firm_text(days: int, country: str, student: bool) -> None:
    made = moved(on_ladder(days, country=country, tone="friendly", student=student))
    assert made is None or made.message is None or made.message.tone != "firm"


@given(DAYS, COUNTRIES, st.none() | st.integers(0, 2))
def test_a_creditor_writes_no_firm_text_before_the_letter_and_its_term(
    days: int, country: str, ago: int | None
) -> None:
    sent = None if ago is None else TODAY + timedelta(days=ago)
    one = on_ladder(days, country=country, student=True, invoice={"first_letter_sent_on": sent})
    made = moved(one)
    assert made is None or made.message is None or made.message.tone != "firm"


def test_the_letter_of_somebody_who_is_called_says_that_it_goes_beside_the_call() -> None:
    made = moved(on_ladder(40, birth_date=date(1950, 1, 1)))
    assert made is not None
    assert made.message is not None
    assert (made.message.channel, made.message.why) == (Channel.POST, "last reminder: a letter beside the call")


@given(DAYS, COUNTRIES)
def test_an_essential_service_never_goes_beyond_the_second_reminder(days: int, country: str) -> None:
    made = moved(on_ladder(days, country=country, essential=True))
    if made is not None:
        assert made.stage <= 2
        assert made.charges == ()
        assert made.message is None or made.message.step.n <= 2
        assert [task.kind for task in made.tasks] == (["essential"] if days >= 30 else [])


HOLDS = st.sampled_from(["deceased", "mediation", "hardship", "dispute", "complaint", "manual", "paid"])
AGREEMENTS = st.sampled_from(["promise", "plan", "plan_request", "dispute", "hardship", "already_paid", "person"])


@given(DAYS, HOLDS)
def test_nobody_on_hold_is_moved(days: int, kind: str) -> None:
    assert moved(on_ladder(days, holds=(a_hold(kind),))) is None


@given(DAYS, AGREEMENTS)
def test_nobody_in_an_agreement_is_moved(days: int, kind: str) -> None:
    made = an_agreement(kind, NOW - timedelta(days=1), due_on=TODAY + timedelta(days=2))
    assert moved(on_ladder(days, agreements=(made,))) is None


@given(DAYS, st.integers(0, 17))
def test_nobody_under_eighteen_is_moved_one_of_us_writes(days: int, age: int) -> None:
    one = on_ladder(days, birth_date=date(TODAY.year - age, TODAY.month, TODAY.day))
    made = moved(one)
    if days <= 0:
        assert made is None
    else:
        assert made is not None
        assert (made.stage, made.message, made.charges) == (None, None, ())
        assert [task.kind for task in made.tasks] == ["minor"]
        assert moved(replace(one, tasks=frozenset({("minor", 1)}))) is None


@given(st.integers(5, 120), COUNTRIES, st.integers(0, 23), st.booleans())
def test_a_reminder_leaves_only_when_permission_allows_it(days: int, country: str, hour: int, business: bool) -> None:
    one = on_ladder(days, country=country, kind="business" if business else "person")
    made = move(one, NOW.replace(hour=hour), BOOKS, CampaignRules())
    assert made is not None
    message = made.message
    if message is not None and message.channel is not Channel.POST:
        verdict = may_contact(one.standing, message.channel, message.due_at, rules=BOOKS.rules)
        assert isinstance(verdict, Allowed)


@given(st.integers(-3, 0), COUNTRIES, st.integers(0, 23))
def test_a_courtesy_notice_keeps_the_same_hours_although_nothing_is_due(days: int, country: str, hour: int) -> None:
    now = local(f"2026-11-24 {hour:02}:15", ZONES[country])
    one = on_ladder(days, country=country)
    made = move(one, now, BOOKS, CampaignRules())
    assert made is not None and made.message is not None
    assert made.message.step.name == "courtesy"
    late = replace(one.standing, invoices=(an_invoice(due_on=date(2026, 9, 1)),))
    assert isinstance(may_contact(late, made.message.channel, made.message.due_at, rules=BOOKS.rules), Allowed)


def test_a_courtesy_notice_waits_for_the_day_after_another_contact(rules: Rules) -> None:
    called = a_standing(contacts=(a_contact(NOW),))
    opening = courtesy_opening(called, Channel.SMS, NOW, timedelta(days=2), rules=rules)
    assert opening == local("2026-11-25 09:00")
    held = a_standing(holds=(a_hold("manual"),))
    assert courtesy_opening(held, Channel.SMS, NOW, timedelta(days=2), rules=rules) is None
    friday = local("2026-11-27 20:00")
    assert courtesy_opening(a_standing("FR"), Channel.SMS, friday, timedelta(days=2), rules=rules) is None


def test_who_is_known_by_a_fixed_number_alone_gets_a_letter_for_the_last_reminder() -> None:
    made = moved(replace(on_ladder(31), standing=on_ladder(31, phones=(Phone(e164="+3225550123"),)).standing))
    assert made is not None and made.message is not None
    assert (made.message.channel, made.message.to, made.message.due_at) == (Channel.POST, None, NOW.astimezone(UTC))

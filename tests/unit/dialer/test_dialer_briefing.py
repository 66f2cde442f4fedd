"""The briefing: facts of the books become what may be asked, offered and promised on one call."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dialer.briefing import (
    CALLBACK_NOTICE,
    MOST_OPENINGS,
    Facts,
    brief,
    factors,
    names_of,
    openings,
    plans,
    promise_dates,
    promise_days,
    spoken_language,
    whole_openings,
)
from ivr.briefing import OpenInvoice
from ivr.identity import pairs
from ledger.calendar import is_working_day, months_on
from ledger.money import Money, total
from ledger.region import Region, region_of
from schedules.law_file import shipped_rules

BRUSSELS = ZoneInfo("Europe/Brussels")
#: Tuesday.
NOW = datetime(2026, 11, 24, 10, 30, tzinfo=BRUSSELS)
TODAY = NOW.date()
BELGIUM = Region("BE")

INVOICE = OpenInvoice(
    id=1, number="2026-0318", open=Money(8550), issued_on=date(2026, 9, 30), due_on=date(2026, 10, 30),
    about="levering", reference=None,
)  # fmt: skip
FACTS = Facts(
    call_id="c", direction="out", debtor_id=1, full_name="Els Janssens", address_form=None, language="nl",
    region=BELGIUM, zone="Europe/Brussels", listening="normal", sender="Lumo", creditor="Lumo Energie",
    callback_number="+3225550100", contact_person="An Claes", iban="BE71096123456769", policy={},
    call_code="4821", secret_code="730951", customer_no="77-004417", postcode="9000", house_number="12 bus 3",
    birth_date=date(1974, 3, 2), e164="+32470123456", invoices=(INVOICE,), stage=1, tries_today=0,
    broken_promises=0, has_mobile=True, email=None, voicemail_allowed=True,
)  # fmt: skip

DIGITS = st.text(alphabet="0123456789", max_size=8)
WRITTEN = st.text(alphabet="0123456789 -/AbcBUS.", max_size=12)


def some(**over: Any) -> Facts:
    return replace(FACTS, **over)


def kinds(facts: Facts) -> list[str]:
    return [factor.kind for factor in factors(facts)]


# -- proof of identity -----------------------------------------------------------------------------------------------


def test_the_factors_in_the_order_in_which_they_are_asked() -> None:
    asked = [(factor.kind, factor.answers, factor.group) for factor in factors(FACTS)]
    assert asked == [
        ("postcode", ("9000",), "address"),
        ("customer", ("4417",), "letter"),
        ("invoice", ("0318",), "letter"),
        ("secret_code", ("730951",), "letter"),
        ("birth_day", ("0203",), "birth"),
    ]


@pytest.mark.parametrize(
    ("postcode", "house", "kind", "answer"),
    [
        ("9000", "12", "postcode", "9000"),
        ("75001", None, "postcode", "75001"),
        ("10115", "1", "postcode", "10115"),
        ("2000 ", "5", "postcode", "2000"),
        ("1012 AB", "12", "house_number", "12"),
        ("1012AB", "12A", "house_number", "12"),
        ("1012 AB", "12 bis 3", "house_number", "12"),
        ("1012 AB", "12-14", "house_number", "12"),
        ("1012 AB", "12345", "house_number", "12345"),
        (None, "7", "house_number", "7"),
        ("SW1A 2AA", "10", "house_number", "10"),
        ("B-9000", "4", "house_number", "4"),
    ],
)
def test_of_the_address_one_thing_is_asked_the_house_where_the_postcode_has_letters(
    postcode: str | None, house: str | None, kind: str, answer: str
) -> None:
    address = [factor for factor in factors(some(postcode=postcode, house_number=house)) if factor.group == "address"]
    assert [(factor.kind, factor.answers) for factor in address] == [(kind, (answer,))]


@pytest.mark.parametrize(("postcode", "house"), [("1012 AB", None), (None, None), ("", "bus"), ("1012 AB", "kade")])
def test_an_address_without_a_number_gives_no_factor(postcode: str | None, house: str | None) -> None:
    assert "address" not in {factor.group for factor in factors(some(postcode=postcode, house_number=house))}


@pytest.mark.parametrize(
    ("customer", "answers"), [("K-12", ()), ("123", ()), ("1234", ("1234",)), ("A1B2C3D4", ("1234",)), ("x", ())]
)
def test_a_customer_number_with_fewer_than_four_digits_proves_too_little(
    customer: str, answers: tuple[str, ...]
) -> None:
    found = [factor.answers for factor in factors(some(customer_no=customer)) if factor.kind == "customer"]
    assert found == ([answers] if answers else [])


def test_any_open_invoice_of_the_letter_will_do_and_each_is_told_once() -> None:
    three = tuple(replace(INVOICE, id=n, number=text) for n, text in enumerate(("2026-0318", "9-0318", "2026-0377")))
    invoice = next(factor for factor in factors(some(invoices=three)) if factor.kind == "invoice")
    assert invoice.answers == ("0318", "0377")


@pytest.mark.parametrize(
    "over",
    [
        {"secret_code": "4821"},
        {"customer_no": "77-4821"},
        {"invoices": (replace(INVOICE, number="2026-4821"),)},
        {"postcode": "4821"},
        {"postcode": "1012 AB", "house_number": "4821"},
        {"birth_date": date(1974, 8, 2), "call_code": "0208"},
    ],
)
def test_the_code_that_we_say_ourselves_never_proves_anything(over: dict[str, Any]) -> None:
    """Whoever listens on our line hears it."""
    facts = some(**over)
    assert facts.call_code not in {answer for factor in factors(facts) for answer in factor.answers}


@settings(deadline=None, max_examples=60)
@given(
    postcode=st.none() | WRITTEN, house=st.none() | WRITTEN, customer=WRITTEN, invoices=st.lists(WRITTEN, max_size=3),
    secret=st.none() | DIGITS, call=st.none() | DIGITS, born=st.none() | st.dates(date(1920, 1, 1), date(2008, 1, 1)),
)  # fmt: skip
def test_laws_of_the_factors(
    postcode: str | None,
    house: str | None,
    customer: str,
    invoices: list[str],
    secret: str | None,
    call: str | None,
    born: date | None,
) -> None:
    facts = some(
        postcode=postcode, house_number=house, customer_no=customer, secret_code=secret, call_code=call,
        birth_date=born, invoices=tuple(replace(INVOICE, number=number) for number in invoices),
    )  # fmt: skip
    found = factors(facts)
    assert sum(factor.group == "address" for factor in found) <= 1
    assert all(factor is found[-1] for factor in found if factor.group == "birth"), "a birthday is the last choice"
    for factor in found:
        assert factor.answers
        assert all(answer.isascii() and answer.isdecimal() for answer in factor.answers)
        assert {len(answer) for answer in factor.answers} == {factor.digits}
        assert not call or call not in factor.answers
    proofs = {(one.kind, two.kind) for one in found for two in found if pairs(one, two)}
    assert ("postcode", "house_number") not in proofs
    assert ("postcode", "birth_day") not in proofs
    assert ("house_number", "birth_day") not in proofs


# -- plans -----------------------------------------------------------------------------------------------------------


def test_plans_are_of_two_to_six_parts_by_falling_amount() -> None:
    offers = plans((replace(INVOICE, open=Money(600_01)),), {}, TODAY)
    assert [len(offer.instalments) for offer in offers] == [2, 3, 4, 5, 6]
    assert [part.minor for part in offers[1].instalments] == [200_01, 200_00, 200_00]
    assert offers[0].dates == (date(2026, 12, 8), date(2027, 1, 8))


def test_the_policy_of_the_creditor_decides() -> None:
    bill = (replace(INVOICE, open=Money(100_00)),)
    assert [len(offer.dates) for offer in plans(bill, {"plan_most": 3}, TODAY)] == [2, 3]
    assert [len(offer.dates) for offer in plans(bill, {"plan_least_minor": 40_00}, TODAY)] == [2]
    assert plans(bill, {"plan_most": 1}, TODAY) == ()
    assert plans((replace(INVOICE, open=Money(39_99)),), {}, TODAY) == (), "no part is below twenty euro"
    assert plans((), {}, TODAY) == ()


@settings(deadline=None)
@given(
    minors=st.lists(st.integers(1, 5_000_000), min_size=1, max_size=4),
    today=st.dates(date(2024, 1, 1), date(2035, 12, 31)),
    most=st.integers(2, 12),
    least=st.integers(1, 50_000),
)
def test_a_plan_is_exact_to_the_cent_and_its_days_rise(minors: list[int], today: date, most: int, least: int) -> None:
    bills = tuple(replace(INVOICE, id=n, open=Money(minor)) for n, minor in enumerate(minors))
    for offer in plans(bills, {"plan_most": most, "plan_least_minor": least}, today):
        assert total(offer.instalments) == Money(sum(minors))
        assert len(offer.instalments) == len(offer.dates) <= most
        assert min(offer.instalments) >= Money(least)
        assert max(offer.instalments).minor - min(offer.instalments).minor <= 1
        assert offer.dates[0] == today + timedelta(days=14)
        assert list(offer.dates) == sorted(set(offer.dates))


@pytest.mark.parametrize(
    ("day", "months", "then"),
    [
        (date(2026, 1, 31), 1, date(2026, 2, 28)),
        (date(2028, 1, 31), 1, date(2028, 2, 29)),
        (date(2026, 1, 31), 2, date(2026, 3, 31)),
        (date(2026, 8, 31), 1, date(2026, 9, 30)),
        (date(2026, 11, 30), 3, date(2027, 2, 28)),
        (date(2026, 12, 15), 1, date(2027, 1, 15)),
        (date(2026, 12, 31), 12, date(2027, 12, 31)),
        (date(2026, 5, 5), 0, date(2026, 5, 5)),
    ],
)
def test_a_month_later_is_the_same_day_or_the_months_last(day: date, months: int, then: date) -> None:
    assert months_on(day, months) == then


# -- promises --------------------------------------------------------------------------------------------------------

REGIONS = [
    BELGIUM,
    Region("NL"),
    Region("FR"),
    Region("FR", ("57",)),
    Region("FR", ("974",)),
    *(region for code in ("BY", "BE", "SN") if (region := region_of("DE", code)) is not None),
    *(region for region in (region_of("DE"),) if region is not None),
]


@settings(deadline=None)
@given(region=st.sampled_from(REGIONS), today=st.dates(date(2026, 1, 1), date(2027, 11, 30)))
def test_the_two_days_on_offer_are_working_days_that_may_be_promised(region: Region, today: date) -> None:
    now = datetime.combine(today, time(12), BRUSSELS)
    promise = promise_days(some(region=region), now, shipped_rules())
    first, second = promise_dates(today, promise.last, region)
    assert first < second
    for day in (first, second):
        assert is_working_day(day, region)
        assert promise.first <= day <= promise.last
        assert day not in promise.closed


def test_the_days_of_a_promise_begin_tomorrow_in_the_debtors_own_zone() -> None:
    late = datetime(2026, 11, 24, 23, 30, tzinfo=ZoneInfo("UTC"))
    assert promise_days(FACTS, late, shipped_rules()).first == date(2026, 11, 26)
    assert promise_days(some(zone="America/New_York"), late, shipped_rules()).first == date(2026, 11, 25)


def test_a_week_from_now_and_the_end_of_the_month_are_offered() -> None:
    assert promise_dates(date(2026, 11, 10), date(2026, 12, 10), BELGIUM) == (date(2026, 11, 17), date(2026, 11, 30))
    # 31 October 2026 is a Saturday; the 30th is the last day on which banks work.
    assert promise_dates(date(2026, 10, 5), date(2026, 11, 4), BELGIUM) == (date(2026, 10, 12), date(2026, 10, 30))
    # The month is nearly over, or its end is too far: two weeks ahead.
    assert promise_dates(date(2026, 11, 24), date(2026, 12, 24), BELGIUM) == (date(2026, 12, 1), date(2026, 12, 8))
    assert promise_dates(date(2026, 12, 1), date(2026, 12, 20), BELGIUM)[1] == date(2026, 12, 15)


# -- call-backs ------------------------------------------------------------------------------------------------------


def days_open(now: datetime, first: time, last: time) -> list[tuple[datetime, datetime]]:
    """Open every day of two weeks from hour to hour."""
    zone = now.tzinfo
    days = [now.date() + timedelta(days=n) for n in range(16)]
    return [(datetime.combine(day, first, zone), datetime.combine(day, last, zone)) for day in days]


def test_the_usual_hours_are_offered_an_hour_ahead_at_least() -> None:
    permitted = days_open(NOW, time(8), time(20))
    found = [(one.day, one.start) for one in openings(permitted, NOW, BRUSSELS)]
    assert found[:3] == [(TODAY, time(14)), (TODAY, time(17)), (TODAY + timedelta(days=1), time(10))]
    assert len(found) == MOST_OPENINGS
    late = NOW.replace(hour=13, minute=0)
    assert openings(permitted, late, BRUSSELS)[0].start == time(14)
    assert openings(permitted, late + timedelta(seconds=1), BRUSSELS)[0].start == time(17)


def test_an_offer_lies_wholly_inside_the_permitted_time() -> None:
    found = openings(days_open(NOW, time(10), time(16)), NOW, BRUSSELS)
    assert {one.start for one in found} == {time(10), time(14)}
    assert openings(days_open(NOW, time(10, 1), time(11)), NOW, BRUSSELS) == ()
    assert openings((), NOW, BRUSSELS) == ()


@pytest.mark.parametrize("day", [date(2026, 3, 29), date(2026, 10, 25), date(2027, 3, 28)])
def test_on_a_day_on_which_the_clock_is_changed_the_hours_are_the_debtors_own(day: date) -> None:
    now = datetime.combine(day - timedelta(days=1), time(20), BRUSSELS)
    found = [one for one in openings(days_open(now, time(8), time(20)), now, BRUSSELS) if one.day == day]
    assert [(one.start, one.end) for one in found] == [
        (time(10), time(12)),
        (time(14), time(16)),
        (time(17), time(18, 30)),
    ]
    for one in found:
        assert (one.from_at.astimezone(BRUSSELS).time(), one.until_at.astimezone(BRUSSELS).time()) == (
            one.start,
            one.end,
        )
        assert one.until_at.astimezone(ZoneInfo("UTC")) - one.from_at.astimezone(ZoneInfo("UTC")) in (
            timedelta(hours=2),
            timedelta(hours=1.5),
        )


@settings(deadline=None)
@given(
    now=st.integers(0, 700 * 24 * 60).map(
        lambda minutes: datetime(2026, 1, 1, tzinfo=BRUSSELS) + timedelta(minutes=minutes)
    ),
    zone=st.sampled_from(["Europe/Brussels", "Indian/Reunion", "America/New_York", "Australia/Lord_Howe"]),
    first=st.integers(7, 12),
    hours=st.integers(1, 12),
)
def test_laws_of_the_offers(now: datetime, zone: str, first: int, hours: int) -> None:
    own = ZoneInfo(zone)
    permitted = days_open(now.astimezone(own), time(first), time(first + hours - 1, 59))
    found = openings(permitted, now, own)
    assert len(found) <= MOST_OPENINGS
    assert [one.from_at for one in found] == sorted({one.from_at for one in found})
    for one in found:
        assert one.from_at >= now + CALLBACK_NOTICE
        assert any(start <= one.from_at and one.until_at <= end for start, end in permitted)
        assert one.from_at.astimezone(own).date() == one.day


# -- who, and in which words -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("language", "country", "spoken"),
    [
        ("nl", "BE", "nl-BE"), ("nl", "NL", "nl-NL"), ("nl", "DE", "nl-NL"), ("fr", "BE", "fr-BE"),
        ("fr", "FR", "fr-FR"), ("fr", "NL", "fr-FR"), ("de", "BE", "de"), ("en", "BE", "en"),
    ],
)  # fmt: skip
def test_dutch_and_french_are_spoken_as_in_the_country(language: str, country: str, spoken: str) -> None:
    assert spoken_language(language, country) == spoken


def test_every_name_that_may_be_spoken_is_told_once() -> None:
    bills = (INVOICE, replace(INVOICE, id=2), replace(INVOICE, id=3, about="water"), replace(INVOICE, id=4, about=None))
    named = some(address_form="mevrouw Janssens", invoices=bills)
    assert names_of(named) == (
        "Els Janssens", "mevrouw Janssens", "Lumo", "Lumo Energie", "An Claes", "levering", "water",
    )  # fmt: skip
    alone = some(contact_person=None, creditor="Lumo", invoices=())
    assert names_of(alone) == ("Els Janssens", "Lumo")


def test_a_briefing_holds_what_the_facts_and_the_rules_say() -> None:
    made = brief(FACTS, days_open(NOW, time(8), time(20)), promise_days(FACTS, NOW, shipped_rules()), NOW)
    assert (made.language, made.country, made.address_form, made.today) == ("nl-BE", "BE", "Els Janssens", TODAY)
    assert (made.sender_is_creditor, made.call_code, made.tries_left) == (False, "4821", 3)
    # Ten and five working days: Christmas is far, weekends don't count.
    assert (made.answer_by, made.plan_answer_by) == (date(2026, 12, 8), date(2026, 12, 1))
    assert len(made.openings) == MOST_OPENINGS
    assert "730951" not in repr(replace(made, factors=()))


def test_whoever_agreed_on_an_hour_has_the_whole_permitted_time_but_not_at_once() -> None:
    permitted = days_open(NOW, time(8), time(20))
    today, tomorrow, *_ = whole_openings(permitted, NOW, BRUSSELS)
    assert (today.day, today.start, today.end) == (TODAY, time(11, 30), time(20))
    assert (tomorrow.day, tomorrow.start, tomorrow.end) == (TODAY + timedelta(days=1), time(8), time(20))
    assert tomorrow.from_at == datetime.combine(tomorrow.day, time(8), BRUSSELS)
    over = NOW.replace(hour=19, minute=30)
    assert whole_openings(permitted, over, BRUSSELS)[0].day == TODAY + timedelta(days=1)


@pytest.mark.parametrize(("tries", "left"), [(0, 3), (1, 2), (3, 0), (7, 0)])
def test_three_tries_of_identity_a_day_are_left_over_all_calls(tries: int, left: int) -> None:
    made = brief(some(tries_today=tries), (), promise_days(FACTS, NOW, shipped_rules()), NOW)
    assert made.tries_left == left


@pytest.mark.parametrize(
    ("mobile", "email", "by"), [(True, "e@x.be", "sms"), (False, "e@x.be", "email"), (False, None, "post")]
)
def test_what_was_agreed_is_confirmed_where_it_can_be(mobile: bool, email: str | None, by: str) -> None:
    made = brief(some(has_mobile=mobile, email=email), (), promise_days(FACTS, NOW, shipped_rules()), NOW)
    assert made.confirm_by == by


@pytest.mark.parametrize(
    ("own", "band", "listening"),
    [
        ("normal", "normal", "normal"),
        ("normal", "slow", "slow"),
        ("normal", "slow_at_trouble", "slow_at_trouble"),
        ("slow", "normal", "slow"),
        ("slow", "slow_at_trouble", "slow"),
    ],
)
def test_who_listens_slowly_by_age_or_by_their_own_word_hears_us_slowly(own: str, band: str, listening: str) -> None:
    facts = some(listening=own)
    assert brief(facts, (), promise_days(facts, NOW, shipped_rules()), NOW, band).listening == listening

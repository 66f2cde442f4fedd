"""What one of our people agreed becomes the very record of the dialogue, in its limits; or one line says why not."""

from __future__ import annotations

from dataclasses import fields, replace
from datetime import date, datetime, time, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ivr import record as r
from ivr.briefing import Briefing, Opening
from ivr.errors import BadNote
from ivr.notes.note import KINDS, STOPS, Note, Person, author, token
from ivr.notes.noting import noted
from ivr.notes.reach import WINDOW
from ivr.offer import LAST_DAY
from ivr.promise import fit
from ivr.testing import BRUSSELS, INSTALMENT, INVOICE, SECOND_INVOICE, TODAY, a_briefing, opening, plan, proved
from ledger.money import Money, total

MOBILE, FIXED = "+32470123456", "+3292345678"
#: Wednesday and Saturday, as the law leaves them.
WEDNESDAY = opening(date(2026, 11, 25), 8, 20)
SATURDAY = opening(date(2026, 11, 28), 8, 20)
BOTH = a_briefing(invoices=(INVOICE, SECOND_INVOICE))
BARE = a_briefing(invoices=())
ELSEWHERE = replace(INVOICE, id=9, number="7001", open=Money(3000))
COLLECTOR = a_briefing(creditor="Jardin Vert", invoices=(ELSEWHERE,))
FRANCS = a_briefing(invoices=(replace(ELSEWHERE, open=Money(3000, "CHF")),))


def person(*briefings: Briefing, numbers: tuple[str, ...] = (MOBILE,)) -> Person:
    return Person(
        briefings=briefings or (a_briefing(),), bare=BARE, openings=dict.fromkeys(numbers, (WEDNESDAY, SATURDAY))
    )


def record(what: str, whom: Person | None = None, **told: Any) -> r.Record:
    (one,) = noted(Note(what=what, **told), whom or person())
    return one.record


def refused(what: str, whom: Person | None = None, **told: Any) -> str:
    with pytest.raises(BadNote) as why:
        noted(Note(what=what, **told), whom or person())
    assert "\n" not in str(why.value)
    return str(why.value)


# -- promises ------------------------------------------------------------------------------------------------------


def test_a_promise_is_the_record_that_the_dialogue_makes_of_the_same_day() -> None:
    by_keys = proved("2", "1", "3", "0412", "1").records[-1]
    assert record("promise", on="2026-12-04") == by_keys
    assert by_keys == r.PromiseMade(amount=Money(8550), on=date(2026, 12, 4), invoices=(1,))


@pytest.mark.parametrize("written", ["20", "20.00", "20,00", "€ 20,00", "20 EUR", "EUR 20.00"])
def test_a_part_may_be_promised_in_any_usual_spelling(written: str) -> None:
    made = record("promise", on="04/12/2026", amount=written)
    assert made == r.PromiseMade(amount=Money(2000), on=date(2026, 12, 4), invoices=(1,))


def test_a_promise_is_about_all_that_is_due_unless_invoices_are_named() -> None:
    assert record("promise", person(BOTH), on="2026-12-04") == r.PromiseMade(
        amount=Money(12550), on=date(2026, 12, 4), invoices=(1, 2)
    )
    one = record("promise", person(BOTH), on="2026-12-04", invoice=(SECOND_INVOICE.number,))
    assert one == r.PromiseMade(amount=Money(4000), on=date(2026, 12, 4), invoices=(2,))


@pytest.mark.parametrize(
    ("on", "why"),
    [
        ("2026-11-23", "2026-11-23 is over"),
        ("2026-11-24", "2026-11-24 is today"),
        ("2026-11-28", "2026-11-28 is closed for banks"),
        ("2026-12-25", "2026-12-25 is too far ahead"),
        ("2026-11-31", "2026-11-31 does not exist"),
        ("friday", "friday is no date"),
    ],
)
def test_a_day_that_the_dialogue_would_not_take_is_refused_and_never_moved(on: str, why: str) -> None:
    assert refused("promise", on=on).startswith(f"on: {why}")


@given(st.dates(date(2026, 10, 1), date(2027, 3, 1)), st.integers(0, 20_000))
def test_a_promise_is_written_exactly_as_it_was_agreed_or_not_at_all(day: date, cents: int) -> None:
    told = Note(what="promise", on=day.isoformat(), amount=f"{cents // 100}.{cents % 100:02}")
    possible = fit(day, a_briefing()) == day and 0 < cents <= INVOICE.open.minor
    try:
        (one,) = noted(told, person())
    except BadNote:
        assert not possible
    else:
        assert possible
        assert one.record == r.PromiseMade(amount=Money(cents), on=day, invoices=(1,))


def test_a_third_broken_promise_stops_the_machine_and_none_of_our_people() -> None:
    assert isinstance(record("promise", person(a_briefing(broken_promises=3)), on="2026-12-04"), r.PromiseMade)


# -- plans ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("parts", [2, 3, 6])
def test_a_plan_of_the_policy_is_agreed_in_so_many_parts(parts: int) -> None:
    made = record("plan", instalments=parts)
    assert isinstance(made, r.PlanAgreed)
    assert len(made.instalments) == len(made.dates) == parts


@given(st.integers(1, 9000))
def test_a_figure_a_month_is_a_plan_that_it_carries_or_a_request_of_exactly_that(cents: int) -> None:
    told = Note(what="plan", monthly=f"{cents // 100},{cents % 100:02}")
    if cents >= INVOICE.open.minor:
        with pytest.raises(BadNote, match=r"^monthly: .* note a promise"):
            noted(told, person())
        return
    (one,) = noted(told, person())
    match one.record:
        case r.PlanAgreed(instalments=parts):
            assert total(list(parts)) == INVOICE.open
            assert max(parts) <= Money(cents)
        case made:
            assert cents < 1425, "the policy's longest plan has 14.25 a month"
            assert made == r.PlanRequested(monthly=Money(cents), invoices=(1,), answer_by=date(2026, 12, 1))


def test_more_parts_than_the_policy_has_become_a_request_of_what_they_come_to_a_month() -> None:
    assert record("plan", instalments=9) == r.PlanRequested(
        monthly=Money(950), invoices=(1,), answer_by=date(2026, 12, 1)
    )


def test_a_part_of_what_is_due_has_no_plan_of_the_policy_as_in_the_dialogue() -> None:
    whole = a_briefing(invoices=(INVOICE, SECOND_INVOICE), plans=(plan(6275, 6275),))
    assert isinstance(record("plan", person(whole), instalments=2), r.PlanAgreed)
    assert isinstance(record("plan", person(whole), instalments=2, invoice=(INVOICE.number,)), r.PlanRequested)


@given(st.dates(date(2026, 11, 1), date(2027, 2, 28)))
def test_the_first_day_is_one_that_the_dialogue_could_reach(first: date) -> None:
    told = Note(what="plan", instalments=3, first=first.isoformat())
    (by_policy,) = noted(replace(told, first=None), person())
    assert isinstance(by_policy.record, r.PlanAgreed)
    a_month = date(2026, 11, 25) <= first <= date(2026, 12, 24) and first.day <= LAST_DAY
    if a_month or first == by_policy.record.dates[0]:
        (one,) = noted(told, person())
        assert isinstance(one.record, r.PlanAgreed)
        assert one.record.dates[0] == first
        assert {day.day for day in one.record.dates} == {first.day}
    else:
        with pytest.raises(BadNote, match=r"^first: "):
            noted(told, person())


@pytest.mark.parametrize(
    ("told", "field"),
    [
        ({}, "instalments"),
        ({"instalments": 3, "monthly": "20"}, "instalments"),
        ({"instalments": 1}, "instalments"),
        ({"instalments": -3}, "instalments"),
        ({"monthly": "0"}, "monthly"),
        ({"monthly": "-5"}, "monthly"),
        ({"monthly": "1.234"}, "monthly"),
        ({"monthly": "20 CHF"}, "monthly"),
        ({"monthly": "5", "first": "2026-12-10"}, "first"),
        ({"instalments": 3, "first": "2026-11-24"}, "first"),
    ],
)
def test_a_plan_that_can_not_be_names_its_field(told: dict[str, Any], field: str) -> None:
    assert refused("plan", **told).startswith(f"{field}: ")


@pytest.mark.parametrize(("what", "told"), [("promise", {"on": "2026-12-04"}), ("plan", {"instalments": 2})])
def test_what_is_paid_by_a_plan_is_not_agreed_anew_its_instalment_is_moved(what: str, told: dict[str, Any]) -> None:
    paying = person(a_briefing(instalment=INSTALMENT))
    assert "`beltoon agreements move 7 --instalment 2" in refused(what, paying, **told)


# -- what is wrong ---------------------------------------------------------------------------------------------------


def test_a_dispute_goes_to_the_department_of_its_kind_with_the_dialogues_clock() -> None:
    assert record("dispute", kind="damaged") == r.DisputeRaised(
        kind="damaged", invoices=(1,), department="delivery", answer_by=date(2026, 12, 8)
    )
    assert "note a copy" in refused("dispute", kind="invoice_missing")
    assert refused("dispute", kind="ugly").startswith("kind: 'ugly' is no dispute; write one of not_delivered")


@pytest.mark.parametrize(
    ("day", "when"),
    [("2026-11-24", "today_or_yesterday"), ("2026-11-23", "today_or_yesterday"), ("2026-11-22", "longer_ago")],
)
def test_what_is_paid_already_was_paid_on_a_day_that_has_come(day: str, when: str) -> None:
    assert record("paid", when=day) == r.PaidClaimed(when=when, invoices=(1,))
    assert refused("paid", when="2026-11-25").startswith("when: 2026-11-25 is still to come")


@pytest.mark.parametrize(
    ("what", "told"), [("dispute", {"kind": "amount"}), ("paid", {"when": "2026-11-20"}), ("copy", {})]
)
def test_of_several_invoices_it_is_named_which_one_is_not_right(what: str, told: dict[str, Any]) -> None:
    several = person(BOTH)
    assert refused(what, several, **told).startswith("invoice: 2026-0318, 2026-0377 are due")
    made = record(what, several, invoice=("2026-0377",), **told)
    assert getattr(made, "invoices", None) == (2,)


def test_the_short_kinds_are_the_records_of_the_dialogue() -> None:
    assert record("hardship") == r.HardshipTold(invoices=(1,))
    assert record("copy") == r.CopyAsked(invoices=(1,), days=14)
    assert record("deceased") == r.DeceasedReported(answer_by=date(2026, 12, 1))
    assert record("representative") == r.RepresentativeReported(answer_by=date(2026, 12, 1))
    assert record("complaint") == r.ComplaintMade(answer_by=date(2026, 12, 8))


# -- whose -----------------------------------------------------------------------------------------------------------


def test_of_several_creditors_or_currencies_one_is_named() -> None:
    several = person(a_briefing(), COLLECTOR)
    assert refused("promise", several, on="2026-12-04").startswith("creditor: Lumo Energie, Jardin Vert are owed")
    assert getattr(record("promise", several, on="2026-12-04", creditor="Jardin Vert"), "invoices", None) == (9,)
    assert getattr(record("promise", several, on="2026-12-04", invoice=("7001",)), "invoices", None) == (9,)
    assert refused("promise", several, on="2026-12-04", creditor="Nobody").startswith("creditor: nothing is due to")
    assert refused("promise", several, on="2026-12-04", invoice=("7001", INVOICE.number)).startswith("invoice: ")
    assert refused("promise", person(a_briefing(), FRANCS), on="2026-12-04").startswith("invoice: two currencies")
    francs = record("promise", person(a_briefing(), FRANCS), on="2026-12-04", invoice=("7001",))
    assert getattr(francs, "amount", None) == Money(3000, "CHF")


def test_an_invoice_of_the_same_number_at_two_creditors_needs_the_creditor() -> None:
    twin = a_briefing(creditor="Jardin Vert", invoices=(replace(INVOICE, id=9),))
    assert refused("copy", person(a_briefing(), twin), invoice=(INVOICE.number,)).startswith("creditor: ")
    made = record("copy", person(a_briefing(), twin), invoice=(INVOICE.number,), creditor="Jardin Vert")
    assert getattr(made, "invoices", None) == (9,)


def test_where_nothing_is_due_nothing_is_promised_but_a_stop_is_heard() -> None:
    owes_nothing = person(a_briefing(invoices=()))
    assert refused("promise", owes_nothing, on="2026-12-04").startswith("debtor: nothing is due now")
    assert record("stop", owes_nothing) == r.OptedOut(e164=MOBILE)
    assert record("deceased", owes_nothing) == r.DeceasedReported(answer_by=date(2026, 12, 1))


def test_where_nothing_can_be_agreed_what_stops_contact_is_noted_all_the_same() -> None:
    abroad = Person(briefings=(), bare=BARE, openings={MOBILE: ()})
    for what in KINDS:
        told: dict[str, Any] = dict.fromkeys(KINDS[what].needs, "2026-11-25")
        if what in STOPS:
            assert noted(Note(what=what, **told), abroad)[0].briefing.debtor_id == 1
        else:
            assert refused(what, abroad, **told).startswith("debtor: no law or calendar in use here covers this person")


# -- numbers and call-backs --------------------------------------------------------------------------------------------


def test_a_stop_is_about_one_number_or_each_of_them() -> None:
    two = person(numbers=(MOBILE, FIXED))
    assert record("stop", two, number="09 234 56 78") == r.OptedOut(e164=FIXED)
    each = noted(Note(what="stop", everything=True), two)
    assert [(one.record, one.briefing.e164) for one in each] == [
        (r.OptedOut(e164=MOBILE), MOBILE), (r.OptedOut(e164=FIXED), FIXED),
    ]  # fmt: skip
    assert record("stop", person(numbers=())) == r.OptedOut(e164=None), "then the person is meant"


@pytest.mark.parametrize("what", ["stop", "wrong-number", "callback"])
def test_which_number_is_never_guessed(what: str) -> None:
    told: dict[str, Any] = {"at": "2026-11-25T10:30"} if what == "callback" else {}
    two = person(numbers=(MOBILE, FIXED))
    assert refused(what, two, **told).startswith("number: which of +32…56, +32…78 is meant?")
    assert refused(what, two, number="+32470999999", **told).startswith("number: '+32470999999' is none of")
    assert refused(what, person(numbers=()), number=MOBILE, **told).startswith("number: this person has none")


def test_a_call_back_keeps_its_hour_and_ends_inside_the_opening() -> None:
    made = record("callback", at="2026-11-25T10:30")
    at = datetime(2026, 11, 25, 10, 30, tzinfo=BRUSSELS)
    assert made == r.CallbackAsked(
        by="machine", e164=MOBILE,
        opening=Opening(day=at.date(), start=time(10, 30), end=time(12, 30), from_at=at, until_at=at + WINDOW),
    )  # fmt: skip
    assert record("callback", at="2026-11-25T09:30+00:00") == made, "an instant is an instant"
    late = record("callback", at="2026-11-25 19:00")
    assert isinstance(late, r.CallbackAsked) and late.opening is not None
    assert (late.opening.start, late.opening.end) == (time(19), time(20))


def test_one_of_our_people_calls_in_office_hours_on_weekdays() -> None:
    made = record("callback", at="2026-11-25T16:00", person=True)
    assert isinstance(made, r.CallbackAsked) and made.opening is not None
    assert (made.by, made.opening.end) == ("person", time(17))
    for at in ("2026-11-25T18:00", "2026-11-25T16:45", "2026-11-28T10:00"):
        assert refused("callback", at=at, person=True).startswith("at: nobody may be called back then")


@given(st.integers(0, 6 * 24 * 60), st.booleans())
def test_a_call_back_lies_in_an_opening_of_the_person_or_is_not_agreed(minute: int, by_person: bool) -> None:
    at = datetime.combine(TODAY, time(), BRUSSELS) + timedelta(minutes=minute)
    try:
        (one,) = noted(Note(what="callback", at=f"{at:%Y-%m-%dT%H:%M}", person=by_person), person())
    except BadNote as why:
        assert str(why).startswith("at: ")
    else:
        assert isinstance(one.record, r.CallbackAsked) and one.record.opening is not None
        window = one.record.opening
        assert window.from_at == at
        assert timedelta(minutes=30) <= window.until_at - window.from_at <= WINDOW
        assert any(o.from_at <= window.from_at and window.until_at <= o.until_at for o in (WEDNESDAY, SATURDAY))


# -- what is told ------------------------------------------------------------------------------------------------------


def test_what_a_kind_needs_is_asked_for_and_what_it_has_not_is_refused() -> None:
    for what, known in KINDS.items():
        for needed in known.needs:
            assert refused(what).startswith(f"{needed}: a note of {what} needs it")
    assert refused("complaint", on="2026-12-04") == "on: a note of complaint has none; leave --on out"
    assert refused("promise", on="2026-12-04", number=MOBILE).startswith("number: ")
    assert refused("prayer").startswith("kind: 'prayer' can't be noted; write one of promise, plan")


def test_a_crisis_is_no_note() -> None:
    assert "call the person yourself now" in refused("crisis")


TYPED = st.text(max_size=60) | st.sampled_from(
    ["2026-12-04", "2026-11-25T10:30", "0001-01-01T00:00+14:00", "9999-12-31T23:59-14:00", "20", "1.234", "EUR\n5", "٣"]
)


@given(
    st.sampled_from(sorted(KINDS)),
    st.fixed_dictionaries(
        {},
        optional={
            **dict.fromkeys(("on", "amount", "monthly", "first", "kind", "when", "at", "number", "creditor"), TYPED),
            "instalments": st.integers(),
            "invoice": st.lists(TYPED | st.just(INVOICE.number), max_size=2).map(tuple),
        },
    ),
)
def test_whatever_is_typed_a_record_is_made_or_one_line_names_a_field(what: str, told: dict[str, Any]) -> None:
    known = KINDS[what]
    mine = {name: value for name, value in told.items() if name in known.needs + known.may}
    try:
        made = noted(Note(what=what, **mine), person(BOTH))
    except BadNote as why:
        field, _, sentence = str(why).partition(": ")
        assert field in {one.name for one in fields(Note)} | {"debtor"}
        assert sentence
        assert len(str(why).splitlines()) == 1
    else:
        assert made


@pytest.mark.parametrize("name", ["", "   ", "x" * 41, "Bru\x1bno"])
def test_who_agreed_it_has_a_name(name: str) -> None:
    with pytest.raises(BadNote, match=r"^by: "):
        author(name)
    assert author("  Bruno   Maes ") == "Bruno Maes"


@pytest.mark.parametrize("text", ["", "a b", "a:b", "x" * 41, "é"])
def test_a_token_is_one_plain_word(text: str) -> None:
    with pytest.raises(BadNote, match=r"^token: "):
        token(text)
    assert token("form-17.b") == "form-17.b"

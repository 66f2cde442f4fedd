"""The letter first, then the ladder, and payments that are not old news."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.contact import Channel
from ledger.money import Money
from ledger.region import Region
from schedules.cost_file import shipped_cost_rules
from schedules.law_file import shipped_rules
from schedules.letter import term_before_calls
from schedules.letter_term import FirstLetter
from schedules.permission import may_contact, next_opening
from schedules.rules import Rules
from schedules.slide import day_counted, days_counted, merged
from schedules.standing import Invoice, Standing
from schedules.testing import ZONES, a_hold, a_standing, an_agreement, an_invoice, local
from schedules.verdict import Allowed, Refused

NOW = local("2026-11-24 10:30")


def rule(standing: Standing, rules: Rules, clock: str, channel: Channel = Channel.VOICE) -> str | None:
    zone = ZONES[standing.country or "BE"]
    verdict = may_contact(standing, channel, local(clock, zone), rules=rules)
    return None if isinstance(verdict, Allowed) else verdict.rule


def collectors(sent: date | None, by: str | None = "post") -> Invoice:
    return an_invoice(role="collector", first_letter_sent_on=sent, first_letter_by=by)


@pytest.mark.parametrize("channel", [Channel.VOICE, Channel.SMS, Channel.EMAIL])
def test_a_collector_without_a_letter_neither_calls_nor_writes(rules: Rules, channel: Channel) -> None:
    standing = a_standing(invoices=(collectors(None),), email="a@example.org")
    assert rule(standing, rules, "2026-11-24 10:30", channel) == "letter"
    assert next_opening(standing, channel, NOW, rules=rules) is None


def test_the_letter_itself_may_go(rules: Rules) -> None:
    assert rule(a_standing(invoices=(collectors(None),)), rules, "2026-11-24 10:30", Channel.POST) is None


@pytest.mark.parametrize(
    ("country", "sent", "by", "last_shut", "first_open"),
    [
        # Monday 2 November: the third working day after posting is Thursday 5, day 1; day 14 is the 18th.
        ("BE", date(2026, 11, 2), "post", "2026-11-18", "2026-11-19"),
        # 11 November is a public holiday: Monday 9, then 10, 12, 13: day 1 is Friday 13 (posted on the 9th).
        ("BE", date(2026, 11, 9), "post", "2026-11-26", "2026-11-27"),
        ("BE", date(2026, 11, 2), "email", "2026-11-16", "2026-11-17"),
        ("NL", date(2026, 11, 23), "post", "2026-11-23", "2026-11-24"),
        ("FR", date(2026, 11, 23), "post", "2026-11-23", "2026-11-24"),
        ("DE", date(2026, 11, 23), "email", "2026-11-23", "2026-11-24"),
    ],
)
def test_the_term_of_the_letter(
    rules: Rules, country: str, sent: date, by: str, last_shut: str, first_open: str
) -> None:
    standing = a_standing(country, invoices=(collectors(sent, by),))
    assert rule(standing, rules, f"{last_shut} 10:30") == "letter"
    assert rule(standing, rules, f"{first_open} 10:30") is None
    begin = local(f"{last_shut} 10:30", ZONES[country])
    opening = next_opening(standing, Channel.VOICE, begin, rules=rules)
    assert opening is not None
    assert opening.astimezone(begin.tzinfo).date().isoformat() == first_open


def test_a_letter_that_is_still_to_leave_is_not_told_as_sent(rules: Rules) -> None:
    standing = a_standing(invoices=(collectors(date(2026, 12, 14)),))
    verdict = may_contact(standing, Channel.VOICE, NOW, rules=rules)
    assert isinstance(verdict, Refused)
    assert verdict.reason.startswith("The first letter leaves on 2026-12-14: its term is not over before 2026-12-31")


@given(st.dates(date(2026, 1, 1), date(2027, 6, 1)), st.sampled_from(["post", "email"]))
def test_in_belgium_calls_and_costs_wait_for_the_same_day(sent: date, by: str) -> None:
    books, belgium = shipped_rules(), Region("BE")
    calls = term_before_calls(books.terms(belgium, sent))
    letter = FirstLetter(sent_on=sent, by=by)
    for row in shipped_cost_rules().rows:
        if row.countries == {"BE"} and row.letter is not None:
            assert row.letter.over_from(letter, belgium) == calls.over_from(letter, belgium)


def test_one_invoice_whose_term_is_over_is_enough(rules: Rules) -> None:
    two = (collectors(date(2026, 11, 23)), an_invoice(id=2, role="collector", first_letter_sent_on=date(2026, 10, 1)))
    assert rule(a_standing(invoices=two), rules, "2026-11-24 10:30") is None


def test_a_creditor_calls_from_the_second_step(rules: Rules) -> None:
    young = a_standing(invoices=(an_invoice(due_on=date(2026, 11, 10)),))
    assert rule(young, rules, "2026-11-24 10:30") == "ladder"
    assert rule(young, rules, "2026-11-25 10:30") is None
    assert rule(young, rules, "2026-11-24 10:30", Channel.SMS) is None, "a message is the first step"


def test_a_creditor_with_a_second_step_of_its_own_calls_from_that(rules: Rules) -> None:
    later = a_standing(invoices=(an_invoice(due_on=date(2026, 11, 2), own_days=(None, 20, None)),))
    verdict = may_contact(later, Channel.VOICE, local("2026-11-20 10:30"), rules=rules)
    assert isinstance(verdict, Refused)
    assert (verdict.rule, verdict.value, verdict.source) == ("ladder", "day 18 of 20", "Stroomdal's own ladder")
    # The 22nd, day 20, is a Sunday.
    assert verdict.next_opening == local("2026-11-23 09:00")
    sooner = a_standing(invoices=(an_invoice(due_on=date(2026, 11, 10), own_days=(None, 10, None)),))
    assert rule(sooner, rules, "2026-11-19 10:30") == "ladder"
    assert rule(sooner, rules, "2026-11-20 10:30") is None


def test_no_creditor_calls_earlier_than_the_house_could_choose(rules: Rules) -> None:
    hasty = a_standing(invoices=(an_invoice(due_on=date(2026, 11, 18), own_days=(None, 1, None)),))
    assert rule(hasty, rules, "2026-11-23 10:30") == "ladder"
    assert rule(hasty, rules, "2026-11-24 10:30") is None


def test_the_oldest_open_invoice_sets_the_step(rules: Rules) -> None:
    two = (an_invoice(due_on=date(2026, 11, 20)), an_invoice(id=2, due_on=date(2026, 11, 1)))
    assert rule(a_standing(invoices=two), rules, "2026-11-24 10:30") is None


def test_days_of_peace_dont_count_on_the_ladder(rules: Rules) -> None:
    # Due on the 1st: day 15 is the 16th; a hold of three days (the 5th to the 7th) makes it the 19th.
    held = a_hold("manual", from_at=local("2026-11-05 12:00"), until_at=local("2026-11-07 12:00"))
    standing = a_standing(invoices=(an_invoice(due_on=date(2026, 11, 1)),), past_holds=(held,))
    assert rule(standing, rules, "2026-11-18 10:30") == "ladder"
    assert rule(standing, rules, "2026-11-19 10:30") is None


def test_a_promise_slides_the_ladder_to_the_end_of_its_quiet(rules: Rules) -> None:
    promise = an_agreement("promise", local("2026-11-03 10:00"), due_on=date(2026, 11, 6), state="broken")
    standing = a_standing(invoices=(an_invoice(due_on=date(2026, 11, 1)),), agreements=(promise,))
    # The 3rd to the 9th are quiet: seven days; day 15 comes on the 23rd.
    assert rule(standing, rules, "2026-11-22 10:30") in ("ladder", "sunday")
    assert rule(standing, rules, "2026-11-20 10:30") == "ladder"
    assert rule(standing, rules, "2026-11-23 10:30") is None


def test_the_day_that_is_told_leaves_out_the_peace_that_is_still_to_come(rules: Rules) -> None:
    promise = an_agreement("promise", local("2026-11-03 10:00"), due_on=date(2026, 11, 6))
    standing = a_standing(invoices=(an_invoice(due_on=date(2026, 11, 1)),), agreements=(promise,))
    asked = may_contact(standing, Channel.VOICE, local("2026-11-04 10:30"), rules=rules)
    assert isinstance(asked, Refused)
    assert asked.rule == "ladder"
    assert asked.reason.endswith("15 days after the due date, on 2026-11-23")
    assert asked.next_opening == local("2026-11-23 09:00")


def test_no_day_is_told_while_nobody_knows_when_the_peace_ends(rules: Rules) -> None:
    standing = a_standing(invoices=(an_invoice(due_on=date(2026, 11, 20)),), holds=(a_hold("hardship", channel="sms"),))
    asked = may_contact(standing, Channel.VOICE, NOW, rules=rules)
    assert isinstance(asked, Refused)
    assert asked.rule == "ladder"
    assert asked.reason.endswith("no day counts while the person is left in peace")
    assert asked.next_opening is None


@given(st.integers(1, 60), st.lists(st.tuples(st.integers(-20, 90), st.integers(0, 20)), max_size=4))
def test_the_day_that_is_told_is_the_first_that_counts_so_many(days: int, peace: list[tuple[int, int]]) -> None:
    due = date(2026, 11, 1)
    slid = merged((due + timedelta(days=a), due + timedelta(days=a + n)) for a, n in peace)
    day = day_counted(due, days, slid)
    assert day is not None
    assert days_counted(due, day, slid) == days
    assert days_counted(due, day - timedelta(days=1), slid) < days


def test_two_days_of_two_holds_are_counted_once(rules: Rules) -> None:
    same = {"from_at": local("2026-11-05 12:00"), "until_at": local("2026-11-07 12:00")}
    holds = (a_hold("manual", **same), a_hold("complaint", **same))
    standing = a_standing(invoices=(an_invoice(due_on=date(2026, 11, 1)),), past_holds=holds)
    assert rule(standing, rules, "2026-11-19 10:30") is None


def test_a_call_back_that_was_asked_for_waits_for_no_step(rules: Rules) -> None:
    asked = an_agreement(
        "callback", local("2026-11-24 09:30"), from_at=local("2026-11-24 10:00"), until_at=local("2026-11-24 12:00")
    )
    standing = a_standing(invoices=(an_invoice(due_on=date(2026, 11, 20)),), agreements=(asked,))
    assert rule(standing, rules, "2026-11-24 10:30") is None
    unwritten = a_standing(invoices=(collectors(None),), agreements=(asked,))
    assert rule(unwritten, rules, "2026-11-24 10:30") == "letter"


def test_old_news_of_payments_stops_the_calls_and_not_the_outlook(rules: Rules) -> None:
    seen = NOW - timedelta(hours=30)
    assert rule(a_standing(invoices=(an_invoice(payments_seen_at=seen),)), rules, "2026-11-24 10:30") is None
    stale = a_standing(invoices=(an_invoice(payments_seen_at=seen - timedelta(minutes=1)),))
    assert rule(stale, rules, "2026-11-24 10:30") == "stale"
    assert next_opening(stale, Channel.VOICE, NOW, rules=rules) == NOW


def test_next_month_is_not_stale_because_it_is_not_yet(rules: Rules) -> None:
    standing = a_standing(invoices=(an_invoice(payments_seen_at=NOW - timedelta(hours=1)),))
    later = local("2026-12-22 10:30")
    assert isinstance(may_contact(standing, Channel.VOICE, later, rules=rules, known_at=NOW), Allowed)


def test_where_each_invoice_is_refused_by_another_rule_the_furthest_is_named(rules: Rules) -> None:
    mixed = (collectors(None), an_invoice(id=2, creditor_id=2, creditor="Lenteweg", due_on=date(2026, 11, 20)))
    assert rule(a_standing(invoices=mixed), rules, "2026-11-24 10:30") == "ladder"


def test_an_invoice_that_falls_due_opens_the_person_whom_an_unwritten_letter_keeps(rules: Rules) -> None:
    over = an_invoice(id=2, creditor_id=3, role="collector", first_letter_sent_on=date(2026, 10, 1))
    ada = a_standing(invoices=(collectors(None), replace(over, due_on=date(2026, 11, 24))))
    assert next_opening(ada, Channel.VOICE, NOW, rules=rules) == local("2026-11-25 09:00")


def test_an_invoice_whose_hold_ends_opens_the_person_whom_an_unwritten_letter_keeps(rules: Rules) -> None:
    over = an_invoice(id=2, creditor_id=3, role="collector", first_letter_sent_on=date(2026, 10, 1))
    held = a_hold("manual", invoice_id=2, until_at=local("2026-11-24 12:00"))
    ada = a_standing(invoices=(collectors(None), over), holds=(held,))
    assert next_opening(ada, Channel.VOICE, NOW, rules=rules) == local("2026-11-24 12:00")


def test_the_first_invoice_that_is_free_opens_the_person_whatever_rule_is_named(rules: Rules) -> None:
    ladder = an_invoice(creditor_id=2, creditor="Lenteweg", due_on=date(2026, 11, 20))
    letter = an_invoice(id=2, creditor_id=3, role="collector", first_letter_sent_on=date(2026, 11, 24))
    piet = a_standing("NL", invoices=(ladder, letter))
    assert rule(piet, rules, "2026-11-24 10:30") == "ladder"
    assert next_opening(piet, Channel.VOICE, NOW, rules=rules) == local("2026-11-25 09:00")


def test_the_rule_that_is_named_is_the_first_of_all_that_refuse(rules: Rules) -> None:
    copy = an_agreement("copy", local("2026-11-23 10:00"))
    ada = a_standing(invoices=(an_invoice(open=Money(500)),), agreements=(copy,))
    verdict = may_contact(ada, Channel.VOICE, NOW, rules=rules)
    assert isinstance(verdict, Refused)
    assert (verdict.rule, verdict.all) == ("part_paid", ("part_paid", "agreement"))


def test_all_names_each_rule_that_refuses_the_same_invoice(rules: Rules) -> None:
    seen = NOW - timedelta(hours=31)
    small = an_invoice(open=Money(500), due_on=date(2026, 11, 20), payments_seen_at=seen)
    ada = a_standing(invoices=(small,), holds=(a_hold("manual", invoice_id=1),))
    verdict = may_contact(ada, Channel.VOICE, NOW, rules=rules)
    assert isinstance(verdict, Refused)
    assert verdict.all == ("part_paid", "invoice_hold", "ladder", "stale")

"""What stops all contact: holds and agreements of the person, and nothing to call about."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.contact import Channel
from ledger.money import Money
from schedules.campaign import CampaignRules
from schedules.law_file import shipped_rules
from schedules.permission import may_contact, next_opening
from schedules.rules import Rules
from schedules.standing import Phone, Standing
from schedules.testing import LONG_AGO, a_hold, a_standing, an_agreement, an_invoice, local, rule_of
from schedules.verdict import ORDER, Allowed, Refused

NOW = local("2026-11-24 10:30")


def _rule(
    standing: Standing, rules: Rules, at: str = "2026-11-24 10:30", channel: Channel = Channel.VOICE
) -> str | None:
    verdict = may_contact(standing, channel, local(at), rules=rules)
    return rule_of(verdict)


HOLDS = ["deceased", "mediation", "crisis", "hardship", "dispute", "complaint", "plan_request", "plan", "already_paid"]


@pytest.mark.parametrize("kind", [*HOLDS, "manual", "paid", "minor", "opt_out", "wrong_number"])
def test_a_hold_of_the_person_stops_every_channel_until_somebody_lifts_it(rules: Rules, kind: str) -> None:
    held = a_standing(holds=(a_hold(kind),), email="ada@example.org")
    for channel in Channel:
        verdict = may_contact(held, channel, NOW, rules=rules)
        assert isinstance(verdict, Refused)
        assert verdict.rule == kind
        assert verdict.next_opening is None


def test_a_kind_of_hold_that_nobody_knows_stops_all_the_same(rules: Rules) -> None:
    assert _rule(a_standing(holds=(a_hold("whim"),)), rules) == "manual"


def test_a_hold_of_one_channel_leaves_the_others(rules: Rules) -> None:
    held = a_standing(holds=(a_hold("opt_out", channel="voice"),))
    assert _rule(held, rules) == "opt_out"
    assert _rule(held, rules, channel=Channel.SMS) is None


def test_a_hold_begins_and_ends_to_the_instant(rules: Rules) -> None:
    hold = a_hold("hardship", from_at=local("2026-11-24 10:00"), until_at=local("2026-11-25 10:00"))
    held = a_standing(holds=(hold,))
    assert _rule(held, rules, "2026-11-24 09:59") is None
    assert _rule(held, rules, "2026-11-24 10:00") == "hardship"
    assert _rule(held, rules, "2026-11-25 09:59") == "hardship"
    assert _rule(held, rules, "2026-11-25 10:00") is None
    assert next_opening(held, Channel.VOICE, NOW, rules=rules) == local("2026-11-25 10:00")


def test_the_next_opening_knows_of_a_hold_that_begins_later(rules: Rules) -> None:
    hold = a_hold("manual", from_at=local("2026-11-25 00:00"), until_at=local("2026-11-27 00:00"))
    evening = local("2026-11-24 20:00")
    assert next_opening(a_standing(holds=(hold,)), Channel.VOICE, evening, rules=rules) == local("2026-11-27 09:00")


@pytest.mark.parametrize(
    ("kind", "rule"),
    [
        ("plan", "plan"),
        ("plan_request", "plan_request"),
        ("dispute", "dispute"),
        ("already_paid", "already_paid"),
        ("deceased", "deceased"),
        ("representative", "mediation"),
        ("complaint", "complaint"),
    ],
)
def test_what_a_person_must_decide_stops_until_then(rules: Rules, kind: str, rule: str) -> None:
    waiting = a_standing(agreements=(an_agreement(kind, local("2026-11-23 10:00")),))
    verdict = may_contact(waiting, Channel.VOICE, NOW, rules=rules)
    assert isinstance(verdict, Refused)
    assert verdict.rule == rule
    assert verdict.next_opening is None
    ended = an_agreement(kind, local("2026-11-03 10:00"), state="withdrawn", ended_at=local("2026-11-23 10:00"))
    assert _rule(a_standing(agreements=(ended,)), rules) is None


def test_a_plan_stands_even_when_an_instalment_is_late(rules: Rules) -> None:
    late = an_agreement("plan", local("2026-01-05 10:00"), due_on=date(2026, 2, 1))
    assert _rule(a_standing(agreements=(late,)), rules) == "plan"


@pytest.mark.parametrize(("kind", "days", "rule"), [("hardship", 30, "hardship"), ("copy", 14, "agreement")])
def test_hardship_and_a_copy_give_their_days_the_day_itself_included(
    rules: Rules, kind: str, days: int, rule: str
) -> None:
    asked = local("2026-10-05 15:00")
    resting = a_standing(agreements=(an_agreement(kind, asked),))
    last = asked.replace(hour=10) + timedelta(days=days - 1)
    assert _rule(resting, rules, f"{last:%Y-%m-%d} 10:00") == rule
    assert _rule(resting, rules, f"{last + timedelta(days=1):%Y-%m-%d} 10:00") is None


def test_a_dispute_stays_quiet_seven_days_after_the_answer_and_opens_on_the_eighth(rules: Rules) -> None:
    answered = an_agreement("dispute", LONG_AGO, state="kept", ended_at=local("2026-11-16 14:00"))
    standing = a_standing(agreements=(answered,))
    assert _rule(standing, rules, "2026-11-23 10:30") == "dispute"
    assert _rule(standing, rules, "2026-11-24 10:30") is None
    assert next_opening(standing, Channel.VOICE, local("2026-11-20 10:00"), rules=rules) == local("2026-11-24 09:00")


def test_a_dispute_about_one_invoice_quiets_the_whole_person(rules: Rules) -> None:
    disputed = a_standing(invoices=(an_invoice(), an_invoice(id=2)), holds=(a_hold("dispute", invoice_id=2),))
    assert _rule(disputed, rules) == "dispute"


def test_nobody_under_age_is_contacted_whoever_they_are(rules: Rules) -> None:
    for kind, student in (("person", False), ("person", True), ("business", False)):
        young = a_standing(birth_date=date(2008, 11, 25), kind=kind, student=student)
        verdict = may_contact(young, Channel.VOICE, NOW, rules=rules)
        assert isinstance(verdict, Refused)
        assert verdict.rule == "minor"
        assert verdict.next_opening == local("2026-11-25 09:00")


def test_who_is_born_on_29_february_is_of_age_on_1_march(rules: Rules) -> None:
    leap = a_standing(birth_date=date(2008, 2, 29))
    assert _rule(leap, rules, "2026-02-27 10:30") == "minor"
    # The 28th is a Saturday and 1 March a Sunday: the first opening is on the 2nd.
    assert _rule(leap, rules, "2026-02-28 10:30") == "minor"
    assert next_opening(leap, Channel.VOICE, local("2026-02-27 10:30"), rules=rules) == local("2026-03-02 09:00")


def test_an_age_that_is_not_known_is_no_reason_to_refuse(rules: Rules) -> None:
    assert _rule(a_standing(birth_date=None), rules) is None


def test_who_has_paid_is_left_in_peace(rules: Rules) -> None:
    assert _rule(a_standing(invoices=(), settled=2), rules) == "paid"
    assert _rule(a_standing(invoices=(), settled=0), rules) == "nothing_open"


def test_nothing_is_asked_before_the_due_date_has_passed(rules: Rules) -> None:
    later = a_standing(invoices=(an_invoice(due_on=date(2026, 11, 24)),))
    assert _rule(later, rules, "2026-11-24 10:30") == "not_due"
    assert _rule(later, rules, "2026-11-25 10:30") == "ladder"
    assert next_opening(later, Channel.VOICE, NOW, rules=rules) == local("2026-12-09 09:00")
    assert next_opening(later, Channel.SMS, NOW, rules=rules) == local("2026-11-25 09:00")


@pytest.mark.parametrize(("cents", "rule"), [(500, "part_paid"), (501, None), (1, "part_paid")])
def test_a_small_remainder_is_not_worth_a_call(rules: Rules, cents: int, rule: str | None) -> None:
    assert _rule(a_standing(invoices=(an_invoice(open=Money(cents)),)), rules) == rule


def test_the_remainder_is_counted_per_creditor_over_what_is_due(rules: Rules) -> None:
    two = (an_invoice(open=Money(300)), an_invoice(id=2, open=Money(300)))
    assert _rule(a_standing(invoices=two), rules) is None
    apart = (two[0], replace(two[1], creditor_id=2, creditor="Lenteweg"))
    assert _rule(a_standing(invoices=apart), rules) == "part_paid"
    not_yet = (two[0], replace(two[1], due_on=date(2026, 12, 1)))
    assert _rule(a_standing(invoices=not_yet), rules) == "part_paid"
    assert next_opening(a_standing(invoices=not_yet), Channel.VOICE, NOW, rules=rules) == local("2026-12-02 09:00")


def test_a_creditor_may_let_go_of_more(rules: Rules) -> None:
    assert _rule(a_standing(invoices=(an_invoice(open=Money(900), part_paid=Money(1000)),)), rules) == "part_paid"


def test_one_invoice_that_is_free_is_enough(rules: Rules) -> None:
    invoices = (an_invoice(), an_invoice(id=2))
    first, second = a_hold("manual", invoice_id=1), a_hold("manual", invoice_id=2, until_at=local("2026-11-30 00:00"))
    assert _rule(a_standing(invoices=invoices, holds=(first,)), rules) is None
    both = a_standing(invoices=invoices, holds=(first, second))
    assert _rule(both, rules) == "invoice_hold"
    assert next_opening(both, Channel.VOICE, NOW, rules=rules) == local("2026-11-30 09:00")


def test_a_campaign_for_one_creditor_looks_at_that_creditors_invoices(rules: Rules) -> None:
    other = CampaignRules(creditor="Lenteweg")
    verdict = may_contact(a_standing(), Channel.VOICE, NOW, rules=rules, campaign=other)
    assert isinstance(verdict, Refused)
    assert verdict.rule == "nothing_open"
    ours = CampaignRules(creditor="Stroomdal")
    assert isinstance(may_contact(a_standing(), Channel.VOICE, NOW, rules=rules, campaign=ours), Allowed)


@pytest.mark.parametrize("kind", [*HOLDS, "manual", "lawyer"])
def test_a_hold_of_the_number_is_named_before_what_is_owed(rules: Rules, kind: str) -> None:
    number = a_standing().phones[0].e164
    small = (an_invoice(open=Money(100)),)
    held = a_standing(invoices=small, holds=(a_hold(kind, e164=number),))
    rule = kind if kind in HOLDS else "manual"
    verdict = may_contact(held, Channel.VOICE, NOW, rules=rules)
    assert isinstance(verdict, Refused)
    assert (verdict.rule, verdict.all) == (rule, (rule, "part_paid"))
    # Another number of the same person is free of it, and a letter goes whatever is on a number.
    other = replace(held, invoices=(an_invoice(),), phones=(*held.phones, Phone(e164="+32470999999", rank=2)))
    assert _rule(other, rules) is None
    assert _rule(held, rules, channel=Channel.POST) == "part_paid"


ON = st.sampled_from([{}, {"e164": a_standing().phones[0].e164}, {"invoice_id": 1}])
KINDS = st.sampled_from([*HOLDS, "manual", "paid", "minor", "opt_out", "wrong_number", "lawyer"])


@given(st.lists(st.tuples(KINDS, ON), max_size=4), st.sampled_from([100, 12000]), st.booleans())
def test_of_all_rules_that_refuse_the_first_of_the_list_is_named(
    holds: list[tuple[str, dict[str, Any]]], cents: int, due: bool
) -> None:
    invoice = an_invoice(open=Money(cents), due_on=date(2024, 1, 15) if due else date(2026, 12, 15))
    standing = a_standing(invoices=(invoice,), holds=tuple(a_hold(kind, **on) for kind, on in holds))
    verdict = may_contact(standing, Channel.VOICE, local("2026-11-24 17:10"), rules=shipped_rules())
    if isinstance(verdict, Refused):
        assert verdict.rule == verdict.all[0]
    else:
        assert not holds or all(on == {"invoice_id": 1} for _, on in holds)


def test_the_narrowest_rule_is_named_and_all_are_listed(rules: Rules) -> None:
    worst = a_standing(
        country="ES", birth_date=date(2015, 1, 1), invoices=(), holds=(a_hold("dispute"), a_hold("deceased"))
    )
    verdict = may_contact(worst, Channel.VOICE, NOW, rules=rules)
    assert isinstance(verdict, Refused)
    assert verdict.rule == "no_law"
    assert verdict.all == ("no_law", "minor", "deceased", "dispute", "nothing_open")
    assert list(verdict.all) == sorted(verdict.all, key=ORDER.__getitem__)


def test_a_letter_comes_at_any_hour_but_not_against_a_hold(rules: Rules) -> None:
    night = local("2026-11-29 03:00")
    assert isinstance(may_contact(a_standing(phones=()), Channel.POST, night, rules=rules), Allowed)
    assert isinstance(may_contact(a_standing(holds=(a_hold("dispute"),)), Channel.POST, night, rules=rules), Refused)


def test_an_e_mail_needs_an_address_and_no_number(rules: Rules) -> None:
    assert _rule(a_standing(phones=(), email="ada@example.org"), rules, channel=Channel.EMAIL) is None
    assert _rule(a_standing(), rules, channel=Channel.EMAIL) == "no_number"

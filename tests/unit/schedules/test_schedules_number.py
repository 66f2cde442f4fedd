"""The number: good or bad, opted out or wrong; and which one is rung first."""

from __future__ import annotations

import pytest

from ledger.contact import Channel
from schedules.number import failures, in_order
from schedules.permission import may_contact
from schedules.rules import Rules
from schedules.standing import Phone, Standing
from schedules.testing import a_contact, a_hold, a_standing, local, rule_of
from schedules.verdict import Allowed, Refused, Verdict
from schedules.wish import ChannelWish, NumberWish

NOW = local("2026-11-24 10:30")
FIRST, SECOND = Phone(e164="+32470123456", rank=1), Phone(e164="+32475654321", rank=2)


def _ask(standing: Standing, rules: Rules, number: str | None = None) -> Verdict:
    return may_contact(standing, Channel.VOICE, NOW, rules=rules, number=number)


@pytest.mark.parametrize(
    ("phones", "rule"),
    [
        ((), "no_number"),
        ((Phone(e164="", verdict="invalid"),), "bad_number"),
        ((Phone(e164="+32902123456", verdict="premium"),), "bad_number"),
        ((Phone(e164="", verdict="emergency"),), "bad_number"),
        ((Phone(e164="+32470123456", kind="work"),), "bad_number"),
        ((Phone(e164="+32470123456", kind="other"),), None),
    ],
)
def test_only_a_good_number_of_the_persons_own_life_is_called(
    rules: Rules, phones: tuple[Phone, ...], rule: str | None
) -> None:
    assert rule_of(_ask(a_standing(phones=phones), rules)) == rule


def test_another_number_is_used_when_the_first_may_not_be(rules: Rules) -> None:
    standing = a_standing(phones=(FIRST, SECOND), holds=(a_hold("wrong_number", e164=FIRST.e164),))
    verdict = _ask(standing, rules)
    assert isinstance(verdict, Allowed)
    assert verdict.number == SECOND.e164
    assert rule_of(_ask(standing, rules, FIRST.e164)) == "wrong_number"


def test_the_number_that_came_furthest_gives_the_reason(rules: Rules) -> None:
    bad = Phone(e164="", rank=1, verdict="invalid")
    standing = a_standing(phones=(bad, SECOND), holds=(a_hold("opt_out", e164=SECOND.e164, channel="voice"),))
    verdict = _ask(standing, rules)
    assert isinstance(verdict, Refused)
    assert (verdict.rule, verdict.number) == ("opt_out", SECOND.e164)


def test_an_opt_out_binds_the_number_and_its_medium(rules: Rules) -> None:
    standing = a_standing(holds=(a_hold("opt_out", e164=FIRST.e164, channel="voice"),))
    assert rule_of(_ask(standing, rules)) == "opt_out"
    assert isinstance(may_contact(standing, Channel.SMS, NOW, rules=rules), Allowed)
    elsewhere = a_standing(holds=(a_hold("opt_out", e164=SECOND.e164),))
    assert isinstance(_ask(elsewhere, rules), Allowed)


def test_a_number_that_is_not_the_debtors_is_none(rules: Rules) -> None:
    assert rule_of(_ask(a_standing(), rules, "+32499999999")) == "no_number"


def test_after_two_failures_the_other_number_goes_first_and_nothing_is_refused(rules: Rules) -> None:
    fails = tuple(a_contact(local(f"2026-11-{day} 10:00")) for day in ("02", "12"))
    once = a_standing(phones=(FIRST, SECOND), contacts=fails[:1])
    assert in_order(once) == (FIRST, SECOND)
    twice = a_standing(phones=(FIRST, SECOND), contacts=fails)
    assert in_order(twice) == (SECOND, FIRST)
    verdict = _ask(twice, rules)
    assert isinstance(verdict, Allowed)
    assert verdict.number == SECOND.e164
    assert isinstance(_ask(twice, rules, FIRST.e164), Allowed)


def test_a_talk_ends_the_row_of_failures(rules: Rules) -> None:
    contacts = (
        a_contact(local("2026-11-02 10:00")),
        a_contact(local("2026-11-03 10:00")),
        a_contact(local("2026-11-04 10:00"), disposition="heard"),
        a_contact(local("2026-11-13 10:00"), disposition="busy"),
    )
    assert failures(a_standing(contacts=contacts), FIRST.e164) == 1


def test_a_number_that_no_longer_exists_counts_as_failed_twice(rules: Rules) -> None:
    gone = (a_contact(local("2026-11-02 10:00"), disposition="unallocated"),)
    assert in_order(a_standing(phones=(FIRST, SECOND), contacts=gone)) == (SECOND, FIRST)


def test_a_wish_for_another_channel_or_number_is_kept(rules: Rules) -> None:
    by_post = a_standing(wishes=(ChannelWish(frozenset({"post"})),))
    assert rule_of(_ask(by_post, rules)) == "wish_channel"
    other = a_standing(phones=(FIRST, SECOND), wishes=(NumberWish(SECOND.e164),))
    verdict = _ask(other, rules)
    assert isinstance(verdict, Allowed)
    assert verdict.number == SECOND.e164
    assert rule_of(_ask(other, rules, FIRST.e164)) == "wish_number"

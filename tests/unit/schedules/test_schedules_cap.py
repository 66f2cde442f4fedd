"""Caps: how often a person and a number are tried."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from ledger.contact import Channel
from schedules.permission import may_contact, next_opening
from schedules.rules import Rules
from schedules.standing import Contact, Phone, Standing
from schedules.testing import NUMBERS, a_contact, a_standing, local
from schedules.verdict import Refused

NOW = local("2026-11-24 10:30")


def _all(standing: Standing, rules: Rules, at: datetime = NOW) -> tuple[str, ...]:
    verdict = may_contact(standing, Channel.VOICE, at, rules=rules)
    return verdict.all if isinstance(verdict, Refused) else ()


def _tries(*days: str, **over: object) -> tuple[Contact, ...]:
    return tuple(a_contact(local(f"2026-{day} 10:00"), **over) for day in days)


@pytest.mark.parametrize("disposition", ["no_answer", "busy", "failed", "cancelled", "unknown", "congestion", None])
def test_one_try_a_day_whatever_became_of_it(rules: Rules, disposition: str | None) -> None:
    tried = a_standing(contacts=_tries("11-24", disposition=disposition))
    assert _all(tried, rules) == ("cap_day", "cap_day_number")
    assert next_opening(tried, Channel.VOICE, NOW, rules=rules) == local("2026-11-25 09:00")


def test_the_day_is_the_debtors_own(rules: Rules) -> None:
    # Half past midnight in Brussels on the 24th is still the 23rd in UTC.
    night = a_standing(contacts=(a_contact(local("2026-11-24 00:30")),))
    assert "cap_day" in _all(night, rules)
    evening = a_standing(contacts=(a_contact(local("2026-11-23 23:30")),))
    assert _all(evening, rules) == ()


def test_three_tries_in_seven_days_today_included(rules: Rules) -> None:
    # 18 to 24 November are seven days.
    assert _all(a_standing(contacts=_tries("11-18", "11-20", "11-23")), rules) == ("cap_7", "cap_7_number")
    assert _all(a_standing(contacts=_tries("11-17", "11-20", "11-23")), rules) == ()
    full = a_standing(contacts=_tries("11-18", "11-20", "11-23"))
    assert next_opening(full, Channel.VOICE, NOW, rules=rules) == local("2026-11-25 09:00")


def test_six_tries_in_thirty_days_and_four_in_france(rules: Rules) -> None:
    # 26 October to 24 November are thirty days.
    days = ("10-26", "10-28", "11-03", "11-05", "11-10", "11-16")
    assert _all(a_standing(contacts=_tries(*days)), rules) == ("cap_30", "cap_30_number")
    assert _all(a_standing(contacts=_tries("10-25", *days[1:])), rules) == ()
    french = {"address": NUMBERS["FR"], "zone": "Europe/Paris"}
    assert _all(a_standing("FR", contacts=_tries(*days[2:], **french)), rules) == ("cap_30", "cap_30_number")
    assert _all(a_standing("FR", contacts=_tries(*days[3:], **french)), rules) == ()


def test_the_opening_comes_when_enough_tries_have_left_the_thirty_days(rules: Rules) -> None:
    seven = _tries("10-26", "10-27", "11-03", "11-05", "11-10", "11-16", "11-17")
    opening = next_opening(a_standing(contacts=seven), Channel.VOICE, NOW, rules=rules)
    assert opening == local("2026-11-26 09:00")


def test_one_budget_over_all_channels_but_the_post(rules: Rules) -> None:
    for channel in ("sms", "email"):
        assert "cap_day" in _all(a_standing(contacts=_tries("11-24", channel=channel)), rules)
    assert _all(a_standing(contacts=_tries("11-24", channel="post")), rules) == ()


def test_what_the_person_asked_for_is_outside_our_own_caps(rules: Rules) -> None:
    assert _all(a_standing(contacts=_tries("11-24", solicited=True)), rules) == ()


def test_a_person_with_two_numbers_has_one_budget(rules: Rules) -> None:
    two = (Phone(e164="+32470123456", rank=1), Phone(e164="+32475654321", rank=2))
    tried = a_standing(phones=two, contacts=_tries("11-24"))
    verdict = may_contact(tried, Channel.VOICE, NOW, rules=rules, number=two[1].e164)
    assert isinstance(verdict, Refused)
    assert verdict.all == ("cap_day",)


def test_two_debtors_with_one_number_share_its_budget(rules: Rules) -> None:
    partner = a_standing(shared=_tries("11-24"))
    assert _all(partner, rules) == ("cap_day_number",)
    other = (Phone(e164="+32470123456", rank=1), Phone(e164="+32475654321", rank=2))
    assert _all(a_standing(phones=other, shared=_tries("11-24")), rules) == ()


def test_in_germany_the_second_try_of_a_day_is_refused_by_our_own_cap(rules: Rules) -> None:
    german = {"address": NUMBERS["DE"], "zone": "Europe/Berlin"}
    verdict = may_contact(a_standing("DE", contacts=_tries("11-24", **german)), Channel.VOICE, NOW, rules=rules)
    assert isinstance(verdict, Refused)
    assert (verdict.rule, verdict.value, verdict.confidence) == ("cap_day", "1 a day", "D")
    assert verdict.reason == "We tried this person once today; at most once a day"


def test_in_germany_three_tries_that_were_asked_for_are_the_policys_end(rules: Rules) -> None:
    german = {"address": NUMBERS["DE"], "zone": "Europe/Berlin", "solicited": True}
    tries = tuple(a_contact(NOW - timedelta(minutes=n), **german) for n in (30, 20, 10))
    verdict = may_contact(a_standing("DE", contacts=tries), Channel.VOICE, NOW, rules=rules)
    assert isinstance(verdict, Refused)
    assert (verdict.rule, verdict.value, verdict.confidence) == ("cap_day", "3 a day", "S1")


def test_with_several_zones_a_try_counts_if_it_is_today_in_any(rules: Rules) -> None:
    # Brussels and New York: what was begun at 01:00 on the 24th here was still the 23rd there.
    contact = a_contact(local("2026-11-24 01:00"), address="+12125551234")
    abroad = a_standing(phones=(Phone(e164="+12125551234"),), contacts=(contact,))
    assert "cap_day" in _all(abroad, rules, local("2026-11-24 15:30"))

"""Quiet after what happened: promises, talks, dropped calls, somebody who was out."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from ledger.contact import Channel
from schedules.permission import may_contact, next_opening
from schedules.rules import Rules
from schedules.standing import Phone, Standing
from schedules.testing import a_contact, a_standing, a_talk, an_agreement, local
from schedules.verdict import Refused


def _refusals(standing: Standing, rules: Rules, at: str) -> tuple[str, ...]:
    verdict = may_contact(standing, Channel.VOICE, local(at), rules=rules)
    return verdict.all if isinstance(verdict, Refused) else ()


def _rule(standing: Standing, rules: Rules, at: str) -> str | None:
    return next(iter(_refusals(standing, rules, at)), None)


@pytest.mark.parametrize(
    ("at", "rule"),
    [
        ("2026-11-23 10:30", "promise"),
        ("2026-11-26 10:30", "promise"),
        ("2026-11-27 10:30", "promise"),  # the date + 3 days is still quiet
        ("2026-11-28 10:30", None),
    ],
)
def test_a_promise_is_waited_for_until_three_days_after_its_date(rules: Rules, at: str, rule: str | None) -> None:
    promised = an_agreement("promise", local("2026-11-10 10:00"), due_on=date(2026, 11, 24))
    assert _rule(a_standing(agreements=(promised,)), rules, at) == rule
    # Whatever a beat has made of it meanwhile: it is the date that counts.
    broken = an_agreement("promise", local("2026-11-10 10:00"), due_on=date(2026, 11, 24), state="broken")
    assert _rule(a_standing(agreements=(broken,)), rules, at) == rule


def test_the_first_opening_after_a_promise_is_on_the_fourth_day(rules: Rules) -> None:
    promised = an_agreement("promise", local("2026-11-10 10:00"), due_on=date(2026, 11, 20))
    opening = next_opening(a_standing(agreements=(promised,)), Channel.VOICE, local("2026-11-10 10:01"), rules=rules)
    assert opening == local("2026-11-24 09:00")


def test_a_promise_that_was_kept_or_taken_back_no_longer_counts(rules: Rules) -> None:
    for state in ("kept", "withdrawn"):
        promised = an_agreement("promise", local("2026-11-10 10:00"), due_on=date(2026, 11, 24), state=state)
        assert _rule(a_standing(agreements=(promised,)), rules, "2026-11-24 10:30") is None


def test_seven_local_days_of_rest_after_a_talk_with_the_debtor(rules: Rules) -> None:
    # Spoken on Monday the 16th at night: quiet from the 16th to the 22nd, open on the 23rd.
    spoken = a_standing(contacts=(a_talk(local("2026-11-16 18:50")),))
    assert _rule(spoken, rules, "2026-11-16 18:52") == "rest"
    assert _rule(spoken, rules, "2026-11-20 10:30") == "rest"
    assert _rule(spoken, rules, "2026-11-23 09:00") is None
    assert next_opening(spoken, Channel.VOICE, local("2026-11-16 18:52"), rules=rules) == local("2026-11-23 09:00")


def test_an_inbound_talk_rests_too_and_is_in_no_budget(rules: Rules) -> None:
    rang_us = a_standing(contacts=(a_talk(local("2026-11-16 10:00"), solicited=True),))
    assert _refusals(rang_us, rules, "2026-11-16 10:30") == ("rest",)


@pytest.mark.parametrize("disposition", ["wrong_number", "not_at_home", "no_conversation", "identity_failed"])
def test_a_talk_with_somebody_else_starts_no_rest_of_the_debtor(rules: Rules, disposition: str) -> None:
    contact = a_contact(local("2026-11-20 10:00"), disposition=disposition, talked=True)
    assert _rule(a_standing(contacts=(contact,)), rules, "2026-11-24 15:00") is None


@pytest.mark.parametrize(("disposition", "days"), [("pay", 7), ("heard", 7), ("copy_requested", 14), ("hardship", 30)])
def test_the_later_of_two_rests_wins(rules: Rules, disposition: str, days: int) -> None:
    spoken = local("2026-10-05 10:00")
    standing = a_standing(contacts=(a_talk(spoken, disposition=disposition),))
    last = spoken + timedelta(days=days - 1)
    assert "rest" in _refusals(standing, rules, f"{last:%Y-%m-%d} 11:00")
    assert "rest" not in _refusals(standing, rules, f"{last + timedelta(days=1):%Y-%m-%d} 11:00")


def test_only_the_debtor_who_was_spoken_to_rests_not_who_shares_the_number(rules: Rules) -> None:
    partner = a_standing(shared=(a_talk(local("2026-11-18 10:00")),))
    assert _rule(partner, rules, "2026-11-24 10:30") is None


def test_a_number_that_we_left_in_silence_rests_for_72_hours(rules: Rules) -> None:
    dropped = a_contact(local("2026-11-20 10:30"), disposition="abandoned")
    other = Phone(e164="+32475654321", rank=2)
    alone, two = (
        a_standing(contacts=(dropped,)),
        a_standing(contacts=(dropped,), phones=(a_standing().phones[0], other)),
    )
    assert _rule(alone, rules, "2026-11-23 10:29") == "rest_abandoned"
    assert _rule(alone, rules, "2026-11-23 10:30") is None
    # Another number is free; whoever else has the dropped number rests as well.
    assert _rule(two, rules, "2026-11-21 10:30") is None
    assert _rule(a_standing(shared=(dropped,)), rules, "2026-11-21 10:30") == "rest_abandoned"


@pytest.mark.parametrize(
    ("at", "rule"),
    [
        ("2026-11-24 11:59", "not_home"),
        ("2026-11-24 12:00", None),
        ("2026-11-25 11:30", "not_home"),
        ("2026-11-25 14:00", None),
        ("2026-11-26 11:30", None),
    ],
)
def test_who_was_out_is_not_tried_at_that_part_of_the_day_today_and_tomorrow(
    rules: Rules, at: str, rule: str | None
) -> None:
    out = a_contact(local("2026-11-24 10:15"), disposition="not_at_home", talked=True)
    found = [one for one in _refusals(a_standing(contacts=(out,)), rules, at) if not one.startswith("cap")]
    assert next((one for one in found if one != "last_dial"), None) == rule


def test_a_machine_waits_for_the_person_who_will_call_back(rules: Rules) -> None:
    for kind, owner in (("person", None), ("callback", "person")):
        asked = an_agreement(kind, local("2026-11-23 10:00"), owner=owner, from_at=local("2026-11-24 10:00"))
        verdict = may_contact(a_standing(agreements=(asked,)), Channel.VOICE, local("2026-11-24 10:30"), rules=rules)
        assert isinstance(verdict, Refused)
        assert (verdict.rule, verdict.next_opening) == ("callback_waits", None)


def test_a_rest_is_counted_in_every_zone(rules: Rules) -> None:
    # A Belgian address with a number of New York: the seventh day must be over on both sides.
    abroad = a_standing(phones=(Phone(e164="+12125551234"),), contacts=(a_talk(local("2026-11-16 15:30")),))
    opening = next_opening(abroad, Channel.VOICE, local("2026-11-16 15:31"), rules=rules)
    assert opening == local("2026-11-23 15:00")

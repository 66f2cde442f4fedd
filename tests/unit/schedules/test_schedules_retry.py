"""What follows each ending of a call."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from ledger.contact import Disposition
from schedules.retry import NextStep, Step, next_step
from schedules.rules import Rules
from schedules.standing import Phone
from schedules.testing import a_contact, a_hold, a_standing, a_talk, an_agreement, local

NOW = local("2026-11-24 10:30")
OTHER = Phone(e164="+32475654321", rank=2)


def _after(disposition: Disposition, rules: Rules, **over: object) -> NextStep:
    contact = a_contact(NOW, disposition=disposition)
    return next_step(disposition, a_standing(**{"contacts": (contact,), **over}), NOW, rules=rules)


@pytest.mark.parametrize("disposition", list(Disposition))
def test_every_ending_has_one_next_step(rules: Rules, disposition: Disposition) -> None:
    assert _after(disposition, rules).kind in Step


@pytest.mark.parametrize(
    "disposition", [Disposition.BUSY, Disposition.NO_ANSWER, Disposition.VOICEMAIL, Disposition.NO_CONVERSATION]
)
def test_who_was_not_reached_in_the_morning_is_tried_at_another_part_of_the_day(
    rules: Rules, disposition: Disposition
) -> None:
    step = _after(disposition, rules)
    assert step.kind is Step.RETRY
    # Not today (one try a day), and not in the morning again.
    assert step.at == local("2026-11-25 12:00")


def test_each_part_of_the_day_has_its_turn(rules: Rules) -> None:
    tried = tuple(a_contact(local(at)) for at in ("2026-11-05 10:00", "2026-11-10 12:30", "2026-11-24 15:00"))
    step = next_step(Disposition.NO_ANSWER, a_standing(contacts=tried), local("2026-11-24 15:01"), rules=rules)
    assert step.at == local("2026-11-25 17:00")


def test_after_two_failures_the_other_number_is_next(rules: Rules) -> None:
    tried = (a_contact(local("2026-11-20 10:00")), a_contact(NOW, disposition="busy"))
    standing = a_standing(contacts=tried, phones=(*a_standing().phones, OTHER))
    assert next_step(Disposition.BUSY, standing, NOW, rules=rules).e164 == OTHER.e164


@pytest.mark.parametrize("disposition", [Disposition.WRONG_NUMBER, Disposition.UNALLOCATED])
def test_a_dead_number_leads_to_another_one_or_to_a_letter(rules: Rules, disposition: Disposition) -> None:
    wrong = a_hold("wrong_number", e164="+32470123456")
    alone = _after(disposition, rules, holds=(wrong,))
    assert alone == NextStep(kind=Step.LETTER, at=None)
    two = _after(disposition, rules, holds=(wrong,), phones=(*a_standing().phones, OTHER))
    assert two.kind is Step.RETRY
    assert two.at is not None


def test_a_used_budget_ends_in_a_letter_and_thirty_days_of_quiet(rules: Rules) -> None:
    days = ("10-26", "10-30", "11-03", "11-07", "11-13", "11-24")
    tried = tuple(a_contact(local(f"2026-{day} 10:00")) for day in days)
    step = next_step(Disposition.NO_ANSWER, a_standing(contacts=tried), NOW, rules=rules)
    assert step.kind is Step.LETTER
    assert step.at is not None
    assert step.at >= NOW + timedelta(days=30)


def test_a_talk_begins_the_count_anew(rules: Rules) -> None:
    days = ("10-26", "10-30", "11-03", "11-07")
    tried = [a_contact(local(f"2026-{day} 10:00")) for day in days]
    spoken = a_talk(local("2026-11-10 10:00"))
    step = next_step(Disposition.NO_ANSWER, a_standing(contacts=(*tried, spoken, a_contact(NOW))), NOW, rules=rules)
    assert step.kind is Step.RETRY


def test_a_call_back_comes_at_its_own_time(rules: Rules) -> None:
    window = an_agreement("callback", NOW, from_at=local("2026-11-25 19:00"), until_at=local("2026-11-25 20:00"))
    step = _after(Disposition.CALLBACK, rules, agreements=(window,))
    assert (step.kind, step.at) == (Step.CALLBACK, local("2026-11-25 19:00"))


def test_a_promise_is_waited_for(rules: Rules) -> None:
    promised = an_agreement("promise", NOW, due_on=date(2026, 12, 4))
    step = _after(Disposition.PROMISE, rules, agreements=(promised,))
    assert (step.kind, step.at) == (Step.NONE, local("2026-12-08 09:00"))


@pytest.mark.parametrize(
    ("disposition", "kind"),
    [
        (Disposition.DISPUTE, "dispute"),
        (Disposition.PLAN_REQUEST, "plan_request"),
        (Disposition.DECEASED, "deceased"),
        (Disposition.COMPLAINT, "complaint"),
        (Disposition.PERSON, "person"),
    ],
)
def test_what_a_person_decides_comes_back_by_a_person_only(rules: Rules, disposition: Disposition, kind: str) -> None:
    step = _after(disposition, rules, agreements=(an_agreement(kind, NOW),))
    assert (step.kind, step.at) == (Step.PERSON, None)


def test_a_paid_claim_gets_a_letter_after_ten_days(rules: Rules) -> None:
    step = _after(Disposition.ALREADY_PAID, rules, agreements=(an_agreement("already_paid", NOW),))
    assert (step.kind, step.at) == (Step.LETTER, NOW + timedelta(days=10))


def test_a_dropped_call_waits_72_hours(rules: Rules) -> None:
    step = _after(Disposition.ABANDONED, rules)
    assert step.kind is Step.RETRY
    assert step.at == local("2026-11-27 12:00")


def test_an_hour_that_we_took_back_ourselves_is_simply_tried_again(rules: Rules) -> None:
    assert _after(Disposition.CANCELLED, rules).at == local("2026-11-25 09:00")

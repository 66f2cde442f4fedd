"""A campaign's own windows, days and audience: they only narrow, and a refusal names the campaign."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from ledger.contact import Channel
from ledger.money import Money
from schedules.audience import Audience
from schedules.campaign import CampaignRules
from schedules.campaign_check import check_campaign
from schedules.errors import BadCampaign
from schedules.permission import may_contact, next_opening
from schedules.rules import Rules
from schedules.standing import Agreement, Invoice
from schedules.testing import a_hold, a_standing, an_invoice, local
from schedules.verdict import Allowed, Refused
from schedules.wish import HoursWish

NOON = local("2026-11-24 12:00")
TODAY = date(2026, 11, 24)


def campaign(**stored: Any) -> CampaignRules:
    return CampaignRules.read(stored, "winter")


def refused(rules: Rules, one: CampaignRules, standing: Any = None, at: Any = NOON) -> Refused:
    verdict = may_contact(standing or a_standing(), Channel.VOICE, at, rules=rules, campaign=one)
    assert isinstance(verdict, Refused), verdict
    return verdict


def test_outside_its_windows_a_campaign_does_not_call_and_says_so(rules: Rules) -> None:
    one = campaign(windows={"weekdays": ["14:00-15:00"]})
    verdict = refused(rules, one)
    assert (verdict.rule, verdict.next_opening) == ("default_hours", local("2026-11-24 14:00"))
    assert verdict.reason == "Outside the windows of the campaign winter on this day: 14:00-15:00"
    inside = may_contact(a_standing(), Channel.VOICE, local("2026-11-24 14:30"), rules=rules, campaign=one)
    assert isinstance(inside, Allowed)
    assert inside.closes_at == local("2026-11-24 15:00"), "the talk ends inside the window too"
    assert refused(rules, one, at=local("2026-11-24 14:56")).rule == "last_dial"


def test_the_campaign_is_named_before_the_band_and_after_the_wish(shipped: Rules) -> None:
    one = campaign(windows={"weekdays": ["17:00-18:00"]})
    verdict = refused(shipped, one)
    assert "campaign winter" in verdict.reason
    assert verdict.all == ("band", "default_hours")
    wishes = (HoursWish(frozenset({1}), (1020, 1080)),)
    assert refused(shipped, one, a_standing(wishes=wishes)).rule == "wish"


def test_a_wish_widens_no_window_of_a_campaign_but_a_call_back_is_always_its_business(rules: Rules) -> None:
    one = campaign(windows={"weekdays": ["17:00-18:00"]}, end_on="2026-11-01", audience={"countries": ["NL"]})
    wishes = (HoursWish(frozenset({1}), (700, 800)),)
    narrow = replace(one, end_on=None, audience=None)
    assert "campaign winter" in refused(rules, narrow, a_standing(wishes=wishes)).reason
    asked = Agreement(
        id=5, kind="callback", made_at=local("2026-11-23 12:00"), from_at=local("2026-11-24 11:30"),
        until_at=local("2026-11-24 13:30"),
    )  # fmt: skip
    verdict = may_contact(a_standing(agreements=(asked,)), Channel.VOICE, NOON, rules=rules, campaign=one)
    assert isinstance(verdict, Allowed)
    assert verdict.callback_id == 5


def test_a_campaign_calls_from_its_first_day_to_its_last(rules: Rules) -> None:
    one = campaign(start_on="2026-11-26", end_on="2026-11-27")
    assert refused(rules, one).next_opening == local("2026-11-26 09:00")
    for day in ("2026-11-26 12:00", "2026-11-27 12:00"):
        assert isinstance(may_contact(a_standing(), Channel.VOICE, local(day), rules=rules, campaign=one), Allowed)
    after = refused(rules, one, at=local("2026-11-28 12:00"))
    assert (after.rule, after.next_opening) == ("default_hours", None)


@pytest.mark.parametrize(
    ("audience", "told"),
    [
        ({"countries": ["NL"]}, "lives in BE"),
        ({"languages": ["fr"]}, "speaks nl"),
        ({"bands": ["senior"]}, "band"),
        ({"min_open_minor": 20000}, "120.00 is open"),
        ({"max_open_minor": 5000}, "120.00 is open"),
        ({"min_days_late": 2000}, "days late"),
        ({"max_days_late": 30}, "days late"),
        ({"stages": [1, 2]}, "stage 3"),
    ],
)
def test_whoever_is_outside_the_audience_is_left_alone(rules: Rules, audience: dict[str, Any], told: str) -> None:
    standing = a_standing(language="nl")
    verdict = refused(rules, campaign(audience=audience), standing)
    assert verdict.rule == "nothing_open"
    assert told in verdict.reason
    assert isinstance(may_contact(standing, Channel.VOICE, NOON, rules=rules), Allowed)


def test_whoever_fits_the_whole_audience_is_called(rules: Rules) -> None:
    fits = {
        "countries": ["BE", "NL"], "languages": ["nl"], "bands": ["all"], "min_open_minor": 12000,
        "max_open_minor": 12000, "min_days_late": 30, "stages": [3],
    }  # fmt: skip
    verdict = may_contact(
        a_standing(language="nl"), Channel.VOICE, NOON, rules=rules, campaign=campaign(audience=fits)
    )  # fmt: skip
    assert isinstance(verdict, Allowed)


def test_a_stage_is_counted_on_the_creditors_own_ladder_and_slides_with_it(rules: Rules) -> None:
    last_only = campaign(audience={"stages": [3]})

    def called(invoice: Invoice, **over: Any) -> bool:
        standing = a_standing(invoices=(invoice,), **over)
        return isinstance(may_contact(standing, Channel.VOICE, NOON, rules=rules, campaign=last_only), Allowed)

    due = NOON.date() - timedelta(days=35)
    assert called(an_invoice(due_on=due))
    assert not called(an_invoice(due_on=due, own_days=(7, 20, 45)))
    assert called(an_invoice(due_on=NOON.date() - timedelta(days=25), own_days=(5, 15, 22)))
    rested = a_hold(kind="hardship", from_at=NOON - timedelta(days=20), until_at=NOON - timedelta(days=9))
    assert not called(an_invoice(due_on=due), past_holds=(rested,))


def test_a_day_that_comes_is_the_next_opening_of_who_is_not_late_enough(rules: Rules) -> None:
    invoice = an_invoice(due_on=date(2026, 11, 1), open=Money(12000))
    one = campaign(audience={"min_days_late": 30})
    opening = next_opening(a_standing(invoices=(invoice,)), Channel.VOICE, NOON, rules=rules, campaign=one)
    assert opening == local("2026-12-01 09:00")


@pytest.mark.parametrize(
    ("stored", "told"),
    [
        ({"windows": {"mon": ["12:00-10:00"]}}, "windows, mon"),
        ({"windows": {"moon": ["10:00-12:00"]}}, "moon"),
        ({"windows": {"mon": []}}, "no day has hours"),
        ({"start_on": "soon"}, "start_on"),
        ({"start_on": "2026-12-02", "end_on": "2026-12-01"}, "end_on"),
        ({"daily_volume": 0}, "daily_volume"),
        ({"audience": {"colour": "red"}}, "audience, colour"),
        ({"audience": {"countries": ["Belgium"]}}, "audience, countries"),
        ({"audience": {"languages": ["xx"]}}, "audience, languages"),
        ({"audience": {"stages": [4]}}, "audience, stages"),
        ({"audience": {"min_open_minor": 5, "max_open_minor": 4}}, "audience, max_open_minor"),
        ({"audience": {"min_days_late": -1}}, "audience, min_days_late"),
        ({"audience": {"countries": "BE"}}, "audience, countries"),
        ({"name": "x"}, "name"),
    ],
)
def test_a_bad_rule_is_named(stored: dict[str, Any], told: str) -> None:
    with pytest.raises(BadCampaign, match=told):
        campaign(**stored)


@pytest.mark.parametrize(
    ("stored", "told"),
    [
        ({"windows": {"mon": ["08:00-12:00"]}}, "windows, mon: .* wider than our own hours, 09:00-19:00"),
        ({"windows": {"sun": ["10:00-12:00"]}}, "windows, sun"),
        ({"windows": {"sat": ["10:00-12:00"]}, "audience": {"countries": ["FR"]}}, "in France"),
        ({"audience": {"countries": ["ES"]}}, "no calling rules for ES"),
        ({"audience": {"bands": ["teen"]}}, "there is no teen"),
        ({"end_on": "9999-12-31"}, "end_on: 9999-12-31 is too far away"),
    ],
)
def test_what_the_house_does_not_know_or_allow_is_refused(shipped: Rules, stored: dict[str, Any], told: str) -> None:
    with pytest.raises(BadCampaign, match=told):
        check_campaign(shipped, campaign(**stored), TODAY)


def test_everything_comes_back_from_the_books_as_it_went_in() -> None:
    one = CampaignRules(
        windows=(((600, 720),),) * 5 + ((), ()), start_on=TODAY, end_on=TODAY, daily_volume=7, name="winter",
        audience=Audience(countries=("BE",), stages=(1, 2), min_open_minor=1),
    )  # fmt: skip
    assert CampaignRules.read(one.stored(), "winter") == one

"""The hours of each country to the minute, in the debtor's own time."""

from __future__ import annotations

from datetime import timedelta

import pytest

from ledger.contact import Channel
from schedules.campaign import CampaignRules
from schedules.permission import may_contact
from schedules.rules import Rules
from schedules.standing import Phone
from schedules.testing import ZONES, a_standing, local, rule_of
from schedules.verdict import Allowed, Refused, Verdict


def _ask(rules: Rules, country: str, clock: str, **over: object) -> Verdict:
    return may_contact(a_standing(country, **over), Channel.VOICE, local(clock, ZONES[country]), rules=rules)


@pytest.mark.parametrize(
    ("country", "clock", "rule"),
    [
        # Tuesday 24 November 2026. The last dial is 5 min 25 s before each end, so 18:54 of 19:00.
        ("BE", "2026-11-24 08:59", "default_hours"),
        ("BE", "2026-11-24 09:00", None),
        ("BE", "2026-11-24 18:54", None),
        ("BE", "2026-11-24 18:55", "last_dial"),
        ("BE", "2026-11-24 18:59", "last_dial"),
        ("BE", "2026-11-24 19:00", "default_hours"),
        ("BE", "2026-11-28 09:59", "default_hours"),
        ("BE", "2026-11-28 10:00", None),
        ("BE", "2026-11-28 15:54", None),
        ("BE", "2026-11-28 15:55", "last_dial"),
        ("BE", "2026-11-28 16:00", "default_hours"),
        ("BE", "2026-11-29 11:00", "sunday"),
        ("BE", "2026-11-11 11:00", "holiday"),
        ("BE", "2026-12-26 11:00", None),
        ("BE", "2026-12-24 15:54", None),
        ("BE", "2026-12-24 15:55", "last_dial"),
        ("BE", "2026-12-24 16:00", "xmas_close"),
        ("BE", "2026-12-31 18:00", "xmas_close"),
        ("NL", "2026-11-28 10:00", None),
        ("NL", "2026-11-28 19:59", "default_hours"),
        ("NL", "2026-11-24 06:59", "default_hours"),
        ("NL", "2026-11-29 11:00", "sunday"),
        ("NL", "2024-05-10 11:00", "holiday"),
        ("NL", "2026-04-03 11:00", "holiday"),
        ("NL", "2026-05-05 11:00", "holiday"),
        ("NL", "2027-05-05 11:00", "holiday"),
        ("NL", "2029-05-07 11:00", "no_law"),
        ("FR", "2026-11-24 09:59", "default_hours"),
        ("FR", "2026-11-24 10:00", None),
        ("FR", "2026-11-24 12:54", None),
        ("FR", "2026-11-24 12:55", "last_dial"),
        ("FR", "2026-11-24 13:00", "default_hours"),
        ("FR", "2026-11-24 13:59", "default_hours"),
        ("FR", "2026-11-24 14:00", None),
        ("FR", "2026-11-24 18:54", None),
        ("FR", "2026-11-28 11:00", "band"),
        ("FR", "2026-05-08 11:00", "holiday"),
        ("FR", "2026-04-03 11:00", None),
        ("DE", "2026-11-24 09:00", None),
        ("DE", "2026-11-24 18:54", None),
        ("DE", "2026-11-24 19:30", "default_hours"),
        ("DE", "2026-11-29 11:00", "sunday"),
        ("DE", "2026-10-03 11:00", "holiday"),
        ("GB", "2026-11-24 08:59", "default_hours"),
        ("GB", "2026-11-24 09:00", None),
        ("GB", "2026-11-24 18:54", None),
        ("GB", "2026-11-24 19:00", "default_hours"),
        ("GB", "2026-11-28 09:59", "default_hours"),
        ("GB", "2026-11-28 10:00", None),
        ("GB", "2026-11-29 11:00", "sunday"),
        ("GB", "2026-08-31 11:00", "holiday"),
        ("GB", "2026-12-24 16:00", "xmas_close"),
        # The day after the clocks go back in London: nine o'clock there.
        ("GB", "2026-10-26 08:59", "default_hours"),
        ("GB", "2026-10-26 09:00", None),
    ],
)
def test_it_is_open_in_the_hours_of_the_country(rules: Rules, country: str, clock: str, rule: str | None) -> None:
    verdict = _ask(rules, country, clock)
    assert rule_of(verdict) == rule


def test_the_last_dial_is_to_the_second(rules: Rules) -> None:
    last = local("2026-11-24 18:54") + timedelta(seconds=35)
    assert isinstance(may_contact(a_standing(), Channel.VOICE, last, rules=rules), Allowed)
    later = may_contact(a_standing(), Channel.VOICE, last + timedelta(seconds=1), rules=rules)
    assert isinstance(later, Refused)
    assert later.rule == "last_dial"


def test_a_campaign_that_rings_longer_dials_last_earlier(rules: Rules) -> None:
    slow = CampaignRules(ring_seconds=60)
    at = local("2026-11-24 18:54")
    verdict = may_contact(a_standing(), Channel.VOICE, at + timedelta(seconds=1), rules=rules, campaign=slow)
    assert isinstance(verdict, Refused)
    assert verdict.rule == "last_dial"


def test_a_message_needs_no_time_to_ring(rules: Rules) -> None:
    assert isinstance(may_contact(a_standing(), Channel.SMS, local("2026-11-24 18:59"), rules=rules), Allowed)
    assert isinstance(may_contact(a_standing(), Channel.SMS, local("2026-11-24 19:00"), rules=rules), Refused)


def test_an_answer_says_until_when_it_holds(rules: Rules) -> None:
    verdict = _ask(rules, "FR", "2026-11-24 10:30")
    assert isinstance(verdict, Allowed)
    assert verdict.closes_at == local("2026-11-24 13:00", "Europe/Paris")
    assert verdict.dial_by == local("2026-11-24 12:54:35", "Europe/Paris")
    assert verdict.number == "+33612345678"
    assert verdict.zone == "Europe/Paris"


@pytest.mark.parametrize(
    ("country", "clock", "reason"),
    [
        ("BE", "2026-11-29 11:00", "Sunday: nobody is called in Belgium on Sunday"),
        ("NL", "2026-04-27 11:00", "King's Day (2026-04-27): nobody is called in the Netherlands on a public holiday"),
        (
            "FR",
            "2026-11-28 11:00",
            "Outside the hours of the band everybody: none on Saturday",
        ),
        ("DE", "2026-11-24 20:15", "20:15 is outside our hours in Germany on Tuesday, 09:00-19:00"),
        ("BE", "2026-12-24 17:00", "24 December: calls end at 16:00 on this evening"),
        ("BE", "2026-11-24 18:57", "The hours end at 19:00: a call begun now would not end inside them"),
    ],
)
def test_a_reason_is_a_sentence_that_a_person_understands(rules: Rules, country: str, clock: str, reason: str) -> None:
    verdict = _ask(rules, country, clock)
    assert isinstance(verdict, Refused)
    assert verdict.reason == reason


def test_it_names_the_first_rule_and_lists_every_one_that_refuses(rules: Rules) -> None:
    night = _ask(rules, "NL", "2026-11-28 20:30")
    assert isinstance(night, Refused)
    assert night.rule == "default_hours"
    assert night.all == ("default_hours", "law_hours")
    sunday = _ask(rules, "NL", "2026-11-29 11:00")
    assert isinstance(sunday, Refused)
    assert sunday.all == ("sunday", "law_day")
    assert sunday.source is not None
    assert "4.2(2)" in sunday.source
    assert sunday.confidence == "S1"


def test_a_land_that_is_not_known_is_closed_when_any_land_is(rules: Rules) -> None:
    verdict = _ask(rules, "DE", "2026-10-31 11:00", region=None, postcode=None)
    assert isinstance(verdict, Refused)
    assert verdict.rule == "holiday"
    assert isinstance(_ask(rules, "DE", "2026-10-31 11:00", region="BY", postcode="80331"), Allowed)


def test_reunion_keeps_its_own_time_and_days(rules: Rules) -> None:
    reunion = a_standing("FR", postcode="97410", phones=(Phone(e164="+262692123456"),))
    at = local("2026-11-24 10:00", "Indian/Reunion")
    assert isinstance(may_contact(reunion, Channel.VOICE, at, rules=rules), Allowed)
    assert isinstance(may_contact(reunion, Channel.VOICE, at - timedelta(minutes=1), rules=rules), Refused)
    abolition = may_contact(reunion, Channel.VOICE, local("2027-12-20 11:00", "Indian/Reunion"), rules=rules)
    assert isinstance(abolition, Refused)
    assert abolition.rule == "holiday"


@pytest.mark.parametrize(
    ("clock", "open_"),
    [("2026-11-24 14:59", False), ("2026-11-24 15:00", True), ("2026-11-24 18:54", True), ("2026-11-24 18:55", False)],
)
def test_where_zones_conflict_every_one_must_be_open(rules: Rules, clock: str, open_: bool) -> None:
    # A Belgian address with a number of New York: nine o'clock there is three here.
    abroad = a_standing(phones=(Phone(e164="+12125551234"),))
    verdict = may_contact(abroad, Channel.VOICE, local(clock), rules=rules)
    assert isinstance(verdict, Allowed) is open_
    if isinstance(verdict, Allowed):
        assert verdict.zones == ("Europe/Brussels", "America/New_York")


def test_without_an_address_law_and_zone_follow_the_number(rules: Rules) -> None:
    nowhere = a_standing(None, phones=(Phone(e164="+31612345678"),))
    verdict = may_contact(nowhere, Channel.VOICE, local("2026-04-27 11:00"), rules=rules)
    assert isinstance(verdict, Refused)
    assert verdict.rule == "holiday"
    assert isinstance(may_contact(nowhere, Channel.VOICE, local("2026-04-28 11:00"), rules=rules), Allowed)


@pytest.mark.parametrize(
    ("over", "rule"),
    [
        ({"country": None, "phones": ()}, "no_law"),
        ({"country": None, "phones": (Phone(e164="+80012345678"),)}, "no_law"),
        ({"country": "ES"}, "no_law"),
        ({"country": "US"}, "no_profile_live"),
    ],
)
def test_without_a_law_nobody_is_called(rules: Rules, over: dict[str, object], rule: str) -> None:
    verdict = may_contact(a_standing(**over), Channel.VOICE, local("2026-11-24 10:30"), rules=rules)  # type: ignore[arg-type]
    assert isinstance(verdict, Refused)
    assert verdict.rule == rule
    assert verdict.next_opening is None

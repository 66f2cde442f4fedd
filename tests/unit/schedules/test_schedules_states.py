"""The United Kingdom as any other country; the United States, whose rules are kept and tested and not in use."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from ledger.contact import Channel
from ledger.interval import around
from ledger.region import Region, region_of
from schedules.cap import legal_cap
from schedules.permission import may_contact, next_opening
from schedules.rules import Rules, Standstill
from schedules.standing import Phone, Standing
from schedules.testing import NUMBERS, ZONES, a_contact, a_standing, a_talk, an_invoice, local, rule_of, with_live
from schedules.verdict import Allowed, Refused
from schedules.window import legal_window
from schedules.wish import HoursWish

TUESDAY, SATURDAY, SUNDAY = date(2026, 11, 24), date(2026, 11, 28), date(2026, 11, 29)
NEW_YORK = ZONES["US"]


def state(part: str | None = None, postcode: str | None = None) -> Region:
    found = region_of("US", part, postcode)
    assert found is not None
    return found


@pytest.fixture(scope="module")
def live(rules: Rules) -> Rules:
    """The rules as they would be on the day on which those of the United States come into use."""
    return with_live(rules, "US")


def _rule(standing: Standing, rules: Rules, clock: str, zone: str = NEW_YORK) -> str | None:
    verdict = may_contact(standing, Channel.VOICE, local(clock, zone), rules=rules)
    return rule_of(verdict)


# -- the United Kingdom ---------------------------------------------------------------------------------------------


def test_the_british_code_counts_as_limit(rules: Rules) -> None:
    england = Region("GB", ("ENG",))
    assert legal_window(rules, england, TUESDAY) == ((8 * 60, 21 * 60),)
    assert legal_window(rules, england, SATURDAY) == ((9 * 60, 21 * 60),)
    assert legal_window(rules, england, SUNDAY) == ()
    assert legal_window(rules, england, date(2026, 8, 31)) == ()
    assert legal_cap(rules, england, TUESDAY, 1) is None


@pytest.mark.parametrize(
    ("clock", "rule"),
    [
        ("2026-11-24 08:00", None),
        ("2026-11-24 20:54", None),
        ("2026-11-24 20:55", "last_dial"),
        ("2026-11-24 21:00", "law_hours"),
        ("2026-11-24 07:59", "wish"),
        ("2026-11-28 08:59", "wish"),
        ("2026-11-28 09:00", None),
        ("2026-11-29 11:00", "sunday"),
    ],
)
def test_a_wish_in_britain_reaches_as_far_as_the_code(rules: Rules, clock: str, rule: str | None) -> None:
    early_and_late = a_standing("GB", wishes=(HoursWish(frozenset(range(7)), (0, 24 * 60)),))
    found = _rule(early_and_late, rules, clock, ZONES["GB"])
    assert (found is None) is (rule is None)
    if rule not in (None, "wish"):
        assert found == rule


def test_a_scottish_holiday_closes_scotland_the_border_and_who_is_not_known(rules: Rules) -> None:
    clock, zone = "2026-11-30 11:00", ZONES["GB"]
    assert _rule(a_standing("GB", postcode="EH1 1YZ"), rules, clock, zone) == "holiday"
    assert _rule(a_standing("GB", postcode="TD15 1AA"), rules, clock, zone) == "holiday"
    assert _rule(a_standing("GB", postcode=None), rules, clock, zone) == "holiday"
    assert _rule(a_standing("GB", postcode="SW1A 1AA"), rules, clock, zone) is None
    assert _rule(a_standing("GB", postcode="EH1 1YZ", region="ENG"), rules, clock, zone) is None


def test_a_british_collector_needs_no_letter_and_a_belgian_does(rules: Rules) -> None:
    claim = (an_invoice(role="collector"),)
    assert _rule(a_standing("GB", invoices=claim), rules, "2026-11-24 10:30", ZONES["GB"]) is None
    assert _rule(a_standing("BE", invoices=claim), rules, "2026-11-24 10:30", ZONES["BE"]) == "letter"


def test_jersey_is_not_british_law(rules: Rules) -> None:
    jersey = a_standing("GB", postcode="JE2 3AB")
    assert _rule(jersey, rules, "2026-11-24 10:30", "Europe/Jersey") == "no_law"


# -- the United States ----------------------------------------------------------------------------------------------


def test_by_rules_that_are_not_in_use_nobody_is_called(rules: Rules) -> None:
    assert rules.standstill("US", TUESDAY) is Standstill.NOT_LIVE
    assert not [one for one in rules.overdue(date(2028, 6, 1)) if "United States" in one]
    for channel in (Channel.VOICE, Channel.SMS, Channel.EMAIL):
        verdict = may_contact(
            a_standing("US", email="grace@example.org"), channel, local("2026-11-24 10:30", NEW_YORK), rules=rules
        )
        assert isinstance(verdict, Refused)
        assert (verdict.rule, verdict.next_opening) == ("no_profile_live", None)
        assert verdict.reason == (
            "The calling rules of the United States are not in use yet: nobody there is called by a machine"
        )


@pytest.mark.parametrize("day", [TUESDAY, SATURDAY, SUNDAY, date(2026, 11, 26)])
def test_federal_law_is_eight_to_nine_on_every_day(live: Rules, day: date) -> None:
    window = legal_window(live, state("IL"), day)
    assert window == ((8 * 60, 21 * 60),)
    assert around(window, 7 * 60 + 59) is None


@pytest.mark.parametrize(
    ("region", "day", "seven", "hours"),
    [
        (Region("US"), TUESDAY, 7, (480, 1260)),
        (state("IL"), TUESDAY, 7, (480, 1260)),
        (state("MA"), TUESDAY, 2, (480, 1260)),
        (state("WA"), TUESDAY, 3, (480, 1260)),
        (state("WV"), TUESDAY, 7, (480, 1260)),
        (state("NY", "10001"), TUESDAY, 3, (480, 1260)),
        (state("NY", "10001"), date(2026, 8, 31), 7, (480, 1260)),
        (state("NY", "12207"), TUESDAY, 7, (480, 1260)),
        (state("NY"), TUESDAY, 3, (480, 1260)),
        (state("CA"), TUESDAY, 7, None),
        (state("CA"), date(2024, 12, 31), 7, (480, 1260)),
        # Nobody knows the state: the strictest of all of them.
        (state(), TUESDAY, 2, None),
    ],
)
def test_a_strict_state_or_city_adds_to_federal_law(
    live: Rules, region: Region, day: date, seven: int, hours: tuple[int, int] | None
) -> None:
    assert legal_cap(live, region, day, 7) == seven
    assert legal_window(live, region, day) == ((hours,) if hours else ())


def test_where_consent_is_not_known_three_tries_in_thirty_days_are_our_own_limit(live: Rules) -> None:
    caps = [(cap.days, cap.limit) for cap in live.terms(state("IL"), TUESDAY).caps if cap.ours]
    assert caps == [(1, 1), (7, 3), (30, 3)]


def test_california_is_closed_for_a_machine_and_names_its_own_source(live: Rules) -> None:
    verdict = may_contact(
        a_standing("US", postcode="90001", phones=(Phone(e164="+13105550123"),)),
        Channel.VOICE,
        local("2026-11-24 11:00", "America/Los_Angeles"),
        rules=live,
    )
    assert isinstance(verdict, Refused)
    assert (verdict.rule, verdict.confidence, verdict.next_opening) == ("law_day", "S1", None)
    assert "PUC 2874" in (verdict.source or "")


def test_after_a_talk_on_the_eighth_nobody_calls_before_the_fifteenth(live: Rules) -> None:
    # October has no holiday in New York on these days but the 12th, a Monday; the 11th is a Sunday.
    spoken = a_standing("US", contacts=(a_talk(local("2026-10-08 11:00", NEW_YORK), address=NUMBERS["US"]),))
    refused = [
        may_contact(spoken, Channel.VOICE, local(f"2026-10-{day:02} 12:00", NEW_YORK), rules=live)
        for day in range(8, 15)
    ]
    assert all(isinstance(one, Refused) and "rest" in one.all for one in refused)
    assert _rule(spoken, live, "2026-10-15 12:00") is None
    after = local("2026-10-08 11:01", NEW_YORK)
    assert next_opening(spoken, Channel.VOICE, after, rules=live) == local("2026-10-15 09:00", NEW_YORK)


def test_the_eighth_call_in_seven_days_is_refused_by_law(live: Rules) -> None:
    # Calls that the person asked for: our own caps leave them out, the law's seven do not.
    now = local("2026-11-24 12:00", NEW_YORK)
    asked = {"address": NUMBERS["US"], "zone": NEW_YORK, "solicited": True}
    tries = tuple(a_contact(now - timedelta(hours=20 * n), **asked) for n in range(7, 0, -1))
    eighth = may_contact(a_standing("US", contacts=tries), Channel.VOICE, now, rules=live)
    assert isinstance(eighth, Refused)
    assert (eighth.rule, eighth.value, eighth.confidence) == ("cap_7", "7 in 7 days", "S2")
    assert "1006.14(b)(2)(i)(A)" in (eighth.source or "")
    seventh = may_contact(a_standing("US", contacts=tries[1:]), Channel.VOICE, now, rules=live)
    assert isinstance(seventh, Allowed)


def test_in_massachusetts_the_third_try_in_seven_days_is_refused_by_law(live: Rules) -> None:
    boston = {"address": "+16175550123", "zone": NEW_YORK}
    tries = tuple(a_contact(local(f"2026-11-{day} 12:00", NEW_YORK), **boston) for day in (19, 21))
    ada = a_standing("US", postcode="02134", phones=(Phone(e164="+16175550123"),), contacts=tries)
    verdict = may_contact(ada, Channel.VOICE, local("2026-11-24 12:00", NEW_YORK), rules=live)
    assert isinstance(verdict, Refused)
    assert (verdict.rule, verdict.value) == ("cap_7", "2 in 7 days")
    assert "940 CMR 7.04" in (verdict.source or "")


def test_a_chicago_number_with_a_los_angeles_address_waits_until_ten_in_chicago(rules: Rules) -> None:
    chicago = "America/Chicago"
    moved = a_standing("US", postcode="90001", phones=(Phone(e164="+13125550123"),))
    # As if a person spoke, for whom California keeps the federal hours; the person's wish sets our own aside.
    spoken_by_people = with_live(rules, "US", without="CA")
    early = a_standing(
        "US", postcode="90001", phones=moved.phones, wishes=(HoursWish(frozenset(range(7)), (0, 24 * 60)),)
    )
    assert _rule(early, spoken_by_people, "2026-11-24 09:59", chicago) == "law_hours"
    assert _rule(early, spoken_by_people, "2026-11-24 10:00", chicago) is None
    midnight = local("2026-11-24 00:00", chicago)
    assert next_opening(early, Channel.VOICE, midnight, rules=spoken_by_people) == local("2026-11-24 10:00", chicago)
    # A machine's voice never, at whatever hour.
    assert next_opening(moved, Channel.VOICE, midnight, rules=with_live(rules, "US")) is None


def test_an_address_without_a_state_is_called_only_where_every_state_allows(live: Rules) -> None:
    somewhere = a_standing("US", postcode=None, region=None, phones=(Phone(e164="+13125550123"),))
    verdict = may_contact(somewhere, Channel.VOICE, local("2026-11-24 13:00", "America/Chicago"), rules=live)
    assert isinstance(verdict, Refused)
    assert verdict.rule == "law_day"

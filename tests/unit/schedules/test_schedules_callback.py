"""A call-back that the person asked for: held by the law and the facts, and by none of our own rests and caps."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from functools import partial
from typing import Any

import pytest

from ledger.contact import Channel
from ledger.interval import around
from ledger.region import Region
from schedules.openings import openings, promise_calendar
from schedules.permission import may_contact, next_opening
from schedules.rules import Rules
from schedules.standing import Agreement, Contact, Phone, Standing
from schedules.testing import NUMBERS, ZONES, a_contact, a_hold, a_standing, a_talk, an_agreement, local, rule_of
from schedules.verdict import Allowed, Refused, Verdict
from schedules.wish import ChannelWish, NumberWish, Wish

#: The talk on which the call-back was asked, and the evening for which it was asked.
ASKED = local("2026-11-24 10:00")


def _callback(start: str, end: str, zone: str = "Europe/Brussels", **over: Any) -> Agreement:
    window = {"from_at": local(start, zone), "until_at": local(end, zone), "owner": "machine"}
    return an_agreement("callback", ASKED, **{"id": 7, **window, **over})


def _asked(*contacts: Contact, **over: Any) -> Standing:
    over.setdefault("agreements", (_callback("2026-11-24 19:00", "2026-11-24 20:00"),))
    return a_standing(contacts=(a_talk(ASKED, disposition="callback"), *contacts), **over)


def _ask(standing: Standing, rules: Rules, at: datetime) -> Verdict:
    return may_contact(standing, Channel.VOICE, at, rules=rules)


def test_it_is_kept_past_our_own_hours_cap_and_rest(rules: Rules) -> None:
    verdict = _ask(_asked(), rules, local("2026-11-24 19:30"))
    assert isinstance(verdict, Allowed)
    assert verdict.callback_id == 7
    assert verdict.closes_at == local("2026-11-24 20:00")


def test_before_its_window_nobody_calls(rules: Rules) -> None:
    verdict = _ask(a_standing(agreements=(_callback("2026-11-24 15:00", "2026-11-24 16:00"),)), rules, ASKED)
    assert isinstance(verdict, Refused)
    assert verdict.rule == "callback_waits"
    assert verdict.next_opening == local("2026-11-24 15:00")


def test_its_last_dial_is_before_its_own_end(rules: Rules) -> None:
    assert isinstance(_ask(_asked(), rules, local("2026-11-24 19:54")), Allowed)
    assert rule_of(_ask(_asked(), rules, local("2026-11-24 19:55"))) == "last_dial"


def test_after_two_tries_it_is_spent(rules: Rules) -> None:
    once = _asked(a_contact(local("2026-11-24 19:05"), solicited=True))
    assert isinstance(_ask(once, rules, local("2026-11-24 19:20")), Allowed)
    twice = _asked(*(a_contact(local(f"2026-11-24 19:{m}"), solicited=True) for m in ("05", "20")))
    assert rule_of(_ask(twice, rules, local("2026-11-24 19:30"))) == "rest"


def test_once_served_it_is_over(rules: Rules) -> None:
    served = _asked(a_talk(local("2026-11-24 19:05"), solicited=True))
    assert rule_of(_ask(served, rules, local("2026-11-24 19:30"))) == "rest"


def test_a_window_that_passed_unserved_leaves_the_rest_of_the_talk(rules: Rules) -> None:
    assert rule_of(_ask(_asked(), rules, local("2026-11-25 10:30"))) == "rest"
    opening = next_opening(_asked(), Channel.VOICE, local("2026-11-24 20:30"), rules=rules)
    assert opening == local("2026-12-01 09:00")


@pytest.mark.parametrize(
    ("country", "at", "rule"),
    [
        ("BE", "2026-11-24 07:59", "outer_hours"),
        ("BE", "2026-11-24 08:00", None),
        ("BE", "2026-11-24 20:00", "outer_hours"),
        ("BE", "2026-11-29 11:00", "sunday"),
        ("BE", "2026-11-11 11:00", "holiday"),
        ("BE", "2026-12-24 18:00", None),
        ("NL", "2026-11-24 07:00", None),
        ("NL", "2026-11-24 06:59", "law_hours"),
        ("NL", "2026-11-29 11:00", "sunday"),
        ("FR", "2026-11-28 13:30", None),
        ("DE", "2026-11-24 19:54", None),
        ("DE", "2026-11-24 20:00", "law_hours"),
    ],
)
def test_only_the_law_or_our_outer_hours_hold_it(rules: Rules, country: str, at: str, rule: str | None) -> None:
    zone = ZONES[country]
    day = at[:10]
    wide = an_agreement(
        "callback", local("2026-11-01 10:00"), from_at=local(f"{day} 00:00", zone), until_at=local(f"{day} 23:59", zone)
    )
    verdict = _ask(a_standing(country, agreements=(wide,)), rules, local(at, zone))
    assert rule_of(verdict) == rule


def test_holds_and_opt_outs_come_before_it(rules: Rules) -> None:
    at = local("2026-11-24 19:30")
    assert rule_of(_ask(_asked(holds=(a_hold("dispute"),)), rules, at)) == "dispute"
    assert rule_of(_ask(_asked(holds=(a_hold("opt_out", e164=NUMBERS["BE"]),)), rules, at)) == "opt_out"


def test_a_promise_made_after_asking_keeps_us_quiet_and_one_made_before_does_not(rules: Rules) -> None:
    at = local("2026-11-24 19:30")
    callback = _callback("2026-11-24 19:00", "2026-11-24 20:00")
    before = an_agreement("promise", local("2026-11-20 10:00"), id=3, due_on=date(2026, 11, 30))
    assert isinstance(_ask(_asked(agreements=(before, callback)), rules, at), Allowed)
    after = an_agreement("promise", local("2026-11-24 12:00"), id=8, due_on=date(2026, 11, 30))
    assert rule_of(_ask(_asked(agreements=(callback, after)), rules, at)) == "promise"


@pytest.mark.parametrize(
    ("wish", "rule"),
    [(partial(ChannelWish, frozenset({"post"})), "wish_channel"), (partial(NumberWish, "+32475654321"), "wish_number")],
)
def test_who_wishes_another_channel_or_number_after_asking_has_changed_their_mind(
    rules: Rules, wish: Callable[..., Wish], rule: str
) -> None:
    at = local("2026-11-24 19:30")
    for before in (None, local("2026-11-20 10:00"), ASKED):
        assert isinstance(_ask(_asked(wishes=(wish(said_at=before),)), rules, at), Allowed)
    after = _asked(wishes=(wish(said_at=local("2026-11-24 12:00")),))
    assert rule_of(_ask(after, rules, at)) == rule
    assert next_opening(after, Channel.VOICE, at, rules=rules) is None


def test_it_rings_the_number_that_was_asked_for(rules: Rules) -> None:
    other = Phone(e164="+32475654321", rank=2)
    callback = _callback("2026-11-24 19:00", "2026-11-24 20:00", e164=other.e164)
    standing = _asked(agreements=(callback,), phones=(*a_standing().phones, other))
    verdict = _ask(standing, rules, local("2026-11-24 19:30"))
    assert isinstance(verdict, Allowed)
    assert verdict.number == other.e164


def test_as_soon_as_possible_is_kept_without_a_window(rules: Rules) -> None:
    soon = _callback("2026-11-24 10:00", "2026-11-24 10:00", from_at=None, until_at=None)
    verdict = _ask(_asked(agreements=(soon,)), rules, local("2026-11-24 19:30"))
    assert isinstance(verdict, Allowed)
    assert verdict.callback_id == 7


def test_the_german_policy_of_three_a_day_holds_it_too(rules: Rules) -> None:
    german = {"address": NUMBERS["DE"], "zone": "Europe/Berlin"}
    tries = tuple(a_contact(local(f"2026-11-24 1{n}:00", "Europe/Berlin"), **german) for n in (1, 2, 3))
    window = _callback("2026-11-24 19:00", "2026-11-24 20:00", "Europe/Berlin")
    standing = a_standing("DE", contacts=tries, agreements=(window,))
    assert rule_of(_ask(standing, rules, local("2026-11-24 19:30", "Europe/Berlin"))) == "cap_day"


def test_what_is_offered_for_a_call_back_would_be_allowed(rules: Rules) -> None:
    now = local("2026-11-24 10:00")
    standing = a_standing()
    offered = openings(standing, NUMBERS["BE"], now, rules=rules)
    # Today from now, twelve more days and the last, without two Sundays.
    assert len(offered) == 13
    assert offered[0] == (now, local("2026-11-24 20:00"))
    assert offered[1] == (local("2026-11-25 08:00"), local("2026-11-25 20:00"))
    assert around(offered, local("2026-11-29 11:00")) is None
    for start, end in offered:
        window = an_agreement("callback", now, id=7, from_at=start, until_at=end)
        first = _ask(a_standing(agreements=(window,), contacts=(a_talk(now),)), rules, start)
        assert isinstance(first, Allowed)
        assert first.callback_id == 7


def test_what_is_offered_is_open_in_every_zone(rules: Rules) -> None:
    abroad = a_standing(phones=(Phone(e164="+12125551234"),))
    offered = openings(abroad, "+12125551234", local("2026-11-24 10:00"), rules=rules)
    assert offered[0] == (local("2026-11-24 14:00"), local("2026-11-24 20:00"))
    assert openings(a_standing("ES"), NUMBERS["BE"], ASKED, rules=rules) == ()


def test_a_promise_may_be_made_from_tomorrow_to_thirty_days_ahead(rules: Rules) -> None:
    found = promise_calendar(Region("BE"), date(2026, 12, 23), rules=rules)
    assert (found.first, found.last) == (date(2026, 12, 24), date(2027, 1, 22))
    assert found.closed[:3] == (date(2026, 12, 25), date(2026, 12, 26), date(2026, 12, 27))
    assert date(2027, 1, 1) in found.closed

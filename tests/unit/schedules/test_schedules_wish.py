"""What a person asked for: above our own hours, inside the law."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from ledger.contact import Channel
from schedules.errors import BadRules
from schedules.permission import may_contact, next_opening
from schedules.rules import Rules
from schedules.testing import ZONES, a_standing, local, rule_of
from schedules.verdict import Refused
from schedules.wish import ChannelWish, HoursWish, NotBefore, NumberWish, wish_from


def _rule(rules: Rules, at: str, *wishes: object, country: str = "BE") -> str | None:
    standing = a_standing(country, wishes=wishes)
    verdict = may_contact(standing, Channel.VOICE, local(at, ZONES[country]), rules=rules)
    return rule_of(verdict)


EVENINGS = HoursWish(None, (18 * 60, 20 * 60))
SATURDAYS = HoursWish(frozenset({5}), None)
SATURDAY_EVENINGS = HoursWish(frozenset({5}), (17 * 60, 20 * 60))


@pytest.mark.parametrize(
    ("at", "rule"),
    [
        ("2026-11-24 10:30", "wish"),
        ("2026-11-24 18:00", None),
        ("2026-11-24 19:54", None),
        ("2026-11-24 19:55", "last_dial"),
        ("2026-11-24 20:00", "wish"),
        ("2026-11-29 18:30", "sunday"),
        ("2026-11-11 18:30", "holiday"),
        ("2026-12-24 18:30", "xmas_close"),
    ],
)
def test_hours_asked_for_on_record_replace_ours_and_open_no_day_of_rest(
    rules: Rules, at: str, rule: str | None
) -> None:
    assert _rule(rules, at, EVENINGS) == rule


def test_a_saturday_may_be_asked_for_in_france_and_has_hours_of_its_own(rules: Rules) -> None:
    assert _rule(rules, "2026-11-28 11:00", SATURDAYS, country="FR") is None
    assert _rule(rules, "2026-11-28 16:00", SATURDAYS, country="FR") == "wish"
    assert _rule(rules, "2026-11-24 11:00", SATURDAYS, country="FR") == "wish"
    assert _rule(rules, "2026-11-24 13:30", HoursWish(None, (13 * 60, 14 * 60)), country="FR") is None


def test_a_saturday_evening_may_be_asked_for(rules: Rules) -> None:
    assert _rule(rules, "2026-11-28 17:30", SATURDAY_EVENINGS) is None
    assert _rule(rules, "2026-11-28 17:30", SATURDAY_EVENINGS, country="NL") is None


def test_several_wishes_for_hours_are_taken_together(rules: Rules) -> None:
    mornings = HoursWish(frozenset({0}), (8 * 60, 9 * 60))
    for at in ("2026-11-24 18:30", "2026-11-23 08:30"):
        assert _rule(rules, at, EVENINGS, mornings) is None
    assert _rule(rules, "2026-11-24 08:30", EVENINGS, mornings) == "wish"


def test_the_law_cuts_a_wish(rules: Rules) -> None:
    late = HoursWish(None, (19 * 60, 22 * 60))
    assert _rule(rules, "2026-11-24 19:30", late) is None
    assert _rule(rules, "2026-11-24 20:30", late) == "outer_hours"
    assert _rule(rules, "2026-11-24 20:30", late, country="NL") == "law_hours"
    early = HoursWish(None, (6 * 60, 8 * 60))
    assert _rule(rules, "2026-11-24 07:30", early, country="NL") is None
    assert _rule(rules, "2026-11-24 07:30", early, country="DE") == "outer_hours"


def test_a_wish_of_which_the_law_leaves_nothing_closes_us_and_opens_nothing_else(rules: Rules) -> None:
    night = a_standing(wishes=(HoursWish(None, (21 * 60, 23 * 60)),))
    for at in ("2026-11-24 10:30", "2026-11-24 21:30"):
        verdict = may_contact(night, Channel.VOICE, local(at), rules=rules)
        assert isinstance(verdict, Refused)
        assert (verdict.rule, verdict.next_opening) == ("outer_hours", None)


def test_what_was_not_said_on_record_only_narrows(rules: Rules) -> None:
    said = HoursWish(None, (18 * 60, 20 * 60), on_record=False)
    assert _rule(rules, "2026-11-24 10:30", said) == "wish"
    assert _rule(rules, "2026-11-24 18:30", said) is None
    assert _rule(rules, "2026-11-24 19:30", said) == "default_hours"


def test_not_before_narrows_by_day_and_by_hour(rules: Rules) -> None:
    later = NotBefore(date(2026, 12, 1), None)
    assert _rule(rules, "2026-11-30 10:30", later) == "wish"
    assert _rule(rules, "2026-12-01 10:30", later) is None
    late_riser = NotBefore(None, 11 * 60)
    assert _rule(rules, "2026-11-24 10:59", late_riser) == "wish"
    assert _rule(rules, "2026-11-24 11:00", late_riser) is None
    standing = a_standing(wishes=(later, late_riser))
    opening = next_opening(standing, Channel.VOICE, local("2026-11-24 10:00"), rules=rules)
    assert opening == local("2026-12-01 11:00")


@pytest.mark.parametrize(
    ("kind", "value", "wish"),
    [
        ("hours", {"from": "18:00", "to": "20:00"}, EVENINGS),
        ("hours", {"days": ["sat"]}, SATURDAYS),
        ("hours", {"days": ["sat"], "from": "17:00", "to": "20:00"}, SATURDAY_EVENINGS),
        ("not_before", {"date": "2026-12-01", "time": "11:00"}, NotBefore(date(2026, 12, 1), 660)),
        ("channel", {"channels": ["post", "email"]}, ChannelWish(frozenset({"post", "email"}))),
        ("number", {"e164": "+32470123456"}, NumberWish("+32470123456")),
    ],
)
def test_a_stored_wish_is_read(kind: str, value: dict[str, Any], wish: object) -> None:
    assert wish_from(kind, value) == wish


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        ("hours", {}),
        ("hours", {"from": "18:00"}),
        ("hours", {"from": "20:00", "to": "18:00"}),
        ("hours", {"days": ["someday"]}),
        ("hours", {"from": "late", "to": "later"}),
        ("not_before", {}),
        ("not_before", {"date": "soon"}),
        ("channel", {"channels": ["pigeon"]}),
        ("number", {}),
        ("mood", {"good": True}),
    ],
)
def test_a_wish_that_can_not_be_read_is_named(kind: str, value: dict[str, Any]) -> None:
    with pytest.raises(BadRules, match=kind):
        wish_from(kind, value)


@pytest.mark.parametrize("at", ["2026-12-19 12:00", "2026-12-23 18:30", "2026-12-24 10:00"])
def test_a_wish_for_fridays_outlives_christmas_and_new_year_on_a_friday(shipped: Rules, at: str) -> None:
    fridays = a_standing(wishes=(HoursWish(frozenset({4}), (18 * 60, 20 * 60)),))
    verdict = may_contact(fridays, Channel.VOICE, local(at), rules=shipped)
    assert isinstance(verdict, Refused)
    assert verdict.rule == "wish"
    assert verdict.next_opening == local("2027-01-08 18:00")

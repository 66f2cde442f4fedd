"""Who can be called at no hour at all is found, and nobody else."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.contact import Channel
from schedules.common_hour import no_common_hour
from schedules.law_file import shipped_rules
from schedules.permission import may_contact
from schedules.standing import Phone, Standing
from schedules.testing import a_hold, a_standing, local
from schedules.verdict import Refused
from schedules.wish import HoursWish

RULES = shipped_rules()
NOW = local("2026-11-24 10:30")
#: A mobile of metropolitan France, one of Réunion, and one that may be either of Réunion or Mayotte.
PARIS, REUNION = Phone(e164="+33612345678"), Phone(e164="+262692123456")
ADULT, SENIOR = date(1985, 6, 1), date(1956, 6, 1)


def somebody(**over: Any) -> Standing:
    """An adult with an address in Réunion and a mobile of Paris."""
    return a_standing(**{"country": "FR", "postcode": "97400", "phones": (PARIS,), "birth_date": ADULT, **over})


def test_an_address_in_reunion_and_a_mobile_of_paris_share_no_hour_of_a_working_adult() -> None:
    why = no_common_hour(somebody(), NOW, RULES)
    assert why is not None
    assert "Europe/Paris and Indian/Reunion" in why


@pytest.mark.parametrize(
    "over",
    [
        # By day there is an hour that both share.
        {"birth_date": SENIOR},
        # One number that fits is enough.
        {"phones": (PARIS, REUNION)},
        # Without a number, or with none that may be rung, it is no hour that is missing.
        {"phones": ()},
        {"holds": (a_hold("opt_out", channel="voice"),)},
        # Nor is it where no law is known.
        {"country": None, "postcode": None, "phones": (Phone(e164="+881612345678"),)},
    ],
)
def test_nobody_else_is_listed(over: dict[str, Any]) -> None:
    assert no_common_hour(somebody(**over), NOW, RULES) is None


def test_a_wish_that_the_law_leaves_nothing_of_is_listed_with_its_own_reason() -> None:
    sundays = HoursWish(days=frozenset({6}), hours=None)
    why = no_common_hour(a_standing(wishes=(sundays,)), NOW, RULES)
    assert why == "The person asked for hours, and none of them is one at which we may call"
    evenings = HoursWish(days=None, hours=(18 * 60, 19 * 60))
    assert no_common_hour(a_standing(wishes=(evenings,)), NOW, RULES) is None


@given(st.sampled_from(["BE", "NL", "DE"]), st.one_of(st.none(), st.integers(18, 100)), st.integers(0, 400))
def test_who_has_one_zone_always_has_an_hour(country: str, age: int | None, days: int) -> None:
    born = None if age is None else date(NOW.year - age, 1, 1)
    assert no_common_hour(a_standing(country, birth_date=born), NOW + timedelta(days=days), RULES) is None


@pytest.mark.parametrize("days", range(14))
def test_permission_refuses_whom_it_lists_on_every_day_for_the_hours(days: int) -> None:
    verdict = may_contact(somebody(), Channel.VOICE, NOW + timedelta(days=days), rules=RULES)
    assert isinstance(verdict, Refused)
    assert verdict.next_opening is None

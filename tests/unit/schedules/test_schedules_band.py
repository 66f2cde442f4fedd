"""Bands: who is called at which hours, by age and life, to the minute."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.contact import Channel
from ledger.interval import around, intersection
from ledger.region import region_of
from schedules.band import age_on
from schedules.band_file import bands_from
from schedules.errors import BadRules
from schedules.law_file import shipped_rules
from schedules.permission import may_contact, next_opening
from schedules.rules import Rules
from schedules.standing import Standing
from schedules.testing import ZONES, a_contact, a_standing, a_talk, local
from schedules.verdict import Allowed, Refused
from schedules.wish import HoursWish

RULES = shipped_rules()
TUESDAY, SATURDAY = "2026-11-24", "2026-11-28"
SENIOR, ELDER, YOUNG, ADULT = date(1956, 1, 1), date(1940, 1, 1), date(2004, 1, 1), date(1980, 1, 1)


def rule(standing: Standing, clock: str, zone: str = "Europe/Brussels", channel: Channel = Channel.VOICE) -> str | None:
    verdict = may_contact(standing, channel, local(clock, zone), rules=RULES)
    return None if isinstance(verdict, Allowed) else verdict.rule


@pytest.mark.parametrize(
    ("who", "open_", "shut"),
    [
        ({"birth_date": YOUNG}, [f"{TUESDAY} 16:00", f"{TUESDAY} 18:39", f"{SATURDAY} 11:00"], [f"{TUESDAY} 15:59"]),
        ({"birth_date": YOUNG}, [f"{SATURDAY} 13:54"], [f"{SATURDAY} 10:59", f"{SATURDAY} 14:00"]),
        ({"birth_date": ADULT, "student": True}, [f"{TUESDAY} 16:00"], [f"{TUESDAY} 10:30"]),
        ({"birth_date": ADULT}, [f"{TUESDAY} 17:00", f"{TUESDAY} 18:39", f"{SATURDAY} 10:00"], [f"{TUESDAY} 16:59"]),
        ({"birth_date": SENIOR}, [f"{TUESDAY} 10:00", f"{TUESDAY} 14:00"], [f"{TUESDAY} 12:00", f"{SATURDAY} 10:30"]),
        ({"birth_date": ELDER}, [f"{TUESDAY} 10:00", f"{TUESDAY} 15:54"], [f"{TUESDAY} 11:30", f"{TUESDAY} 16:00"]),
        ({"birth_date": None}, [f"{TUESDAY} 17:00", f"{SATURDAY} 11:00"], [f"{TUESDAY} 10:30", f"{TUESDAY} 18:30"]),
        ({"kind": "business"}, [f"{TUESDAY} 09:30", f"{TUESDAY} 13:30"], [f"{TUESDAY} 12:30", f"{SATURDAY} 11:00"]),
        ({"kind": "business", "birth_date": SENIOR}, [f"{TUESDAY} 09:30"], [f"{TUESDAY} 16:30"]),
        ({"birth_date": SENIOR, "student": True}, [f"{TUESDAY} 16:00"], [f"{TUESDAY} 10:30"]),
    ],
)
def test_each_band_is_called_in_its_hours(who: dict[str, object], open_: list[str], shut: list[str]) -> None:
    assert [rule(a_standing(**who), clock) for clock in open_] == [None] * len(open_)
    assert [rule(a_standing(**who), clock) for clock in shut] == ["band"] * len(shut)


def test_the_last_dial_is_early_enough_that_the_talk_ends_inside() -> None:
    adult = a_standing(birth_date=ADULT)
    assert rule(adult, f"{TUESDAY} 18:40") == "last_dial"
    assert rule(a_standing(birth_date=SENIOR), f"{TUESDAY} 16:55") == "last_dial"


def test_a_country_cuts_the_band_and_never_widens_it() -> None:
    shop = a_standing("FR", kind="business")
    assert rule(shop, f"{TUESDAY} 09:45", ZONES["FR"]) == "band"
    assert rule(shop, f"{TUESDAY} 10:00", ZONES["FR"]) is None
    assert rule(shop, f"{TUESDAY} 13:45", ZONES["FR"]) == "band"
    assert rule(a_standing("FR", birth_date=ADULT), f"{SATURDAY} 10:30", ZONES["FR"]) == "band"


def test_under_eighteen_comes_before_every_band() -> None:
    assert rule(a_standing(birth_date=date(2010, 1, 1), student=True), f"{TUESDAY} 16:30") == "minor"
    assert rule(a_standing(birth_date=date(2010, 1, 1), kind="business"), f"{TUESDAY} 10:00") == "minor"


def test_the_band_changes_on_the_birthday_itself() -> None:
    turns_65 = a_standing(birth_date=date(1961, 11, 25))
    assert rule(turns_65, f"{TUESDAY} 10:30") == "band"
    assert rule(turns_65, "2026-11-25 10:30") is None


def test_an_unknown_age_takes_turns_between_evening_and_morning() -> None:
    tried = a_standing(birth_date=None, contacts=(a_contact(local("2026-11-20 17:30")),))
    assert rule(tried, f"{TUESDAY} 10:30") is None
    assert rule(tried, f"{TUESDAY} 17:30") == "band"
    twice = a_standing(
        birth_date=None, contacts=(a_contact(local("2026-11-10 17:30")), a_contact(local("2026-11-20 10:45")))
    )
    assert rule(twice, f"{TUESDAY} 17:30") is None


def test_a_talk_begins_the_turns_anew() -> None:
    talked = a_standing(
        birth_date=None,
        contacts=(a_contact(local("2026-10-01 17:30")), a_talk(local("2026-10-08 10:45"), right_party=False)),
    )
    assert rule(talked, f"{TUESDAY} 17:30") is None


def test_two_misses_by_day_open_one_evening_at_65_and_66() -> None:
    born = date(1961, 1, 1)
    by_day = (a_contact(local("2026-11-10 10:30")), a_contact(local("2026-11-12 14:30")))
    assert rule(a_standing(birth_date=born, contacts=by_day), f"{TUESDAY} 17:30") is None
    assert rule(a_standing(birth_date=born, contacts=by_day[:1]), f"{TUESDAY} 17:30") == "band"
    assert rule(a_standing(birth_date=date(1958, 1, 1), contacts=by_day), f"{TUESDAY} 17:30") == "band"
    in_the_evening = (*by_day, a_contact(local("2026-11-16 17:30")))
    assert rule(a_standing(birth_date=born, contacts=in_the_evening), f"{TUESDAY} 17:30") == "band"
    long_ago = (a_contact(local("2026-10-20 10:30")), a_contact(local("2026-10-25 14:30")))
    assert rule(a_standing(birth_date=born, contacts=long_ago), f"{TUESDAY} 17:30") == "band"


def test_a_message_to_a_student_gets_three_whole_days_before_a_call() -> None:
    wrote = a_contact(local("2026-11-23 16:30"), channel="sms", disposition=None)
    student = a_standing(birth_date=YOUNG, contacts=(wrote,))
    found = [rule(student, f"2026-11-{day} 16:30") for day in (24, 25, 26, 27)]
    assert found == ["student_wait", "student_wait", "student_wait", None]
    assert rule(a_standing(birth_date=ADULT, contacts=(wrote,)), f"{TUESDAY} 17:30") is None


def test_a_wish_on_record_stands_above_the_band_and_below_the_law() -> None:
    evening = a_standing(birth_date=SENIOR, wishes=(HoursWish(None, (18 * 60, 20 * 60)),))
    assert rule(evening, f"{TUESDAY} 18:30") is None
    assert rule(evening, f"{TUESDAY} 10:30") == "wish"
    assert rule(evening, f"{SATURDAY} 18:30") == "wish", "hours without days are meant for the band's days"
    saturday = a_standing(birth_date=SENIOR, wishes=(HoursWish(frozenset({5}), None),))
    assert rule(saturday, f"{SATURDAY} 10:30") is None, "a day that the band lacks has our own hours"


def test_a_message_wakes_nobody_and_goes_by_our_own_hours() -> None:
    assert rule(a_standing(birth_date=ADULT), f"{TUESDAY} 10:30", channel=Channel.SMS) is None


def test_who_has_zones_without_a_common_hour_is_refused_everywhere() -> None:
    apart = a_standing("FR", birth_date=ADULT, postcode="97400", zone="Indian/Reunion")
    assert next_opening(apart, Channel.VOICE, local(f"{TUESDAY} 10:00"), rules=RULES) is None


@given(
    country=st.sampled_from(sorted(RULES.profiles)),
    minutes=st.integers(0, 60 * 24 * 400),
    age=st.integers(18, 99),
    kind=st.sampled_from(["person", "business"]),
    student=st.booleans(),
)
def test_no_band_is_ever_open_outside_our_hours_or_the_law(
    country: str, minutes: int, age: int, kind: str, student: bool
) -> None:
    at = datetime.fromisoformat("2026-01-01T00:00+00:00") + timedelta(minutes=minutes)
    standing = a_standing(country, birth_date=date(2026 - age, 1, 1), kind=kind, student=student)
    if isinstance(may_contact(standing, Channel.VOICE, at, rules=RULES), Refused):
        return
    region = region_of(standing.country, region=standing.region, postcode=standing.postcode)
    assert region is not None
    clock = local(at.strftime("%Y-%m-%d %H:%M"), "UTC").astimezone(local("2026-01-01", ZONES[country]).tzinfo)
    day = RULES.day(region, clock.date())
    inside = intersection(day.default, day.limit)
    assert around(inside, clock.hour * 60 + clock.minute) is not None


@given(born=st.dates(date(1930, 1, 1), date(2008, 1, 1)), day=st.dates(date(2026, 1, 1), date(2035, 12, 31)))
def test_an_age_grows_by_one_each_birthday(born: date, day: date) -> None:
    age = age_on(born, day)
    assert age_on(born, day - timedelta(days=1)) in (age, age - 1)
    assert day.year - born.year - 1 <= age <= day.year - born.year


GOOD = {
    "key": "all", "title": "all", "unknown_age": True, "ages": [18, 150], "hours": {"weekdays": ["10:00-12:00"]},
    "first_contact": ["voice"], "listening": "normal",
}  # fmt: skip


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"hours": {"weekdays": ["12:00-10:00"]}}, "ends before it starts"),
        ({"hours": {"weekdays": ["22:00-02:00"]}}, "ends before it starts"),
        ({"hours": {"weekdays": ["10:00-12:00", "11:00-13:00"]}}, "overlap"),
        ({"hours": {"caturday": []}}, "no day"),
        ({"hours": {"weekdays": [], "mon": []}}, "together"),
        ({"hours": None}, "hours by day"),
        ({"key": "A b"}, "key"),
        ({"title": ""}, "title"),
        ({"ages": [17, 150]}, "ages"),
        ({"ages": [18, 79]}, "each age from 18 to 150"),
        ({"unknown_age": False}, "unknown_age"),
        ({"first_contact": ["pigeon"]}, "first_contact"),
        ({"first_contact": []}, "first_contact"),
        ({"first_contact": [["voice"]]}, "first_contact"),
        ({"first_contact": ["voice", "post"]}, "first_contact"),
        ({"later_contact": ["voice", "voice"]}, "later_contact"),
        ({"as_last_reacted": "yes"}, "as_last_reacted"),
        ({"listening": "loud"}, "listening"),
        ({"wait_days": -1}, "wait_days"),
        ({"students": "yes"}, "students"),
        ({"colour": "red"}, "colour"),
        ({"evening": {"ages": [65, 66]}}, "evening"),
    ],
)
def test_a_broken_band_is_named_and_nothing_is_taken(change: dict[str, object], message: str) -> None:
    table = {"version": 1, "source": "test", "band": [GOOD | change]}
    with pytest.raises(BadRules, match=message):
        bands_from("bands.toml", table)


def test_every_age_has_one_band() -> None:
    gap = [GOOD | {"ages": [18, 24]}, GOOD | {"key": "old", "ages": [26, 99], "unknown_age": False}]
    with pytest.raises(BadRules, match="gap"):
        bands_from("bands.toml", {"version": 1, "source": "test", "band": gap})


def test_the_listening_of_old_people_is_slow(shipped: Rules) -> None:
    bands = shipped.bands
    found = {age: bands.of(a_standing(birth_date=date(2026 - age, 1, 1)), date(2026, 6, 1)) for age in (30, 70, 85)}
    assert [band.listening for band in found.values()] == ["normal", "slow_at_trouble", "slow"]
    assert found[85].person_first

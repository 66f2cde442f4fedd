"""The table of first contact, row by row, and what follows silence."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.contact import Channel, Disposition
from schedules.band_file import bands_from
from schedules.case import Case
from schedules.first_contact import Choice, choose, possible_channels
from schedules.ladder_file import shipped_ladder
from schedules.law_file import shipped_rules
from schedules.rules import Rules
from schedules.rules_text import band_table
from schedules.standing import Contact, Phone
from schedules.testing import a_contact, a_hold, a_standing, a_talk, local
from schedules.wish import ChannelWish

TODAY = date(2026, 11, 24)
NOW = local("2026-11-24 10:30")
BOOKS, BANDS = shipped_ladder(), shipped_rules().bands
ALL = frozenset({Channel.VOICE, Channel.SMS, Channel.EMAIL})


def born(age: int) -> date:
    return date(TODAY.year - age, 6, 1)


def chosen(stage: int, contacts: tuple[Contact, ...] = (), possible: Any = ALL, **over: Any) -> Choice:
    return choose(BANDS.of(a_standing(**over), TODAY), stage, possible, contacts, BOOKS.silence)


def quiet(channel: str, times: int = 1, disposition: str | None = None) -> tuple[Contact, ...]:
    one = a_contact(NOW - timedelta(days=3), channel=channel, disposition=disposition)
    return (one,) * times


@pytest.mark.parametrize(
    ("who", "first", "later"),
    [
        ({"birth_date": born(20)}, "sms", "sms"),
        ({"birth_date": born(40), "student": True}, "sms", "sms"),
        ({"birth_date": born(70), "student": True}, "sms", "sms"),
        ({"birth_date": born(25)}, "sms", "voice"),
        ({"birth_date": born(64)}, "sms", "voice"),
        ({"birth_date": born(65)}, "voice", "voice"),
        ({"birth_date": born(80)}, "voice", "voice"),
        ({"birth_date": None}, "sms", "voice"),
        ({"birth_date": born(40), "kind": "business"}, "email", "voice"),
        ({"birth_date": born(20), "kind": "business", "student": True}, "email", "voice"),
    ],
)
def test_first_contact_goes_by_kind_student_and_age(who: dict[str, Any], first: str, later: str) -> None:
    assert chosen(1, **who).channel == first
    assert chosen(2, **who).channel == chosen(3, **who).channel == later


def test_an_order_that_a_supervisor_chose_is_the_one_that_the_ladder_takes() -> None:
    own = [band_table(band) for band in BANDS.bands]
    next(band for band in own if band["key"] == "adult").update(first_contact=["voice"], later_contact=["email"])
    bands = bands_from("own", {"version": 1, "source": "ours", "band": own})
    adult = bands.of(a_standing(birth_date=born(40)), TODAY)
    assert [choose(adult, stage, ALL, (), BOOKS.silence).channel for stage in (1, 2, 3)] == ["voice", "email", "email"]


@pytest.mark.parametrize(("wait", "later"), [(0, ["voice", "sms"]), (3, ["sms", "voice"])])
def test_a_version_from_before_there_were_two_orders_calls_from_the_second_stage_on(
    wait: int, later: list[str]
) -> None:
    own = [band_table(band) for band in BANDS.bands]
    adult = next(band for band in own if band["key"] == "adult")
    adult |= {"first_contact": ["sms", "voice"], "wait_days": wait}
    del adult["later_contact"]
    bands = bands_from("own", {"version": 1, "source": "ours", "band": own})
    assert list(bands.of(a_standing(birth_date=born(40)), TODAY).later_contact) == later


def test_without_a_way_to_send_a_text_it_is_a_call() -> None:
    assert chosen(1, possible={Channel.VOICE, Channel.EMAIL}).channel is Channel.VOICE
    assert chosen(1, possible={Channel.EMAIL}).channel is Channel.EMAIL
    letter = chosen(1, possible=())
    assert (letter.channel, letter.why) == (Channel.POST, "by letter: no number or address for anything else")


def test_between_25_and_64_it_is_as_the_person_last_reacted() -> None:
    talk = a_talk(NOW - timedelta(days=20))
    assert chosen(1, (talk,)).channel is Channel.VOICE
    assert "last reacted" in chosen(1, (talk,)).why
    assert chosen(1, (talk,), birth_date=born(20)).channel is Channel.SMS


def test_after_two_contacts_without_a_reaction_the_next_step_takes_another_channel() -> None:
    assert chosen(1, quiet("sms")).channel is Channel.SMS
    assert chosen(1, quiet("sms", 2)).channel is Channel.VOICE
    assert chosen(2, quiet("voice", 2)).channel is Channel.SMS
    both = chosen(2, quiet("voice", 2) + quiet("sms", 2))
    assert (both.channel, both.look) == (Channel.EMAIL, False)


def test_after_three_silent_channels_a_person_looks() -> None:
    silent = chosen(3, quiet("voice", 2) + quiet("sms", 2) + quiet("email", 2))
    assert (silent.channel, silent.look) == (Channel.POST, True)
    assert silent.why == "by letter: no reaction by email, sms, voice"


def test_a_reaction_ends_the_silence_on_every_channel() -> None:
    contacts = (*quiet("voice", 2), *quiet("sms", 2), a_talk(NOW), *quiet("voice"))
    assert chosen(2, contacts).channel is Channel.VOICE


@pytest.mark.parametrize("end", ["cancelled", "congestion", "failed", "unallocated", "wrong_number", "abandoned"])
def test_what_nobody_can_have_noticed_is_no_silence(end: str) -> None:
    assert chosen(2, quiet("voice", 5, end)).channel is Channel.VOICE
    assert Disposition(end)


def test_only_mobile_numbers_take_a_text_and_opt_outs_and_wishes_are_obeyed(rules: Rules) -> None:
    def possible(**over: Any) -> set[str]:
        case = Case(a_standing(**over), Channel.POST, NOW, rules, phone=None)
        return {str(channel) for channel in possible_channels(case)}

    assert possible() == {"voice", "sms"}
    assert possible(email="els@example.org") == {"voice", "sms", "email"}
    assert possible(phones=(Phone(e164="+3225550123"),)) == {"voice"}
    assert possible(phones=()) == set()
    assert possible(phones=(Phone(e164="+32470123456", kind="work"),)) == set()
    assert possible(holds=(a_hold("opt_out", channel="voice"),)) == {"sms"}
    assert possible(holds=(a_hold("opt_out", e164="+32470123456"),)) == set()
    only_letters = ChannelWish(frozenset({"post"}))
    assert possible(email="els@example.org", wishes=(only_letters,)) == set()


WAYS = st.sampled_from(sorted(ALL))
AGES = st.one_of(st.none(), st.integers(18, 105))


@given(
    AGES, st.booleans(), st.sampled_from(["person", "business"]), st.integers(1, 3), st.sets(st.sampled_from([*ALL]))
)
def test_a_channel_that_is_not_possible_is_never_chosen(
    age: int | None, student: bool, kind: str, stage: int, possible: set[Channel]
) -> None:
    one = chosen(stage, possible=possible, birth_date=age and born(age), student=student, kind=kind)
    assert one.channel in possible | {Channel.POST}
    # A business is never texted; everybody else gets whatever way there is.
    assert one.channel in possible or not possible - ({Channel.SMS} if kind == "business" else set())

"""The ladder: which day brings which step, days that slide it, a creditor's own days, essential services, tone."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from importlib.resources import files
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.contact import Channel
from ledger.tone import Tone, tone_for
from schedules.case import Case
from schedules.errors import BadRules
from schedules.ladder import COURTESY, FIRST, HAND_OVER, LAST, SECOND, step_day, step_on
from schedules.ladder_file import read_ladder, shipped_ladder
from schedules.rules import Rules
from schedules.slide import is_slid, merged, slid_days
from schedules.testing import a_hold, a_standing, an_agreement, local

LADDER = shipped_ladder().ladder
DUE = date(2026, 10, 1)


def days(n: int) -> date:
    return DUE + timedelta(days=n)


# -- steps ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("late", "step"),
    [(-4, None), (-3, COURTESY), (0, COURTESY), (4, COURTESY), (5, FIRST), (14, FIRST), (15, SECOND), (29, SECOND),
     (30, LAST), (44, LAST), (45, HAND_OVER), (400, HAND_OVER)],
)  # fmt: skip
def test_steps_come_at_their_days_from_the_due_date(late: int, step: int | None) -> None:
    assert step_on(DUE, days(late), (), LADDER) == step


def test_the_tone_rises_and_the_last_one_is_registered() -> None:
    assert [step.tone for step in LADDER.steps[:4]] == ["friendly", "friendly", "friendly_again", "firm"]
    assert [step.stage for step in LADDER.steps[:4]] == [1, 1, 2, 3]
    assert [step.registered for step in LADDER.steps[:4]] == [False, False, False, True]


@pytest.mark.parametrize(
    ("slid", "first", "second"),
    [
        ((), 5, 15),
        # Held on the days 1 to 3: three days later.
        (((days(1), days(3)),), 8, 18),
        # Before the due date nothing slides; the due date itself is no day of the ladder.
        (((days(-9), days(0)),), 5, 15),
        (((days(-9), days(2)),), 7, 17),
        # Held on the very day of a step: it comes afterwards.
        (((days(5), days(5)),), 6, 16),
        # Held after a step: only the later ones slide.
        (((days(6), days(10)),), 5, 20),
        # Two holds, the second begins only after the slide of the first.
        (((days(2), days(4)), (days(16), days(17))), 8, 20),
    ],
)
def test_days_on_hold_do_not_count(slid: Any, first: int, second: int) -> None:
    assert step_day(DUE, slid, FIRST, LADDER) == days(first)
    assert step_day(DUE, slid, SECOND, LADDER) == days(second)


def test_a_hold_without_an_end_keeps_everything_below_it() -> None:
    slid = ((days(10), date.max),)
    assert step_day(DUE, slid, FIRST, LADDER) == days(5)
    assert step_day(DUE, slid, SECOND, LADDER) is None
    assert step_on(DUE, days(900), slid, LADDER) == FIRST


STRETCHES = st.lists(st.tuples(st.integers(-20, 90), st.integers(0, 20)), max_size=5)


@given(STRETCHES, st.integers(-10, 200))
def test_a_step_is_reached_after_so_many_days_that_count(stretches: list[tuple[int, int]], today: int) -> None:
    slid = merged([(days(first), days(first + long)) for first, long in stretches])
    counted = sum(not is_slid(days(n), slid) for n in range(1, today + 1))
    reached = step_on(DUE, days(today), slid, LADDER)
    for step in LADDER.steps[1:]:
        assert (reached is not None and reached >= step.n) is (counted >= step.days)
        day = step_day(DUE, slid, step.n, LADDER)
        assert day is not None
        assert not is_slid(day, slid)
        assert (day <= days(today)) is (counted >= step.days)


@given(STRETCHES)
def test_holds_only_ever_put_a_step_off(stretches: list[tuple[int, int]]) -> None:
    slid = merged([(days(first), days(first + long)) for first, long in stretches])
    for step in LADDER.steps:
        day, unslid = step_day(DUE, slid, step.n, LADDER), step_day(DUE, (), step.n, LADDER)
        assert day is not None and unslid is not None and day >= unslid


# -- what slides ----------------------------------------------------------------------------------------------------


def slid(rules: Rules, **over: Any) -> Any:
    return slid_days(Case(a_standing(**over), Channel.POST, local("2026-12-01 10:00"), rules, phone=None))


def test_a_hold_slides_every_local_day_on_which_it_was_active(rules: Rules) -> None:
    hold = a_hold("manual", from_at=local("2026-10-02 23:30"), until_at=local("2026-10-05 00:00"))
    assert slid(rules, holds=(hold,)) == ((date(2026, 10, 2), date(2026, 10, 4)),)
    longer = a_hold("manual", from_at=local("2026-10-02 23:30"), until_at=local("2026-10-05 00:01"))
    assert slid(rules, past_holds=(longer,)) == ((date(2026, 10, 2), date(2026, 10, 5)),)
    assert slid(rules, holds=(a_hold("manual", from_at=local("2026-10-02 09:00")),))[0][1] == date.max


def test_a_day_is_the_persons_own(rules: Rules) -> None:
    # 22:30 UTC is the next day in Brussels.
    hold = a_hold("manual", from_at=datetime(2026, 10, 2, 22, 30, tzinfo=UTC), until_at=local("2026-10-04 00:00"))
    assert slid(rules, holds=(hold,)) == ((date(2026, 10, 3), date(2026, 10, 3)),)


@pytest.mark.parametrize("over", [{"e164": "+32470123456"}, {"invoice_id": 1}])
def test_what_stops_one_number_or_invoice_slides_nothing(rules: Rules, over: dict[str, Any]) -> None:
    assert slid(rules, holds=(a_hold("manual", **over),)) == ()
    assert slid(rules, holds=(a_hold("opt_out", channel="voice"),)) == ()


@pytest.mark.parametrize(
    ("kind", "over", "last"),
    [
        ("promise", {"due_on": date(2026, 10, 20)}, date(2026, 10, 23)),
        ("promise", {"due_on": date(2026, 10, 20), "state": "broken", "ended_at": local("2026-10-24 03:00")},
         date(2026, 10, 23)),
        ("promise", {"due_on": date(2026, 10, 20), "state": "kept", "ended_at": local("2026-10-15 12:00")},
         date(2026, 10, 15)),
        ("dispute", {}, date.max),
        # A dispute is quiet for a week more, to read the answer.
        ("dispute", {"state": "kept", "ended_at": local("2026-10-30 12:00")}, date(2026, 11, 6)),
        ("hardship", {}, date(2026, 11, 8)),
        ("copy", {}, date(2026, 10, 23)),
        ("plan", {}, date.max),
        ("person", {}, date.max),
    ],
)  # fmt: skip
def test_an_agreement_slides_while_it_is_active(rules: Rules, kind: str, over: dict[str, Any], last: date) -> None:
    made = an_agreement(kind, local("2026-10-10 10:00"), **over)
    assert slid(rules, agreements=(made,)) == ((date(2026, 10, 10), last),)


@pytest.mark.parametrize("kind", ["callback", "letter"])
def test_what_was_only_asked_for_slides_nothing(rules: Rules, kind: str) -> None:
    assert slid(rules, agreements=(an_agreement(kind, local("2026-10-10 10:00")),)) == ()


# -- a creditor's own ---------------------------------------------------------------------------------------------


def test_a_creditor_has_days_of_its_own() -> None:
    own = LADDER.with_days({"ladder": {"courtesy": -5, "first_reminder": 7, "last_reminder": 40}})
    assert [step.days for step in own.steps] == [-5, 7, 15, 40, 45]
    assert LADDER.with_days({"part_paid_minor": 5}) == LADDER


@pytest.mark.parametrize(
    ("own", "told"),
    [
        ({"first_reminder": 20}, "second_reminder: comes on day 15, not after first_reminder"),
        ({"courtesy": 1}, "courtesy: 1 is no day"),
        ({"courtesy": -31}, "courtesy"),
        ({"last_reminder": "30"}, "last_reminder"),
        ({"last_reminder": True}, "last_reminder"),
        ({"hand_over": 10_000}, "hand_over"),
        ({"third_reminder": 20}, "third_reminder: no step"),
        ([5, 15], "give days by step"),
    ],
)
def test_days_that_can_not_be_are_refused_with_the_step(own: Any, told: str) -> None:
    with pytest.raises(BadRules, match=told):
        LADDER.with_days({"ladder": own})


@pytest.mark.parametrize(
    ("policy", "about", "essential"),
    [
        ({}, None, False),
        ({}, "books", False),
        ({}, "electricity", True),
        ({}, "Gaz et eau", True),
        ({}, "Huurprijs oktober", True),
        ({}, "Électricité", True),
        ({}, "Wasserrechnung", True),
        ({}, "gastronomie", False),
        ({"essential": True}, "books", True),
        ({"essential": False}, "rent of a bicycle", False),
        ({"essential": "energy"}, None, True),
    ],
)
def test_essential_services_are_known_by_policy_or_words(
    policy: dict[str, Any], about: str | None, essential: bool
) -> None:
    assert shipped_ladder().is_essential(policy, about) is essential


def test_a_persons_tone_only_softens() -> None:
    for step in Tone:
        assert tone_for(None, step) is step
        assert tone_for("firm", step) is step
    assert [tone_for("friendly", step) for step in Tone] == ["friendly", "friendly_again", "friendly_again"]


# -- the file -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("days = 15", "days = 4", "second_reminder"),
        ("days = 15", 'days = "soon"', "second_reminder"),
        ('name = "hand_over"', 'name = "court"', "step: give these five"),
        ("stage = 2", "stage = 4", "second_reminder"),
        ('tone = "firm"', 'tone = "angry"', "angry"),
        ("contacts = 2", "contacts = 0", "contacts"),
        ("[essential]", "[other]", "essential"),
    ],
)
def test_a_bad_ladder_is_refused_with_its_field(old: str, new: str, told: str) -> None:
    text = files("schedules").joinpath("ladder.toml").read_text(encoding="utf-8")
    assert old in text
    with pytest.raises(BadRules, match=told):
        read_ladder(text.replace(old, new))

"""The chance to reach a person: what it is learned from, how little tries say, and that it opens no hour."""

from __future__ import annotations

import random
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.contact import Channel, Disposition
from schedules.permission import may_contact
from schedules.reach import OWN_TRIES, PRIOR_CHANCE, Cell, Counts, Learned, cell_at, own_counts, teaches
from schedules.retry import Step, next_step
from schedules.rules import Rules
from schedules.stakes import belief_at
from schedules.testing import a_contact, a_standing, a_talk, local
from schedules.verdict import Allowed

BRUSSELS = ZoneInfo("Europe/Brussels")
EVENING = Cell("25-64", 1, 3)
MORNING = Cell("25-64", 1, 0)

counts = st.integers(0, 5000).flatmap(lambda tries: st.integers(0, tries).map(lambda won: Counts(won, tries)))
cells = st.builds(Cell, st.sampled_from(["25-64", "65-79"]), st.integers(0, 6), st.integers(0, 3))
learned = st.dictionaries(cells, counts, max_size=10).map(Learned)


def test_nothing_learned_is_the_prior_for_everybody() -> None:
    assert Learned().belief(EVENING).mean == pytest.approx(PRIOR_CHANCE)


@given(learned, cells, counts)
def test_a_chance_is_never_nothing_and_never_certain(known: Learned, cell: Cell, own: Counts) -> None:
    assert 0 < known.belief(cell, own).mean < 1


@given(learned, cells, counts)
def test_a_success_never_lowers_a_chance_and_a_miss_never_raises_it(known: Learned, cell: Cell, own: Counts) -> None:
    before = known.belief(cell, own).mean
    assert known.belief(cell, own + Counts(1, 1)).mean >= before >= known.belief(cell, own + Counts(0, 1)).mean


@given(learned, cells, counts)
def test_the_own_history_draws_from_the_cell_towards_itself(known: Learned, cell: Cell, own: Counts) -> None:
    """Shrinkage: between the cell's chance and the person's own share, the nearer to their own the more tries."""
    here, mine = known.belief(cell).mean, known.belief(cell, own).mean
    share = own.successes / own.tries if own.tries else here
    assert min(here, share) - 1e-9 <= mine <= max(here, share) + 1e-9
    weight = own.tries / (own.tries + OWN_TRIES)
    assert mine == pytest.approx(here + weight * (share - here))


def test_many_tries_in_one_hour_say_much_and_in_another_nothing() -> None:
    known = Learned({EVENING: Counts(900, 1000), MORNING: Counts(10, 1000)})
    assert known.belief(EVENING).mean > 0.8
    assert known.belief(MORNING).mean < 0.05
    assert known.belief(Cell("65-79", 1, 0)).mean == pytest.approx(PRIOR_CHANCE), "another band learns nothing of it"


def test_a_drawn_chance_is_the_same_for_the_same_seed_and_nearer_to_the_mean_the_more_is_known() -> None:
    much, little = Learned({EVENING: Counts(500, 2500)}).belief(EVENING), Learned().belief(EVENING)
    assert [much.drawn(random.Random(7)) for _ in range(2)] == [much.drawn(random.Random(7))] * 2
    rng = random.Random(11)
    known = Learned({EVENING: Counts(500, 2500)}).belief(EVENING, Counts(200, 1000))
    wide = max(abs(little.drawn(rng) - little.mean) for _ in range(200))
    narrow = max(abs(known.drawn(rng) - known.mean) for _ in range(200))
    assert narrow < wide


@pytest.mark.parametrize(
    ("clock", "part"), [("09:00", 0), ("11:59", 0), ("12:00", 1), ("13:59", 1), ("14:00", 2), ("17:00", 3)]
)
def test_parts_of_the_day_begin_where_the_reading_says(clock: str, part: int) -> None:
    assert cell_at("b", local(f"2026-11-24 {clock}"), BRUSSELS) == Cell("b", 1, part)


@pytest.mark.parametrize(
    ("disposition", "solicited", "says"),
    [
        (Disposition.NO_ANSWER, False, True),
        (Disposition.HEARD, False, True),
        (Disposition.HEARD, True, False),
        (Disposition.CONGESTION, False, False),
        (Disposition.CANCELLED, False, False),
        (Disposition.UNKNOWN, False, False),
        (None, False, False),
    ],
)
def test_only_calls_of_ours_that_rang_teach(disposition: str | None, solicited: bool, says: bool) -> None:
    assert teaches(Channel.VOICE, disposition, solicited=solicited) is says


def test_own_tries_are_counted_by_part_of_the_day() -> None:
    contacts = [
        a_contact(local("2026-11-10 10:00")),
        a_talk(local("2026-11-11 10:30")),
        a_contact(local("2026-11-12 17:30")),
        a_contact(local("2026-11-13 10:30"), channel="sms"),
    ]
    assert own_counts(contacts, 0, BRUSSELS) == Counts(1, 2)
    assert own_counts(contacts, 3, BRUSSELS) == Counts(0, 1)


def test_more_successes_than_tries_cant_be() -> None:
    with pytest.raises(ValueError, match="2 successes of 1"):
        Counts(2, 1)


moments = st.integers(0, 90 * 24 * 60).map(lambda minutes: local("2026-11-01 00:00") + timedelta(minutes=minutes))


@given(moments, learned, st.lists(st.integers(1, 40 * 24), max_size=3))
def test_what_was_learned_shifts_a_call_inside_permission_and_never_beyond_it(
    rules: Rules, now: datetime, known: Learned, ago: list[int]
) -> None:
    standing = a_standing(contacts=tuple(a_contact(now - timedelta(hours=n)) for n in sorted(ago, reverse=True)))

    def chance(at: datetime) -> float:
        return belief_at(standing, at, BRUSSELS, rules.bands, known).mean

    step = next_step(Disposition.NO_ANSWER, standing, now, rules=rules, chance=chance)
    plain = next_step(Disposition.NO_ANSWER, standing, now, rules=rules)
    assert step.kind == plain.kind
    if step.kind is Step.RETRY:
        assert step.at is not None
        assert isinstance(may_contact(standing, Channel.VOICE, step.at, rules=rules), Allowed)


def test_of_parts_that_were_tried_as_little_the_most_hopeful_is_taken(rules: Rules) -> None:
    now = local("2026-11-24 19:30")
    morning = next_step(Disposition.NO_ANSWER, a_standing(), now, rules=rules, chance=lambda at: -at.timestamp())
    later = next_step(Disposition.NO_ANSWER, a_standing(), now, rules=rules, chance=lambda at: at.timestamp())
    assert morning.at is not None
    assert later.at is not None
    assert morning.at < later.at

"""What may be said of an agent, and what a wallboard makes of where they stand."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dialer.agent import CRISIS, Agent, AgentState, Waiting, Wanted
from dialer.agent_check import LANGUAGES, check_languages, check_name, check_phone, check_wrap_up
from dialer.errors import BadAgent
from dialer.wallboard import Waiter, counted, next_first, recorded, stands
from ledger.money import Money

NOW = datetime(2026, 11, 24, 9, 30, tzinfo=UTC)


def agent(state: AgentState = AgentState.OFF, wanted: Wanted = Wanted.OFF) -> Agent:
    return Agent(id=1, name="Bruno", phone="+32470123456", languages=("nl",), wanted=wanted, state=state, since=NOW)


# -- a name, a telephone, languages, a moment -----------------------------------------------------------------------


@pytest.mark.parametrize("name", ["Bruno", "b", "b.de-wit", "7", "b" * 40])
def test_a_name_is_of_letters_digits_dashes_and_points(name: str) -> None:
    assert check_name(name) == name


@pytest.mark.parametrize("name", ["", " ", "b b", "-on", ".b", "b\n", "b" * 41, "bruno;", "Zoë", "b/b", "b_b"])
def test_any_other_name_is_refused(name: str) -> None:
    with pytest.raises(BadAgent, match=r"^name: ") as refused:
        check_name(name)
    assert "\n" not in str(refused.value)


@given(st.text(max_size=80))
def test_a_name_is_good_or_refused_in_one_line(name: str) -> None:
    try:
        assert check_name(name) == name and 1 <= len(name) <= 40 and name.isascii()
    except BadAgent as refused:
        assert len(str(refused).splitlines()) == 1


@pytest.mark.parametrize("written", ["+32470123456", "+32 470 12 34 56", " +32 (0)470/12.34.56"])
def test_a_telephone_may_be_written_with_spaces_and_is_kept_as_one_number(written: str) -> None:
    assert check_phone(written) == "+32470123456"


@pytest.mark.parametrize(
    ("written", "why"),
    [
        ("", "no telephone number"),
        ("0470 12 34 56", "no telephone number"),
        ("+32470", "no telephone number"),
        ("+32470123456&PJSIP/1", "no telephone number"),
        ("112", "emergency"),
        ("1307", "short code"),
        ("+3290012345", "premium"),
        ("+881612345678", "satellite"),
    ],
)
def test_a_number_that_may_never_be_dialled_is_no_agents_telephone(written: str, why: str) -> None:
    with pytest.raises(BadAgent, match=f"^phone: .*{why}"):
        check_phone(written)


@given(st.lists(st.sampled_from(LANGUAGES), min_size=1))
def test_languages_stand_once_each_and_in_our_order(typed: list[str]) -> None:
    found = check_languages(typed)
    assert set(found) == set(typed)
    assert [one for one in LANGUAGES if one in found] == list(found)


@pytest.mark.parametrize("typed", [(), ("nl", "it"), ("NL",), ("nl,fr",), ("nl-BE",)])
def test_no_language_or_one_that_we_do_not_speak_is_refused(typed: tuple[str, ...]) -> None:
    with pytest.raises(BadAgent, match=r"^language: .*nl, fr, de, en"):
        check_languages(typed)


def test_the_moment_after_a_talk_is_ten_minutes_at_most() -> None:
    assert [check_wrap_up(seconds) for seconds in (0, 600)] == [timedelta(0), timedelta(minutes=10)]
    for seconds in (-1, 601, 10**30):
        with pytest.raises(BadAgent, match=r"^wrap_up: .*0 to 600"):
            check_wrap_up(seconds)


# -- the wallboard --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("state", "wanted", "told"),
    [
        ("off", "off", "off"),
        ("off", "on", "off, then on"),
        ("ringing", "on", "rings"),
        ("ready", "on", "free"),
        ("talking", "on", "talking"),
        ("talking", "pause", "talking, then pause"),
        ("wrap_up", "off", "wrap-up, then off"),
        ("paused", "pause", "pause"),
        ("paused", "on", "pause, then on"),
    ],
)
def test_a_wallboard_tells_where_somebody_stands_and_what_follows(state: str, wanted: str, told: str) -> None:
    assert stands(agent(AgentState(state), Wanted(wanted))) == told


@pytest.mark.parametrize("state", AgentState)
@pytest.mark.parametrize("wanted", Wanted)
def test_every_state_has_its_word(state: AgentState, wanted: Wanted) -> None:
    assert stands(agent(state, wanted))


def test_busy_is_who_is_kept_who_talks_and_who_writes_down_what_was_agreed() -> None:
    counts = counted([agent(state, Wanted.ON) for state in AgentState])
    assert (counts.agents, counts.wanted_on, counts.free, counts.busy) == (7, 7, 1, 3)


def test_a_crisis_waits_before_everybody_and_then_whoever_waits_longest() -> None:
    def waiter(call: str, why: str, minutes: int) -> Waiter:
        since = NOW - timedelta(minutes=minutes)
        return Waiter(waiting=Waiting(call=call, language="nl", why=why, since=since), name="")

    everybody = [waiter("a", "person", 9), waiter("b", "first", 3), waiter("c", CRISIS, 1)]
    for order in permutations(everybody):
        assert [one.waiting.call for one in next_first(order)] == ["c", "a", "b"]


def test_what_was_recorded_is_told_in_words() -> None:
    promise = recorded("promise", "open", Money(60_00), date(2026, 12, 4), None)
    assert promise == "promise 60.00 EUR by 2026-12-04"
    assert recorded("already_paid", "open", None, None, None) == "already paid"
    assert recorded("callback", "withdrawn", None, None, NOW) == "callback at 24 Nov 09:30 UTC (withdrawn)"

"""Agents as values: whom they are joined with, and what is done about their lines."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from dialer.agent import (
    AGENT_MOVES,
    Agent,
    AgentEvent,
    AgentState,
    Deed,
    Waiting,
    Wanted,
    before,
    deed,
    put_right,
    whom_to_join,
)
from dialer.switchboard import Stand

HOUR = timedelta(hours=1)
NOW = datetime(2026, 11, 24, 10, 30, tzinfo=UTC)


def an_agent(n: int, state: AgentState = AgentState.READY, *languages: str, **over: object) -> Agent:
    known: dict[str, object] = {"wanted": Wanted.ON, "leg": f"agent-{n}", "since": NOW - timedelta(minutes=n), **over}
    return Agent(id=n, name=f"A{n}", phone="+3225550900", languages=languages or ("nl",), state=state, **known)  # type: ignore[arg-type]


def waits(call: str, language: str = "nl", why: str = "person", minutes: int = 1) -> Waiting:
    return Waiting(call=call, language=language, why=why, since=NOW - timedelta(minutes=minutes))


AGENTS = st.builds(
    an_agent,
    st.integers(1, 9),
    st.sampled_from(AgentState),
    st.sampled_from(["nl", "fr"]),
    call=st.one_of(st.none(), st.sampled_from("abc")),
)
CALLERS = st.builds(
    waits, st.sampled_from("abcdef"), st.sampled_from(["nl", "fr"]), st.sampled_from(["person", "crisis", "first"])
)


@given(st.lists(CALLERS, unique_by=lambda one: one.call), st.lists(AGENTS, unique_by=lambda one: one.id))
def test_nobody_is_joined_twice_and_nobody_with_an_agent_who_is_not_theirs(
    callers: list[Waiting], agents: list[Agent]
) -> None:
    pairs = whom_to_join(callers, agents)
    assert len({one.call for one, _ in pairs}) == len(pairs)
    assert len({agent.id for _, agent in pairs}) == len(pairs)
    for one, agent in pairs:
        assert agent.state is AgentState.READY or (agent.state is AgentState.RESERVED and agent.call == one.call)
        assert agent.state is AgentState.RESERVED or one.language in agent.languages or one.why == "crisis"


def test_who_is_kept_for_a_call_takes_it_and_nobody_else_does() -> None:
    kept, free = an_agent(1, AgentState.RESERVED, call="a"), an_agent(2)
    assert whom_to_join([waits("b", minutes=9), waits("a")], [kept, free]) == [
        (waits("b", minutes=9), free),
        (waits("a"), kept),
    ]


def test_a_crisis_goes_first_and_in_whatever_language() -> None:
    walloon = an_agent(1, AgentState.READY, "fr")
    crisis, older = waits("b", "nl", "crisis"), waits("a", "fr", minutes=30)
    assert whom_to_join([older, crisis], [walloon]) == [(crisis, walloon)]


def test_whoever_is_free_for_longest_takes_whoever_waits_longest() -> None:
    rested, fresh = an_agent(9), an_agent(1)
    assert whom_to_join([waits("b"), waits("a", minutes=5)], [fresh, rested]) == [
        (waits("a", minutes=5), rested),
        (waits("b"), fresh),
    ]


def test_nobody_who_does_not_speak_the_language_is_sent() -> None:
    assert whom_to_join([waits("a", "de")], [an_agent(1)]) == []


def test_a_pause_and_a_sign_off_wait_for_the_end_of_the_talk() -> None:
    for wanted in (Wanted.PAUSE, Wanted.OFF):
        for state in (AgentState.TALKING, AgentState.RESERVED):
            assert deed(an_agent(1, state, wanted=wanted), NOW, HOUR) is None
    assert deed(an_agent(1, AgentState.WRAP_UP, wanted=Wanted.PAUSE), NOW, HOUR) is Deed.PAUSE
    assert deed(an_agent(1, AgentState.WRAP_UP, wanted=Wanted.OFF), NOW, HOUR) is Deed.HANG_UP
    assert deed(an_agent(1, AgentState.PAUSED, wanted=Wanted.ON), NOW, HOUR) is Deed.BACK


def test_after_a_talk_there_is_time_to_write_it_down() -> None:
    talked = an_agent(1, AgentState.WRAP_UP, since=NOW)
    assert deed(talked, NOW + talked.wrap_up - timedelta(seconds=1), HOUR) is None
    assert deed(talked, NOW + talked.wrap_up, HOUR) is Deed.WRAPPED_UP


def test_no_talk_lasts_longer_than_it_may() -> None:
    talks = an_agent(1, AgentState.TALKING, since=NOW, wanted=Wanted.OFF)
    assert deed(talks, NOW + HOUR - timedelta(seconds=1), HOUR) is None
    assert deed(talks, NOW + HOUR, HOUR) is Deed.END_TALK


@given(AGENTS, st.sampled_from([*Stand, None]), st.booleans())
def test_what_was_not_heard_is_always_a_move_of_the_table(agent: Agent, line: Stand | None, taken: bool) -> None:
    event = put_right(agent, line, taken=taken)
    assert event is None or event in AGENT_MOVES[agent.state] or agent.state is AgentState.OFF
    assert (event is AgentEvent.LINE_GONE) == (line is None)


def test_who_is_kept_for_a_call_that_rings_stays_so_and_one_whose_join_came_to_nothing_is_free() -> None:
    kept = an_agent(1, AgentState.RESERVED, call="a")
    assert put_right(kept, Stand.FLOOR, taken=False) is None
    assert put_right(kept, Stand.FLOOR, taken=True) is AgentEvent.FREED


@given(st.sampled_from(AgentEvent), st.sampled_from(AgentState))
def test_the_table_and_its_reverse_say_the_same(event: AgentEvent, state: AgentState) -> None:
    to = AGENT_MOVES[state].get(event)
    assert [target for target, states in before(event).items() if state in states] == ([to] if to else [])


def test_every_line_may_end_and_then_nothing_is_left_of_it() -> None:
    for state, moves in AGENT_MOVES.items():
        assert moves.get(AgentEvent.LINE_GONE) is (AgentState.OFF if state is not AgentState.OFF else None)

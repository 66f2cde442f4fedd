"""Somebody waits for one of our people: what is said, how long, and what is noted so that nobody waits for ever."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ivr import heard as h
from ivr import record as r
from ivr.act import Ask, Say
from ivr.briefing import Briefing
from ivr.intent import FIRST as INTENTS
from ivr.intent import THEN
from ivr.script import SCRIPT
from ivr.stage import empty_stage
from ivr.state import GONE, Proof, State, fresh
from ivr.testing import PROVED, a_briefing, after, said
from ivr.turn import Turn, take_turn
from ivr.waiting import FIRST, WAIT, WHY
from voices.prompt import PromptClass

AGENTS = a_briefing(agents=True)
FIRST_OF_ALL = a_briefing(agents=True, person_first=True)
LOST, DONE = h.AgentGone("lost"), h.AgentGone("done")


def noted(turn: Turn) -> list[str]:
    return [type(record).__name__ for record in turn.records]


def awaited(turn: Turn) -> list[r.AgentAwaited]:
    return [record for record in turn.records if isinstance(record, r.AgentAwaited)]


def test_whoever_asks_for_a_person_is_put_through_and_a_call_back_is_noted_in_case() -> None:
    turn = after(AGENTS, "0")
    assert said(turn) == ["agent.transfer", "agent.hold"]
    assert noted(turn) == ["PersonAsked", "AgentAwaited"]
    assert awaited(turn) == [r.AgentAwaited(why="person", language="nl")]


def test_after_proof_they_hear_that_nothing_has_to_be_repeated() -> None:
    assert said(after(AGENTS, *PROVED, "0")) == ["agent.transfer", "agent.sees", "agent.hold"]


def test_without_agents_a_call_back_is_promised_as_ever() -> None:
    turn = after(a_briefing(), "0")
    assert (said(turn), noted(turn)) == (["agent.none", "agent.more"], ["PersonAsked"])


def test_a_round_is_ten_seconds_and_after_the_third_a_person_calls_back() -> None:
    rounds = [after(AGENTS, "0", *[h.Silence()] * n) for n in range(4)]
    ask = rounds[0].acts[-1]
    assert isinstance(ask, Ask) and ask.patience_s == 10.0
    assert [said(turn) for turn in rounds[1:]] == [
        ["agent.still"], ["agent.still", "agent.hold"], ["agent.none", "agent.more"],
    ]  # fmt: skip
    assert noted(rounds[3]) == ["WaitEnded"]


def test_a_second_wish_on_one_call_waits_anew_and_asks_for_no_second_call_back() -> None:
    turn = after(AGENTS, "0", "1", "1", "0")
    assert noted(turn) == ["AgentAwaited"]


def test_whoever_asks_for_a_fifth_time_is_called_back() -> None:
    turn = after(AGENTS, *["0", "#"] * 4, "0")
    assert said(turn) == ["agent.none", "agent.more"]


def test_a_stranger_who_names_a_day_is_not_promised_one() -> None:
    stranger = a_briefing(agents=True, direction="in", debtor_id=None, full_name="", factors=(), invoices=(), plans=())
    turn = after(stranger, "0", h.Words("later", (("date", "2026-11-26"),)))
    assert (said(turn), noted(turn)) == (["agent.none", "agent.more"], ["WaitEnded"])


def test_zero_again_only_waits_on() -> None:
    turn = after(AGENTS, "0", "0")
    assert (turn.state.place, noted(turn)) == (WAIT, [])


def test_they_wait_in_the_language_of_the_call_as_it_is_now() -> None:
    stage = empty_stage(AGENTS)
    for heard in (h.Answered(speech=True), h.Words("language", (("language", "fr"),)), h.Words("person")):
        stage = stage.hears(heard)
    assert stage.records[-1] == r.AgentAwaited(why="person", language="fr")
    changed = stage.hears(h.Words("language", (("language", "de"),)))
    assert changed.records[-1] == r.AgentAwaited(why="person", language="de")
    assert changed.state.place == WAIT


@pytest.mark.parametrize(
    ("place", "language", "sentences"),
    [
        ("agent.more", "nl-BE", ("bel mij maar terug", "terugbellen", "ja")),
        ("agent.more", "fr-BE", ("rappelez-moi", "je préfère être rappelé", "je préfère qu'on me rappelle", "oui")),
        ("agent.more", "de", ("rufen Sie mich zurück", "lieber zurückrufen", "ja")),
        ("agent.more", "en", ("call me back", "I would rather have a call back", "yes")),
        (WAIT, "nl-BE", ("ik wacht wel", "nee", "hoe lang duurt dat", "een medewerker")),
        (WAIT, "fr-FR", ("j'attends", "non", "ça va durer combien de temps", "je reste en ligne")),
        (WAIT, "de", ("ich warte", "nein ich bleibe dran", "wie lange dauert das")),
        (WAIT, "en", ("I'll wait", "no", "how long does it take", "I'll hold")),
    ],
)
def test_what_is_said_while_waiting_is_understood(place: str, language: str, sentences: tuple[str, ...]) -> None:
    stage = empty_stage(a_briefing(agents=True, language=language))
    for heard in (h.Answered(speech=True), *(h.Keys(key) for key in PROVED), h.Keys("0")):
        stage = stage.hears(heard)
    for sentence in sentences:
        understood = stage.understands(sentence)
        assert understood is not None
        assert stage.hears(understood).state.place == place, sentence


def test_whoever_says_that_they_wait_is_believed_as_often_as_they_say_it() -> None:
    turn = after(AGENTS, "0")
    for _ in range(20):
        turn = take_turn(AGENTS, turn.state, h.Words("wait"))
        assert (turn.state.place, said(turn)) == (WAIT, ["agent.still"])


def test_done_is_thanks_and_the_end() -> None:
    turn = after(AGENTS, "0", DONE)
    assert (said(turn), turn.state.over) == (["agent.bye"], True)


def test_an_agent_who_is_lost_is_followed_by_another_and_a_second_one_by_the_call_back() -> None:
    once = after(AGENTS, "0", LOST)
    assert (said(once), noted(once)) == (["agent.lost", "agent.hold"], ["AgentAwaited"])
    twice = take_turn(AGENTS, once.state, LOST)
    assert (said(twice), noted(twice)) == (["agent.none", "agent.more"], ["WaitEnded"])


def test_a_lost_talk_that_nobody_had_asked_for_leaves_a_call_back() -> None:
    turn = after(FIRST_OF_ALL, LOST)
    assert noted(turn) == ["PersonAsked", "WaitEnded", "AgentAwaited"]
    assert [record.why for record in turn.records if isinstance(record, r.PersonAsked)] == ["lost"]
    assert awaited(turn) == [r.AgentAwaited(why="person", language="nl")]


def test_a_person_first_says_neither_a_name_nor_that_anything_is_open() -> None:
    turn = after(FIRST_OF_ALL)
    assert said(turn) == ["agent.first"]
    assert awaited(turn) == [r.AgentAwaited(why="first", language="nl")]
    ask = turn.acts[-1]
    assert isinstance(ask, Ask) and ask.patience_s == 6.0
    (words,) = [act for act in turn.acts if isinstance(act, Say)]
    assert words.cls is PromptClass.NEUTRAL and set(words.spoken.slots) == {"sender"}


@pytest.mark.parametrize(
    "heard",
    [h.Silence(), h.Noise(), h.Keys("1"), h.Keys("*"), *map(h.Words, ("yes", "no", "hesitation", "wait", "pay"))],
)
def test_whoever_is_not_met_in_time_hears_our_own_opening_whatever_they_answer(heard: h.Heard) -> None:
    turn = after(FIRST_OF_ALL, heard)
    assert said(turn) == ["open.hello", "open.ask"]
    assert noted(turn) == ["WaitEnded"]


def test_whoever_rings_us_is_met_by_the_computer() -> None:
    ringing = a_briefing(direction="in", agents=True, person_first=True)
    assert "inbound.hello" in said(after(ringing))


def test_a_crisis_calls_for_an_agent_with_everything_that_it_did() -> None:
    turn = after(AGENTS, h.Words("crisis"))
    assert (said(turn), noted(turn)) == (["crisis"], ["CrisisHeard", "AgentAwaited"])
    assert awaited(turn) == [r.AgentAwaited(why="crisis", language="nl")]


def test_nobody_in_a_crisis_is_sent_on_while_an_agent_may_come() -> None:
    turn = after(AGENTS, h.Words("crisis"), h.Silence())
    assert (turn.state.place, said(turn)) == ("crisis", ["silence.1", "crisis"])
    alone = after(a_briefing(), h.Words("crisis"), h.Silence())
    assert said(alone) == ["crisis.bye"]


def test_a_person_asked_for_in_a_crisis_is_still_called_for_before_everybody() -> None:
    turn = after(AGENTS, h.Words("crisis"), "0")
    assert awaited(turn) == [r.AgentAwaited(why="crisis", language="nl")]


def test_a_crisis_that_our_books_did_not_take_keeps_its_wait() -> None:
    waiting = after(AGENTS, h.Words("crisis"))
    unrecorded = take_turn(AGENTS, waiting.state, h.CouldNotRecord())
    assert (unrecorded.state.place, noted(unrecorded)) == ("crisis.alone", [])
    assert awaited(take_turn(AGENTS, unrecorded.state, h.Silence())) == [r.AgentAwaited(why="crisis", language="nl")]


def test_an_agent_who_was_there_for_a_crisis_that_nobody_could_note_leaves_it_noted() -> None:
    unrecorded = after(AGENTS, h.CouldNotRecord(crisis=True))
    done = take_turn(AGENTS, unrecorded.state, DONE)
    assert "CrisisHeard" in noted(done) and said(done) == ["crisis.alone_bye"]


BRIEFINGS = {
    "agents": AGENTS,
    "an agent first": FIRST_OF_ALL,
    "an agent first, and none besides": a_briefing(person_first=True),
    "none": a_briefing(),
    "two rounds of identity": a_briefing(agents=True, tries_left=1, openings=()),
    "ringing in": a_briefing(agents=True, person_first=True, direction="in"),
    "a stranger": a_briefing(
        agents=True, direction="in", debtor_id=None, full_name="", e164=None, factors=(), invoices=(), plans=()
    ),
}
HEARD = st.one_of(
    st.sampled_from([h.Keys(key) for key in "00011223344899*#"]),
    st.sampled_from([h.Keys(key) for key in ("9000", "4417", "0318")]),
    st.sampled_from([h.Words(intent) for intent in (*INTENTS, *THEN, "yes", "no", "person", "crisis", "hesitation")]),
    st.sampled_from([h.Silence(), h.Noise(), LOST, DONE, h.PaymentSeen(), h.KeysOnly(), h.MachineAnswered()]),
    st.sampled_from([h.CouldNotRecord(), h.CouldNotRecord(crisis=True), h.TimeUp(), h.KeyInGreeting("0")]),
    st.sampled_from([h.Words("language", (("language", language),)) for language in ("fr", "nl")]),
)


@settings(max_examples=300, deadline=None)
@given(heard=st.lists(HEARD, max_size=40), name=st.sampled_from(sorted(BRIEFINGS)))
def test_somebody_waits_in_the_books_exactly_where_they_wait_on_the_line(heard: list[h.Heard], name: str) -> None:
    briefing = BRIEFINGS[name]
    state, waits = fresh(briefing), False
    for one in (h.Answered(speech=True), *heard, h.HungUp()):
        turn = take_turn(briefing, state, one)
        here = [record for record in turn.records if isinstance(record, r.AgentAwaited | r.WaitEnded)]
        assert here.count(r.WaitEnded()) <= 1 and len(here) <= 2
        for record in here:
            waits = isinstance(record, r.AgentAwaited)
        assert_neutral_before_proof(turn)
        assert not awaited(turn) or briefing.agents or turn.state.place == FIRST
        state = turn.state
        if state.place != "crisis.alone":
            expected = state.place in WHY and (briefing.agents or state.place == FIRST)
            assert waits == expected, (state.place, one)
    assert state.over and not waits


def assert_neutral_before_proof(turn: Turn) -> None:
    for act in turn.acts:
        if isinstance(act, Say) and act.cls is PromptClass.DEBT:
            assert turn.state.proof is Proof.PROVED


@pytest.mark.parametrize("briefing", BRIEFINGS.values(), ids=BRIEFINGS.keys())
@pytest.mark.parametrize("gone", [DONE, LOST, h.AgentGone("whatever it may be")], ids=lambda gone: gone.how)
def test_a_caller_may_come_back_at_any_place(briefing: Briefing, gone: h.AgentGone) -> None:
    for place in SCRIPT.keys() - {GONE}:
        state = State(place=place, back="open.ask", turns=3)
        turn = take_turn(briefing, state, gone)
        assert turn.state.over == (gone == DONE)
        assert isinstance(turn.acts[0], Say)


def test_whoever_comes_back_before_our_first_word_goes_on_to_it() -> None:
    back = take_turn(FIRST_OF_ALL, fresh(FIRST_OF_ALL), LOST)
    assert back.state.place == WAIT
    assert said(take_turn(FIRST_OF_ALL, back.state, h.Keys("#"))) == ["open.hello", "open.ask"]

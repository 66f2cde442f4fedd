"""Whatever comes over the line, the talk stays kind, ends within its limits, and stores nothing that nobody meant.

A telephone of values: keys with their times go through `Gather` as on the line, our words take their time, and the
clock runs on when nobody does anything.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass, field

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ivr import heard as h
from ivr import record as r
from ivr.act import Ask, Say
from ivr.briefing import Briefing
from ivr.gather import Decision, Gather
from ivr.outcome import disposition_of
from ivr.state import Proof, State, fresh
from ivr.testing import PROVED, a_briefing, after, proved, said
from ivr.turn import TURNS_AT_MOST, Turn, take_turn
from ledger.contact import Disposition
from voices.prompt import PromptClass

#: How long one of our sentences takes, and how finely the clock is read: seconds.
SENTENCE_S, TICK_S = 4.0, 0.5
#: Nobody is kept on the line for longer after their last key.
PATIENCE_S = 300.0
HOUR_S = 3600.0
#: Keys as they are pressed: when, and which.
Presses = Sequence[tuple[float, str]]


@dataclass
class Phone:
    """One call, as the line drives it."""

    briefing: Briefing
    #: Words are heard on this call.
    speech: bool = False
    now: float = 0.0
    turns: list[Turn] = field(default_factory=list)
    _gather: Gather | None = None
    _words_end: float = 0.0

    def __post_init__(self) -> None:
        self.hears(h.Answered(speech=self.speech))

    @property
    def state(self) -> State:
        return self.turns[-1].state if self.turns else fresh(self.briefing)

    @property
    def records(self) -> list[type]:
        return [type(record) for turn in self.turns for record in turn.records]

    def hears(self, heard: h.Heard) -> None:
        """One turn; our words begin to sound at once."""
        turn = take_turn(self.briefing, self.state, heard)
        self.turns.append(turn)
        words = sum(isinstance(act, Say) for act in turn.acts) * SENTENCE_S
        self._words_end = self.now + words
        ask = next((act for act in turn.acts if isinstance(act, Ask)), None)
        if ask is None:
            self._gather = None
            return
        began_at = max(self.now, self._words_end - SENTENCE_S) if ask.binding else self.now
        self._gather = Gather(ask, began_at, self._gather)
        self._decided(self._gather.resume())

    def press(self, key: str) -> None:
        if self._gather is not None:
            self._decided(self._gather.press(key, self.now))

    def _decided(self, decision: Decision | None) -> None:
        if decision is not None and decision.heard is not None:
            self.hears(decision.heard)

    def waits(self, until: float) -> None:
        """The clock runs on."""
        while self.now < until and self._gather is not None:
            self.now = min(until, self.now + TICK_S)
            if self.now >= self._words_end:
                self._gather.words_ended(self._words_end)
            if (heard := self._gather.due(self.now)) is not None:
                self.hears(heard)


def call(presses: Presses, briefing: Briefing | None = None) -> Phone:
    """A call in which these keys are pressed, and then an hour passes."""
    phone = Phone(briefing or a_briefing())
    for at, key in presses:
        phone.waits(at)
        if phone.state.over:
            break
        phone.now = max(phone.now, at)
        phone.press(key)
    last = phone.now
    phone.waits(last + HOUR_S)
    assert phone.state.over, "an hour later the line is closed"
    assert phone.now - last < PATIENCE_S
    assert isinstance(disposition_of(phone.state), Disposition)
    return phone


def at_the_menu() -> Phone:
    phone = Phone(a_briefing())
    for keys in PROVED:
        phone.hears(h.Keys(keys))
    return phone


def test_after_an_hour_of_silence_the_line_was_closed_long_ago_and_nothing_is_stored() -> None:
    phone = call([])
    assert phone.records == []
    assert said(phone.turns[-1]) == ["silence.3"]
    assert disposition_of(phone.state) is Disposition.NO_CONVERSATION


def test_after_proof_too_silence_ends_the_call_and_agrees_to_nothing() -> None:
    phone = at_the_menu()
    phone.waits(HOUR_S)
    assert phone.state.over
    assert set(phone.records) == {r.IdentityPassed, r.AmountHeard}


@pytest.mark.parametrize("seed", range(6))
def test_a_thousand_digits_in_less_than_a_minute_end_in_a_call_like_any_other(seed: int) -> None:
    chance = random.Random(seed)
    presses = [(n * 0.05, chance.choice("0123456789")) for n in range(1000)]
    phone = call(presses)
    assert len(phone.turns) <= TURNS_AT_MOST + 1
    assert phone.state.proof is not Proof.PROVED
    assert all(act.cls is not PromptClass.DEBT for turn in phone.turns for act in turn.acts if isinstance(act, Say))


@pytest.mark.parametrize("key", "0123456789*#")
def test_a_thousand_times_the_same_key_too(key: str) -> None:
    phone = call([(n * 0.05, key) for n in range(1000)])
    assert len(phone.turns) <= TURNS_AT_MOST + 1
    assert phone.state.proof is not Proof.PROVED


@pytest.mark.parametrize("key", "0123456789*#")
def test_a_key_that_is_held_for_a_minute_is_one_key_at_its_end(key: str) -> None:
    """A telephone tells of a key when it is let go; until then we have waited, and asked again."""
    held = at_the_menu()
    held.waits(60.0)
    before = len(held.turns)
    held.press(key)
    assert len(held.turns) <= before + 1
    held.waits(held.now + HOUR_S)
    assert held.state.over
    assert not {r.PromiseMade, r.PlanAgreed, r.PaymentDetailsGiven} & set(held.records)


def test_letters_are_met_with_patience_and_then_with_a_persons_call_back() -> None:
    phone = call([(10.0 + 5 * n, key) for n, key in enumerate("ABCD")])
    assert phone.records == []
    assert [said(turn)[0] for turn in phone.turns[1:4]] == ["heard.not_1", "heard.not_2", "help.offer"]


@pytest.mark.parametrize("place", [("2", "1"), ("2", "2", "2"), ("2", "1", "3"), ("2", "1", "1", "3")])
def test_letters_answer_no_question_of_digits_or_of_money(place: tuple[str, ...]) -> None:
    phone = at_the_menu()
    for key in place:
        phone.hears(h.Keys(key))
    for key in "ABCD":
        phone.waits(phone.now + 20)
        phone.press(key)
    phone.waits(phone.now + HOUR_S)
    assert phone.state.over
    assert set(phone.records) == {r.IdentityPassed, r.AmountHeard}


# -- a machine -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("tone", "1234678*#ABCD")
@pytest.mark.parametrize("at", [0.2, 3.0, 9.0])
def test_a_tone_in_a_voicemails_greeting_stores_nothing_and_tells_nothing(tone: str, at: float) -> None:
    """A 0 and a 9 do what they do for a person: nobody can tell who sent them, and neither does harm."""
    phone = call([(at, tone)])
    assert phone.records == []
    assert all(act.cls is not PromptClass.DEBT for turn in phone.turns for act in turn.acts if isinstance(act, Say))


def test_a_machine_that_was_not_touched_hears_the_neutral_message_and_nothing_more() -> None:
    phone = call([(1.0, "A"), (2.0, "D")])
    assert phone.records == []
    turn = take_turn(a_briefing(), Phone(a_briefing()).state, h.MachineAnswered())
    assert said(turn) == ["voicemail"]
    assert turn.state.over


@pytest.mark.parametrize(
    ("before", "direction", "noted"),
    [
        ((), "out", None),
        ((h.Silence(),), "out", None),
        ((h.KeyInGreeting("9"),), "out", None),
        # Whoever answered something, or rang us, is no machine.
        ((h.Keys("3"),), "out", r.PersonAsked),
        ((h.Keys("1"),), "out", r.PersonAsked),
        ((), "in", r.PersonAsked),
    ],
)
def test_a_tone_in_a_greeting_asks_for_nobody(
    before: tuple[h.Heard, ...], direction: str, noted: type[r.Record] | None
) -> None:
    turn = after(a_briefing(direction=direction), *before, h.KeyInGreeting("0"))
    assert [type(record) for record in turn.records] == ([] if noted is None else [noted])
    assert turn.state.place == ("open.ask" if noted is None else "agent.more")


@pytest.mark.parametrize(("key", "noted"), [("0", r.PersonAsked), ("9", r.OptedOut)])
def test_who_presses_it_again_gets_what_the_key_says(key: str, noted: type[r.Record]) -> None:
    turn = after(a_briefing(), h.KeyInGreeting(key), h.Keys(key))
    assert [type(record) for record in turn.records] == [noted]


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(st.floats(0, 20), st.sampled_from("ABCD1*#")), max_size=12))
def test_no_melody_of_tones_proves_who_somebody_is(tones: list[tuple[float, str]]) -> None:
    phone = call(sorted(tones))
    assert phone.state.proof is not Proof.PROVED
    assert not {r.PromiseMade, r.PlanAgreed, r.DisputeRaised, r.OptedOut, r.WrongNumber} & set(phone.records)


# -- ears ------------------------------------------------------------------------------------------------------------

#: What a recogniser that has gone mad could write for a question that it was not asked.
GARBAGE = (
    h.Words("digits", (("digits", "9" * 1000),)),
    h.Words("digits"),
    h.Words("option", (("n", "99"),)),
    h.Words("option"),
    h.Words("amount"),
    h.Words("date"),
    h.Words("language", (("language", "klingon"),)),
    h.Words(""),
    h.Words("no such intent", (("kind", "amount"),)),
    h.Noise(),
)


@pytest.mark.parametrize("garbage", GARBAGE, ids=repr)
@pytest.mark.parametrize("place", [(), PROVED[:2], PROVED, (*PROVED, "2", "1"), (*PROVED, "2", "1", "1")], ids=len)
def test_garbage_agrees_to_nothing_and_ends_with_a_person_or_a_goodbye(garbage: h.Heard, place: Sequence[str]) -> None:
    phone = Phone(a_briefing())
    for keys in place:
        phone.hears(h.Keys(keys))
    before = len(phone.records)
    for _ in range(8):
        if not phone.state.over:
            phone.hears(garbage)
    phone.waits(phone.now + HOUR_S)
    assert phone.state.over
    assert set(phone.records[before:]) <= {r.PersonAsked}


def test_ears_that_are_lost_leave_the_keys_and_the_question() -> None:
    turn = proved("2", "1", "1", h.KeysOnly())
    assert said(turn) == ["speech.keys", "promise.check"]
    ask = turn.acts[-1]
    assert isinstance(ask, Ask)
    assert ask.wants is None
    assert take_turn(a_briefing(), turn.state, h.Keys("1")).state.place == "sum.check"


def test_a_recogniser_that_never_answers_is_silence_and_the_call_ends_as_one() -> None:
    phone = Phone(a_briefing(), speech=True)
    phone.waits(HOUR_S)
    assert phone.state.over
    assert phone.records == []


@pytest.mark.parametrize("late", [h.Words("yes"), h.Words("date", (("date", "2026-12-03"),)), h.Words("digits")])
def test_an_answer_that_comes_when_the_call_is_over_changes_nothing(late: h.Heard) -> None:
    over = call([]).state
    turn = take_turn(a_briefing(), over, late)
    assert turn.records == ()
    assert turn.state == over

"""Every state that a caller can reach, with everything that can be heard there, to a fixed point."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import lru_cache
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ivr import heard as h
from ivr import record as r
from ivr.act import Ask, Expect, HangUp, Say
from ivr.briefing import Briefing
from ivr.intent import FIRST, THEN
from ivr.outcome import disposition_of
from ivr.payment import as_of
from ivr.script import SCRIPT
from ivr.state import GONE, START, Proof, State, fresh
from ivr.subject import remaining
from ivr.testing import (
    BIRTH_DAY,
    CUSTOMER,
    FINAL,
    HOUSE_NUMBER,
    INSTALMENT,
    INVOICE,
    INVOICE_NUMBER,
    MOVED,
    POSTCODE,
    SECOND_INVOICE,
    a_briefing,
)
from ivr.turn import TURNS_AT_MOST, Turn, take_turn
from ivr.waiting import LOST, WHY
from ledger.contact import Disposition
from voices.catalogue import LANGUAGES
from voices.prompt import PromptClass, Spoken
from voices.spoken import in_writing

TWO = (POSTCODE, CUSTOMER)
BRIEFINGS = {
    "one invoice": a_briefing(tries_left=2, statements=True),
    "two invoices, last reminder": a_briefing(
        invoices=(INVOICE, SECOND_INVOICE), stage=3, final=FINAL, factors=TWO, statements=True
    ),
    "slow, no plans, one opening": a_briefing(
        listening="slow", plans=(), openings=a_briefing().openings[:1], factors=TWO
    ),
    "promises broken, nothing to offer": a_briefing(
        broken_promises=3, plans=(), openings=(), callback_number=None, factors=(CUSTOMER, HOUSE_NUMBER, INVOICE_NUMBER)
    ),
    "no tries left": a_briefing(tries_left=0, call_code=None, contact_person=None),
    "nothing open": a_briefing(invoices=(), plans=(), factors=(POSTCODE, INVOICE_NUMBER, CUSTOMER)),
    "birthday and house": a_briefing(factors=(CUSTOMER, HOUSE_NUMBER, BIRTH_DAY), tries_left=1),
    "other factors first": a_briefing(factors=(INVOICE_NUMBER, POSTCODE, CUSTOMER), tries_left=1, plans=()),
    "agents, the last tries": a_briefing(agents=True, factors=TWO, tries_left=1, plans=()),
    "an agent first": a_briefing(agents=True, person_first=True, factors=TWO, tries_left=1, invoices=(), plans=()),
    "ringing in": a_briefing(direction="in", factors=TWO, tries_left=1),
    "ringing in, with a plan": a_briefing(
        direction="in", factors=TWO, tries_left=1, instalment=INSTALMENT, invoices=(INVOICE, SECOND_INVOICE)
    ),
    "ringing in, the instalment moved before": a_briefing(
        direction="in", factors=TWO, tries_left=1, instalment=MOVED, openings=()
    ),
    "ringing in, unknown": a_briefing(direction="in", debtor_id=None, full_name="", factors=(), invoices=(), plans=()),
    "ringing in, withheld": a_briefing(
        direction="in", debtor_id=None, full_name="", e164=None, factors=(), invoices=(), plans=()
    ),
}
#: Sentences that speak of what is open, or of paying it.
DEMANDS = (
    *("due.friendly", "due.firm", "due.several", "final", "menu.", "pay.how", "pay.read", "promise.", "plan.", "move."),
)
#: What happens besides keys.
EVENTS: tuple[h.Heard, ...] = (
    h.Answered(),
    h.Answered(speech=True),
    h.Silence(),
    h.Noise(),
    h.Recorded("statement.wav", 14),
    h.Recorded("statement.wav", 14, "0"),
    h.Recorded("statement.wav", 14, "9"),
    h.Recorded("", 14),
    h.KeysOnly(),
    h.HungUp(),
    h.MachineAnswered(),
    h.PaymentSeen(),
    h.PaymentSeen(open=((2, 4000),)),
    h.PaymentSeen(open=((1, 5000), (2, 4000))),
    h.TimeUp(),
    h.AgentGone("done"),
    h.AgentGone("lost"),
    h.CouldNotRecord(),
    h.CouldNotRecord(crisis=True),
)

DATE = ("date", "2026-12-07")
#: Everything that can be understood in words, with and without what else was told.
WORDS: tuple[h.Words, ...] = (
    *(h.Words(intent) for intent in (*FIRST, *THEN, "option", "date", "amount", "digits")),
    *(h.Words(intent, (DATE,)) for intent in ("promise", "date", "later", "paid")),
    *(h.Words(intent, (DATE, ("minor", "4000"))) for intent in ("promise", "date")),
    h.Words("hesitation"),
    *(h.Words("date", (("date", day),)) for day in ("2026-11-24", "2026-11-28", "2026-11-20", "2027-03-01")),
    *(h.Words("amount", (("minor", minor),)) for minor in ("0", "500", "4300", "999900")),
    h.Words("plan", (("minor", "5000"),)),
    *(h.Words("dispute", (("kind", kind),)) for kind in ("not_delivered", "damaged", "returned", "amount", "not_mine")),
    *(h.Words("paid", (("when", when),)) for when in ("today_or_yesterday", "longer_ago")),
    h.Words("later", (("from", "14:00"),)),
    *(h.Words("language", (("language", language),)) for language in ("fr", "nl", "xx")),
    *(h.Words("digits", (("digits", digits),)) for digits in ("9000", "12", "05")),
    h.Words("option", (("n", "1"),)),
    h.Words("what nobody knows"),
)

#: What is typed at a digit question: right and wrong, dates and amounts of every kind.
ENTRIES = {
    "promise.type": ("0712", "3112", "3102", "2311", "2812", "05"),
    "move.type": ("0112", "3112", "05"),
    "promise.part": ("0000", "40", "9999"),
    "plan.type": ("0000", "5", "20", "0090"),
    "plan.day": ("05", "31", "1"),
    "plan.income": ("05", "31", "32"),
}


def all_heard(briefing: Briefing, state: State) -> Iterator[h.Heard]:
    """Everything that can be heard at a question. After a miss only what counts misses on: keys do what they did."""
    yield from EVENTS
    place = SCRIPT[state.place]
    if state.misses or state.unrecorded:
        return
    if place.digits is None:
        yield from (h.Keys(key) for key in "0123456789*#")
        return
    yield from (h.Keys(key) for key in "5*#")
    kind = place.name.removeprefix("id.")
    right = next((factor.answers[0] for factor in briefing.factors if factor.kind == kind), "")
    yield from (h.Keys(entry) for entry in ENTRIES.get(place.name, (right, "9" * len(right), "99")))


def folded(state: State) -> tuple[Any, ...]:
    """What decides about what comes next, without counters that only choose words."""
    proving = (state.given, state.tries, frozenset(state.refused)) if state.proof is Proof.CLAIMED else ()
    about = (len(state.chosen), state.invoice, state.purpose)
    here = {"plan": (state.plan,), "which": about, "dispute": about, "paid": about, "pay": about}
    here["promise"] = (state.part is not None,)
    return (
        *(state.place, state.proof, state.misses, min(state.unrecorded, 1), proving, len(state.settled)),
        *(bool(state.agreements), state.touched or state.proof is not Proof.NONE, state.balances),
        state.times("move.ask") > 0,
        here.get(state.place.split(".")[0], ()),
        LOST in state.facts and state.place.startswith("agent."),
    )


def at_a_word(briefing: Briefing, state: State) -> tuple[Any, ...]:
    """What decides about where words lead: much less than what keys do."""
    return state.place, state.proof, bool(remaining(as_of(briefing, state), state))


def walk(briefing: Briefing) -> Iterator[tuple[State, h.Heard, Turn]]:
    """Each reachable state with each thing heard, once."""
    begin = take_turn(briefing, fresh(briefing), h.Answered())
    yield fresh(briefing), h.Answered(), begin
    seen, todo, spoken = {folded(begin.state)}, [begin], set()
    while todo:
        turn = todo.pop()
        state = replace(turn.state, turns=1)
        words = () if (here := at_a_word(briefing, state)) in spoken else WORDS
        spoken.add(here)
        for heard in (*all_heard(briefing, state), *words):
            after = take_turn(briefing, state, heard)
            yield state, heard, after
            if not after.state.over and folded(after.state) not in seen:
                seen.add(folded(after.state))
                todo.append(after)


#: The places to which each briefing has led so far.
PLACES: dict[str, set[str]] = {}


@lru_cache(1)
def walked_by(name: str) -> list[tuple[State, h.Heard, Turn]]:
    """A walk is some hundred megabytes: one at a time is kept."""
    turns = list(walk(BRIEFINGS[name]))
    PLACES[name] = {turn.state.place for _, _, turn in turns}
    return turns


@pytest.fixture(scope="module", params=list(BRIEFINGS))
def walked(request: pytest.FixtureRequest) -> tuple[Briefing, list[tuple[State, h.Heard, Turn]]]:
    return BRIEFINGS[request.param], walked_by(request.param)


Walked = tuple[Briefing, list[tuple[State, h.Heard, Turn]]]


def sentences(turns: list[Turn]) -> list[Spoken]:
    """Each different sentence that was said, once."""
    said = [act.spoken for turn in turns for act in turn.acts if isinstance(act, Say)]
    return list({repr(spoken): spoken for spoken in said}.values())


def questions(turns: list[tuple[State, h.Heard, Turn]]) -> list[State]:
    """One state for each open question and proof."""
    found = {(turn.state.place, turn.state.proof): turn.state for _, _, turn in turns if not turn.state.over}
    return list(found.values())


def test_no_word_of_debt_is_said_before_proof(walked: Walked) -> None:
    _, turns = walked
    for _, _, turn in turns:
        for act in turn.acts:
            if isinstance(act, Say) and act.cls is PromptClass.DEBT:
                assert turn.state.proof is Proof.PROVED
            if isinstance(act, Say) and act.cls is PromptClass.IDENTITY:
                assert turn.state.proof is not Proof.NONE


def test_no_amount_reference_or_creditor_is_said_before_proof_in_any_language(walked: Walked) -> None:
    briefing, turns = walked
    unproved = [turn for _, _, turn in turns if turn.state.proof is not Proof.PROVED]
    for spoken in sentences(unproved):
        for language in LANGUAGES:
            text = in_writing(spoken, language)
            for secret in (briefing.creditor, "85", "090/", "BE68", "2026-03", "levering", "735102", "4417", "9000"):
                assert secret not in text


def test_everything_that_is_said_can_be_said_in_every_language(walked: Walked) -> None:
    _, turns = walked
    for spoken in sentences([turn for _, _, turn in turns]):
        for language in LANGUAGES:
            assert in_writing(spoken, language)


def test_every_turn_asks_once_or_closes_the_line(walked: Walked) -> None:
    _, turns = walked
    for _, heard, turn in turns:
        if isinstance(heard, h.HungUp):
            assert turn.acts == () and turn.state.over
            continue
        *said, last = turn.acts
        assert all(isinstance(act, Say) for act in said)
        assert isinstance(last, HangUp) == turn.state.over
        assert isinstance(last, HangUp | Ask)


def test_nobody_is_left_in_silence(walked: Walked) -> None:
    """Our words stand before every wait, and before every end but a machine's and a hang-up.

    Only a payment may pass without a word: before proof, or when it brings nothing new; then the question stays open.
    """
    _, turns = walked
    for state, heard, turn in turns:
        if isinstance(heard, h.PaymentSeen) and not isinstance(turn.acts[0], Say):
            assert turn.state.place == state.place
            assert isinstance(turn.acts[0], Ask)
        elif not isinstance(heard, h.HungUp | h.MachineAnswered):
            assert isinstance(turn.acts[0], Say)


def test_a_payment_is_thanked_for_after_proof_and_kept_quiet_before_it(walked: Walked) -> None:
    _, turns = walked
    for state, heard, turn in turns:
        if isinstance(heard, h.PaymentSeen):
            first = turn.acts[0]
            thanked = isinstance(first, Say) and first.spoken.key in ("pay.received", "pay.part")
            assert thanked or not isinstance(first, Say)
            assert state.verified or not thanked


def test_no_amount_is_asked_for_that_has_been_paid(walked: Walked) -> None:
    """Once everything is paid no question about money is open, whenever the payment came."""
    briefing, turns = walked
    for state, _, turn in turns:
        if state.balances is not None and not any(minor for _, minor in state.balances) and briefing.invoices:
            assert not any(isinstance(act, Say) and act.spoken.key.startswith(DEMANDS) for act in turn.acts), state


def test_a_person_is_within_two_keys_of_every_question(walked: Walked) -> None:
    briefing, turns = walked
    for state in questions(turns):
        place = SCRIPT[state.place]
        if place.digits is not None:
            state = take_turn(briefing, state, h.Keys("#")).state
        asked = take_turn(briefing, state, h.Keys("0"))
        spoken = {act.spoken.key for act in asked.acts if isinstance(act, Say)}
        assert spoken & {"agent.none", "agent.soon", "agent.call_us", "agent.transfer", "agent.still"}, state.place


def test_rights_without_proof_are_never_closed(walked: Walked) -> None:
    """Stop works in every menu that is not already about stop or help; without a number it is said why not."""
    briefing, turns = walked
    for state in questions(turns):
        place = SCRIPT[state.place]
        if place.digits is not None or place.name in ("stop.done", "stop.sure"):
            continue
        turn = take_turn(briefing, state, h.Keys("9"))
        noted = {type(record).__name__ for record in turn.records}
        assert "OptedOut" in noted or "OptedOut" in state.facts or briefing.e164 is None, state.place


def test_patience_ends_politely_whatever_is_or_is_not_heard(walked: Walked) -> None:
    """From every question, the same thing heard again and again leads to an end."""
    briefing, turns = walked
    for state in questions(turns):
        for heard in (h.Silence(), h.Noise(), h.CouldNotRecord(), h.Words("hesitation")):
            after = state
            for _ in range(12):
                after = take_turn(briefing, after, heard).state
            assert after.over, (state.place, heard)


#: Who asks for time, or asks us something, is answered as often as they ask; and keys may be said.
PATIENT = ("wait", "who", "genuine", "repeat", "option", "digits")


def test_no_word_keeps_a_conversation_for_ever(walked: Walked) -> None:
    """The same words again and again, understood or not, lead to an end."""
    briefing, turns = walked
    for state in questions(turns):
        for heard in WORDS:
            after = state
            for _ in range(30):
                if after.over or heard.intent in PATIENT:
                    break
                after = take_turn(briefing, after, heard).state
            assert after.over or heard.intent in PATIENT, (state.place, heard)


def test_no_key_keeps_a_conversation_for_ever(walked: Walked) -> None:
    briefing, turns = walked
    for state in questions(turns):
        for key in "0123456789*#":
            last = take_turn(briefing, replace(state, turns=TURNS_AT_MOST), h.Keys(key))
            assert last.state.over and set(last.records) <= {r.WaitEnded()}
            assert isinstance(last.acts[0], Say) and last.acts[0].spoken.key == "trouble.time_up"


def test_every_path_ends_in_a_disposition(walked: Walked) -> None:
    _, turns = walked
    for _, _, turn in turns:
        assert isinstance(disposition_of(turn.state), Disposition)
        assert disposition_of(turn.state) is not Disposition.ABANDONED


def test_what_could_not_be_recorded_is_never_confirmed(walked: Walked) -> None:
    _, turns = walked
    for state, heard, turn in turns:
        if isinstance(heard, h.CouldNotRecord):
            assert {type(record) for record in turn.records} <= {r.AgentAwaited, r.WaitEnded}
            first = turn.acts[0]
            in_crisis = heard.crisis or state.place in ("crisis", "crisis.alone")
            says = ("crisis.alone", "silence.1") if in_crisis else ("trouble.", "fallback")
            assert isinstance(first, Say) and first.spoken.key.startswith(says)


def test_a_wait_is_noted_when_it_begins_and_ended_whatever_way_leads_out_of_it(walked: Walked) -> None:
    briefing, turns = walked
    for state, heard, turn in turns:
        before, now = state.place, turn.state.place
        waits = {place for place in WHY if briefing.agents or (place == "agent.first" and briefing.person_first)}
        noted = [record for record in turn.records if isinstance(record, r.AgentAwaited | r.WaitEnded)]
        ends = [r.WaitEnded()] if before in waits and now not in (before, "crisis.alone") else []
        begins = now in waits and (now != before or isinstance(heard, h.AgentGone))
        if before == "crisis.alone":  # a wait may stand there, from a crisis that was noted before
            noted = [record for record in noted if record != r.WaitEnded()]
        if isinstance(heard, h.Words) and heard.intent == "language" and now == before:
            continue
        assert noted[: len(ends)] == ends, (before, heard)
        assert [type(record) for record in noted[len(ends) :]] == [r.AgentAwaited] * begins, (before, heard)


def test_every_place_of_the_script_can_be_reached() -> None:
    for name in BRIEFINGS.keys() - PLACES.keys():
        walked_by(name)
    assert set.union(*PLACES.values()) == set(SCRIPT) - {START}


def test_nobody_is_recorded_without_a_yes_on_this_call_and_only_about_a_dispute_that_stands(walked: Walked) -> None:
    _, turns = walked
    for state, heard, turn in turns:
        last = turn.acts[-1] if turn.acts else None
        if isinstance(last, Ask) and last.expect is Expect.STATEMENT:
            yes = heard in (h.Keys("1"), h.Words("yes"), h.Words("option", (("n", "1"),)))
            assert (state.place == "dispute.tell" and yes) or state.place == "dispute.speak"
            assert turn.state.proof is Proof.PROVED and "DisputeRaised" in turn.state.facts
            assert last.wants is None, "no ear listens meanwhile"


def test_a_statement_is_noted_only_where_one_was_asked_for_and_kept(walked: Walked) -> None:
    _, turns = walked
    for state, heard, turn in turns:
        noted = [record for record in turn.records if isinstance(record, r.StatementGiven)]
        if state.place == "dispute.speak" and isinstance(heard, h.Recorded) and heard.name:
            assert noted == [r.StatementGiven(name=heard.name, seconds=heard.seconds)]
            onward = ("rest.ask", "sum.check")
            assert turn.state.place in {"0": ("agent.more",), "9": ("stop.done", GONE)}.get(heard.key, onward)
            assert not heard.key or turn.state.back in onward, "and back to what is left, never to the recording"
        else:
            assert noted == []


def test_what_could_not_be_kept_is_said_and_never_asked_for_again(walked: Walked) -> None:
    _, turns = walked
    for state, heard, turn in turns:
        if state.place == "dispute.speak" and heard in (h.Recorded("", 14), h.CouldNotRecord()):
            said = [act.spoken.key for act in turn.acts if isinstance(act, Say)]
            assert said[0] == "trouble.statement" or state.unrecorded
            assert turn.state.place in ("rest.ask", "sum.check", GONE)


_HEARD = st.one_of(
    st.sampled_from([e for e in EVENTS if not isinstance(e, h.HungUp)]),
    st.sampled_from([h.Keys(k) for k in "00112233445566778899**##"]),
    st.sampled_from([h.Keys(k) for k in ("9000", "4417", "0318", "735102", "0712", "0050", "05", "1234")]),
)


@settings(max_examples=150, deadline=None)
@given(heard=st.lists(_HEARD, max_size=60), name=st.sampled_from(sorted(BRIEFINGS)))
def test_any_caller_at_all_is_answered_and_brought_to_an_end(heard: list[h.Heard], name: str) -> None:
    briefing = BRIEFINGS[name]
    state = take_turn(briefing, fresh(briefing), h.Answered()).state
    for one in heard:
        turn = take_turn(briefing, state, one)
        assert turn.acts
        state = turn.state
    ended = take_turn(briefing, state, h.HungUp()).state
    assert ended.over
    assert disposition_of(ended) is disposition_of(state)

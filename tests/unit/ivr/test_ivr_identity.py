"""Proof of identity: which pairs prove, what never does, and the way out of every failure."""

from __future__ import annotations

from dataclasses import replace
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ivr import heard as h
from ivr.act import Ask, Say
from ivr.identity import next_factor, pairs
from ivr.state import Proof, State, fresh
from ivr.testing import (
    BIRTH_DAY,
    CUSTOMER,
    HOUSE_NUMBER,
    INVOICE_NUMBER,
    POSTCODE,
    SECRET_CODE,
    a_briefing,
    after,
    said,
)
from ivr.turn import take_turn
from voices.catalogue import LANGUAGES
from voices.spoken import in_writing

ALL = (POSTCODE, HOUSE_NUMBER, CUSTOMER, INVOICE_NUMBER, SECRET_CODE, BIRTH_DAY)


def test_two_of_the_address_never_prove() -> None:
    assert not pairs(POSTCODE, HOUSE_NUMBER)


def test_a_birthday_proves_only_beside_a_number_from_our_letter() -> None:
    assert pairs(BIRTH_DAY, CUSTOMER)
    assert not pairs(BIRTH_DAY, POSTCODE)


def test_one_from_the_address_and_one_from_the_letter_prove() -> None:
    turn = after(a_briefing(), "1", "1", "9000", "4417")
    assert turn.state.proof is Proof.PROVED
    assert said(turn)[0] == "id.done"


def test_any_of_the_open_invoices_numbers_proves() -> None:
    several = replace(INVOICE_NUMBER, answers=("0318", "0377"))
    turn = after(a_briefing(factors=(POSTCODE, several)), "1", "1", "9000", "0377")
    assert turn.state.proof is Proof.PROVED


@pytest.mark.parametrize(("first", "second"), [("9999", "4417"), ("9000", "9999"), ("9999", "9999")])
def test_a_wrong_pair_does_not_tell_which_was_wrong(first: str, second: str) -> None:
    """Both are always asked, and our words are the same whichever was wrong."""
    asked = after(a_briefing(), "1", "1", first)
    assert said(asked) == ["id.customer"]
    wrong = take_turn(a_briefing(), asked.state, h.Keys(second))
    assert said(wrong) == ["id.wrong", "id.postcode"]
    assert [type(record).__name__ for record in wrong.records] == ["IdentityFailed"]


def test_three_wrong_pairs_end_in_a_way() -> None:
    turn = after(a_briefing(), "1", "1", *["9999", "9999"] * 3)
    assert said(turn) == ["id.failed", "id.letter_ask"]
    assert said(take_turn(a_briefing(), turn.state, h.Keys("0"))) == ["agent.none", "agent.more"]
    assert said(take_turn(a_briefing(), turn.state, h.Keys("1"))) == ["id.letter", "bye"]
    assert said(take_turn(a_briefing(), turn.state, h.Keys("9"))) == ["stop.done"]


def test_tries_of_an_earlier_call_today_count() -> None:
    assert said(after(a_briefing(tries_left=1), "1", "1", "9999", "9999"))[0] == "id.failed"
    assert said(after(a_briefing(tries_left=0), "1", "1"))[0] == "id.failed"


def test_a_locked_caller_can_still_say_that_it_is_the_wrong_number() -> None:
    turn = after(a_briefing(tries_left=0), "1", "1", "#", "#", "2", "1")
    assert said(turn) == ["wrong.done"]


def test_not_having_it_leads_to_another_factor_by_name() -> None:
    turn = after(a_briefing(), "1", "1", "9000", "#")
    assert said(turn) == ["id.other_invoice"]
    assert said(take_turn(a_briefing(), turn.state, h.Keys("1"))) == ["id.invoice"]
    nothing = take_turn(a_briefing(), turn.state, h.Keys("2"))
    assert said(nothing) == ["id.other"]
    assert said(take_turn(a_briefing(), nothing.state, h.Keys("2"))) == ["id.failed", "id.letter_ask"]


def test_too_few_digits_are_no_try() -> None:
    turn = after(a_briefing(), "1", "1", "90")
    assert said(turn) == ["heard.not_1", "id.postcode"]
    assert turn.state.tries == 0


def test_there_is_time_to_look_for_the_letter() -> None:
    ask = after(a_briefing(), "1", "1", "9000").acts[-1]
    assert isinstance(ask, Ask)
    assert ask.patience_s >= 12.0


def test_nobody_without_a_pair_that_proves_is_asked_for_anything() -> None:
    assert said(after(a_briefing(factors=(POSTCODE, HOUSE_NUMBER)), "1", "1"))[0] == "id.failed"


def test_our_own_call_code_proves_nothing() -> None:
    """It is spoken to anybody who asks; typed at any factor it is wrong."""
    briefing = a_briefing(factors=(POSTCODE, SECRET_CODE), call_code="735102")
    assert "who.genuine" in said(after(briefing, "3"))
    briefing = a_briefing()
    for first, second in product((briefing.call_code or "", "9000"), (briefing.call_code or "",)):
        assert after(briefing, "1", "1", first, second).state.proof is Proof.CLAIMED


def test_the_secret_code_is_never_spoken() -> None:
    briefing = a_briefing()
    todo, seen = [take_turn(briefing, fresh(briefing), h.Answered())], set()
    while todo:
        turn = todo.pop()
        texts = [in_writing(act.spoken, lang) for act in turn.acts if isinstance(act, Say) for lang in LANGUAGES]
        assert not [text for text in texts if "735102" in text.replace(" ", "")]
        for key in ("1", "2", "3", "0", "#", "9000", "4417", "735102"):
            after_key = take_turn(briefing, replace(turn.state, turns=0), h.Keys(key))
            if (after_key.state.place, after_key.state.proof) not in seen:
                seen.add((after_key.state.place, after_key.state.proof))
                todo.append(after_key)


@given(st.permutations(ALL), st.sets(st.sampled_from([f.kind for f in ALL])), st.integers(0, 5))
def test_what_is_asked_next_always_pairs_with_what_was_given(order: list[object], refused: set[str], at: int) -> None:
    briefing = a_briefing(factors=tuple(order))
    first = next_factor(briefing, State(refused=tuple(refused)))
    if first is None:
        left = [f for f in ALL if f.kind not in refused]
        assert not [1 for one in left for two in left if pairs(one, two)]
        return
    second = next_factor(briefing, State(refused=tuple(refused), given=((first.kind, True),)))
    assert second is not None
    assert pairs(first, second)

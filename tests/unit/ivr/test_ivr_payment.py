"""A payment that comes in while we talk: who hears of it, what they are then asked, and what is never asked again."""

from __future__ import annotations

from dataclasses import replace

import pytest

from ivr import heard as h
from ivr.act import Ask, Say
from ivr.outcome import disposition_of
from ivr.payment import as_of
from ivr.record import PromiseMade
from ivr.testing import FINAL, INVOICE, PROVED, SECOND_INVOICE, a_briefing, after
from ivr.turn import Turn, take_turn
from ledger.contact import Disposition
from ledger.money import Money

ALL = h.PaymentSeen()
#: Of two invoices the first is paid; or half of the first.
FIRST, HALF = h.PaymentSeen(open=((2, 4000),)), h.PaymentSeen(open=((1, 4000), (2, 4000)))
TWO = a_briefing(invoices=(INVOICE, SECOND_INVOICE))
#: From the telling of two invoices: neither one by one, to the menu.
MENU = (*PROVED, "2")
OPEN_NOW = ["due.friendly", "menu.main"]


def said(turn: Turn) -> list[str]:
    """What is said; of a menu that is heard again not what is added then."""
    return [act.spoken.key for act in turn.acts if isinstance(act, Say) and act.spoken.key != "menu.more"]


def amounts(turn: Turn) -> list[object]:
    return [act.spoken.slots["amount"] for act in turn.acts if isinstance(act, Say) and "amount" in act.spoken.slots]


@pytest.mark.parametrize(
    ("way", "payment", "answer"),
    [
        ((), ALL, ["pay.received", "bye"]),
        ((), FIRST, ["pay.part", *OPEN_NOW]),
        ((), HALF, ["pay.part", "due.several"]),
        (("2",), FIRST, ["pay.part", *OPEN_NOW]),
        (("2", "1"), FIRST, ["pay.part", *OPEN_NOW]),
        (("2", "2"), FIRST, ["pay.part", *OPEN_NOW]),
        (("2", "2", "1"), FIRST, ["pay.part", *OPEN_NOW]),
        (("2", "3", "1"), FIRST, ["pay.part", *OPEN_NOW]),
        (("2", "3", "2", "2"), FIRST, ["pay.part", *OPEN_NOW]),
        # whoever asks for something else, or has agreed, is left where they are
        (("2", "0"), FIRST, ["pay.part", "agent.more"]),
        (("2", "9"), FIRST, ["pay.part", "stop.done"]),
        (("2", "4"), FIRST, ["pay.part", "hard.person", "person.when"]),
        (("2", "2", "1", "1", "1"), FIRST, ["pay.part", "sum.check"]),
        (("2", "2", "1", "1", "1"), ALL, ["pay.received", "bye"]),
    ],
)
def test_the_debtor_is_thanked_and_then_asked_only_about_what_is_left(
    way: tuple[str, ...], payment: h.PaymentSeen, answer: list[str]
) -> None:
    turn = after(TWO, *PROVED, *way, payment)
    assert said(turn) == answer
    assert amounts(turn)[0] == {ALL: Money(12550), FIRST: Money(8550), HALF: Money(4550)}[payment]


def test_what_is_then_told_and_promised_is_what_is_left() -> None:
    told = after(TWO, *MENU, FIRST)
    assert amounts(told)[1] == Money(4000)
    (promise,) = after(TWO, *MENU, FIRST, "2", "1", "1", "1").records
    assert isinstance(promise, PromiseMade)
    assert (promise.amount, promise.invoices) == (Money(4000), (2,))


def test_a_payment_of_what_was_left_after_an_agreement_leads_to_the_summary() -> None:
    # a dispute about the first of two, then the second is paid
    talk = after(TWO, *MENU, "3", "2", "2", "1", "3")
    assert said(talk)[-1] == "rest.ask"
    turn = take_turn(TWO, talk.state, h.PaymentSeen(open=((1, 8550),)))
    assert said(turn) == ["pay.part", "sum.check"]


def test_the_way_back_from_a_side_trip_leads_to_what_is_left() -> None:
    one = a_briefing()
    turn = after(one, *PROVED, "2", "2", "1", "0", h.PaymentSeen(open=((1, 5000),)), "1")
    assert said(turn) == ["menu.main"], "the plan that was offered was for another amount"


@pytest.mark.parametrize(
    ("way", "payment"), [(("1", "1"), ALL), (("1",), FIRST), ((), HALF), (("1", "1", "9000"), ALL)]
)
def test_before_proof_not_a_word_and_the_question_stays(way: tuple[str, ...], payment: h.PaymentSeen) -> None:
    before, turn = after(TWO, *way), after(TWO, *way, payment)
    assert turn.acts == (before.acts[-1],)
    assert isinstance(turn.acts[0], Ask)
    assert turn.state == replace(before.state, turns=before.state.turns + 1, balances=turn.state.balances)


def test_after_proof_only_what_is_then_open_is_told() -> None:
    all_paid = after(TWO, *PROVED[:3], ALL, PROVED[3])
    assert said(all_paid) == ["id.done", "due.nothing", "bye"]
    assert disposition_of(all_paid.state) is Disposition.NOTHING_OPEN
    part = after(TWO, "1", FIRST, *PROVED[1:])
    assert said(part) == ["id.done", *OPEN_NOW]
    assert amounts(part) == [Money(4000)]


def test_the_same_news_twice_is_told_once() -> None:
    once = after(TWO, *MENU, HALF)
    assert said(take_turn(TWO, once.state, HALF)) == []
    assert said(take_turn(TWO, once.state, FIRST))[0] == "pay.part", "the other half is news"


def test_nobody_hears_in_mid_call_that_they_owe_more() -> None:
    turn = after(TWO, *MENU, h.PaymentSeen(open=((1, 99999), (2, 4000))))
    assert said(turn) == []
    assert as_of(TWO, turn.state) == TWO


def test_after_a_payment_the_last_reminder_is_not_read() -> None:
    """Its letter named another amount."""
    firm = replace(TWO, stage=3, final=FINAL)
    assert "final" in said(after(firm, *MENU))
    assert "final" not in said(after(firm, "1", FIRST, *PROVED[1:]))


def test_a_call_in_which_a_payment_came_in_says_so_unless_something_weightier_happened() -> None:
    assert disposition_of(after(TWO, *MENU, ALL).state) is Disposition.PAY
    assert disposition_of(after(TWO, *MENU, FIRST, h.HungUp()).state) is Disposition.PAY
    assert disposition_of(after(TWO, *MENU, "2", "1", "1", "1", ALL).state) is Disposition.PROMISE

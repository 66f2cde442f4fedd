"""Somebody who pays by a plan: one late instalment is no broken plan, and its day moves once."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy import select

from ivr import heard as h
from ivr import record as r
from ivr.act import Say
from ivr.conversation import Conversations
from ivr.offer import day_offered
from ivr.payment import as_of
from ivr.testing import INSTALMENT, INVOICE, MOVED, PROVED, SECOND_INVOICE, a_briefing, after, proved, said
from ivr.turn import Turn, take_turn
from ledger.database import Database
from ledger.instalment_store import move_instalment
from ledger.money import Money
from ledger.tables import AgreementRow, InstalmentRow, OutboxRow
from plan_in_books import a_plan_that_stands
from voices.prompt import Slot
from voices.spoken import in_writing

DAY = ("date", "2026-12-01")
BOTH = (INVOICE, SECOND_INVOICE)


def rings(*heard: str | h.Heard, **over: object) -> Turn:
    return proved(*heard, **{"direction": "in", "instalment": INSTALMENT, **over})


def moved(turn: Turn) -> list[tuple[int, date]]:
    return [(record.n, record.on) for record in turn.records if isinstance(record, r.InstalmentMoved)]


def test_who_pays_by_a_plan_hears_of_the_next_instalment_and_not_of_the_whole() -> None:
    turn = rings()
    assert said(turn) == ["id.done", "plan.next"]
    spoken = next(act.spoken for act in turn.acts if isinstance(act, Say) and act.spoken.key == "plan.next")
    assert spoken.slots["amount"] == INSTALMENT.amount
    assert [record.amount for record in turn.records if isinstance(record, r.AmountHeard)] == [INSTALMENT.amount]


@pytest.mark.parametrize(
    "way",
    [
        ("2", "1"),
        ("2", "3", "0112"),
        (h.Words("later"), h.Words("date", (DAY,))),
        (h.Words("hardship"), "1"),
        (h.Words("no"), "1"),
        (h.Words("promise", (DAY,)),),
        (h.Words("date", (DAY,)),),
        ("3", "4", "1"),
        ("3", "2", "1", "1"),
        ("3", "2", "2", "1"),
    ],
)
def test_however_it_is_said_the_day_is_read_back_and_moves_with_a_yes(way: tuple[str | h.Heard, ...]) -> None:
    check = rings(*way)
    assert said(check) == ["move.check"]
    assert moved(check) == []
    done = take_turn(a_briefing(direction="in", instalment=INSTALMENT), check.state, h.Keys("1"))
    assert moved(done) == [(2, date(2026, 12, 1))]
    assert said(done) == ["move.done", "sum.check"]


@pytest.mark.parametrize("typed", ["3112", "2911", "2011", "0000"])
def test_a_day_that_can_not_be_is_said_kindly_and_three_of_them_bring_help(typed: str) -> None:
    assert said(rings("2", "3", typed)) == ["move.no_day", "move.ask"]
    assert said(rings("2", "3", typed, "3", typed, "3", typed)) == ["move.no_day", "help.offer"]


def test_no_to_the_day_that_was_read_back_asks_again_and_moves_nothing() -> None:
    turn = rings("2", "1", "2")
    assert said(turn) == ["move.ask"]
    assert moved(turn) == []


def test_where_no_later_day_works_either_it_is_hardship_and_no_second_offer() -> None:
    turn = rings("2", h.Words("hardship"))
    assert [type(record) for record in turn.records] == [r.HardshipTold]


@pytest.mark.parametrize("way", [("2",), (h.Words("later"),), (h.Words("promise", (DAY,)),), ("3", "2", "2")])
def test_the_free_move_is_one_after_it_a_person_looks_for_a_day(way: tuple[str | h.Heard, ...]) -> None:
    turn = rings(*way, instalment=MOVED)
    assert said(turn) == ["promise.person", "agent.none", "agent.more"]
    assert [record.why for record in turn.records if isinstance(record, r.PersonAsked)] == ["instalment"]


@pytest.mark.parametrize("way", [("3", "1"), (h.Words("pay"),), (h.Words("pay", (("minor", "2850"),)),)])
def test_who_pays_now_pays_the_instalment_and_not_the_whole(way: tuple[str | h.Heard, ...]) -> None:
    assert said(rings(*way)) == ["pay.how"]
    sent, read = rings(*way, "1"), rings(*way, "2")
    assert [record.amount for record in sent.records if isinstance(record, r.PaymentDetailsGiven)] == [
        INSTALMENT.amount
    ]
    for turn, key in ((read, "pay.read"), (sent, "sum.check")):
        spoken = next(act.spoken for act in turn.acts if isinstance(act, Say) and act.spoken.key == key)
        assert "28" in in_writing(spoken, "en")
        assert "85" not in in_writing(spoken, "en")


def amounts_read(turn: Turn) -> list[Slot | None]:
    return [act.spoken.slots["amount"] for act in turn.acts if isinstance(act, Say) and act.spoken.key == "pay.read"]


def test_of_a_plan_for_several_invoices_one_instalment_is_paid_and_what_stands_beside_it_whole() -> None:
    over_both = replace(INSTALMENT, invoices=(INVOICE.id, SECOND_INVOICE.id))
    sent = rings("3", "1", "1", instalment=over_both, invoices=BOTH)
    assert [one.amount for one in sent.records if isinstance(one, r.PaymentDetailsGiven)] == [INSTALMENT.amount]
    read = rings("3", "1", "2", instalment=over_both, invoices=BOTH)
    assert amounts_read(read) == [INSTALMENT.amount]
    assert said(rings("3", "1", "2", "1", instalment=over_both, invoices=BOTH))[0] == "sum.check", "one transfer"
    beside = rings("3", "1", "2", invoices=BOTH)
    assert amounts_read(beside) == [INSTALMENT.amount]
    assert amounts_read(rings("3", "1", "2", "1", invoices=BOTH)) == [SECOND_INVOICE.open]


def test_an_instalment_that_works_changes_nothing() -> None:
    turn = rings("1")
    assert turn.records == ()
    assert said(turn) == ["plan.good", "bye"]


def test_what_stands_beside_the_plan_is_talked_about_after_it() -> None:
    turn = rings("2", "1", "1", invoices=BOTH)
    assert said(turn) == ["move.done", "rest.ask"]
    assert said(rings("2", "1", "1", "1", "2", "1", "1", invoices=BOTH)) == ["promise.check"]


def test_after_a_payment_in_mid_talk_nothing_is_said_or_moved_that_it_may_have_paid() -> None:
    whole = a_briefing(direction="in", instalment=INSTALMENT)
    asked = rings("2")
    seen = take_turn(whole, asked.state, h.PaymentSeen(open=((1, 5700),)))
    assert said(seen)[0] == "pay.part"
    now = as_of(whole, seen.state).instalment
    assert now is not None
    assert (now.amount, now.moves) == (Money(0), ())
    assert "move.check" not in said(take_turn(whole, seen.state, h.Words("promise", (DAY,))))


def test_a_promise_said_before_proof_is_taken_for_the_instalment() -> None:
    wish = after(a_briefing(direction="in", instalment=INSTALMENT), h.Words("promise", (DAY,)), *PROVED)
    assert said(wish) == ["id.done", "move.check"]


def test_two_days_are_offered_where_there_are_two() -> None:
    assert [day_offered(INSTALMENT.moves, n) for n in (0, 1)] == [date(2026, 12, 1), date(2026, 12, 4)]
    assert [day_offered(INSTALMENT.moves[:1], n) for n in (0, 1)] == [date(2026, 11, 25), None]
    assert day_offered((), 0) is None


def test_a_second_key_where_only_one_day_is_left_moves_nothing() -> None:
    one = rings("2", "2", instalment=replace(INSTALMENT, moves=INSTALMENT.moves[-1:]))
    assert moved(one) == []
    assert said(one) == ["move.no_day", "move.ask"]


# -- the books -------------------------------------------------------------------------------------------------------


def play(conversations: Conversations, *heard: h.Heard) -> list[str]:
    briefing = a_briefing(direction="in", instalment=INSTALMENT)
    conversations.begin(briefing)
    acts: tuple[object, ...] = ()
    for n, one in enumerate((h.Answered(), *map(h.Keys, PROVED), *heard)):
        acts = conversations.step(briefing.call_id, str(n), one)
    return [act.spoken.key for act in acts if isinstance(act, Say)]


def day_in_books(database: Database) -> tuple[date, date | None]:
    with database.reading() as session:
        row = session.get(InstalmentRow, (INSTALMENT.agreement_id, INSTALMENT.n))
        assert row is not None
        return row.due_on, row.moved_from


def test_the_new_day_and_its_message_stand_before_it_is_said(database: Database, conversations: Conversations) -> None:
    a_plan_that_stands(database)
    assert play(conversations, h.Keys("2"), h.Keys("1"), h.Keys("1")) == ["move.done", "sum.check"]
    assert day_in_books(database) == (date(2026, 12, 1), INSTALMENT.due_on)
    with database.reading() as session:
        (message,) = session.scalars(select(OutboxRow).where(OutboxRow.template == "plan.moved"))
        told = (message.slots["part"], message.slots["was_on"], message.slots["due_on"])
        assert told == (2, "2026-11-20", "2026-12-01")
        assert len(message.slots["instalments"]) == 3
        assert session.scalars(select(AgreementRow.state)).all() == ["open"]


def test_a_move_that_one_of_us_made_meanwhile_is_not_made_again_nor_confirmed(
    database: Database, conversations: Conversations
) -> None:
    a_plan_that_stands(database)
    with database.unit_of_work() as session:
        move_instalment(session, INSTALMENT.agreement_id, 2, date(2026, 11, 27), a_briefing().now, "hilde")
    assert play(conversations, h.Keys("2"), h.Keys("1"), h.Keys("1"))[0] == "trouble.again"
    assert day_in_books(database) == (date(2026, 11, 27), INSTALMENT.due_on)
    with database.reading() as session:
        assert session.scalars(select(OutboxRow)).all() == []

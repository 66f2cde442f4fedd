"""Who waits for one of our people, on each engine: at most one wait of a call is open, and nobody is taken twice."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete

from books import NOW, add_debtor, rows
from ivr import transfer_store as waits
from ivr.conversation import Conversations
from ivr.heard import AgentGone, Answered, Keys, Words
from ivr.tables import TransferRow
from ivr.testing import a_briefing
from ledger.contact import Disposition
from ledger.database import Base, Database
from ledger.tables import AgreementRow

CALL, OTHER = "call-1", "call-2"


@pytest.fixture
def books(database: Database) -> Database:
    Base.metadata.create_all(database.engine)
    return database


def asked(books: Database, call: str = CALL, turn: int = 3, at: datetime = NOW, why: str = "person") -> None:
    with books.unit_of_work() as session:
        waits.await_agent(session, call, turn, at, why=why, language="nl")


def did(books: Database, step: Any, *args: Any) -> Any:
    with books.unit_of_work() as session:
        return step(session, *args)


def states(books: Database, call: str = CALL) -> list[tuple[str, str | None]]:
    return [(row.state, row.result) for row in rows(books, TransferRow, call_id=call)]


def test_whoever_waits_longest_is_told_first(books: Database) -> None:
    asked(books, at=NOW)
    asked(books, OTHER, turn=9, at=NOW - timedelta(minutes=1), why="crisis")
    first, second = did(books, waits.waiting)
    assert (first.call, first.why, first.language, first.turn) == (OTHER, "crisis", "nl", 9)
    assert (second.call, second.asked_at) == (CALL, NOW)


def test_one_agent_is_taken_joined_and_done(books: Database) -> None:
    asked(books)
    assert did(books, waits.take, CALL, "Bruno")
    assert not did(books, waits.take, CALL, "Chiara")
    assert did(books, waits.waiting) == []
    assert did(books, waits.joined, CALL, NOW)
    assert did(books, waits.standing_of, CALL) == "joined"
    assert did(books, waits.ended, CALL, "done", NOW + timedelta(minutes=4))
    assert not did(books, waits.ended, CALL, "gone", NOW + timedelta(minutes=5))
    (row,) = rows(books, TransferRow)
    assert (row.state, row.result, row.agent, row.joined_at) == ("over", "done", "Bruno", NOW)
    assert row.ended_at == NOW + timedelta(minutes=4)


def test_whoever_was_never_joined_did_not_talk_with_an_agent(books: Database) -> None:
    asked(books)
    did(books, waits.take, CALL, "Bruno")
    assert did(books, waits.was_joined, [CALL, OTHER]) == set()
    did(books, waits.joined, CALL, NOW)
    did(books, waits.ended, CALL, "lost", NOW)
    assert did(books, waits.was_joined, [CALL, OTHER]) == {CALL}


def test_an_agent_who_vanishes_before_the_join_leaves_the_caller_waiting(books: Database) -> None:
    asked(books)
    did(books, waits.take, CALL, "Bruno")
    assert did(books, waits.let_go, CALL)
    assert [wait.call for wait in did(books, waits.waiting)] == [CALL]
    assert not did(books, waits.let_go, CALL)


def test_a_caller_who_leaves_is_taken_by_nobody(books: Database) -> None:
    asked(books)
    did(books, waits.no_longer, CALL, NOW)
    assert not did(books, waits.take, CALL, "Bruno")
    assert not did(books, waits.joined, CALL, NOW)
    assert states(books) == [("over", "none")]


def test_a_caller_who_leaves_while_an_agent_comes_is_joined_all_the_same(books: Database) -> None:
    asked(books)
    did(books, waits.take, CALL, "Bruno")
    did(books, waits.no_longer, CALL, NOW)
    assert did(books, waits.standing_of, CALL) == "taken"
    assert did(books, waits.joined, CALL, NOW)
    assert states(books) == [("joined", None)]


def test_and_if_that_agent_vanishes_nobody_waits(books: Database) -> None:
    asked(books)
    did(books, waits.take, CALL, "Bruno")
    did(books, waits.no_longer, CALL, NOW)
    assert not did(books, waits.let_go, CALL)
    assert states(books) == [("over", "none")]


def test_a_talk_goes_on_whatever_the_conversation_notes(books: Database) -> None:
    asked(books)
    did(books, waits.take, CALL, "Bruno")
    did(books, waits.joined, CALL, NOW)
    did(books, waits.no_longer, CALL, NOW)
    assert states(books) == [("joined", None)]


def test_whoever_asks_again_waits_once(books: Database) -> None:
    asked(books, turn=3)
    asked(books, turn=5, why="crisis")
    assert [(wait.turn, wait.why) for wait in did(books, waits.waiting)] == [(5, "crisis")]
    assert states(books) == [("over", "none"), ("waiting", None)]


def test_whoever_asks_again_while_an_agent_comes_gets_that_one(books: Database) -> None:
    asked(books, turn=3)
    did(books, waits.take, CALL, "Bruno")
    did(books, waits.no_longer, CALL, NOW)
    asked(books, turn=5, why="crisis")
    assert states(books) == [("taken", None)]
    assert did(books, waits.let_go, CALL)
    assert [wait.why for wait in did(books, waits.waiting)] == ["crisis"]


def test_whoever_lost_an_agent_waits_for_another(books: Database) -> None:
    asked(books, turn=3)
    did(books, waits.take, CALL, "Bruno")
    did(books, waits.joined, CALL, NOW)
    asked(books, turn=4)
    assert states(books) == [("over", "lost"), ("waiting", None)]
    assert not did(books, waits.ended, CALL, "lost", NOW)
    assert did(books, waits.standing_of, CALL) == "waiting"


def test_nobody_was_waited_for_on_a_call_that_never_asked(books: Database) -> None:
    assert did(books, waits.standing_of, CALL) is None
    assert not did(books, waits.ended, CALL, "gone", NOW)


STEPS = st.sampled_from(("ask", "leave", "take", "let_go", "joined", "ended"))


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=st.lists(STEPS, max_size=12))
def test_at_most_one_wait_of_a_call_is_not_over_and_it_leads_where_it_says(books: Database, steps: list[str]) -> None:
    with books.unit_of_work() as session:
        session.execute(delete(TransferRow))
    for turn, step in enumerate(steps, 1):
        with books.unit_of_work() as session:
            match step:
                case "ask":
                    waits.await_agent(session, CALL, turn, NOW, why="person", language="fr")
                case "leave":
                    waits.no_longer(session, CALL, NOW)
                case "take":
                    waits.take(session, CALL, "Bruno")
                case "let_go":
                    waits.let_go(session, CALL)
                case "joined":
                    waits.joined(session, CALL, NOW)
                case "ended":
                    waits.ended(session, CALL, "done", NOW)
        found = rows(books, TransferRow)
        assert sum(row.state != "over" for row in found) <= 1
        assert all(row.result and row.ended_at for row in found if row.state == "over")
        assert all(row.agent for row in found if row.state in ("taken", "joined"))


def test_a_talk_and_its_agents_end_in_the_books_as_they_ended_on_the_line(books: Database) -> None:
    with books.unit_of_work() as session:
        add_debtor(session, 1)
    briefing = a_briefing(agents=True)
    call = briefing.call_id
    talks = Conversations(books, lambda: NOW, lambda _call: briefing)
    talks.begin(briefing)
    talks.step(call, "1", Answered())
    talks.step(call, "2", Keys("0"))
    assert [(wait.call, wait.turn, wait.why) for wait in did(books, waits.waiting)] == [(call, 2, "person")]
    did(books, waits.take, call, "Bruno")
    did(books, waits.joined, call, NOW)
    did(books, waits.ended, call, "lost", NOW)
    talks.step(call, "3", AgentGone("lost"))
    assert [wait.turn for wait in did(books, waits.waiting)] == [3]
    did(books, waits.take, call, "Chiara")
    did(books, waits.joined, call, NOW)
    did(books, waits.ended, call, "done", NOW)
    talks.step(call, "4", AgentGone("done"))
    assert talks.end(call) is Disposition.PERSON
    assert states(books, call) == [("over", "lost"), ("over", "done")]
    assert len(rows(books, AgreementRow, kind="person")) == 1


def test_nobody_waits_on_a_call_whose_line_died(books: Database) -> None:
    with books.unit_of_work() as session:
        add_debtor(session, 1)
    briefing = a_briefing(agents=True)
    talks = Conversations(books, lambda: NOW, lambda _call: briefing)
    talks.begin(briefing)
    talks.step(briefing.call_id, "1", Answered(speech=True))
    talks.step(briefing.call_id, "2", Words("crisis"))
    assert [wait.why for wait in did(books, waits.waiting)] == ["crisis"]
    talks.end(briefing.call_id)
    assert did(books, waits.waiting) == []

"""What a person does about agreements, on both engines: moving an instalment, answering a request."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from agreement_books import DAYS, agreement, lifted, plan, somebody, templates
from books import NOW, rows
from ledger.database import Database
from ledger.errors import BadAnswer
from ledger.tables import AgreementRow, AuditRow, HoldRow, InstalmentRow, OutboxRow
from schedules.agreement_task_store import accept, move, refuse
from schedules.law_file import shipped_rules

RULES = shipped_rules()
BY = "cli test"
#: A working day within two weeks of the first instalment.
LATER = date(2026, 11, 27)


def moves(database: Database, n: int = 1, to: date = LATER, id_: int = 1) -> None:
    with database.unit_of_work() as session:
        move(session, id_, n, to, NOW, BY, RULES)


def asked(database: Database, **over: object) -> int:
    """A plan request of 25.00 a month for 120.00."""
    with database.unit_of_work() as session:
        somebody(session)
        return agreement(session, 1, "plan_request", **{"amount_minor": 25_00, **over}).id


def test_a_moved_instalment_keeps_its_first_day_and_is_confirmed_in_writing(database: Database) -> None:
    with database.unit_of_work() as session:
        somebody(session)
        plan(session, 1)
    moves(database)
    first, second, _ = rows(database, InstalmentRow)
    assert (first.due_on, first.moved_from, first.amount_minor) == (LATER, DAYS[0], 40_00)
    assert second.moved_from is None
    (message,) = rows(database, OutboxRow)
    assert (message.template, message.slots["due_on"]) == ("plan.moved", LATER.isoformat())
    assert [row.what for row in rows(database, AuditRow)] == ["instalment_moved"]


def test_the_second_move_is_refused_and_nothing_is_changed(database: Database) -> None:
    with database.unit_of_work() as session:
        somebody(session)
        plan(session, 1)
    moves(database)
    with pytest.raises(BadAnswer, match="instalment: 1 of this plan was moved before"):
        moves(database, 2, DAYS[1] + timedelta(days=1))
    assert [row.due_on for row in rows(database, InstalmentRow)] == [LATER, DAYS[1], DAYS[2]]
    assert templates(database) == ["plan.moved"]


def test_only_an_open_plan_is_moved(database: Database) -> None:
    with database.unit_of_work() as session:
        somebody(session)
        plan(session, 1, state="kept")
    with pytest.raises(BadAnswer, match="id: agreement 1 is a plan that is kept"):
        moves(database)
    with pytest.raises(BadAnswer, match="id: there is no agreement 99"):
        moves(database, id_=99)


def test_an_accepted_request_is_a_plan_of_the_persons_own_figure_to_the_cent(database: Database) -> None:
    id_ = asked(database)
    with database.unit_of_work() as session:
        made = accept(session, id_, None, NOW, BY, RULES)
    parts = rows(database, InstalmentRow, agreement_id=made.agreement_id)
    assert [part.amount_minor for part in parts] == [25_00, 25_00, 25_00, 25_00, 20_00]
    assert parts[0].due_on == NOW.date() + timedelta(days=14)
    request, stands = rows(database, AgreementRow)
    assert (request.state, request.detail["answer"], request.detail["plan"]) == ("kept", "accepted", stands.id)
    assert (stands.kind, stands.state, stands.amount_minor) == ("plan", "open", 120_00)
    assert lifted(database, "plan_request") == [True]
    assert lifted(database, "plan") == [False], "no moment without peace"
    (message,) = rows(database, OutboxRow)
    assert message.template == "confirm.plan"
    assert [part["amount_minor"] for part in message.slots["instalments"]][-1] == 20_00


def test_a_refusal_is_written_kindly_and_one_of_us_calls(database: Database) -> None:
    id_ = asked(database)
    with database.unit_of_work() as session:
        refuse(session, id_, NOW, BY, RULES)
    request, call = rows(database, AgreementRow)
    assert (request.state, request.detail["answer"]) == ("withdrawn", "refused")
    assert (call.kind, call.owner, call.state, call.due_on) == ("person", "person", "open", date(2026, 11, 25))
    assert lifted(database, "plan_request") == [True]
    assert templates(database) == ["plan_request.refused"]


def test_a_request_is_answered_once_and_what_is_no_request_never(database: Database) -> None:
    id_ = asked(database)
    with database.unit_of_work() as session:
        refuse(session, id_, NOW, BY, RULES)
    before = rows(database, AgreementRow), rows(database, HoldRow)
    for answered in (id_, id_ + 1):
        with pytest.raises(BadAnswer, match=r"^id: "), database.unit_of_work() as session:
            accept(session, answered, None, NOW, BY, RULES)
    assert len(rows(database, AgreementRow)) == len(before[0])
    assert len(rows(database, HoldRow)) == len(before[1])


def test_an_answer_that_can_not_be_leaves_the_request_as_it_was(database: Database) -> None:
    id_ = asked(database)
    with pytest.raises(BadAnswer, match=r"^first: "), database.unit_of_work() as session:
        accept(session, id_, NOW.date(), NOW, BY, RULES)
    assert [row.state for row in rows(database, AgreementRow)] == ["open"]
    assert lifted(database, "plan_request") == [False]
    assert rows(database, OutboxRow) == []

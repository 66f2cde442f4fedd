"""Our clocks on the beat, on both engines: tasks, alarms, the letter that asks for proof; twice does it once."""

from __future__ import annotations

from datetime import timedelta

from agreement_books import agreement, lifted, money, somebody
from books import NOW, add_campaign, add_hold, rows
from desk.beats import look_after_answers
from ledger.database import Database
from ledger.tables import AgreementRow, OutboxRow
from schedules.agreement_task_store import agreement_tasks, refuse
from schedules.cost_file import shipped_cost_rules
from schedules.ladder_file import shipped_ladder
from schedules.ladder_value import LadderBooks
from schedules.law_file import shipped_rules
from schedules.letter_store import letters
from schedules.tables import TaskRow

RULES = shipped_rules()
TODAY = NOW.date()


def beat(database: Database, days: int = 0) -> None:
    """Twice: the second time finds nothing to do."""
    for _ in range(2):
        look_after_answers(database, NOW + timedelta(days=days), RULES)


def noted(database: Database) -> list[tuple[str, bool]]:
    """What is listed for our people."""
    with database.reading() as session:
        return [(one.kind, one.urgent) for one in agreement_tasks(session, NOW)]


def test_a_plan_request_is_a_task_and_after_its_day_an_alarm_until_it_is_answered(database: Database) -> None:
    with database.unit_of_work() as session:
        somebody(session)
        id_ = agreement(session, 1, "plan_request", amount_minor=25_00, due_on=TODAY + timedelta(days=7)).id
    beat(database)
    assert noted(database) == [("plan_request", False)]
    beat(database, days=8)
    assert noted(database) == [("plan_request_late", True), ("plan_request", False)]
    with database.unit_of_work() as session:
        refuse(session, id_, NOW, "test", RULES)
    assert noted(database) == [("person", False)], "the call that one of us makes instead"
    assert len(rows(database, TaskRow)) == 2, "what was asked of us stays on record"


def test_a_dispute_past_its_answer_day_is_an_alarm(database: Database) -> None:
    with database.unit_of_work() as session:
        for n, due in ((1, TODAY - timedelta(days=1)), (2, TODAY)):
            somebody(session, n)
            agreement(session, n, "dispute", owner="billing", due_on=due)
    beat(database)
    (task,) = rows(database, TaskRow)
    assert (task.kind, task.urgent, task.debtor_id) == ("dispute_late", True, 1)
    assert rows(database, OutboxRow) == []


def test_a_claim_whose_payment_came_in_is_closed_and_its_hold_lifted(database: Database) -> None:
    with database.unit_of_work() as session:
        somebody(session)
        agreement(session, 1, "already_paid")
        money(session, 1, 120_00)
    beat(database)
    assert [row.state for row in rows(database, AgreementRow)] == ["kept"]
    assert lifted(database, "already_paid") == [True]
    assert rows(database, OutboxRow) == rows(database, TaskRow) == []


def test_after_ten_days_without_a_payment_a_letter_asks_and_a_person_looks(database: Database) -> None:
    with database.unit_of_work() as session:
        somebody(session)
        agreement(session, 1, "already_paid", made_at=NOW)
    beat(database, days=10)
    assert rows(database, OutboxRow) == []
    beat(database, days=11)
    (letter,) = rows(database, OutboxRow)
    assert (letter.template, letter.channel, letter.slots["invoices"]) == ("letter.paid_proof", "post", [1])
    assert noted(database) == [("paid_claim", False)]
    assert [row.state for row in rows(database, AgreementRow)] == ["open"], "no machine calls while it is open"
    assert lifted(database, "already_paid") == [False]


def test_the_letter_that_asks_for_proof_is_on_the_list_of_letters(database: Database) -> None:
    with database.unit_of_work() as session:
        somebody(session)
        agreement(session, 1, "already_paid")
    add_campaign(database)
    beat(database)
    books = LadderBooks(rules=RULES, costs=shipped_cost_rules(), ladder=shipped_ladder())
    (listed,) = letters(database, "winter", NOW, books)
    assert "is there a proof" in listed.letter.reason


def test_a_person_whom_somebody_represents_gets_no_letter_but_the_task_is_there(database: Database) -> None:
    with database.unit_of_work() as session:
        somebody(session)
        agreement(session, 1, "already_paid")
        add_hold(session, "m", debtor_id=1, kind="mediation")
    beat(database)
    assert rows(database, OutboxRow) == []
    assert noted(database) == [("paid_claim", False)]

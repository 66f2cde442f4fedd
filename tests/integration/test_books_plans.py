"""Plans on the beat, on both engines: statements, the kind message, the task, the end; done twice they do it once."""

from __future__ import annotations

from datetime import timedelta

from agreement_books import DAYS, agreement, lifted, money, plan, somebody, templates
from books import NOW, add_hold, rows
from desk.beats import look_after_plans
from ledger.database import Database
from ledger.tables import AgreementRow, AuditRow, HoldRow, InvoiceRow, OutboxRow
from schedules.law_file import shipped_rules
from schedules.tables import TaskRow

RULES = shipped_rules()


def beat(database: Database, days: int = 0) -> None:
    """Twice: the second time finds nothing to do."""
    for _ in range(2):
        look_after_plans(database, NOW + timedelta(days=days), RULES)


def test_one_late_instalment_is_a_kind_message_and_the_plan_goes_on(database: Database) -> None:
    with database.unit_of_work() as session:
        somebody(session)
        plan(session, 1)
    beat(database)
    (message,) = rows(database, OutboxRow)
    assert (message.template, message.channel, message.slots["part"]) == ("plan.late", "sms", 1)
    assert message.slots["due_on"] == DAYS[0].isoformat()
    assert rows(database, TaskRow) == []
    assert [row.state for row in rows(database, AgreementRow)] == ["open"]
    assert lifted(database, "plan") == [False]


def test_the_second_late_instalment_is_a_task_for_a_person(database: Database) -> None:
    with database.unit_of_work() as session:
        somebody(session)
        plan(session, 1)
    beat(database)
    with database.unit_of_work() as session:
        money(session, 1, 40_00, NOW + timedelta(days=1))
    beat(database, days=2)
    beat(database, days=40)
    (task,) = rows(database, TaskRow)
    assert (task.kind, task.urgent, task.invoice_id) == ("plan_late", False, None)
    assert "Instalment 2" in task.why and "40.00" in task.why
    assert templates(database) == ["plan.late", "plan.statement"]
    assert [row.state for row in rows(database, AgreementRow)] == ["open"]


def test_each_payment_is_answered_with_a_statement(database: Database) -> None:
    with database.unit_of_work() as session:
        somebody(session)
        plan(session, 1)
        money(session, 1, 50_00)
    beat(database)
    (message,) = rows(database, OutboxRow)
    slots = message.slots
    assert message.template == "plan.statement"
    assert (slots["payment_minor"], slots["paid_minor"], slots["left_minor"]) == (50_00, 50_00, 70_00)
    assert (slots["next_due_on"], slots["next_minor"]) == (DAYS[1].isoformat(), 30_00)
    assert [part["paid_minor"] for part in slots["instalments"]] == [40_00, 10_00, 0]


def test_at_the_end_everything_is_paid_in_writing_and_the_hold_is_lifted_beside_its_row(database: Database) -> None:
    with database.unit_of_work() as session:
        somebody(session)
        plan(session, 1)
        money(session, 1, 120_00)
    beat(database)
    assert templates(database) == ["plan.paid"]
    assert [row.state for row in rows(database, AgreementRow)] == ["kept"]
    (hold,) = rows(database, HoldRow)
    assert hold.lifted_at is not None and hold.lifted_why == "the plan is paid"
    assert hold.until_at is None, "what the row said stays"
    assert [row.what for row in rows(database, AuditRow)] == ["hold_lifted", "agreement_ended"]


def test_a_hold_that_another_list_brought_is_not_ours_to_lift(database: Database) -> None:
    with database.unit_of_work() as session:
        somebody(session)
        plan(session, 1)
        add_hold(session, "list-7", debtor_id=1, kind="plan")
        money(session, 1, 120_00)
    beat(database)
    assert lifted(database, "plan") == [True, False]


def test_nobody_reads_that_everything_is_paid_while_costs_are_open(database: Database) -> None:
    with database.unit_of_work() as session:
        somebody(session)
        plan(session, 1)
        session.get_one(InvoiceRow, 1).open_minor += 10_00
        money(session, 1, 120_00)
    beat(database)
    (message,) = rows(database, OutboxRow)
    assert (message.template, message.slots["open_minor"]) == ("plan.statement", 10_00)


def test_money_that_went_back_is_no_payment(database: Database) -> None:
    with database.unit_of_work() as session:
        somebody(session)
        plan(session, 1)
        money(session, 1, 120_00, NOW - timedelta(hours=2))
        money(session, 1, -120_00, NOW - timedelta(hours=1))
    beat(database)
    assert [row.state for row in rows(database, AgreementRow)] == ["open"]
    assert templates(database) == ["plan.late"]


def test_money_from_before_the_plan_pays_no_instalment(database: Database) -> None:
    with database.unit_of_work() as session:
        somebody(session)
        session.get_one(InvoiceRow, 1).open_minor += 120_00
        money(session, 1, 120_00, NOW - timedelta(days=60))
        plan(session, 1)
    beat(database)
    assert templates(database) == ["plan.late"]


def test_a_person_who_may_not_be_written_to_is_not_and_a_person_of_ours_tells_the_good_end(database: Database) -> None:
    with database.unit_of_work() as session:
        for n in (1, 2):
            somebody(session, n)
            plan(session, n)
            agreement(session, n, "complaint")
        money(session, 2, 120_00)
    beat(database)
    assert rows(database, OutboxRow) == []
    (task,) = rows(database, TaskRow)
    assert (task.kind, task.debtor_id) == ("plan_paid", 2)
    assert [row.state for row in rows(database, AgreementRow, kind="plan")] == ["open", "kept"]


def test_without_a_mobile_and_an_address_the_word_is_a_letter(database: Database) -> None:
    with database.unit_of_work() as session:
        somebody(session, e164="+3232000000")
        plan(session, 1)
    beat(database)
    assert [row.channel for row in rows(database, OutboxRow)] == ["post"]

"""The beats of the books, on both engines: done twice they do it once."""

from __future__ import annotations

from datetime import date, timedelta

from sqlalchemy import select, update

from books import NOW, add_debtor, ask_callback, pay, people
from desk.beats import fill, judge_promises, wake
from ledger.database import Database
from ledger.tables import AgreementInvoiceRow, AgreementRow
from schedules.law_file import shipped_rules
from schedules.queue import NEVER
from schedules.rank import callback_place
from schedules.tables import CandidateRow

RULES = shipped_rules()


def promise(database: Database, n: int, due: date, key: str = "p", state: str = "open") -> None:
    with database.unit_of_work() as session:
        row = AgreementRow(
            source_key=f"{key}-{n}-{due}", debtor_id=n, kind="promise", state=state, amount_minor=120_00,
            currency="EUR", due_on=due, detail={}, made_at=NOW - timedelta(days=20),
        )  # fmt: skip
        session.add(row)
        session.flush()
        session.add(AgreementInvoiceRow(agreement_id=row.id, invoice_id=n))


def states(database: Database, kind: str = "promise") -> list[tuple[int | None, str]]:
    with database.reading() as session:
        query = select(AgreementRow).where(AgreementRow.kind == kind).order_by(AgreementRow.debtor_id, AgreementRow.id)
        return [(row.debtor_id, row.state) for row in session.scalars(query)]


def test_promises_are_judged_by_what_was_paid(database: Database) -> None:
    people(database, 4)
    promise(database, 1, NOW.date() - timedelta(days=2))  # grace still runs
    promise(database, 2, NOW.date() - timedelta(days=10))
    promise(database, 3, NOW.date() - timedelta(days=10))
    promise(database, 4, NOW.date() + timedelta(days=10))
    with database.unit_of_work() as session:
        pay(session, 3)
        pay(session, 4)
        session.execute(update(CandidateRow).values(next_eligible_at=NEVER))
    for _ in range(2):
        judge_promises(database, NOW, RULES)
        assert states(database) == [(1, "open"), (2, "broken"), (3, "kept"), (4, "kept")]
    with database.reading() as session:
        woken = session.scalars(select(CandidateRow.debtor_id).where(CandidateRow.next_eligible_at == NOW))
        assert sorted(woken) == [2, 3, 4], "permission looks at them anew"


def test_the_third_broken_promise_goes_to_a_person(database: Database) -> None:
    people(database, 2)
    for days in (60, 40):
        promise(database, 1, NOW.date() - timedelta(days=days), key="old", state="broken")
    promise(database, 1, NOW.date() - timedelta(days=10))
    promise(database, 2, NOW.date() - timedelta(days=10))
    for _ in range(2):
        judge_promises(database, NOW, RULES)
    assert states(database, "person") == [(1, "open")]


def test_a_call_back_whose_time_has_come_is_looked_at(database: Database) -> None:
    people(database, 2)
    with database.unit_of_work() as session:
        ask_callback(session, 1, NOW - timedelta(minutes=1))
        ask_callback(session, 2, NOW + timedelta(hours=1))
        session.execute(update(CandidateRow).values(next_eligible_at=NEVER))
    wake(database, NOW)
    with database.reading() as session:
        found = {row.debtor_id: (row.next_eligible_at, row.rank) for row in session.scalars(select(CandidateRow))}
    assert found[1] == (NOW, callback_place(NOW - timedelta(minutes=1)))
    assert found[2][0] == NEVER


def test_a_running_campaign_takes_up_who_came_later(database: Database) -> None:
    people(database, 1)
    with database.unit_of_work() as session:
        add_debtor(session, 2)
    for _ in range(2):
        fill(database, NOW)
    with database.reading() as session:
        assert sorted(session.scalars(select(CandidateRow.debtor_id))) == [1, 2]

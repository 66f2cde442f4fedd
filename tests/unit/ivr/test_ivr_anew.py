"""Who tells us in time that a promise can't be kept has broken nothing: what is agreed now takes its place."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from books import NOW, pay
from ivr.conversation import Conversations
from ivr.heard import Answered, Heard, HungUp, Keys, Words
from ivr.testing import INVOICE, PROVED, SECOND_INVOICE, TODAY, a_briefing
from ledger.database import Database
from ledger.promise_store import judge_slice
from ledger.tables import AgreementInvoiceRow, AgreementRow, AuditRow

YES, DAY = Words("yes"), ("date", "2026-12-03")


def promised(database: Database, on: date, *invoices: int) -> None:
    """A promise of an earlier call."""
    with database.unit_of_work() as session:
        row = AgreementRow(
            id=5, source_key="call-0:4:promise", debtor_id=1, kind="promise", state="open", amount_minor=8550,
            currency="EUR", due_on=on, detail={}, made_at=a_briefing().now - timedelta(days=7),
        )  # fmt: skip
        session.add(row)
        session.flush()
        session.add_all(AgreementInvoiceRow(agreement_id=row.id, invoice_id=one) for one in invoices)


def talk(conversations: Conversations, *heard: Heard, **over: object) -> None:
    briefing = a_briefing(direction="in", **over)
    conversations.begin(briefing)
    for n, one in enumerate((Answered(speech=True), *map(Keys, PROVED), *heard, HungUp())):
        conversations.step(briefing.call_id, str(n), one)


def judged_after_its_day(database: Database) -> str:
    with database.unit_of_work() as session:
        judge_slice(session, 0, NOW + timedelta(days=5), grace_days=3)
    return state_of(database)


def state_of(database: Database) -> str:
    with database.reading() as session:
        row = session.get(AgreementRow, 5)
        assert row is not None
        return row.state


@pytest.mark.parametrize(
    "way",
    [
        (Words("promise", (DAY,)), YES),
        (Words("plan", (("minor", "5000"),)), Words("no"), YES),
        (Words("plan", (("minor", "500"),)), YES),
        (Words("dispute", (("kind", "amount"),)),),
        (Words("hardship"),),
    ],
)
def test_what_is_agreed_in_time_takes_the_place_of_a_promise(
    database: Database, conversations: Conversations, way: tuple[Heard, ...]
) -> None:
    promised(database, TODAY, 1)
    talk(conversations, *way)
    assert state_of(database) == "withdrawn"
    with database.reading() as session:
        assert session.scalars(select(AuditRow.what).where(AuditRow.subject == "agreement 5")).all() == [
            "agreement_ended"
        ]


@pytest.mark.parametrize("way", [(), (Words("promise", (DAY,)),), (Words("pay"), YES), (Words("paid"), Keys("1"))])
def test_a_promise_stands_as_long_as_nothing_else_is_agreed(
    database: Database, conversations: Conversations, way: tuple[Heard, ...]
) -> None:
    promised(database, TODAY, 1)
    talk(conversations, *way)
    assert state_of(database) == "open"


def test_a_promise_whose_day_is_over_is_judged_by_what_was_paid(
    database: Database, conversations: Conversations
) -> None:
    promised(database, TODAY - timedelta(days=1), 1)
    talk(conversations, Words("promise", (DAY,)), YES)
    assert state_of(database) == "open"


def test_a_promise_about_another_invoice_too_goes_on_for_that_one(
    database: Database, conversations: Conversations
) -> None:
    promised(database, TODAY, 1, 2)
    talk(conversations, Words("promise", (DAY,)), YES)
    assert state_of(database) == "open"
    with database.unit_of_work() as session:
        pay(session, 2, 4000)
    assert judged_after_its_day(database) == "kept", "nobody waits for the first on that day any more"


def test_it_is_broken_where_the_other_one_is_not_paid(database: Database, conversations: Conversations) -> None:
    promised(database, TODAY, 1, 2)
    talk(conversations, Words("promise", (DAY,)), YES)
    assert judged_after_its_day(database) == "broken"


def test_when_each_of_them_was_agreed_anew_nothing_of_it_is_left(
    database: Database, conversations: Conversations
) -> None:
    promised(database, TODAY, 1, 2)
    talk(conversations, Words("promise", (DAY,)), YES)
    talk(
        conversations, Words("dispute", (("kind", "amount"),)), call_id="00000000-0000-4000-8000-000000000002",
        invoices=(SECOND_INVOICE,),
    )  # fmt: skip
    assert state_of(database) == "withdrawn"


def test_one_that_covers_all_of_it_takes_its_place(database: Database, conversations: Conversations) -> None:
    promised(database, TODAY, 2)
    talk(conversations, Words("promise", (DAY,)), YES, invoices=(INVOICE, SECOND_INVOICE))
    assert state_of(database) == "withdrawn"

"""The thank-you after a payment, on both engines: who gets one, who doesn't, and never twice."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from agreement_books import agreement, money, plan, policy, somebody, templates
from books import NOW, add_hold, add_invoice, rows
from desk.beats import look_after_plans, thank_payers
from ledger.database import Database
from ledger.tables import ContactRow, OutboxRow
from schedules.law_file import shipped_rules

RULES = shipped_rules()
BEFORE = NOW - timedelta(hours=1)


def beat(database: Database) -> None:
    """Twice: the second time finds nothing to do."""
    for _ in range(2):
        thank_payers(database, NOW, RULES)


def a_payer(database: Database, **over: Any) -> None:
    """Somebody who promised once, and has paid this morning."""
    with database.unit_of_work() as session:
        somebody(session, **over)
        agreement(session, 1, "promise", hold=False, state="kept", ended_at=BEFORE)
        money(session, 1, 120_00, BEFORE)


def test_who_has_had_to_do_with_us_is_thanked_once(database: Database) -> None:
    a_payer(database)
    with database.unit_of_work() as session:
        add_invoice(session, 2, 1)
        money(session, 2, 30_00, BEFORE)
    beat(database)
    (message,) = rows(database, OutboxRow)
    assert (message.template, message.channel) == ("thanks.payment", "sms")
    assert (message.slots["amount_minor"], message.slots["invoices"]) == (150_00, [1, 2])


def test_a_talk_is_a_reaction_and_silence_is_none(database: Database) -> None:
    with database.unit_of_work() as session:
        for n in (1, 2):
            somebody(session, n)
            money(session, n, 120_00, BEFORE)
            session.add(
                ContactRow(
                    debtor_id=n, address=f"+3247000000{n}", channel="voice", zone="Europe/Brussels",
                    local_date=NOW.date() - timedelta(days=20), debtor_slot=1, address_slot=1,
                    begun_at=NOW - timedelta(days=20), talked=n == 1,
                )
            )  # fmt: skip
    beat(database)
    assert [row.debtor_id for row in rows(database, OutboxRow)] == [1]


@pytest.mark.parametrize("said", [False, "yes", None])
def test_a_creditor_who_does_not_want_it_sends_none(database: Database, said: Any) -> None:
    a_payer(database)
    with database.unit_of_work() as session:
        policy(session, thank_you=said)
    beat(database)
    assert templates(database) == []


def test_nobody_on_hold_is_written_to(database: Database) -> None:
    a_payer(database)
    with database.unit_of_work() as session:
        add_hold(session, "h", debtor_id=1, kind="complaint")
    beat(database)
    assert templates(database) == []


def test_an_opt_out_from_messages_leaves_the_e_mail_and_never_a_letter(database: Database) -> None:
    a_payer(database, email="els@example.org")
    with database.unit_of_work() as session:
        add_hold(session, "o", e164="+32470000001", kind="opt_out", channel="sms")
    beat(database)
    assert [row.channel for row in rows(database, OutboxRow)] == ["email"]
    with database.unit_of_work() as session:
        somebody(session, 2, e164="+3232000000")
        agreement(session, 2, "promise", hold=False, state="kept")
        money(session, 2, 120_00, BEFORE)
    beat(database)
    assert [row.debtor_id for row in rows(database, OutboxRow)] == [1]


def test_a_payment_of_a_plan_has_its_statement_and_no_second_message(database: Database) -> None:
    with database.unit_of_work() as session:
        somebody(session)
        plan(session, 1)
        money(session, 1, 120_00, BEFORE)
    look_after_plans(database, NOW, RULES)
    beat(database)
    assert templates(database) == ["plan.paid"]


def test_old_payments_and_money_that_went_back_are_no_reason_for_thanks(database: Database) -> None:
    with database.unit_of_work() as session:
        for n in (1, 2):
            somebody(session, n)
            agreement(session, n, "promise", hold=False, state="kept")
        money(session, 1, 120_00, NOW - timedelta(days=3))
        money(session, 2, 120_00, BEFORE, "in")
        money(session, 2, -120_00, BEFORE, "back")
    beat(database)
    assert templates(database) == []

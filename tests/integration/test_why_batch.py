"""Many questions at once: one answer a line, the same as one by one, in the order of the lines."""

from __future__ import annotations

import json
from datetime import timedelta

from sqlalchemy import update

from books import NOW, Day, add_debtor, add_hold, people
from desk.why_batch import answers
from ledger.contact import Channel
from ledger.database import Database
from ledger.tables import CreditorRow, InvoiceRow, PhoneRow
from schedules.campaign import CampaignRules
from schedules.campaign_store import change_campaign
from schedules.law_file import shipped_rules
from schedules.permission import may_contact
from schedules.rules_store import RulesBook
from schedules.standing_store import debtor_id_of, standing_of
from schedules.why import why_document

RULES = shipped_rules()


def test_every_line_has_the_answer_that_it_would_have_alone(database: Database) -> None:
    people(database, 5)
    with database.unit_of_work() as session:
        add_hold(session, "h", debtor_id=2, kind="dispute", from_at=NOW - timedelta(days=1))
        add_hold(session, "n", debtor_id=3, kind="hardship", from_at=NOW, until_at=NOW + timedelta(days=2))
    asked = [(f"D-{1 + n % 5}", NOW + timedelta(hours=7 * n - 40)) for n in range(30)]
    lines = [json.dumps({"debtor": ref, "at": at.isoformat()}) for ref, at in asked]
    found = list(answers(database, lines, NOW, rules=RulesBook(RULES)))
    with database.reading() as session:
        for document, (ref, at) in zip(found, asked, strict=True):
            standing = standing_of(session, debtor_id_of(session, ref), at)
            verdict = may_contact(standing, Channel.VOICE, at, rules=RULES, known_at=min(at, NOW))
            assert document == why_document(standing, verdict, at)
    assert {document["verdict"] for document in found} == {"allowed", "refused"}


def test_before_a_list_brought_the_person_in_the_answer_says_so(database: Database) -> None:
    with database.unit_of_work() as session:
        add_debtor(session, 1, known_at=NOW)
        session.execute(update(InvoiceRow).values(known_at=NOW))
        session.execute(update(PhoneRow).values(from_at=NOW))
    at = [NOW - timedelta(minutes=1), NOW]
    lines = [json.dumps({"debtor": "D-1", "at": one.isoformat()}) for one in at]
    before, since = answers(database, lines, NOW, rules=RulesBook(RULES))
    assert (before["verdict"], before["rule"], before["next_opening"]) == ("refused", "nothing_open", None)
    assert before["reason"].startswith("This person was not in the books yet: a list brought them in at 2026-11-24")
    assert since["verdict"] == "allowed"


def test_a_moment_to_come_says_nothing_of_payments_that_nobody_can_know_yet(database: Database) -> None:
    people(database, 1)
    with database.unit_of_work() as session:
        session.execute(update(CreditorRow).values(payments_seen_at=NOW))
    (later,) = answers(database, ['{"debtor": "D-1"}'], NOW + timedelta(days=7), rules=RulesBook(RULES), known_at=NOW)
    assert later["verdict"] == "allowed"


def test_an_invoice_of_a_later_list_says_nothing_of_the_time_before_it(database: Database) -> None:
    with database.unit_of_work() as session:
        add_debtor(session, 1)
        session.execute(update(InvoiceRow).values(known_at=NOW))
    line = json.dumps({"debtor": "D-1", "at": (NOW - timedelta(minutes=1)).isoformat()})
    (before,) = answers(database, [line], NOW, rules=RulesBook(RULES))
    assert (before["rule"], before["reason"]) == (
        "nothing_open",
        "No invoice of this person is known: there is nothing to call about",
    )


def test_of_a_campaign_whose_day_is_full_the_answer_says_so(database: Database) -> None:
    people(database, 3)
    day = Day(database)
    with database.unit_of_work() as session:
        campaign = change_campaign(session, "winter", CampaignRules(daily_volume=2), NOW, "test")
    assert len(day.claim()) == 2
    later = NOW + timedelta(minutes=1)
    lines = [json.dumps({"debtor": "D-3", "at": at.isoformat()}) for at in (later, NOW - timedelta(minutes=1))]
    full, before = answers(database, lines, later, rules=RulesBook(RULES), campaign=campaign)
    assert (full["verdict"], full["rule"], full["all"]) == ("refused", "default_hours", ["default_hours"])
    assert full["reason"] == "The campaign winter has begun its 2 calls of 2026-11-24"
    assert full["next_opening"] == "2026-11-25T10:00:00+01:00", "the first minute of tomorrow that is allowed"
    assert before["verdict"] == "allowed", "at that time nobody had been called"
    (without,) = answers(database, lines[:1], later, rules=RulesBook(RULES))
    assert without["verdict"] == "allowed"
    day.close()


def test_a_line_that_cant_be_answered_says_why_and_the_others_go_on(database: Database) -> None:
    people(database, 1)
    lines = [
        "{nonsense",
        '{"at": "2026-11-24T10:30:00+01:00"}',
        '{"debtor": "D-1", "at": "yesterday"}',
        '{"debtor": "D-1", "at": "2026-11-24T10:30:00"}',
        '{"debtor": "nobody"}',
        '{"debtor": "D-1", "colour": 1}',
        '{"debtor": "D-1", "at": "9999-12-31T23:59:59-05:00"}',
        '{"debtor": "\\ud800"}',
        "[" * 100_000,
        "",
        '{"debtor": "D-1"}',
    ]
    found = list(answers(database, lines, NOW, rules=RulesBook(RULES)))
    assert [one.get("line") for one in found] == [*range(1, 10), None]
    said = [one["error"].partition(":")[0] for one in found[:-1]]
    broken = 'not JSON; write {"debtor"'
    assert said == [broken, "debtor", "at", "at", "debtor", "colour", "at", broken, broken]
    assert found[-1]["verdict"] == "allowed"

"""The walk of the ladder in real books: what it writes once, whom it leaves alone, costs, tasks and letters."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import update
from sqlalchemy.orm import Session

from books import CREDITOR, NOW, add_campaign, add_debtor, add_hold, add_invoice, ask_callback, pay, rows
from dialer.briefing_store import Asked, gather
from ledger.database import Database
from ledger.run_store import set_run_state
from ledger.tables import (
    AccountRow,
    AgreementRow,
    AuditRow,
    ChargeRow,
    ContactRow,
    CreditorRow,
    DebtorRow,
    HoldRow,
    ImportBatchRow,
    ImportDebtorRow,
    InvoiceRow,
    OutboxRow,
    PhoneRow,
)
from schedules import ladder_store, letter_store
from schedules.campaign_store import campaign_named
from schedules.cost_file import shipped_cost_rules
from schedules.errors import BadCampaign, BadLetter
from schedules.funnel import funnel
from schedules.funnel_store import ways_of
from schedules.ladder_file import shipped_ladder
from schedules.ladder_round import BEGINNING, Rounds
from schedules.ladder_store import Walked, walk
from schedules.ladder_value import LadderBooks
from schedules.law_file import shipped_rules
from schedules.letter_store import Addressed, letters, mark_sent
from schedules.queue import NEVER
from schedules.tables import CandidateRow, TaskRow
from schedules.task_store import hand_overs

BOOKS = LadderBooks(rules=shipped_rules(), costs=shipped_cost_rules(), ladder=shipped_ladder())
TODAY = NOW.date()
#: Of this age and with these: every channel is possible, an SMS comes first.
ADA = {"birth_date": date(1985, 6, 1), "email": "ada@example.org"}


def late(days: int) -> date:
    """The due date of an invoice that is so many days late today."""
    return TODAY - timedelta(days=days)


def debtor(session: Session, n: int, days: int, **over: Any) -> None:
    """A debtor whose invoice is so many days late; `invoice` changes the invoice, the rest the debtor."""
    invoice = {"due_on": late(days), "issued_on": late(days + 30), **over.pop("invoice", {})}
    add_debtor(session, n, **{**ADA, **over})
    session.execute(update(InvoiceRow).where(InvoiceRow.id == n).values(**invoice))


def written(**over: Any) -> dict[str, Any]:
    """The fields of an invoice whose first letter is out long since, with costs in it."""
    return {"first_letter_sent_on": late(28), "first_letter_by": "post", "costs_in_letter_minor": 20_00, **over}


def books(database: Database, *people: dict[str, Any], **campaign: Any) -> None:
    with database.unit_of_work() as session:
        for n, one in enumerate(people, 1):
            debtor(session, n, **one)
    add_campaign(database, **campaign)


def go(database: Database, now: datetime = NOW) -> Walked:
    return walk(database, now, BOOKS)


def policy(database: Database, **said: Any) -> None:
    with database.unit_of_work() as session:
        session.execute(update(CreditorRow).values(policy=said))


def everything(database: Database) -> list[Any]:
    found: list[Any] = []
    for row in (OutboxRow, ChargeRow, TaskRow, InvoiceRow, CandidateRow, AuditRow):
        for one in rows(database, row):
            found.append({key: value for key, value in vars(one).items() if not key.startswith("_")})
    return found


# -- steps ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("days", "stage", "template", "channel"),
    [
        (-4, 1, None, None),
        (-3, 1, "ladder.courtesy", "email"),
        (2, 1, None, None),
        (5, 1, "ladder.first_reminder", "sms"),
        # From stage 2 on this person is called: the telephone does it.
        (15, 2, None, None),
        # The last reminder is a registered letter beside the call.
        (30, 3, "ladder.last_reminder", "post"),
    ],
)
def test_each_step_writes_its_message_by_the_persons_channel(
    database: Database, days: int, stage: int, template: str | None, channel: str | None
) -> None:
    # Four days before the due date the first letter is no subject.
    invoice = written(first_letter_sent_on=TODAY - timedelta(days=25)) if days > 0 else {}
    books(database, {"days": days, "invoice": invoice, **({"e164": "+3225550123"} if days < 0 else {})})
    go(database)
    assert rows(database, CandidateRow)[0].stage == stage
    found = rows(database, OutboxRow)
    assert [(row.template, row.channel, row.state) for row in found] == (
        [(template, channel, "pending")] if template else []
    )


def test_a_message_tells_what_its_text_needs(database: Database) -> None:
    with database.unit_of_work() as session:
        debtor(session, 1, 6, address_form="mevrouw Janssens", tone="friendly")
        add_invoice(session, 2, 1, due_on=late(2), open_minor=30_00)
        add_invoice(session, 3, 1, due_on=late(-20), open_minor=40_00)
        session.execute(update(CreditorRow).values(contact_person="An Claes"))
    add_campaign(database)
    go(database)
    (row,) = rows(database, OutboxRow)
    assert row.cause == "ladder:1:1"
    # Tuesday 10:30, inside the hours: it may leave at once.
    assert row.due_at == NOW
    assert row.slots == {
        "language": "nl", "address_form": "mevrouw Janssens", "sender": "Stroomdal", "contact_person": "An Claes",
        "to": "+32470000001", "stage": 1, "tone": "friendly", "essential": False, "creditor": 1, "invoices": [1, 2],
        "amount_minor": 150_00, "costs_minor": 0, "currency": "EUR", "due_on": late(6).isoformat(),
        "why": "sms: comes first for 25-64",
    }  # fmt: skip


def test_a_message_waits_for_the_hours(database: Database) -> None:
    books(database, {"days": 5})
    go(database, NOW.replace(hour=22))
    (row,) = rows(database, OutboxRow)
    assert row.due_at == NOW.replace(hour=9, minute=0) + timedelta(days=1)


def test_a_walk_done_again_changes_nothing(database: Database) -> None:
    books(
        database, {"days": -2}, {"days": 7}, {"days": 16}, {"days": 33, "invoice": written()},
        {"days": 60, "invoice": {"about": "water"}},
    )  # fmt: skip
    first = go(database)
    assert (first.looked, first.messages, first.letters, first.charges, first.tasks) == (5, 2, 1, 1, 1)
    before = everything(database)
    again = go(database, NOW + timedelta(hours=3))
    assert (again.looked, again.moved, again.messages, again.letters, again.charges, again.tasks) == (5, 0, 0, 0, 0, 0)
    assert everything(database) == before


def test_two_walks_at_the_same_time_write_once(database: Database) -> None:
    books(database, *({"days": 30, "invoice": written()} for _ in range(60)))
    with ThreadPoolExecutor(2) as pool:
        list(pool.map(lambda _: go(database), range(2)))
    assert len(rows(database, OutboxRow)) == len(rows(database, ChargeRow)) == 60
    assert {row.open_minor for row in rows(database, InvoiceRow)} == {140_00}


def test_two_campaigns_write_to_one_person_once(database: Database) -> None:
    books(database, {"days": 6})
    add_campaign(database, "spring")
    go(database)
    assert len(rows(database, OutboxRow)) == 1


def test_a_person_with_two_creditors_gets_one_message_a_day(database: Database) -> None:
    with database.unit_of_work() as session:
        debtor(session, 1, 6)
        debtor(session, 2, 8, creditor=2)
        session.execute(update(InvoiceRow).where(InvoiceRow.id == 2).values(account_id=2))
        session.connection().exec_driver_sql("UPDATE account SET debtor_id = 1 WHERE id = 2")
    add_campaign(database)
    go(database)
    assert [row.slots["invoices"] for row in rows(database, OutboxRow)] == [[2]]
    go(database, NOW + timedelta(hours=4))
    assert len(rows(database, OutboxRow)) == 1
    go(database, NOW + timedelta(days=1))
    assert [row.slots["invoices"] for row in rows(database, OutboxRow)] == [[2], [1]]


def test_only_running_campaigns_are_walked_and_only_their_creditor(database: Database) -> None:
    with database.unit_of_work() as session:
        debtor(session, 1, 6)
        debtor(session, 2, 6, creditor=2)
    add_campaign(database, creditor=CREDITOR)
    go(database)
    assert [row.debtor_id for row in rows(database, OutboxRow)] == [1]
    with database.unit_of_work() as session:
        session.connection().exec_driver_sql("UPDATE campaign SET state = 'paused'")
        session.connection().exec_driver_sql("DELETE FROM outbox")
    assert go(database).looked == 0
    assert rows(database, OutboxRow) == []


def test_while_everything_is_stopped_nothing_is_written(database: Database) -> None:
    books(database, {"days": 6})
    with database.unit_of_work() as session:
        set_run_state(session, "stopped")
    assert go(database).looked == 0
    assert rows(database, OutboxRow) == []


# -- who is left alone ----------------------------------------------------------------------------------------------


def _agreement(session: Session, kind: str, **over: Any) -> None:
    made = {"source_key": kind, "debtor_id": 1, "kind": kind, "detail": {}, "made_at": NOW - timedelta(days=1)}
    session.add(AgreementRow(**{**made, **over}))


LEFT_ALONE = {
    "hold": lambda s: add_hold(s, "h", debtor_id=1, kind="manual", from_at=NOW - timedelta(hours=1)),
    "invoice hold": lambda s: add_hold(s, "h", invoice_id=1, kind="invoice_hold", from_at=NOW - timedelta(hours=1)),
    "paid": lambda s: pay(s, 1),
    "all but paid": lambda s: pay(s, 1, 116_00),
    "promise": lambda s: _agreement(s, "promise", due_on=TODAY + timedelta(days=3)),
    "promise of three days ago": lambda s: _agreement(s, "promise", due_on=TODAY - timedelta(days=3)),
    "plan": lambda s: _agreement(s, "plan"),
    "dispute": lambda s: _agreement(s, "dispute"),
    "a person calls back": lambda s: _agreement(s, "person"),
    "unknown country": lambda s: s.execute(update(DebtorRow).values(country="ES", postcode=None)),
    "half a list": lambda s: [
        s.add(ImportBatchRow(id=1, file_hash="f", name="l", state="writing", rows=1, begun_at=NOW)), s.flush(),
        s.add(ImportDebtorRow(batch_id=1, debtor_ref="D-1")),
    ],
}  # fmt: skip


@pytest.mark.parametrize("days", [-2, 6, 31, 90])
@pytest.mark.parametrize("why", LEFT_ALONE)
def test_nobody_is_moved_who_is_to_be_left_alone(database: Database, why: str, days: int) -> None:
    books(database, {"days": days, "invoice": written(first_letter_sent_on=late(40)) if days > 0 else {}})
    with database.unit_of_work() as session:
        LEFT_ALONE[why](session)
    before = everything(database)
    go(database)
    assert everything(database) == before


def test_days_on_hold_are_given_back(database: Database) -> None:
    books(database, {"days": 7})
    with database.unit_of_work() as session:
        add_hold(session, "h", debtor_id=1, kind="manual", from_at=NOW - timedelta(days=4))
        session.flush()
        lifted = {"lifted_at": NOW - timedelta(days=2), "lifted_by": "ann"}
        session.execute(update(HoldRow).values(**lifted))
    # Held on three days: day 7 is day 4 of the ladder.
    go(database)
    assert rows(database, OutboxRow) == []
    go(database, NOW + timedelta(days=1))
    assert [row.template for row in rows(database, OutboxRow)] == ["ladder.first_reminder"]


def test_a_call_back_that_is_promised_comes_before_any_message(database: Database) -> None:
    books(database, {"days": 6})
    with database.unit_of_work() as session:
        ask_callback(session, 1, NOW + timedelta(days=4))
    go(database)
    assert rows(database, OutboxRow) == []


def test_a_collector_writes_nothing_before_the_first_letter_is_out(database: Database) -> None:
    books(database, {"days": -2}, {"days": 6}, {"days": 6, "invoice": {"first_letter_sent_on": TODAY}})
    with database.unit_of_work() as session:
        session.execute(update(CreditorRow).values(role="collector"))
    go(database)
    assert rows(database, OutboxRow) == []


# -- costs ----------------------------------------------------------------------------------------------------------


def test_the_last_reminder_carries_the_lawful_costs_with_their_law(database: Database) -> None:
    books(database, {"days": 30, "invoice": written()})
    go(database)
    (charge,) = rows(database, ChargeRow)
    assert (charge.kind, charge.step, charge.amount_minor, charge.currency) == ("costs", 3, 20_00, "EUR")
    assert charge.law == "be.lump_sum: Code of economic law, XIX.4, 2°; letter and term XIX.2 §1"
    assert rows(database, InvoiceRow)[0].open_minor == 140_00
    (letter,) = rows(database, OutboxRow)
    assert (letter.slots["amount_minor"], letter.slots["costs_minor"], letter.slots["tone"]) == (140_00, 20_00, "firm")
    assert [(row.what, row.by) for row in rows(database, AuditRow, what="charge")] == [("charge", "ladder")]


@pytest.mark.parametrize(
    ("invoice", "over"),
    [
        # Day 1 of the term is the third working day after posting: it runs until today.
        ({"first_letter_sent_on": date(2026, 11, 6)}, {}),
        ({"costs_in_letter_minor": None}, {}),
        ({"costs_in_letter_minor": 20_01}, {}),
        ({}, {"country": "FR", "postcode": "75001", "language": "fr"}),
        ({}, {"country": "DE", "postcode": "10115", "region": "BE", "language": "de"}),
        ({}, {"kind": "business", "invoice": {"costs_in_letter_minor": 40_01}}),
    ],
)
def test_without_the_law_on_our_side_there_is_the_principal_alone(
    database: Database, invoice: dict[str, Any], over: dict[str, Any]
) -> None:
    books(database, {"days": 30, **over, "invoice": {**written(), **invoice, **over.get("invoice", {})}})
    go(database)
    assert rows(database, ChargeRow) == []
    assert rows(database, InvoiceRow)[0].open_minor == 120_00
    assert [row.slots["costs_minor"] for row in rows(database, OutboxRow)] == [0]


def test_a_business_is_charged_forty_euro_when_its_letter_said_so(database: Database) -> None:
    books(database, {"days": 30, "kind": "business", "invoice": written(costs_in_letter_minor=40_00)})
    go(database)
    assert [(row.amount_minor, row.law) for row in rows(database, ChargeRow)] == [
        (40_00, "eu.late_payment: Directive 2011/7/EU art. 6(1)")
    ]


def test_dutch_invoices_of_one_customer_number_are_one_claim(database: Database) -> None:
    with database.unit_of_work() as session:
        debtor(session, 1, 40, country="NL", postcode="1012 AB", invoice=written(costs_in_letter_minor=40_00))
        letter = {"first_letter_sent_on": late(28), "first_letter_by": "post", "costs_in_letter_minor": 40_00}
        add_invoice(session, 2, 1, due_on=late(35), **letter)
    add_campaign(database)
    go(database)
    # 15 % of 240.00 is below 40.00: that is all for both.
    assert [row.amount_minor for row in rows(database, ChargeRow)] == [40_00]


# -- the report -----------------------------------------------------------------------------------------------------


def test_whose_days_slid_stands_in_the_report_where_the_ladder_has_them(database: Database) -> None:
    """Both are 40 days late; the second was left in peace for 15 of them, by a hold that is lifted since."""
    books(database, {"days": 40}, {"days": 40})
    since = NOW - timedelta(days=20)
    with database.unit_of_work() as session:
        add_hold(session, "h", debtor_id=2, kind="hardship", from_at=since, lifted_at=since + timedelta(days=14))
    go(database)
    assert [row.stage for row in rows(database, CandidateRow)] == [3, 2]
    with database.reading() as session:
        steps = funnel(ways_of(session, campaign_named(session, "winter"), NOW, BOOKS.rules), TODAY)
    assert [step.people for step in steps] == [0, 0, 1, 1]


def test_a_report_counts_by_the_ladder_of_the_creditor_and_of_a_campaigns_own_creditor_alone(
    database: Database,
) -> None:
    """Both are 35 days late at a creditor that writes last on day 45; the second is 70 days late at another."""
    books(database, {"days": 35}, {"days": 35})
    policy(database, ladder={"second_reminder": 20, "last_reminder": 45})
    with database.unit_of_work() as session:
        session.add(CreditorRow(id=2, name="Andere", sender="Andere", policy={}, callback_number="+3225550100"))
        session.flush()
        session.add(AccountRow(id=3, creditor_id=2, debtor_id=2, customer_no="880001"))
        session.flush()
        add_invoice(session, 3, 3, creditor_id=2, due_on=late(70))

    def people(creditor: str | None) -> list[int]:
        with database.reading() as session:
            winter = campaign_named(session, "winter")
            campaign = replace(winter, rules=replace(winter.rules, creditor=creditor))
            return [step.people for step in funnel(ways_of(session, campaign, NOW, BOOKS.rules), TODAY)]

    assert people(None) == [0, 0, 1, 1]
    assert people(CREDITOR) == [0, 0, 2, 0]
    assert people("Andere") == [0, 0, 0, 1]


# -- people of ours -------------------------------------------------------------------------------------------------


def test_an_essential_service_gets_no_last_reminder_no_costs_and_a_task(database: Database) -> None:
    books(database, {"days": 60, "invoice": written(about="electricity")})
    go(database)
    (task,) = rows(database, TaskRow)
    assert (task.kind, task.invoice_id) == ("essential", 1)
    assert rows(database, CandidateRow)[0].stage == 2
    assert rows(database, ChargeRow) == rows(database, OutboxRow) == []
    assert [(one.kind, one.debtor) for one in hand_overs(database, "winter", NOW, BOOKS)] == [("essential", "D-1")]


def test_somebody_under_age_is_left_to_one_of_us(database: Database) -> None:
    child = {"birth_date": date(2010, 1, 1)}
    books(database, {"days": 40, "invoice": written(), **child}, {"days": -2, **child})
    go(database)
    assert rows(database, OutboxRow) == rows(database, ChargeRow) == listed(database) == []
    assert {row.stage for row in rows(database, CandidateRow)} == {1}
    assert [(one.kind, one.debtor) for one in hand_overs(database, "winter", NOW, BOOKS)] == [("minor", "D-1")]
    assert go(database).tasks == 0
    with database.unit_of_work() as session:
        add_hold(session, "h", debtor_id=1, kind="deceased")
    assert hand_overs(database, "winter", NOW, BOOKS) == []


def test_who_can_be_called_at_no_hour_is_listed_once_until_a_number_fits(database: Database) -> None:
    there = {"country": "FR", "postcode": "97400", "language": "fr", "e164": "+33612345678"}
    books(database, {"days": 20, **there}, {"days": 20})
    assert go(database).tasks == 1
    assert go(database).tasks == 0
    (task,) = hand_overs(database, "winter", NOW, BOOKS)
    assert (task.kind, task.debtor) == ("no_common_hour", "D-1")
    assert task.why == "Address and number lie in Europe/Paris and Indian/Reunion: no hour is allowed in all of them"
    with database.unit_of_work() as session:
        number = "+262692123456"
        session.add(PhoneRow(debtor_id=1, e164=number, written=number, verdict="good", rank=2, from_at=NOW))
    assert hand_overs(database, "winter", NOW, BOOKS) == []


def test_hand_over_comes_after_the_last_reminder_and_its_days(database: Database) -> None:
    books(database, {"days": 60, "invoice": written(first_letter_sent_on=late(50))})
    go(database)
    assert [row.template for row in rows(database, OutboxRow)] == ["ladder.last_reminder"]
    go(database, NOW + timedelta(days=14))
    assert rows(database, TaskRow) == []
    after = NOW + timedelta(days=15)
    go(database, after)
    (one,) = hand_overs(database, "winter", after, BOOKS)
    assert (one.kind, one.invoice, one.why) == (
        "hand_over", "2026-000001", f"Due {late(60)}, first letter {late(50)}, last reminder {TODAY}",
    )  # fmt: skip
    with database.unit_of_work() as session:
        add_hold(session, "h", debtor_id=1, kind="dispute", from_at=NOW)
    assert hand_overs(database, "winter", after, BOOKS) == []


def test_silence_on_three_channels_is_looked_at_before_a_hand_over(database: Database) -> None:
    books(database, {"days": 20})
    with database.unit_of_work() as session:
        for n, channel in enumerate(("voice", "voice", "sms", "sms", "email", "email")):
            at = NOW - timedelta(days=40 - n)
            session.add(
                ContactRow(
                    debtor_id=1, address="+32470000001", channel=channel, zone="Europe/Brussels", local_date=at.date(),
                    debtor_slot=1, address_slot=1, begun_at=at, ended_at=at, disposition="no_answer",
                )
            )  # fmt: skip
    go(database)
    (task,) = rows(database, TaskRow)
    assert (task.kind, task.why) == (
        "silent", "by letter: no reaction by email, sms, voice: look before anything is handed over",
    )  # fmt: skip


def test_a_creditor_with_a_bad_policy_is_left_out_and_named(database: Database) -> None:
    books(database, {"days": 6})
    policy(database, ladder={"first_reminder": 99})
    walked = go(database)
    assert walked.bad_policies == {CREDITOR: "ladder, second_reminder: comes on day 15, not after first_reminder (99)"}
    assert rows(database, OutboxRow) == []
    policy(database, ladder={"first_reminder": 7})
    go(database)
    assert rows(database, OutboxRow) == []
    policy(database, ladder={"first_reminder": 6})
    go(database)
    assert len(rows(database, OutboxRow)) == 1


@pytest.mark.parametrize(
    ("over", "invoice", "stage"),
    [({}, {}, 3), ({"tone": "firm"}, {}, 3), ({"tone": "friendly"}, {}, 2), ({}, {"about": "electricity"}, 2)],
)
def test_a_call_is_firm_only_where_the_person_and_the_service_allow_it(
    database: Database, over: dict[str, Any], invoice: dict[str, Any], stage: int
) -> None:
    written = {"first_letter_sent_on": date(2026, 10, 20), "first_letter_by": "post"}
    books(database, {"days": 50, "invoice": {**written, **invoice}, **over})
    asked = Asked(call_id="c", direction="out", debtor_id=1, e164=None, zone="Europe/Brussels", now=NOW, stage=3)
    with database.reading() as session:
        facts = gather(session, asked)
    assert facts is not None
    assert facts.stage == stage


# -- letters --------------------------------------------------------------------------------------------------------


def listed(database: Database, now: datetime = NOW, campaign: str = "winter") -> list[Addressed]:
    return letters(database, campaign, now, BOOKS)


def kinds(found: list[Addressed]) -> list[tuple[str, str, bool]]:
    return [(one.letter.kind.value, one.to.debtor, one.letter.registered) for one in found]


def mark(database: Database, on: date = TODAY, by: str = "post", **over: Any) -> list[Addressed]:
    return mark_sent(database, listed(database), on, by, NOW, "cli ann", **over)


def test_who_has_no_first_letter_gets_one_from_the_first_step_on(database: Database) -> None:
    books(database, {"days": 4}, {"days": 5}, {"days": 50, "invoice": written()})
    (one,) = listed(database)
    assert kinds([one]) == [("first_reminder", "D-2", False)]
    assert (one.to.call_code, one.to.secret_code, one.to.name) == ("4821", "730951", "Els Canssens")
    (part,) = one.letter.parts
    assert part.costs is not None
    assert (part.costs.amount.minor, part.costs.row.id) == (20_00, "be.lump_sum")


def test_a_collectors_first_letter_is_due_at_once(database: Database) -> None:
    books(database, {"days": 1}, {"days": 0})
    with database.unit_of_work() as session:
        session.execute(update(CreditorRow).values(role="collector"))
    assert kinds(listed(database)) == [("first_reminder", "D-1", False)]


def test_a_letter_that_left_is_noted_once_and_wakes_who_waited_for_it(database: Database) -> None:
    books(database, {"days": 6}, {"days": 8})
    with database.unit_of_work() as session:
        session.execute(update(CandidateRow).values(next_eligible_at=NEVER))
    marked = mark(database, only=["2026-000001"], costs_named=True)
    assert [one.to.debtor for one in marked] == ["D-1"]
    first, second = rows(database, InvoiceRow)
    told = (first.first_letter_sent_on, first.first_letter_by, first.costs_in_letter_minor)
    assert told == (TODAY, "post", 20_00)
    assert second.first_letter_sent_on is None
    assert [row.next_eligible_at for row in rows(database, CandidateRow)] == [NOW, NEVER]
    (audit,) = rows(database, AuditRow, what="letter sent")
    assert (audit.by, audit.subject, audit.detail["costs_minor"]) == ("cli ann", "invoice 2026-000001", 20_00)
    assert kinds(listed(database)) == [("first_reminder", "D-2", False)]


def test_many_letters_are_marked_in_short_units_of_work_and_each_once(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    books(database, *[{"days": 6} for _ in range(5)])
    monkeypatch.setattr(letter_store, "_UNIT_SECONDS", 0.0)
    assert len(mark_sent(database, letters(database, "winter", NOW, BOOKS), TODAY, "post", NOW, "test")) == 5
    assert {row.first_letter_sent_on for row in rows(database, InvoiceRow)} == {TODAY}
    assert len(rows(database, AuditRow, what="letter sent")) == 5


def test_costs_are_announced_only_when_somebody_says_so(database: Database) -> None:
    books(database, {"days": 6})
    mark(database, by="email")
    (row,) = rows(database, InvoiceRow)
    assert (row.first_letter_by, row.costs_in_letter_minor) == ("email", None)


def test_a_date_that_is_there_already_stays(database: Database) -> None:
    books(database, {"days": 6})
    before = listed(database)
    with database.unit_of_work() as session:
        session.execute(update(InvoiceRow).values(first_letter_sent_on=late(1), first_letter_by="email"))
    mark_sent(database, before, TODAY, "post", NOW, "cli ann")
    (row,) = rows(database, InvoiceRow)
    assert (row.first_letter_sent_on, row.first_letter_by) == (late(1), "email")
    assert rows(database, AuditRow, what="letter sent") == []


@pytest.mark.parametrize(
    ("on", "only", "told"),
    [
        (TODAY + timedelta(days=2), (), "mark-sent: .* is still to come"),
        (TODAY - timedelta(days=90), (), "mark-sent: .* lies before invoice 2026-000001 itself"),
        (TODAY, ("2026-000001", "X-1"), "invoice: no letter is listed about X-1"),
    ],
)
def test_bad_input_marks_nothing(database: Database, on: date, only: tuple[str, ...], told: str) -> None:
    books(database, {"days": 6}, {"days": 7})
    before = everything(database)
    with pytest.raises(BadLetter, match=told):
        mark(database, on, only=only)
    assert everything(database) == before


def test_an_unknown_campaign_is_said(database: Database) -> None:
    with pytest.raises(BadCampaign, match="no campaign summer"):
        listed(database, campaign="summer")


def test_what_waits_to_go_by_post_is_listed_and_marked(database: Database) -> None:
    books(database, {"days": 30, "invoice": written()}, {"days": 2}, {"days": 2}, {"days": 2})
    go(database)
    with database.unit_of_work() as session:
        for n, (template, channel) in enumerate(
            [("letter.new_code", "post"), ("copy.invoice", "post"), ("copy.invoice", "sms")], 2
        ):
            slots = {"language": "nl", "invoices": [n] if template == "copy.invoice" else []}
            session.add(
                OutboxRow(
                    cause=f"c{n}", template=template, channel=channel, debtor_id=n, slots=slots, due_at=NOW
                )
            )  # fmt: skip
        # What was asked for goes out although the person is on hold.
        add_hold(session, "h", debtor_id=3, kind="dispute")
    found = listed(database)
    assert kinds(found) == [("last_reminder", "D-1", True), ("new_code", "D-2", False), ("copy", "D-3", False)]
    mark_sent(database, found, TODAY, "post", NOW, "cli ann")
    assert listed(database) == []
    assert [row.state for row in rows(database, OutboxRow)] == ["sent", "sent", "sent", "pending"]


def test_nothing_at_all_is_sent_to_the_dead(database: Database) -> None:
    books(database, {"days": 10})
    with database.unit_of_work() as session:
        session.add(OutboxRow(cause="c", template="letter.new_code", channel="post", debtor_id=1, slots={}, due_at=NOW))
        add_hold(session, "h", debtor_id=1, kind="deceased")
    assert listed(database) == []


def test_a_used_budget_and_a_number_that_is_lost_end_in_one_letter_each(database: Database) -> None:
    books(database, {"days": 20, "invoice": written()}, {"days": 20, "invoice": written()})
    with database.unit_of_work() as session:
        for n in range(6):
            at = NOW - timedelta(days=4 * n + 2)
            session.add(
                ContactRow(
                    debtor_id=1, address="+32470000001", channel="voice", zone="Europe/Brussels",
                    local_date=at.date(), debtor_slot=1, address_slot=1, begun_at=at, ended_at=at,
                    disposition="no_answer",
                )
            )  # fmt: skip
        add_hold(session, "h", e164="+32470000002", kind="opt_out")
    assert kinds(listed(database)) == [("budget_used", "D-1", False), ("no_call", "D-2", False)]
    mark(database)
    assert listed(database) == []
    # A letter that was never sent by us in that row is never sent a second time either.
    assert {row.state for row in rows(database, OutboxRow)} == {"sent"}


def test_dutch_letters_name_the_costs_of_one_claim_once(database: Database) -> None:
    with database.unit_of_work() as session:
        debtor(session, 1, 10, country="NL", postcode="1012 AB")
        add_invoice(session, 2, 1, due_on=late(8))
    add_campaign(database)
    (one,) = listed(database)
    assert [part.costs and part.costs.amount.minor for part in one.letter.parts] == [40_00, None]


# -- rounds ---------------------------------------------------------------------------------------------------------


def test_many_people_are_walked_a_short_way_at_a_time(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ladder_store, "_LOOK", 10)
    monkeypatch.setattr(ladder_store, "_WALK", 20)
    books(database, *({"days": 5} for _ in range(25)))
    add_campaign(database, "spring")
    rounds = Rounds(timedelta(hours=6))
    looked = []
    while (place := rounds.next_place(NOW)) is not None:
        walked = walk(database, NOW, BOOKS, place)
        looked.append(walked.looked)
        rounds.went(walked.at)
    assert looked == [20, 25, 5]
    assert len({row.cause for row in rows(database, OutboxRow)}) == 25
    assert rounds.next_place(NOW + timedelta(hours=5)) is None
    assert rounds.next_place(NOW + timedelta(hours=6)) == BEGINNING

"""The history of a company that moves in: checked whole, written once, seen by `why` from its own time."""

from __future__ import annotations

import csv
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from books import CREDITOR, NOW, add_campaign, add_debtor, add_invoice, number_of
from dialer.by_hand_store import lift
from ledger.database import Base, Database
from ledger.deed import deed
from ledger.intake.history.columns import Kind
from ledger.intake.importing import finish_imports, import_list
from ledger.intake.report import Report
from ledger.intake.writing import stage_list
from ledger.lifting import Said
from ledger.promise_store import judge_slice
from ledger.tables import (
    AgreementInvoiceRow,
    AgreementRow,
    ContactRow,
    CreditorRow,
    HoldRow,
    ImportDebtorRow,
    InstalmentRow,
    InvoiceRow,
    PaymentRow,
    WishRow,
)
from schedules.law_file import shipped_rules
from schedules.permission import may_contact
from schedules.queue import Wait
from schedules.queue_store import bring_forward_all, put_off_all
from schedules.standing_store import standing_of
from schedules.tables import CandidateRow

CONTACT = {
    "debtor": "D-1", "at": "2026-11-23T14:05:00+01:00", "ended_at": "2026-11-23T14:07:30+01:00", "channel": "voice",
    "address": "0470 00 00 01", "disposition": "heard", "talked": "yes", "right_party": "yes",
}  # fmt: skip
PROMISE = {"debtor": "D-1", "kind": "promise", "at": "2026-11-20T10:00:00+01:00", "due": "2026-11-30", "amount": "120"}
HOLD = {"debtor": "D-1", "number": "", "kind": "hardship", "from": "2026-11-01T09:00:00Z", "until": "2026-12-31"}
WISH = {
    "debtor": "D-1", "kind": "hours", "at": "2026-11-02T09:00:00Z", "days": "mon, thu", "from_time": "18:00",
    "to_time": "20:00", "via": "letter of 2 November", "on_record": "yes",
}  # fmt: skip
PAYMENT = {
    "source": "bank", "reference": "417", "creditor": CREDITOR, "customer_no": "770001", "amount": "150,00",
    "paid_on": "2026-11-10", "seen_at": "2026-11-11T08:00:00+01:00",
}  # fmt: skip
LETTER = {"creditor": CREDITOR, "invoice": "2026-000001", "sent_on": "2026-11-03", "by": "post", "costs": "7,50"}
GOOD = {
    Kind.CONTACTS: CONTACT, Kind.AGREEMENTS: PROMISE, Kind.HOLDS: HOLD, Kind.WISHES: WISH, Kind.PAYMENTS: PAYMENT,
    Kind.LETTERS: LETTER,
}  # fmt: skip


@pytest.fixture
def books(database: Database) -> Database:
    with database.unit_of_work() as session:
        add_debtor(session, 1)
        add_debtor(session, 2)
        add_invoice(session, 11, 1, due_on=date(2026, 9, 15))
    return database


class Lists:
    """Writes lists and imports them."""

    def __init__(self, database: Database, folder: Path) -> None:
        self.database, self.folder, self.written = database, folder, 0

    def file(self, *rows: dict[str, str]) -> Path:
        self.written += 1
        path = self.folder / f"{self.written}.csv"
        names = list(dict.fromkeys(name for row in rows for name in row))
        with path.open("w", newline="", encoding="utf-8") as file:
            writer = csv.DictWriter(file, names, restval="", delimiter=";")
            writer.writeheader()
            writer.writerows(rows)
        return path

    def take(self, kind: Kind, *rows: dict[str, str], **how: Any) -> Report:
        return import_list(self.database, self.file(*rows), NOW, kind=kind, **how)

    def rows(self, row: type[Base]) -> list[Any]:
        with self.database.reading() as session:
            found = list(session.scalars(select(row).order_by(*row.__table__.primary_key)))
            session.expunge_all()
            return found


@pytest.fixture
def lists(books: Database, tmp_path: Path) -> Lists:
    return Lists(books, tmp_path)


TABLES = {
    Kind.CONTACTS: ContactRow, Kind.AGREEMENTS: AgreementRow, Kind.HOLDS: HoldRow, Kind.WISHES: WishRow,
    Kind.PAYMENTS: PaymentRow,
}  # fmt: skip


@pytest.mark.parametrize("kind", GOOD)
def test_the_same_content_is_written_once_from_whatever_list(lists: Lists, kind: Kind) -> None:
    dry = lists.take(kind, GOOD[kind], dry_run=True)
    assert (dry.errors, dry.rows, dry.already, dry.written) == ([], 1, 0, 0)
    first = lists.take(kind, GOOD[kind], GOOD[kind])
    assert (first.errors, first.rows, first.written, first.already) == ([], 2, 1, 1)
    again = lists.take(kind, GOOD[kind], {name: f" {text}" for name, text in GOOD[kind].items()})
    assert (again.written, again.already, again.known_since) == (0, 2, None)
    assert lists.take(kind, GOOD[kind], dry_run=True).already == 1
    if kind in TABLES:
        assert len(lists.rows(TABLES[kind])) == 1


@pytest.mark.parametrize("kind", GOOD)
def test_a_list_with_one_bad_row_writes_nothing(lists: Lists, kind: Kind) -> None:
    who = "debtor" if "debtor" in GOOD[kind] else "invoice"
    report = lists.take(kind, GOOD[kind], {**GOOD[kind], who: "nobody"})
    (error,) = report.errors
    assert (error.line, error.column, report.written) == (3, who, 0)
    assert "not in the books" in error.reason
    assert not lists.rows(TABLES.get(kind, ImportDebtorRow))


TIMES = {
    Kind.CONTACTS: ("at", "ended_at"), Kind.AGREEMENTS: ("at", "from"), Kind.HOLDS: ("from", "until"),
    Kind.WISHES: ("at",), Kind.PAYMENTS: ("seen_at",),
}  # fmt: skip


@pytest.mark.parametrize(("kind", "column"), [(kind, name) for kind, names in TIMES.items() for name in names])
def test_a_time_without_a_zone_is_refused_with_line_and_column(lists: Lists, kind: Kind, column: str) -> None:
    (error,) = lists.take(kind, {**GOOD[kind], column: "2026-11-23T14:06:00"}).errors
    assert (error.line, error.column) == (2, column)
    assert "has no time zone" in error.reason
    assert "2026-03-02T14:05:00+01:00" in error.fix


def test_contacts_take_the_slots_of_their_local_day(lists: Lists) -> None:
    later = {**CONTACT, "at": "2026-11-23T22:30:00Z", "ended_at": "", "talked": "", "right_party": ""}
    asked = {**later, "at": "2026-11-23T15:00:00Z", "solicited": "yes"}
    midnight = {**later, "at": "2026-11-23T23:30:00Z"}
    assert lists.take(Kind.CONTACTS, CONTACT, later, asked, midnight).written == 4
    rows = lists.rows(ContactRow)
    assert [(r.local_date.day, r.debtor_slot, r.address_slot, r.zone) for r in rows] == [
        (23, 1, 1, "Europe/Brussels"), (23, 2, 2, "Europe/Brussels"), (23, 101, 101, "Europe/Brussels"),
        (24, 1, 1, "Europe/Brussels"),
    ]  # fmt: skip
    assert {row.address for row in rows} == {number_of(1)}
    assert lists.take(Kind.CONTACTS, {**CONTACT, "debtor": "D-2"}).written == 1
    assert [(r.debtor_slot, r.address_slot) for r in lists.rows(ContactRow)][-1] == (1, 3)


@pytest.mark.parametrize(
    ("kind", "change", "column"),
    [
        (Kind.CONTACTS, {"disposition": "maybe"}, "disposition"),
        (Kind.CONTACTS, {"disposition": ""}, "disposition"),
        (Kind.CONTACTS, {"talked": "no"}, "talked"),
        (Kind.CONTACTS, {"at": "2026-12-24T14:05:00+01:00", "ended_at": ""}, "at"),
        (Kind.CONTACTS, {"ended_at": "2026-11-23T14:00:00+01:00"}, "ended_at"),
        (Kind.CONTACTS, {"channel": "email"}, "address"),
        (Kind.AGREEMENTS, {"kind": "wager"}, "kind"),
        (Kind.AGREEMENTS, {"due": ""}, "due"),
        (Kind.AGREEMENTS, {"state": "kept"}, "ended_at"),
        (Kind.AGREEMENTS, {"creditor": CREDITOR, "invoices": "2026-000002"}, "invoices"),
        (Kind.AGREEMENTS, {"kind": "plan", "instalments": "2026-12-01=60 2027-01-01=50"}, "instalments"),
        (Kind.HOLDS, {"number": number_of(1)}, "debtor"),
        (Kind.HOLDS, {"kind": "wrong_number"}, "number"),
        (Kind.HOLDS, {"until": "2026-10-01"}, "until"),
        (Kind.WISHES, {"days": "", "from_time": "", "to_time": ""}, "kind"),
        (Kind.WISHES, {"to_time": "17:00"}, "to_time"),
        (Kind.WISHES, {"days": "someday"}, "days"),
        (Kind.WISHES, {"via": ""}, "via"),
        (Kind.PAYMENTS, {"customer_no": "9"}, "customer_no"),
        (Kind.PAYMENTS, {"amount": "0"}, "amount"),
        (Kind.PAYMENTS, {"invoice": "2026-000001", "currency": "USD"}, "currency"),
        (Kind.AGREEMENTS, {"due": "9999-12-31"}, "due"),
        (Kind.AGREEMENTS, {"due": "2026-11-18"}, "due"),
        (Kind.AGREEMENTS, {"kind": "callback", "from": "9999-12-31T23:00:00-05:00"}, "from"),
        (Kind.AGREEMENTS, {"kind": "plan", "instalments": "9999-12-31=120"}, "instalments"),
        (Kind.AGREEMENTS, {"at": "9999-12-31T23:00:00-05:00"}, "at"),
        (Kind.HOLDS, {"until": "9999-12-31"}, "until"),
        (Kind.HOLDS, {"until": "9999-12-31T23:00:00-05:00"}, "until"),
        (Kind.WISHES, {"to_time": "18:00"}, "to_time"),
        (Kind.WISHES, {"kind": "not_before", "date": "9999-12-31", "to_time": ""}, "date"),
        (Kind.LETTERS, {"by": "pigeon"}, "by"),
        (Kind.LETTERS, {"sent_on": "2027-01-01"}, "sent_on"),
    ],
)
def test_what_can_t_be_is_refused_by_its_column(lists: Lists, kind: Kind, change: dict[str, str], column: str) -> None:
    assert [error.column for error in lists.take(kind, {**GOOD[kind], **change}).errors] == [column]


def test_a_plan_has_its_parts_and_its_invoices(lists: Lists) -> None:
    plan = {
        **PROMISE, "kind": "plan", "due": "", "creditor": CREDITOR, "invoices": "2026-000001 2026-000011",
        "instalments": "2026-12-01=60 2027-01-01=60,00", "state": "broken", "ended_at": "2026-11-22T09:00:00Z",
    }  # fmt: skip
    assert lists.take(Kind.AGREEMENTS, plan).errors == []
    (row,) = lists.rows(AgreementRow)
    assert (row.state, row.amount_minor, row.made_at) == ("broken", 12000, datetime(2026, 11, 20, 9, tzinfo=UTC))
    assert [(p.n, p.due_on, p.amount_minor) for p in lists.rows(InstalmentRow)] == [
        (1, date(2026, 12, 1), 6000), (2, date(2027, 1, 1), 6000),
    ]  # fmt: skip
    assert [one.invoice_id for one in lists.rows(AgreementInvoiceRow)] == [1, 11]


@pytest.mark.parametrize("amount", ["240", ""])
def test_a_promise_that_names_no_invoice_is_about_all_that_is_owed_and_broken_when_nothing_came(
    lists: Lists, amount: str
) -> None:
    lists.take(Kind.AGREEMENTS, {**PROMISE, "amount": amount, "due": "2026-11-22"})
    assert [one.invoice_id for one in lists.rows(AgreementInvoiceRow)] == [1, 11]
    with lists.database.unit_of_work() as session:
        judge_slice(session, 0, NOW, grace_days=3)
    assert [row.state for row in lists.rows(AgreementRow)] == ["open"]
    with lists.database.unit_of_work() as session:
        judge_slice(session, 0, NOW + timedelta(days=4), grace_days=3)
    assert [row.state for row in lists.rows(AgreementRow)] == ["broken"]


def test_a_promise_of_all_is_kept_when_all_was_paid(lists: Lists) -> None:
    lists.take(Kind.AGREEMENTS, {**PROMISE, "amount": ""})
    lists.take(Kind.PAYMENTS, {**PAYMENT, "amount": "240", "seen_at": ""})
    with lists.database.unit_of_work() as session:
        judge_slice(session, 0, NOW, grace_days=3)
    assert [row.state for row in lists.rows(AgreementRow)] == ["kept"]


def test_a_holds_last_day_is_inside_and_an_instant_is_its_end(lists: Lists) -> None:
    number = {**HOLD, "debtor": "", "number": number_of(1), "kind": "opt_out", "channel": "voice"}
    bill = {**HOLD, "debtor": "", "creditor": CREDITOR, "invoice": "2026-000001", "until": "2026-12-31T12:00:00Z"}
    assert lists.take(Kind.HOLDS, HOLD, {**number, "until": ""}, bill).errors == []
    first, second, third = lists.rows(HoldRow)
    assert first.until_at == datetime(2026, 12, 31, 23, tzinfo=UTC)  # the end of the year in Brussels
    assert (second.e164, second.channel, second.until_at) == (number_of(1), "voice", None)
    assert (third.invoice_id, third.until_at) == (1, datetime(2026, 12, 31, 12, tzinfo=UTC))


@pytest.mark.parametrize(
    ("disposition", "rule"),
    [
        ("wrong_number", "wrong_number"), ("opted_out", "opt_out"), ("deceased", "deceased"),
        ("representative", "mediation"),
    ],
)  # fmt: skip
def test_what_stopped_for_good_in_an_old_call_stops_here_too(lists: Lists, disposition: str, rule: str) -> None:
    old = {**CONTACT, "at": "2026-03-02T14:05:00+01:00", "ended_at": "2026-03-02T14:07:00+01:00", "right_party": ""}
    assert lists.take(Kind.CONTACTS, {**old, "disposition": disposition}).holds == 1
    assert lists.take(Kind.CONTACTS, {**old, "disposition": disposition}).written == 0
    (hold,) = lists.rows(HoldRow)
    of_number = rule in ("wrong_number", "opt_out")
    assert (hold.e164, hold.debtor_id) == ((number_of(1), None) if of_number else (None, 1))
    assert hold.channel == ("voice" if rule == "opt_out" else None)
    assert hold.until_at is None
    assert rule in rules_at(lists.database, NOW)
    assert rule not in rules_at(lists.database, datetime(2026, 3, 2, 13, 6, tzinfo=UTC))


def test_the_hold_of_an_old_call_is_not_made_twice_by_a_list_of_holds(lists: Lists) -> None:
    old = {**CONTACT, "disposition": "wrong_number", "right_party": ""}
    number = {"debtor": "", "number": number_of(1), "kind": "wrong_number", "from": old["ended_at"]}
    lists.take(Kind.CONTACTS, old)
    assert lists.take(Kind.HOLDS, number).already == 1
    assert len(lists.rows(HoldRow)) == 1


def test_what_an_answer_ends_is_told_by_agreements_and_no_contact_stops_it_for_good(lists: Lists) -> None:
    for n, disposition in enumerate(("dispute", "complaint", "plan", "already_paid", "promise")):
        assert lists.take(Kind.CONTACTS, {**CONTACT, "at": f"2026-10-0{n + 1}T09:00:00Z", "disposition": disposition})
    assert not lists.rows(HoldRow)


def test_a_payment_settles_the_oldest_due_first_and_is_taken_back_from_the_latest(lists: Lists) -> None:
    lists.take(Kind.PAYMENTS, PAYMENT)
    assert [row.open_minor for row in lists.rows(InvoiceRow)] == [90_00, 120_00, 0]
    named = {**PAYMENT, "reference": "418", "customer_no": "", "invoice": "2026-000001", "amount": "100"}
    lists.take(Kind.PAYMENTS, named)
    assert [row.open_minor for row in lists.rows(InvoiceRow)] == [0, 120_00, 0]
    back = {**PAYMENT, "reference": "419", "amount": "-130,00"}
    lists.take(Kind.PAYMENTS, back, {**back, "reference": "420", "amount": "-1"})
    assert [row.open_minor for row in lists.rows(InvoiceRow)] == [120_00, 120_00, 11_00]
    assert lists.rows(CreditorRow)[0].payments_seen_at == NOW


def test_one_reference_with_two_amounts_is_refused(lists: Lists) -> None:
    (error,) = lists.take(Kind.PAYMENTS, PAYMENT, {**PAYMENT, "amount": "1"}).errors
    assert (error.line, error.column, error.reason) == (3, "reference", "stands in line 2 too, with something else")


def test_a_letter_fills_what_was_empty_and_changes_nothing_else(lists: Lists) -> None:
    lists.take(Kind.LETTERS, LETTER)
    row = lists.rows(InvoiceRow)[0]
    assert (row.first_letter_sent_on, row.first_letter_by, row.costs_in_letter_minor) == (
        date(2026, 11, 3), "post", 750,
    )  # fmt: skip
    other = lists.take(Kind.LETTERS, {**LETTER, "sent_on": "2026-11-10"})
    assert (other.written, other.warnings[0].column) == (0, "sent_on")


def test_a_letter_older_than_its_invoice_is_told(lists: Lists) -> None:
    told = lists.take(Kind.LETTERS, {**LETTER, "sent_on": "2020-11-03"})
    assert [(one.column, "before the invoice" in one.reason) for one in told.warnings] == [("sent_on", True)]


def rules_at(database: Database, at: datetime) -> set[str]:
    """Every rule that refuses a call to D-1 at an instant."""
    with database.reading() as session:
        standing = standing_of(session, 1, at)
    verdict = may_contact(standing, "voice", at, rules=shipped_rules())
    return set(getattr(verdict, "all", ()))


def test_why_sees_what_was_imported_from_its_own_time(lists: Lists) -> None:
    for kind in (Kind.CONTACTS, Kind.AGREEMENTS, Kind.HOLDS):
        assert lists.take(kind, GOOD[kind]).written == 1
    before = datetime(2026, 10, 31, 9, tzinfo=UTC)
    assert not rules_at(lists.database, before) & {"hardship", "promise", "rest"}
    assert "hardship" in rules_at(lists.database, datetime(2026, 11, 3, 10, tzinfo=UTC))
    assert {"hardship", "promise"} <= rules_at(lists.database, datetime(2026, 11, 21, 10, tzinfo=UTC))
    assert {"hardship", "promise", "rest"} <= rules_at(lists.database, NOW)


def test_whom_a_history_touches_is_looked_at_again(lists: Lists) -> None:
    add_campaign(lists.database)
    with lists.database.unit_of_work() as session:
        far = NOW + timedelta(days=30)
        put_off_all(session, {one.id: Wait(at=far, place=0) for one in session.scalars(select(CandidateRow))})
    lists.take(Kind.CONTACTS, CONTACT, freed=lambda session, refs: bring_forward_all(session, refs, NOW))
    assert [(one.debtor_id, one.next_eligible_at) for one in lists.rows(CandidateRow)] == [(1, NOW), (2, far)]


def test_a_history_that_a_crash_cut_short_is_finished(lists: Lists) -> None:
    from ledger.intake.history.checking import check_history
    from ledger.intake.survey import survey

    found = survey(lists.file(WISH))
    checked = check_history(lists.database, found, Kind.WISHES, NOW, lambda _: None, compare=False)
    stage_list(lists.database, found, checked, NOW, Kind.WISHES)
    freed: list[str] = []
    assert finish_imports(lists.database, lambda _, refs: freed.extend(refs)) == 1
    assert [row.value for row in lists.rows(WishRow)] == [{"days": ["mon", "thu"], "from": "18:00", "to": "20:00"}]
    assert freed == ["D-1"]
    assert not lists.rows(ImportDebtorRow)


def test_a_hold_that_one_of_us_lifted_is_not_made_again_by_the_same_history(lists: Lists) -> None:
    bill = {**HOLD, "debtor": "", "creditor": CREDITOR, "invoice": "2026-000001", "kind": "invoice_hold"}
    assert lists.take(Kind.HOLDS, HOLD, bill).errors == []
    done = deed(NOW, "Bruno", "the list was wrong")
    for hold in lists.rows(HoldRow):
        with lists.database.unit_of_work() as session:
            assert lift(session, hold.id, Said(), done).debtors == (1,), "whom it left without a call"
    assert lists.take(Kind.HOLDS, HOLD, bill).errors == []
    assert [row.lifted_by for row in lists.rows(HoldRow)] == ["Bruno", "Bruno"]

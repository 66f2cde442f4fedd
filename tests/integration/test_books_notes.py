"""What one of our people noted, in the books of both engines: the rows of a call, in their name, once and at once."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from threading import Thread
from typing import Any

import pytest

from agreement_books import policy
from books import BRUSSELS, NOW, Day, add_campaign, add_debtor, add_invoice, everything_in, number_of, pay, rows
from desk.beats import judge_promises
from dialer.note_store import AGAIN, Taken, preview, take
from ivr.errors import BadNote
from ivr.heard import Answered, Keys
from ivr.notes.note import Note
from ivr.tables import ConversationRow
from ledger.agreement_store import agreements
from ledger.contact import Channel
from ledger.database import Base, Database
from ledger.tables import (
    AgreementInvoiceRow,
    AgreementRow,
    AuditRow,
    HoldRow,
    InstalmentRow,
    OutboxRow,
    PhoneRow,
)
from schedules.law_file import shipped_rules
from schedules.permission import may_contact
from schedules.standing_store import standing_of
from schedules.tables import CandidateRow
from schedules.verdict import Allowed, Refused

RULES = shipped_rules()
FRIDAY = date(2026, 12, 4)
#: Every table that a note may write to.
WRITTEN: tuple[type[Base], ...] = (
    AgreementRow, AgreementInvoiceRow, InstalmentRow, HoldRow, PhoneRow, OutboxRow, AuditRow, CandidateRow,
)  # fmt: skip


def notes(database: Database, what: str, n: int = 1, now: datetime = NOW, by: str = "Bruno", **told: Any) -> Taken:
    """One of our people notes this of debtor `n`; `once` is its token."""
    once = told.pop("once", None)
    with database.unit_of_work() as session:
        return take(session, f"D-{n}", Note(what=what, **told), by, now, RULES, token=once)


def promises(database: Database, on: str = "2026-12-04", **told: Any) -> Taken:
    return notes(database, "promise", on=on, **told)


def why(database: Database, n: int = 1, at: datetime = NOW) -> str | None:
    """The rule by which nobody may call; None: they may."""
    with database.reading() as session:
        verdict = may_contact(standing_of(session, n), Channel.VOICE, at, rules=RULES, number=number_of(n))
    assert isinstance(verdict, Allowed | Refused)
    return verdict.rule if isinstance(verdict, Refused) else None


@pytest.fixture
def books(database: Database) -> Database:
    """Debtor 1 owes 120.00; a campaign runs."""
    with database.unit_of_work() as session:
        add_debtor(session, 1)
    add_campaign(database)
    return database


# -- the way of a call -----------------------------------------------------------------------------------------------


def test_a_noted_promise_stops_calls_at_once_and_is_confirmed_in_writing(books: Database) -> None:
    assert why(books) is None
    promises(books)
    assert why(books) == "promise"
    (row,) = rows(books, AgreementRow)
    assert (row.kind, row.state, row.amount_minor, row.due_on) == ("promise", "open", 120_00, FRIDAY)
    assert row.detail == {"noted_by": "Bruno"}
    assert [one.invoice_id for one in rows(books, AgreementInvoiceRow)] == [1]
    (message,) = rows(books, OutboxRow)
    assert (message.template, message.channel, message.slots["due_on"]) == ("confirm.promise", "sms", "2026-12-04")
    (audit,) = rows(books, AuditRow, what="PromiseMade")
    assert (audit.by, audit.detail) == ("Bruno", {"debtor_id": 1})


def test_it_is_kept_by_a_payment(books: Database) -> None:
    promises(books)
    with books.unit_of_work() as session:
        pay(session, 1)
        session.flush()
    judge_promises(books, NOW + timedelta(days=1), RULES)
    assert [row.state for row in rows(books, AgreementRow)] == ["kept"]


def test_it_is_broken_by_the_beat_once_its_day_and_grace_are_over(books: Database) -> None:
    promises(books, amount="50,00")
    judge_promises(books, NOW + timedelta(days=13), RULES)
    assert [row.state for row in rows(books, AgreementRow)] == ["open"]
    judge_promises(books, NOW + timedelta(days=16), RULES)
    assert [row.state for row in rows(books, AgreementRow)] == ["broken"]


def test_a_new_promise_takes_back_the_one_before_it(books: Database) -> None:
    promises(books)
    taken = promises(books, "2026-12-11", by="Chiara")
    first, second = rows(books, AgreementRow)
    assert (first.state, second.state) == ("withdrawn", "open")
    assert [one.id for one in taken.withdrawn] == [first.id]
    (ended,) = rows(books, AuditRow, what="agreement_ended")
    assert (ended.by, ended.detail["why"]) == ("Chiara", "agreed anew")


def test_a_promise_about_another_invoice_stands(books: Database) -> None:
    with books.unit_of_work() as session:
        add_invoice(session, 7, 1)
    promises(books, invoice=("2026-000001",))
    promises(books, "2026-12-11", invoice=("2026-000007",))
    assert [row.state for row in rows(books, AgreementRow)] == ["open", "open"]


def test_a_plan_of_the_creditors_policy_is_exact_to_the_cent_and_holds(books: Database) -> None:
    notes(books, "plan", instalments=3, first="2026-12-10")
    parts = rows(books, InstalmentRow)
    assert [(part.due_on, part.amount_minor) for part in parts] == [
        (date(2026, 12, 10), 40_00), (date(2027, 1, 10), 40_00), (date(2027, 2, 10), 40_00),
    ]  # fmt: skip
    (hold,) = rows(books, HoldRow)
    assert (hold.kind, hold.by, hold.debtor_id) == ("plan", "Bruno", 1)
    assert why(books) == "plan"
    with pytest.raises(BadNote, match=r"^invoice: plan 1 stands for it"):
        promises(books)


def test_a_plan_outside_the_policy_is_a_request_with_the_dialogues_clock(books: Database) -> None:
    with books.unit_of_work() as session:
        policy(session, plan_most=3, plan_least_minor=30_00)
    notes(books, "plan", monthly="10.00")
    (row,) = rows(books, AgreementRow)
    assert (row.kind, row.amount_minor, row.due_on, row.owner) == ("plan_request", 10_00, date(2026, 12, 1), "person")
    assert why(books) == "plan_request"


#: Each kind, with what it is told and the rule that refuses from then on.
KINDS_AND_RULES: tuple[tuple[str, dict[str, Any], str], ...] = (
    ("promise", {"on": "2026-12-04"}, "promise"),
    ("plan", {"instalments": 2}, "plan"),
    ("plan", {"monthly": "10"}, "plan_request"),
    ("dispute", {"kind": "damaged"}, "dispute"),
    ("hardship", {}, "hardship"),
    ("paid", {"when": "2026-11-20"}, "already_paid"),
    ("copy", {}, "agreement"),
    ("stop", {}, "opt_out"),
    ("wrong-number", {}, "wrong_number"),
    ("deceased", {}, "deceased"),
    ("representative", {}, "mediation"),
    ("complaint", {}, "complaint"),
    ("callback", {"at": "2026-11-25T10:30", "person": True}, "callback_waits"),
)


def test_each_kind_holds_at_once_for_an_order_that_is_about_to_leave_too(day: Day) -> None:
    alone = len(KINDS_AND_RULES) + 1
    with day.database.unit_of_work() as session:
        for n in range(1, alone + 1):
            add_debtor(session, n)
    add_campaign(day.database)
    claimed = day.dial.claim(day.dial.next_up(50))
    for n, (what, told, _) in enumerate(KINDS_AND_RULES, 1):
        notes(day.database, what, n, **told)
    left = day.dial.brief(claimed)
    assert [one.debtor_id for one in claimed if one.attempt in left] == [alone], "a neighbour is called as before"
    with day.database.reading() as session:
        for n, (what, _, rule) in enumerate(KINDS_AND_RULES, 1):
            verdict = may_contact(standing_of(session, n), Channel.VOICE, NOW + timedelta(days=3), rules=RULES)
            assert isinstance(verdict, Refused), what
            assert rule in verdict.all, what


def test_a_stop_of_each_number_is_a_hold_on_each(books: Database) -> None:
    with books.unit_of_work() as session:
        session.add(PhoneRow(debtor_id=1, e164="+3292345678", written="", verdict="good", from_at=NOW, rank=2))
    with pytest.raises(BadNote, match=r"^number: which of"):
        notes(books, "stop")
    notes(books, "stop", everything=True)
    assert [(one.kind, one.e164, one.by) for one in rows(books, HoldRow)] == [
        ("opt_out", number_of(1), "Bruno"), ("opt_out", "+3292345678", "Bruno"),
    ]  # fmt: skip


def test_a_wrong_number_is_closed_for_ever(books: Database) -> None:
    notes(books, "wrong-number")
    (phone,) = rows(books, PhoneRow)
    assert phone.until_at == NOW
    assert [(one.kind, one.e164) for one in rows(books, HoldRow)] == [("wrong_number", number_of(1))]


def test_a_call_back_by_machine_is_made_in_its_window_and_of_two_the_later_wish_counts(day: Day) -> None:
    with day.database.unit_of_work() as session:
        add_debtor(session, 1)
    add_campaign(day.database)
    notes(day.database, "callback", at="2026-11-25T13:10")
    notes(day.database, "callback", at="2026-11-25T19:10")
    assert [row.state for row in day.rows(AgreementRow)] == ["withdrawn", "open"]
    assert day.claim() == []
    day.clock.now = datetime(2026, 11, 25, 13, 20, tzinfo=BRUSSELS)
    assert day.claim() == []
    day.clock.now = datetime(2026, 11, 25, 19, 20, tzinfo=BRUSSELS)
    assert [one.debtor_id for one in day.claim()] == [1], "outside our own hours, as they asked"


def test_a_call_back_that_the_machine_could_not_make_is_not_promised(books: Database) -> None:
    notes(books, "hardship")
    with pytest.raises(BadNote, match=r"^at: the machine may not call then .* --person one of you calls"):
        notes(books, "callback", at="2026-11-25T10:30")
    assert [row.kind for row in rows(books, AgreementRow)] == ["hardship"]
    notes(books, "callback", at="2026-11-25T10:30", person=True)
    assert [row.kind for row in rows(books, AgreementRow)] == ["hardship", "callback"]


# -- once ------------------------------------------------------------------------------------------------------------


def test_the_same_command_again_within_a_minute_is_one_note(books: Database) -> None:
    promises(books)
    before = everything_in(books, WRITTEN)
    again = promises(books, now=NOW + AGAIN / 2)
    assert again.already
    assert [one.due_on for one in again.agreements] == [FRIDAY]
    assert everything_in(books, WRITTEN) == before


def test_after_a_minute_or_by_somebody_else_it_is_another_note(books: Database) -> None:
    promises(books)
    assert not promises(books, by="Chiara").already
    assert not promises(books, now=NOW + 2 * AGAIN, by="Chiara").already


def test_back_to_what_was_agreed_first_is_no_repetition(books: Database) -> None:
    for second, on in enumerate(("2026-12-04", "2026-12-11", "2026-12-04")):
        assert not promises(books, on, now=NOW + timedelta(seconds=second)).already
    assert [(row.due_on.isoformat(), row.state) for row in rows(books, AgreementRow)] == [
        ("2026-12-04", "withdrawn"), ("2026-12-11", "withdrawn"), ("2026-12-04", "open"),
    ]  # fmt: skip


def test_a_token_is_written_once_whatever_comes_with_it(books: Database) -> None:
    promises(books, once="form-17")
    before = everything_in(books, WRITTEN)
    assert notes(books, "deceased", now=NOW + timedelta(days=9), once="form-17").already
    assert everything_in(books, WRITTEN) == before
    assert [row.source_key for row in rows(books, AgreementRow)] == ["note-1-form-17:1:promise"]


def test_a_stop_with_a_token_is_known_again_though_no_agreement_is_made_of_it(books: Database) -> None:
    notes(books, "stop", once="form-18")
    assert notes(books, "stop", now=NOW + timedelta(days=1), once="form-18").already
    assert len(rows(books, HoldRow)) == 1


def test_two_at_the_same_moment_write_one_note(books: Database) -> None:
    taken: list[Taken] = []
    both = [Thread(target=lambda: taken.append(promises(books, once="form-19"))) for _ in range(2)]
    for one in both:
        one.start()
    for one in both:
        one.join()
    assert sorted(one.already for one in taken) == [False, True]
    assert len(rows(books, AgreementRow)) == len(rows(books, OutboxRow)) == 1


# -- nothing half done -------------------------------------------------------------------------------------------------


BAD: tuple[tuple[str, str, dict[str, Any]], ...] = (
    ("on", "promise", {"on": "2026-11-23"}),
    ("on", "promise", {"on": "2026-12-25"}),
    ("amount", "promise", {"on": "2026-12-04", "amount": "120.01"}),
    ("invoice", "promise", {"on": "2026-12-04", "invoice": ("2026-000002",)}),
    ("monthly", "plan", {"monthly": "120.00"}),
    ("kind", "dispute", {"kind": "ugly"}),
    ("when", "paid", {"when": "2027-01-01"}),
    ("at", "callback", {"at": "2026-11-25T07:30"}),
    ("at", "callback", {"at": "2026-11-29T10:30"}),
    ("at", "callback", {"at": "2026-11-24T10:40"}),
    ("number", "stop", {"number": number_of(2)}),
    ("kind", "crisis", {}),
)


def test_what_can_not_be_noted_names_its_field_and_writes_nothing(books: Database) -> None:
    with books.unit_of_work() as session:
        add_debtor(session, 2)
    before = everything_in(books, WRITTEN)
    for field, what, told in BAD:
        with pytest.raises(BadNote, match=f"^{field}: "):
            notes(books, what, **told)
    assert everything_in(books, WRITTEN) == before


def test_somebody_who_is_not_in_the_books_is_refused_by_name(books: Database) -> None:
    with pytest.raises(BadNote, match=r"^debtor: there is no 'D-9'"):
        promises(books, n=9)


@pytest.mark.parametrize(
    "where",
    [
        {"country": None, "postcode": None, "e164": "+882163111111"},
        {"country": "US", "region": "NY", "postcode": "10001", "e164": "+12125550141"},
    ],
)
def test_where_no_law_is_in_use_nothing_is_agreed_but_a_stop_is_never_lost(
    books: Database, where: dict[str, Any]
) -> None:
    with books.unit_of_work() as session:
        add_debtor(session, 2, **where)
    with pytest.raises(BadNote, match=r"^debtor: no law or calendar in use here covers this person"):
        promises(books, n=2)
    notes(books, "stop", 2)
    notes(books, "deceased", 2)
    assert [(one.kind, one.e164, one.debtor_id) for one in rows(books, HoldRow)] == [
        ("opt_out", where["e164"], None), ("deceased", None, 2),
    ]  # fmt: skip


def test_what_is_only_looked_at_is_told_whole_and_not_written(books: Database) -> None:
    before = everything_in(books, WRITTEN)
    with books.unit_of_work() as session:
        taken = preview(session, "D-1", Note(what="plan", instalments=2), "Bruno", NOW, RULES)
    assert [part.amount.minor for part in taken.agreements[0].instalments] == [60_00, 60_00]
    assert [one.kind for one in taken.holds] == ["plan"]
    assert everything_in(books, WRITTEN) == before


# -- a live call -------------------------------------------------------------------------------------------------------


def test_a_live_call_of_the_same_person_goes_on_and_what_it_agrees_comes_in_place_of_the_note(day: Day) -> None:
    with day.database.unit_of_work() as session:
        add_debtor(session, 1)
    add_campaign(day.database)
    one = day.claim_one()
    day.answer(one)
    day.say(one.attempt, Answered(), *map(Keys, ("1", "1", "2000", "0001")))
    talk = day.one(ConversationRow)
    promises(day.database)
    assert (day.one(ConversationRow).turn_no, day.one(ConversationRow).state) == (talk.turn_no, talk.state)
    day.say(one.attempt, *map(Keys, ("2", "1", "1", "1")))
    noted, said = day.rows(AgreementRow)
    assert (noted.state, said.state, said.detail) == ("withdrawn", "open", {})
    with day.database.reading() as session:
        assert [made.noted_by for made in agreements(session, 1)] == ["Bruno", None]


@pytest.mark.parametrize("books_url", [pytest.param("postgres", marks=pytest.mark.postgres)], indirect=True)
def test_a_note_and_a_turn_of_the_same_person_do_not_wait_for_each_other(books: Database) -> None:
    """What a turn writes points at the person's row; SQLite has one writer at a time anyway."""
    with books.unit_of_work() as turn:
        turn.add(AgreementRow(source_key="call-1:1:copy", debtor_id=1, kind="copy", detail={}, made_at=NOW))
        turn.flush()
        assert not promises(books).already

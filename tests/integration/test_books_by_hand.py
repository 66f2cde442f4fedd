"""What one of our people ends by hand, in the books of both engines: agreements and holds, once, and never behind the
back of a call or of the past."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
from sqlalchemy import update

from a_list import cells, write_list
from agreement_books import agreement, plan
from books import NOW, Day, add_campaign, add_debtor, add_hold, everything_in, number_of, rows
from dialer.by_hand_store import Ended, end, lift
from dialer.note_store import Taken, take
from ivr.notes.note import Note
from ledger.contact import Channel, Disposition
from ledger.database import Base, Database
from ledger.deed import deed
from ledger.ending import Asked, name_of
from ledger.errors import BadAnswer
from ledger.hold_lift_store import Lifted
from ledger.intake.importing import import_list
from ledger.lifting import Said
from ledger.number_key import NumberKey
from ledger.tables import AgreementRow, AuditRow, ContactRow, HoldRow, PhoneRow
from schedules.agreement_task_store import AgreementTask, agreement_tasks
from schedules.case import Case
from schedules.law_file import shipped_rules
from schedules.permission import may_contact
from schedules.slide import days_on_ladder
from schedules.standing_store import standing_of
from schedules.tables import CandidateRow
from schedules.verdict import Refused

RULES = shipped_rules()
DUE = date(2026, 10, 1)
#: Every table that an end may write to.
WRITTEN: tuple[type[Base], ...] = (AgreementRow, HoldRow, PhoneRow, ContactRow, AuditRow, CandidateRow)


def notes(database: Database, what: str, **told: Any) -> Taken:
    with database.unit_of_work() as session:
        return take(session, "D-1", Note(what=what, **told), "Bruno", NOW, RULES)


def ends(database: Database, id_: int = 1, at: datetime = NOW, **asked: Any) -> Ended:
    with database.unit_of_work() as session:
        return end(session, id_, Asked(**asked), deed(at, "Bruno", "looked at it"))


def lifts(database: Database, id_: int = 1, at: datetime = NOW, **said: Any) -> Lifted:
    with database.unit_of_work() as session:
        return lift(session, id_, Said(**said), deed(at, "Bruno", "a slip"))


def why(database: Database, at: datetime = NOW, n: int = 1, past: bool = False) -> str | None:
    """The rule by which nobody may call; None: they may. `past`: as `beltoon why --at` asks."""
    with database.reading() as session:
        verdict = may_contact(standing_of(session, n, at if past else None), Channel.VOICE, at, rules=RULES)
    return verdict.rule if isinstance(verdict, Refused) else None


def tasks(database: Database, at: datetime = NOW) -> list[AgreementTask]:
    with database.reading() as session:
        return agreement_tasks(session, at)


@pytest.fixture
def books(database: Database) -> Database:
    """Debtor 1 owes 120.00; a campaign runs."""
    with database.unit_of_work() as session:
        add_debtor(session, 1)
    add_campaign(database)
    return database


#: A day later, at an hour at which debtor 1 may be called.
NEXT_DAY = NOW + timedelta(days=1)


# -- agreements ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("what", "told", "rule", "state", "then"),
    [
        ("dispute", {"kind": "amount"}, "dispute", None, "dispute"),
        ("dispute", {"kind": "amount"}, "dispute", "withdrawn", None),
        ("complaint", {}, "complaint", None, None),
        ("hardship", {}, "hardship", None, None),
        ("representative", {}, "mediation", "kept", None),
        ("deceased", {}, "deceased", "withdrawn", None),
        ("paid", {"when": "2026-11-20"}, "already_paid", None, None),
        ("copy", {}, "agreement", "withdrawn", None),
        ("copy", {}, "agreement", None, "invoice_hold"),
        ("plan", {"instalments": 3}, "plan", "withdrawn", None),
        ("promise", {"on": "2026-12-04"}, "promise", None, None),
    ],
)
def test_what_was_noted_stops_calls_until_one_of_us_ends_it(
    books: Database, what: str, told: dict[str, str], rule: str, state: str | None, then: str | None
) -> None:
    notes(books, what, **told)
    assert why(books, NEXT_DAY) in (rule, "invoice_hold")
    ended = ends(books, at=NEXT_DAY, state=state)
    assert why(books, NEXT_DAY) == then
    assert [row.id for row in rows(books, HoldRow) if row.lifted_at is not None] == list(ended.lifted)
    (row,) = rows(books, AgreementRow)
    assert (row.state, row.ended_at) == (ended.state, NEXT_DAY)
    assert why(books, NEXT_DAY - timedelta(minutes=1), past=True) in (rule, "invoice_hold"), "the past stays as it was"
    assert rows(books, CandidateRow)[0].next_eligible_at <= NEXT_DAY
    audits = [one for one in rows(books, AuditRow) if one.what == "agreement_ended"]
    assert [(one.by, one.detail["why"]) for one in audits] == [("Bruno", "looked at it")]


def test_an_answered_dispute_leaves_a_week_to_read_the_answer(books: Database) -> None:
    notes(books, "dispute", kind="amount")
    ends(books, at=NEXT_DAY)
    assert why(books, NEXT_DAY + timedelta(days=7)) == "dispute"
    assert why(books, NEXT_DAY + timedelta(days=8)) is None


def test_only_the_own_holds_of_an_agreement_go_with_it(books: Database) -> None:
    with books.unit_of_work() as session:
        add_hold(session, "import:complaint:abc", debtor_id=1, kind="complaint")
    notes(books, "complaint")
    assert ends(books).lifted == (2,)
    assert why(books) == "complaint", "what a list told stands until it is lifted itself"
    lifts(books, 1)
    assert why(books) is None


def test_the_days_until_the_end_stay_off_the_ladder_and_count_again_after_it(books: Database) -> None:
    def counted(at: datetime) -> int:
        with books.reading() as session:
            return days_on_ladder(Case(standing_of(session, 1, at), Channel.POST, at, RULES, phone=None), DUE)

    before = counted(NOW - timedelta(days=1))
    notes(books, "complaint")
    for days in (1, 5):
        assert counted(NOW + timedelta(days=days)) == before
    ends(books, at=NOW + timedelta(days=5))
    assert counted(NOW + timedelta(days=4)) == before, "as it was known then"
    assert counted(NOW + timedelta(days=7)) == before + 2


def test_a_request_for_one_of_us_that_was_served_is_a_talk_and_the_rest_begins(books: Database) -> None:
    notes(books, "callback", at="2026-11-25T10:30", person=True)
    assert why(books, NEXT_DAY) == "callback_waits"
    assert ends(books, at=NEXT_DAY).talked
    (contact,) = rows(books, ContactRow)
    assert (contact.talked, contact.right_party, contact.solicited) == (True, True, True)
    assert (contact.disposition, contact.address, contact.callback_id) == (Disposition.AGENT, number_of(1), 1)
    assert why(books, NEXT_DAY + timedelta(hours=1)) == "rest"
    assert why(books, NEXT_DAY + timedelta(days=6)) == "rest"
    assert why(books, NEXT_DAY + timedelta(days=7)) is None
    assert why(books, NEXT_DAY - timedelta(minutes=1), past=True) == "callback_waits"


def test_a_request_that_is_not_wanted_any_more_needs_no_rest(books: Database) -> None:
    notes(books, "callback", at="2026-11-25T10:30", person=True)
    assert not ends(books, at=NEXT_DAY, state="withdrawn").talked
    assert rows(books, ContactRow) == []
    assert why(books, NEXT_DAY) is None


def test_a_talk_about_anything_else_begins_the_rest_where_it_is_said(books: Database) -> None:
    notes(books, "complaint")
    ends(books, talked=True)
    assert why(books, NEXT_DAY) == "rest"


def test_who_was_not_reached_waits_on_and_each_try_is_noted(books: Database) -> None:
    notes(books, "callback", at="2026-11-25T10:30", person=True)
    for n in (1, 2):
        assert ends(books, at=NEXT_DAY + timedelta(hours=n), not_reached=True).state == "open"
    contacts = rows(books, ContactRow)
    assert [(one.talked, one.disposition, one.solicited) for one in contacts] == [(False, "no_answer", True)] * 2
    assert contacts[0].debtor_slot != contacts[1].debtor_slot
    assert why(books, NEXT_DAY + timedelta(hours=3)) == "callback_waits"
    (task,) = tasks(books)
    assert "called 2 times, not reached" in task.why
    ends(books, at=NEXT_DAY + timedelta(hours=3))
    assert tasks(books) == []


def test_a_caller_whom_we_do_not_recognise_is_a_task_and_its_end_is_no_contact(books: Database) -> None:
    with books.unit_of_work() as session:
        stranger = {"source_key": "c-9:2:person", "kind": "person", "owner": "person", "made_at": NOW}
        session.add(AgreementRow(**stranger, detail={"e164": "+32470999999"}))
    (task,) = tasks(books)
    assert (task.debtor, task.kind, task.answer_by) == (None, "person", NOW.date())
    assert "+32470999999" in task.why
    assert ends(books).debtor_id is None
    assert (rows(books, ContactRow), tasks(books)) == ([], [])


def test_nothing_is_ended_twice_and_nothing_else_is_written_then(books: Database) -> None:
    notes(books, "complaint")
    ends(books)
    before = everything_in(books, WRITTEN)
    with pytest.raises(BadAnswer, match=r"^id: complaint 1 was ended on 2026-11-24 \(kept\); an agreement ends once"):
        ends(books)
    assert everything_in(books, WRITTEN) == before


def test_of_two_who_end_it_at_the_same_time_one_is_refused_and_one_talk_is_noted(books: Database) -> None:
    notes(books, "callback", at="2026-11-25T10:30", person=True)
    told: list[str] = []

    def one() -> None:
        try:
            told.append(ends(books, at=NEXT_DAY).state)
        except BadAnswer as refused:
            told.append(str(refused)[:3])

    both = [Thread(target=one) for _ in range(2)]
    for thread in both:
        thread.start()
    for thread in both:
        thread.join()
    assert sorted(told) == ["id:", "kept"]
    assert len(rows(books, ContactRow)) == 1


def test_a_plan_that_is_paid_as_agreed_is_not_called_broken(books: Database) -> None:
    with books.unit_of_work() as session:
        plan(session, 1, days=(NOW.date() + timedelta(days=5),))
    with pytest.raises(BadAnswer, match="no instalment of plan 1 is late"):
        ends(books, state="broken")
    ends(books, at=NOW + timedelta(days=11), state="broken")
    assert rows(books, AgreementRow)[0].state == "broken"


@pytest.mark.parametrize(
    ("id_", "asked", "told"),
    [
        (99, {}, "id: there is no agreement 99"),
        (1, {}, "id: agreement 1 is a plan request.*agreements answer 1"),
        (2, {}, "id: agreement 2 is a crisis.*agreements called 2"),
        (3, {"state": "kept"}, "as: a report of a death ends as withdrawn"),
        (3, {"not_reached": True}, "not-reached: "),
    ],
)
def test_what_can_not_be_ended_like_this_is_refused_and_left_as_it_was(
    books: Database, id_: int, asked: dict[str, Any], told: str
) -> None:
    with books.unit_of_work() as session:
        for kind in ("plan_request", "crisis", "deceased"):
            agreement(session, 1, kind)
    before = everything_in(books, WRITTEN)
    with pytest.raises(BadAnswer, match=f"^{told}") as refused:
        ends(books, id_, **asked)
    assert "\n" not in str(refused.value)
    assert everything_in(books, WRITTEN) == before


def test_a_call_that_goes_on_is_not_disturbed_and_nobody_is_called_a_second_time(day: Day) -> None:
    with day.database.unit_of_work() as session:
        add_debtor(session, 1)
    add_campaign(day.database)
    one = day.claim_one()
    with day.database.unit_of_work() as session:
        agreement(session, 1, "complaint", made_at=day.clock.now)
    ends(day.database, at=day.clock())
    assert [row.ended_at for row in rows(day.database, ContactRow)] == [None]
    assert day.claim() == [], "their call goes on"
    day.answer(one)


# -- holds -----------------------------------------------------------------------------------------------------------


def test_a_hold_of_a_list_is_lifted_kept_on_record_and_not_made_again_by_the_same_row(
    database: Database, tmp_path: Path
) -> None:
    listed = write_list(tmp_path / "list.csv", cells(status="hardship"))
    assert import_list(database, listed, NOW).errors == []
    (hold,) = rows(database, HoldRow)
    lifts(database, hold.id, at=NEXT_DAY)
    (kept,) = rows(database, HoldRow)
    assert (kept.lifted_at, kept.lifted_by, kept.lifted_why) == (NEXT_DAY, "Bruno", "a slip")
    assert (kept.from_at, kept.until_at, kept.source_key) == (hold.from_at, None, hold.source_key)
    again = write_list(tmp_path / "again.csv", cells(status="hardship"))
    assert import_list(database, again, NEXT_DAY).errors == []
    assert [row.lifted_at for row in rows(database, HoldRow)] == [NEXT_DAY]


def test_a_lifted_hold_stops_nothing_from_then_on_and_everything_before(books: Database) -> None:
    with books.unit_of_work() as session:
        add_hold(session, "h", debtor_id=1, kind="mediation")
        session.execute(update(CandidateRow).values(next_eligible_at=NOW + timedelta(days=40)))
    assert why(books, NEXT_DAY) == "mediation"
    assert lifts(books, at=NEXT_DAY).debtors == (1,)
    assert why(books, NEXT_DAY) is None
    assert why(books, NEXT_DAY - timedelta(seconds=1), past=True) == "mediation"
    assert rows(books, CandidateRow)[0].next_eligible_at <= NEXT_DAY
    (audit,) = rows(books, AuditRow, what="hold_lifted")
    assert (audit.subject, audit.by, audit.detail["why"]) == ("hold 1", "Bruno", "a slip")


def test_the_hold_of_an_open_agreement_names_it_and_stays(books: Database) -> None:
    for n, (what, told) in enumerate((("representative", {}), ("copy", {}), ("paid", {"when": "2026-11-20"})), 1):
        notes(books, what, **told)
        hold = rows(books, HoldRow)[-1]
        kind = name_of(rows(books, AgreementRow)[-1].kind)
        with pytest.raises(BadAnswer, match=rf"^hold: {hold.id} belongs to {kind} {n}, which is open.*end {n}"):
            lifts(books, hold.id)
    assert all(row.lifted_at is None for row in rows(books, HoldRow))


def test_an_opt_out_is_lifted_only_by_the_persons_own_word(books: Database) -> None:
    notes(books, "stop")
    with pytest.raises(BadAnswer, match=r"^asked-by-them: "):
        lifts(books, at=NEXT_DAY)
    assert why(books, NEXT_DAY) == "opt_out"
    assert lifts(books, at=NEXT_DAY, asked_by_them=True).debtors == (1,)
    assert why(books, NEXT_DAY) is None
    with pytest.raises(BadAnswer, match=r"^hold: 1 was lifted on 2026-11-25 by Bruno"):
        lifts(books, at=NEXT_DAY, asked_by_them=True)


def test_a_wrong_number_is_used_again_for_the_debtor_whose_it_is_and_for_nobody_else(books: Database) -> None:
    with books.unit_of_work() as session:
        add_debtor(session, 2, e164=number_of(1))
    notes(books, "wrong-number")
    with books.unit_of_work() as session:
        session.execute(update(PhoneRow).where(PhoneRow.debtor_id == 2).values(until_at=NOW))
    for said, told in ({}, "number-of: "), ({"number_of": "D-9"}, "number-of: there is no debtor 'D-9'"):
        with pytest.raises(BadAnswer, match=f"^{told}"):
            lifts(books, at=NEXT_DAY, **said)
    assert lifts(books, at=NEXT_DAY, number_of="D-1").reopened
    assert why(books, NEXT_DAY) is None
    assert why(books, NEXT_DAY, n=2) == "no_number"
    assert why(books, NEXT_DAY - timedelta(minutes=1), past=True) == "wrong_number"
    first, again = rows(books, PhoneRow, debtor_id=1)
    assert (first.until_at, again.from_at, again.until_at) == (NOW, NEXT_DAY, None), "the time between stays true"


def test_a_number_that_never_was_theirs_is_not_given_to_somebody(books: Database) -> None:
    with books.unit_of_work() as session:
        add_debtor(session, 2)
    notes(books, "wrong-number")
    before = everything_in(books, WRITTEN)
    with pytest.raises(BadAnswer, match=r"^number-of: the number of hold 1 was never one of D-2"):
        lifts(books, number_of="D-2")
    assert everything_in(books, WRITTEN) == before


def test_an_opt_out_of_which_only_the_hash_is_left_is_lifted_for_whoever_has_the_number(books_url: str) -> None:
    database = Database(books_url, number_key=NumberKey("k" * 48))
    with database.unit_of_work() as session:
        add_debtor(session, 1)
        add_debtor(session, 2)
    notes(database, "stop")
    with database.unit_of_work() as session:
        session.execute(update(HoldRow).values(e164=None))
    assert why(database, NEXT_DAY) == "opt_out"
    assert lifts(database, at=NEXT_DAY, asked_by_them=True).debtors == (1,)
    assert why(database, NEXT_DAY) is None
    database.close()


@pytest.mark.parametrize(("id_", "told"), [(99, "hold: there is no hold 99"), (1, "hold: 1 ended by itself")])
def test_a_hold_that_is_not_there_can_not_be_lifted(books: Database, id_: int, told: str) -> None:
    with books.unit_of_work() as session:
        add_hold(session, "h", debtor_id=1, kind="manual", until_at=NOW, from_at=NOW - timedelta(days=9))
    with pytest.raises(BadAnswer, match=f"^{told}"):
        lifts(books, id_)


# -- tasks -----------------------------------------------------------------------------------------------------------


def test_what_only_our_people_can_end_is_listed_the_late_first_then_by_its_day(books: Database) -> None:
    asked: tuple[tuple[str, int, dict[str, str]], ...] = (
        ("complaint", 6, {}), ("person", 1, {}), ("dispute", -3, {}), ("hardship", -1, {}),
        ("callback", 0, {"owner": "person"}), ("callback", 2, {"owner": "machine"}), ("promise", -9, {}),
        ("copy", -9, {}), ("deceased", 4, {"state": "withdrawn"}),
    )  # fmt: skip
    with books.unit_of_work() as session:
        for kind, days, over in asked:
            due = NOW.date() + timedelta(days=days)
            agreement(session, 1, kind, source_key=f"{kind}{days}", due_on=due, hold=False, **over)
    listed = tasks(books)
    assert [(one.kind, one.urgent) for one in listed] == [
        ("dispute", True), ("hardship", True), ("callback", False), ("person", False), ("complaint", False),
    ]  # fmt: skip
    assert {one.id for one in listed} == {None}

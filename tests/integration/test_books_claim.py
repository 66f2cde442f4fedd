"""The claim: whole or not at all, only by permission, never two at one person or number (P1, P3, P5)."""

from __future__ import annotations

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta

import pytest
from sqlalchemy.orm import Session

from books import (
    BUSY,
    CANCELLED,
    HUNG_UP,
    NO_ANSWER,
    NOW,
    Day,
    add_campaign,
    add_debtor,
    add_hold,
    add_invoice,
    ask_callback,
    dial_books,
    number_of,
    pay,
    people,
)
from dialer.claim_store import lock_budget
from dialer.tables import NOT_BRIEFED, AttemptRow, CallRow, EntryRow, StationRow
from ledger.clock import CampaignClock
from ledger.contact import Disposition
from ledger.database import Database
from ledger.run_store import set_run_state
from ledger.tables import (
    AccountRow,
    AgreementRow,
    ContactRow,
    CreditorRow,
    DebtorRow,
    ImportBatchRow,
    ImportDebtorRow,
    ReceiptRow,
)
from schedules.campaign_store import move_campaign
from schedules.tables import CandidateRow

#: Long enough for another thread to come to a lock and wait there.
AT_THE_LOCK_SECONDS = 0.3


# -- what stands in the books --------------------------------------------------------------------------------------


def test_a_claim_is_committed_as_dialing_with_all_its_rows_before_anybody_is_told(day: Day, books_url: str) -> None:
    people(day.database, 3)
    claimed = day.claim()
    assert [one.debtor_id for one in claimed] == [1, 2, 3]
    other = Database(books_url)  # as another process sees it
    with other.reading() as session:
        for one in claimed:
            attempt = session.get_one(AttemptRow, one.attempt)
            assert (attempt.state, attempt.owner, attempt.fence, attempt.e164) == ("dialing", "dial-1", 1, one.e164)
            assert (attempt.dialed_at, attempt.answered_at, attempt.ended_at) == (attempt.claimed_at, None, None)
            call = session.get_one(CallRow, one.attempt)
            assert (call.state, call.direction, call.attempt_uuid, call.debtor_id) == (
                "dialing", "out", one.attempt, one.debtor_id,
            )  # fmt: skip
            assert call.briefing["invoices"]
            entry = session.get_one(EntryRow, one.entry)
            assert (entry.call_uuid, entry.used_at) == (one.attempt, None)
            contact = session.get_one(ContactRow, attempt.contact_id)
            assert (contact.debtor_id, contact.address, contact.channel) == (one.debtor_id, one.e164, "voice")
            assert (contact.local_date, contact.debtor_slot, contact.address_slot) == (NOW.date(), 1, 1)
            assert (contact.ended_at, contact.solicited) == (None, False)
    other.close()
    for row in (ContactRow, AttemptRow, CallRow, EntryRow, ReceiptRow):
        assert len(day.rows(row)) == 3, row.__tablename__
    receipts = day.rows(ReceiptRow)
    assert {(one.verdict, one.rule) for one in receipts} == {("allowed", None)}
    assert {one.contact_id for one in receipts} == {one.id for one in day.rows(ContactRow)}
    assert all(one.law_version and one.text_version and one.zone == "Europe/Brussels" for one in receipts)


def test_a_claim_that_breaks_off_leaves_nothing(day: Day) -> None:
    people(day.database, 2)
    prospects = day.dial.next_up(10)
    with day.database.unit_of_work() as session:
        # One of the two meets the last wall: a contact without an end, that nobody counted.
        session.add(
            ContactRow(
                debtor_id=2, address="elsewhere", channel="sms", zone="Europe/Brussels", local_date=NOW.date(),
                debtor_slot=1, address_slot=1, begun_at=NOW - timedelta(days=400), solicited=True,
            )
        )  # fmt: skip
    before = len(day.rows(ContactRow))
    claimed = day.dial.claim(prospects)
    assert len(day.rows(ContactRow)) == before + len(claimed)
    assert len(day.rows(AttemptRow)) == len(day.rows(CallRow)) == len(claimed)


def test_nobody_can_be_connected_before_the_briefing_which_tells_of_the_last_moment(day: Day) -> None:
    people(day.database, 2)
    claimed = day.dial.claim(day.dial.next_up(10))
    assert day.rows(EntryRow) == []
    assert all(one.briefing == NOT_BRIEFED for one in day.rows(CallRow))
    with day.database.unit_of_work() as session:
        session.get_one(DebtorRow, 1).listening = "slow"
    assert day.dial.brief(claimed) == {one.attempt for one in claimed}
    assert {one.uuid for one in day.rows(EntryRow)} == {one.entry for one in claimed}
    assert [day.briefing(one.attempt).listening for one in claimed] == ["slow", "slow_at_trouble"]


def test_who_was_claimed_is_not_found_again_while_it_lasts(day: Day) -> None:
    people(day.database, 2)
    claimed = day.claim()
    assert day.claim() == []
    day.clock.pass_(minutes=59)
    assert day.claim() == []
    for one in claimed:
        assert day.end(one, BUSY)
    assert day.claim() == [], "one try a day"


def test_who_is_refused_at_the_last_moment_is_looked_at_again_in_a_minute(day: Day) -> None:
    people(day.database, 1)
    prospects = day.dial.next_up(1)
    with day.database.unit_of_work() as session:
        add_hold(session, "h", debtor_id=1, kind="manual", until_at=NOW + timedelta(seconds=30))
    assert day.dial.claim(prospects) == []
    assert day.dial.next_up(1) == []
    day.clock.pass_(seconds=61)
    assert len(day.claim()) == 1


# -- one person, one number ------------------------------------------------------------------------------------------


def test_two_people_at_one_telephone_are_not_called_both(day: Day) -> None:
    with day.database.unit_of_work() as session:
        for n in (1, 2, 3):
            add_debtor(session, n, e164="+32470999999" if n < 3 else number_of(n))
    add_campaign(day.database)
    claimed = day.claim()
    assert {one.e164 for one in claimed} == {"+32470999999", number_of(3)}
    assert len(claimed) == 2
    assert day.claim() == []
    for one in claimed:
        day.end(one, NO_ANSWER)
    day.clock.pass_(minutes=5)
    assert day.claim() == [], "the number has had its try of the day"


def test_two_campaigns_that_name_the_same_person_call_once(day: Day) -> None:
    people(day.database, 4)
    add_campaign(day.database, "spring")
    claimed = day.claim()
    assert sorted(one.debtor_id for one in claimed) == [1, 2, 3, 4]
    day.clock.pass_(minutes=5)
    assert day.claim() == []


def test_the_same_prospect_claimed_twice_is_called_once(day: Day) -> None:
    people(day.database, 3)
    prospects = day.dial.next_up(10)
    assert len(day.dial.claim([*prospects, *prospects])) == 3
    assert day.dial.claim(prospects) == []
    assert len(day.rows(AttemptRow)) == 3


def test_the_window_of_a_call_back_does_not_let_two_in(day: Day) -> None:
    """A call-back passes cap and rest, so that only the call in flight keeps a second one out."""
    with day.database.unit_of_work() as session:
        add_debtor(session, 1)
        ask_callback(session, 1, NOW - timedelta(minutes=10))
    add_campaign(day.database)
    second = dial_books(day.database, CampaignClock(real=day.clock), "dial-2", 2)
    prospects = day.dial.next_up(5)
    (first,) = day.dial.claim(prospects)
    assert second.claim(prospects) == [], "the first still rings"
    day.clock.pass_(minutes=2)
    assert second.claim(second.next_up(5)) == []
    contact = day.one(ContactRow)
    assert contact.solicited
    assert contact.callback_id == day.one(AgreementRow).id
    assert contact.debtor_slot > 100, "a call-back has slots of its own"
    day.end(first, BUSY)
    with day.database.unit_of_work() as session:  # as when somebody rings in meanwhile
        session.query(CandidateRow).update({"next_eligible_at": NOW})
    day.clock.pass_(minutes=2)
    (again,) = second.claim(second.next_up(5))
    day.end(again, BUSY)
    with day.database.unit_of_work() as session:
        session.query(CandidateRow).update({"next_eligible_at": NOW})
    (third,) = second.claim(second.next_up(5))
    own = day.rows(ContactRow)[-1]
    assert (own.solicited, own.callback_id) == (False, None), "two tries, then the call-back is spent"
    assert day.rows(AttemptRow, uuid=third.attempt)
    second.leave()


def test_a_call_that_was_lost_from_sight_still_holds_its_person(day: Day) -> None:
    with day.database.unit_of_work() as session:
        add_debtor(session, 1)
        ask_callback(session, 1, NOW - timedelta(minutes=10))
    add_campaign(day.database)
    prospects = day.dial.next_up(5)
    (one,) = day.dial.claim(prospects)
    day.flight.lost(one.attempt)
    assert day.one(CallRow).state == day.one(AttemptRow).state == "unknown"
    assert day.dial.claim(prospects) == []
    assert day.flight.live_attempts() == [one.attempt]


# -- permission, asked three times -----------------------------------------------------------------------------------

Change = Callable[[Session], None]


def _minor(session: Session) -> None:
    session.get_one(DebtorRow, 1).birth_date = date(2010, 5, 1)


def _person(kind: str) -> Change:
    return lambda session: add_hold(session, kind, debtor_id=1, kind=kind)


def _number(kind: str) -> Change:
    return lambda session: add_hold(session, kind, e164=number_of(1), kind=kind, channel="voice")


#: What stops a call, whenever it is committed (P5).
CHANGES: dict[str, Change] = {
    "paid": lambda session: pay(session, 1),
    "deceased": _person("deceased"),
    "dispute": _person("dispute"),
    "hardship": _person("hardship"),
    "mediation": _person("mediation"),
    "manual": _person("manual"),
    "opt_out": _number("opt_out"),
    "wrong_number": _number("wrong_number"),
    "minor": _minor,
    "invoice_hold": lambda session: add_hold(session, "i", invoice_id=1, kind="manual"),
}


@pytest.mark.parametrize("point", ["before", "between", "claimed", "ringing"])
def test_nobody_is_called_after_what_stops_it_was_committed(day: Day, point: str) -> None:
    """Ten reasons at four points of an attempt's life; a neighbour of each goes on undisturbed."""
    with day.database.unit_of_work() as session:
        for n in range(1, len(CHANGES) + 2):
            add_debtor(session, n)
    add_campaign(day.database)
    stopped = set(range(1, len(CHANGES) + 1))

    def change_all() -> None:
        with day.database.unit_of_work() as session:
            for n, (name, stop) in enumerate(CHANGES.items(), 1):
                _of(session, n, name, stop)

    if point == "before":
        change_all()
    prospects = day.dial.next_up(50)
    if point == "between":
        change_all()
    claimed = day.dial.claim(prospects)
    alone = len(CHANGES) + 1
    if point in ("before", "between"):
        assert [one.debtor_id for one in claimed] == [alone]
        return
    attempts = {one.attempt: one.debtor_id for one in claimed}
    if point == "ringing":
        assert day.dial.brief(claimed) == attempts.keys()
        day.flight.told(list(attempts), [], {})
    assert day.flight.withdrawn(list(attempts)) == []
    change_all()
    if point == "claimed":
        assert {attempts[one] for one in day.dial.brief(claimed)} == {alone}
        assert {one.call_uuid for one in day.rows(EntryRow)} == {
            one.attempt for one in claimed if one.debtor_id == alone
        }
    assert {attempts[one] for one in day.flight.withdrawn(list(attempts))} == stopped
    for one in claimed:
        if one.debtor_id in stopped:
            assert day.end(one, CANCELLED)
    ended = {one.debtor_id: one.disposition for one in day.rows(AttemptRow)}
    assert ended == dict.fromkeys(stopped, Disposition.CANCELLED) | {alone: None}


def _of(session: Session, n: int, name: str, stop: Change) -> None:
    """The change, of this debtor instead of the first."""
    if name == "paid":
        pay(session, n)
    elif name == "minor":
        session.get_one(DebtorRow, n).birth_date = date(2010, 5, 1)
    elif name == "invoice_hold":
        add_hold(session, name, invoice_id=n, kind="manual")
    elif name in ("opt_out", "wrong_number"):
        add_hold(session, name, e164=number_of(n), kind=name, channel="voice")
    else:
        add_hold(session, name, debtor_id=n, kind=name)


def test_a_talk_is_not_cut_off_by_what_is_committed_meanwhile(day: Day) -> None:
    people(day.database, 1)
    one = day.claim_one()
    day.answer(one)
    with day.database.unit_of_work() as session:
        pay(session, 1)
    assert day.flight.withdrawn([one.attempt]) == []


@pytest.mark.parametrize("change", ["paid", "manual", "opt_out", "minor"])
def test_what_is_committed_while_a_claim_waits_for_its_turn_is_seen_by_it(day: Day, change: str) -> None:
    """It waits at the lock (of the budget, or on SQLite of the file); what was read before it is not believed."""
    people(day.database, 2)
    prospects = day.dial.next_up(5)
    with ThreadPoolExecutor(1) as pool:
        with day.database.unit_of_work() as session:
            lock_budget(session, ("d:1", f"a:{number_of(1)}"))
            waiting = pool.submit(day.dial.claim, prospects)
            time.sleep(AT_THE_LOCK_SECONDS)
            CHANGES[change](session)
        claimed = waiting.result(20)
    assert [one.debtor_id for one in claimed] == [2]


def test_nobody_of_a_list_that_is_half_written_is_called(day: Day) -> None:
    people(day.database, 2)
    with day.database.unit_of_work() as session:
        session.add(ImportBatchRow(id=1, file_hash="x", name="list.csv", state="writing", rows=9, begun_at=NOW))
        session.flush()
        session.add(ImportDebtorRow(batch_id=1, debtor_ref="D-1"))
    assert [one.debtor_id for one in day.claim()] == [2]
    with day.database.unit_of_work() as session:
        session.query(ImportDebtorRow).delete()
    day.clock.pass_(minutes=2)
    assert [one.debtor_id for one in day.claim()] == [1]


def test_a_stop_and_a_pause_are_obeyed_wherever_the_attempt_is(day: Day) -> None:
    people(day.database, 2)
    claimed = day.claim()
    attempts = [one.attempt for one in claimed]
    with day.database.unit_of_work() as session:
        set_run_state(session, "stopping")
    assert day.dial.brief(claimed) == frozenset()
    assert day.flight.withdrawn(attempts) == [], "what rings may ring on"
    with day.database.unit_of_work() as session:
        set_run_state(session, "stopped")
    assert sorted(day.flight.withdrawn(attempts)) == sorted(attempts)
    with day.database.unit_of_work() as session:
        set_run_state(session, "running")
        move_campaign(session, "winter", "pause", NOW, "test")
    assert day.dial.look(0).dialling is False
    assert day.dial.next_up(10) == []


# -- what the call is about ------------------------------------------------------------------------------------------


def invoices_of(day: Day) -> list[int]:
    """The invoices that the conversation of the only call will tell of."""
    return [one["id"] for one in day.one(CallRow).briefing["invoices"]]


def test_an_invoice_on_hold_is_not_told_of(day: Day) -> None:
    with day.database.unit_of_work() as session:
        add_debtor(session, 1)
        add_invoice(session, 101, 1)
        add_hold(session, "copy", invoice_id=1, kind="invoice_hold", until_at=NOW + timedelta(days=9))
    add_campaign(day.database)
    day.claim_one()
    assert invoices_of(day) == [101]


def test_a_creditor_whose_invoices_are_all_on_hold_is_not_the_one_we_call_for(day: Day) -> None:
    with day.database.unit_of_work() as session:
        add_debtor(session, 1)
        _second_creditor(session)
        add_hold(session, "h", invoice_id=1, kind="manual")
    add_campaign(day.database)
    day.claim_one()
    assert invoices_of(day) == [201]
    assert day.one(CallRow).briefing["creditor"] == "Creditor 2"


def test_a_remainder_too_small_to_call_about_is_not_what_we_call_for(day: Day) -> None:
    with day.database.unit_of_work() as session:
        add_debtor(session, 1, open_minor=3_00)
        _second_creditor(session)
    add_campaign(day.database)
    day.claim_one()
    assert invoices_of(day) == [201]


def test_a_campaign_of_one_creditor_tells_of_its_invoices_only(day: Day) -> None:
    with day.database.unit_of_work() as session:
        add_debtor(session, 1)
        _second_creditor(session)
    add_campaign(day.database, creditor="Creditor 2")
    day.claim_one()
    assert invoices_of(day) == [201]


def test_invoices_in_two_currencies_are_not_added_up(day: Day) -> None:
    with day.database.unit_of_work() as session:
        add_debtor(session, 1)
        add_invoice(session, 101, 1, currency="USD", due_on=date(2026, 10, 20))
        add_invoice(session, 102, 1, due_on=date(2026, 10, 21))
    add_campaign(day.database)
    day.claim_one()
    assert invoices_of(day) == [1, 102], "those in the money of the oldest"


def _second_creditor(session: Session) -> None:
    """The same human owes another creditor too, since later."""
    session.add(CreditorRow(id=2, name="Creditor 2", sender="Waterhuis", policy={}))
    session.flush()
    session.add(AccountRow(id=200, creditor_id=2, debtor_id=1, customer_no="880001"))
    session.flush()
    add_invoice(session, 201, 200, creditor_id=2, due_on=date(2026, 10, 20))


def test_a_dialer_says_what_it_sees_and_is_gone_when_it_leaves(day: Day) -> None:
    people(day.database, 2)
    assert day.dial.look(0).dialling is False, "no line is there"
    station = day.one(StationRow)
    assert (station.role, station.name, station.detail["in_flight"]) == ("dial", "dial-1", 0)
    day.dial.leave()
    assert day.rows(StationRow) == []
    day.dial = dial_books(day.database, CampaignClock(real=day.clock))


def test_ends_that_were_told_twice_or_of_nobody_harm_nothing(day: Day) -> None:
    people(day.database, 1)
    one = day.claim_one()
    assert day.flight.told([], [], {one.attempt: BUSY, "nobody's": HUNG_UP}) == [one.attempt, "nobody's"]
    assert day.end(one, HUNG_UP)
    assert day.one(AttemptRow).disposition == Disposition.BUSY


def test_people_of_eighty_are_spoken_to_slowly_and_those_of_seventy_at_the_first_trouble(day: Day) -> None:
    with day.database.unit_of_work() as session:
        add_debtor(session, 1, birth_date=date(1940, 1, 1))
        add_debtor(session, 2)
    add_campaign(day.database)
    assert {one.debtor_id: day.briefing(one.attempt).listening for one in day.claim()} == {
        1: "slow",
        2: "slow_at_trouble",
    }

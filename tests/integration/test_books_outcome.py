"""The end of a call in the books: written once, whoever learns of it, with one disposition and one next step."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

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
    ask_callback,
    number_of,
    pay,
    people,
)
from desk.health_store import wrong_balances
from dialer.calls_store import listed_calls
from dialer.outcome import CarriersEnd
from dialer.outcome_store import settle_all
from dialer.tables import AttemptRow, CallRow, EntryRow
from ivr.heard import Answered, Heard, HungUp, Keys, MachineAnswered, Silence
from ivr.tables import ConversationRow
from ledger.clock import real_now
from ledger.contact import Disposition
from ledger.database import Database
from ledger.tables import (
    AgreementInvoiceRow,
    AgreementRow,
    ContactRow,
    HoldRow,
    InstalmentRow,
    OutboxRow,
    ReceiptRow,
)
from postgres_fixture import ENGINES, books_on
from schedules.law_file import shipped_rules
from schedules.queue import NEVER
from schedules.tables import CandidateRow

LINE_LOST = CarriersEnd(cause=16, dial_status="ANSWER", answered=True, line_lost=True)
LOST = CarriersEnd(cause=0, dial_status=None, answered=False, lost=True)
#: From the first word to a promise of the first day on offer, agreed at the end.
PROMISE = (Answered(), *map(Keys, ("1", "1", "2000", "{customer}", "2", "1", "1", "1")))


@pytest.fixture
def one_call(day: Day) -> Any:
    """One debtor, claimed."""
    people(day.database, 1)
    return day.claim_one()


def promise(day: Day, one: Any) -> None:
    """The debtor proves who it is, and promises."""
    for heard in PROMISE:
        keys = heard.keys.format(customer=f"{one.debtor_id:04d}") if isinstance(heard, Keys) else None
        day.say(one.attempt, Keys(keys) if keys is not None else heard)


def over(day: Day, call: str) -> None:
    """The line is closed, in its own process."""
    day.talks.ending(call, lambda session: settle_all(session, [call], day.clock(), real_now(), rules=shipped_rules()))


def ended(day: Day) -> tuple[str | None, str | None, str | None]:
    """The disposition in each of the rows of the only call; all the same, or something is wrong."""
    return day.one(CallRow).disposition, day.one(AttemptRow).disposition, day.one(ContactRow).disposition


# -- from both sides -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("first", ["carrier", "line"])
def test_an_answered_call_is_closed_when_both_sides_have_ended_whichever_is_first(
    day: Day, one_call: Any, first: str
) -> None:
    day.answer(one_call)
    promise(day, one_call)
    if first == "carrier":
        assert not day.end(one_call, HUNG_UP)
        assert day.one(CallRow).state == "talking"
        over(day, one_call.attempt)
    else:
        over(day, one_call.attempt)
        assert day.one(CallRow).state == "talking"
        assert day.end(one_call, HUNG_UP)
    assert ended(day) == ("promise",) * 3
    before = _everything(day)
    for _ in range(2):  # whoever learns of it later finds it done
        day.clock.pass_(minutes=1)
        assert day.end(one_call, NO_ANSWER)
        over(day, one_call.attempt)
        day.flight.settle_all()
    assert _everything(day) == before


def _everything(day: Day) -> list[dict[str, Any]]:
    """Every row that the end of a call writes."""
    rows = (CallRow, AttemptRow, ContactRow, CandidateRow, AgreementRow, HoldRow, OutboxRow)
    return [
        {column.key: getattr(one, column.key) for column in row.__table__.columns}
        for row in rows
        for one in day.rows(row)
    ]


def test_a_talk_whose_line_died_is_ended_a_while_after_the_carriers_end(
    day: Day, one_call: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    day.answer(one_call)
    promise(day, one_call)
    assert not day.end(one_call, LINE_LOST)
    assert day.flight.settle_all() == []
    monkeypatch.setattr("dialer.in_flight_store.GRACE", timedelta(0))
    assert day.flight.settle_all() == [one_call.attempt]
    assert ended(day) == ("promise",) * 3, "what was agreed stays agreed"
    assert day.one(AttemptRow).end_note == "line_lost"


def test_a_dialer_that_starts_anew_closes_what_the_one_before_it_left(day: Day, one_call: Any) -> None:
    day.answer(one_call)
    promise(day, one_call)
    over(day, one_call.attempt)
    heir = Day(day.database, day.clock)
    assert heir.flight.live_attempts() == [one_call.attempt]
    assert heir.end(one_call, LOST)
    assert ended(day) == ("promise",) * 3
    assert heir.flight.live_attempts() == []
    heir.close()


# -- every way to end ------------------------------------------------------------------------------------------------


#: Ends of calls that nobody answered, and what they are called.
UNANSWERED = (
    (BUSY, "busy"),
    (NO_ANSWER, "no_answer"),
    (CarriersEnd(cause=21, dial_status="NOANSWER", answered=False), "rejected"),
    (CarriersEnd(cause=1, dial_status=None, answered=False), "unallocated"),
    (CarriersEnd(cause=34, dial_status="CONGESTION", answered=False), "congestion"),
    (CarriersEnd(cause=0, dial_status=None, answered=False), "failed"),
    (CANCELLED, "cancelled"),
    (LOST, "unknown"),
)


def test_a_call_that_nobody_answered_ends_at_once_and_is_tried_another_day(day: Day) -> None:
    people(day.database, len(UNANSWERED))
    claimed = sorted(day.claim(), key=lambda one: one.debtor_id)
    told = {one.attempt: end for one, (end, _) in zip(claimed, UNANSWERED, strict=True)}
    assert sorted(day.flight.told([], [], told)) == sorted(told)
    candidates = {one.debtor_id: one for one in day.rows(CandidateRow)}
    contacts = {one.id: one for one in day.rows(ContactRow)}
    for attempt in day.rows(AttemptRow):
        end, disposition = UNANSWERED[attempt.debtor_id - 1]
        contact = contacts[attempt.contact_id]
        assert (attempt.disposition, contact.disposition, attempt.state) == (disposition, disposition, "ended")
        assert (attempt.next_step, attempt.hangup_cause) == ("retry", end.cause or None), disposition
        assert attempt.next_at == candidates[attempt.debtor_id].next_eligible_at
        assert attempt.next_at.astimezone(NOW.tzinfo).date() > NOW.date(), "not twice a day"
        assert (contact.talked, contact.right_party) == (False, False)
        assert contact.ended_at >= attempt.ended_at


def test_an_answer_that_was_missed_is_noted_with_the_end(day: Day, one_call: Any) -> None:
    assert day.end(one_call, HUNG_UP)
    assert ended(day) == ("no_conversation",) * 3
    assert day.one(AttemptRow).answered_at is not None


#: What was heard, how the carrier ended it: disposition, whether somebody talked, and what comes next.
SAID = (
    ((Answered(), HungUp()), HUNG_UP, "no_conversation", False, "retry"),
    ((Answered(), Silence(), Silence(), Silence()), HUNG_UP, "no_conversation", False, "retry"),
    ((Answered(), HungUp()), LINE_LOST, "abandoned", False, "retry"),
    ((Answered(), MachineAnswered()), HUNG_UP, "voicemail", False, "retry"),
    ((Answered(), Keys("9"), HungUp()), HUNG_UP, "opted_out", True, "letter"),
    ((Answered(), Keys("2"), Keys("1"), HungUp()), HUNG_UP, "wrong_number", True, "letter"),
    ((Answered(), Keys("2"), Keys("2"), HungUp()), HUNG_UP, "not_at_home", True, "retry"),
    ((Answered(), Keys("0"), HungUp()), HUNG_UP, "person", True, "person"),
)


def test_what_was_said_decides_and_somebody_else_is_not_the_debtor(day: Day) -> None:
    people(day.database, len(SAID))
    for one in day.claim():
        heard, end, *_ = SAID[one.debtor_id - 1]
        day.answer(one)
        day.say(one.attempt, *heard)
        over(day, one.attempt)
        assert day.end(one, end)
    contacts = {one.debtor_id: one for one in day.rows(ContactRow)}
    for attempt in day.rows(AttemptRow):
        _, _, disposition, talked, step = SAID[attempt.debtor_id - 1]
        contact = contacts[attempt.debtor_id]
        assert (attempt.disposition, contact.disposition) == (disposition, disposition)
        assert (contact.talked, contact.right_party) == (talked, False), disposition
        assert attempt.next_step == step, disposition


def test_the_list_of_calls_tells_the_cause_and_who_ended_each(day: Day) -> None:
    told_none = CarriersEnd(cause=0, dial_status="ANSWER", answered=True)
    ways: tuple[tuple[tuple[Heard, ...], CarriersEnd], ...] = (
        ((Answered(), HungUp()), told_none),
        ((Answered(), MachineAnswered()), HUNG_UP),
        ((Answered(), HungUp()), LINE_LOST),
    )
    people(day.database, len(ways))
    for one in day.claim():
        heard, end = ways[one.debtor_id - 1]
        day.answer(one)
        day.say(one.attempt, *heard)
        over(day, one.attempt)
        assert day.end(one, end)
    with day.database.reading() as session:
        told = {call.debtor: (call.cause, call.ended_by) for call in listed_calls(session)}
    assert told == {"D-1": (16, "them"), "D-2": (16, "us"), "D-3": (16, "line")}


def test_a_promise_binds_once_rests_and_waits_for_its_day(day: Day, one_call: Any) -> None:
    day.answer(one_call)
    promise(day, one_call)
    over(day, one_call.attempt)
    assert day.end(one_call, HUNG_UP)
    agreement, contact = day.one(AgreementRow), day.one(ContactRow)
    assert (agreement.kind, agreement.state, agreement.amount_minor, agreement.currency) == (
        "promise", "open", 120_00, "EUR",
    )  # fmt: skip
    assert (contact.talked, contact.right_party, contact.disposition) == (True, True, "promise")
    assert [one.invoice_id for one in day.rows(AgreementInvoiceRow)] == [1]
    assert day.one(OutboxRow).template == "confirm.promise"
    attempt = day.one(AttemptRow)
    assert attempt.next_step == "none"
    quiet_until = agreement.due_on + timedelta(days=3)
    assert attempt.next_at.astimezone(NOW.tzinfo).date() > quiet_until
    assert day.one(CandidateRow).next_eligible_at == attempt.next_at


def test_whoever_only_a_person_can_free_is_not_looked_at_again(day: Day, one_call: Any) -> None:
    day.answer(one_call)
    day.say(one_call.attempt, Answered(), Keys("0"))
    over(day, one_call.attempt)
    day.end(one_call, HUNG_UP)
    assert day.one(AttemptRow).next_at is None
    assert day.one(CandidateRow).next_eligible_at == NEVER


def test_a_call_back_that_was_kept_is_closed_and_one_that_reached_nobody_is_not(day: Day) -> None:
    with day.database.unit_of_work() as session:
        for n in (1, 2):
            add_debtor(session, n)
            ask_callback(session, n, NOW - timedelta(minutes=5))
    add_campaign(day.database)
    first, second = sorted(day.claim(), key=lambda one: one.debtor_id)
    day.answer(first)
    day.say(first.attempt, Answered(), Keys("2"), Keys("2"))
    over(day, first.attempt)
    day.end(first, HUNG_UP)
    day.end(second, NO_ANSWER)
    states = {one.debtor_id: (one.state, one.ended_at is not None) for one in day.rows(AgreementRow, kind="callback")}
    assert states == {1: ("kept", True), 2: ("open", False)}


# -- what holds at the end of any day (design.md) --------------------------------------------------------------------


@pytest.fixture(scope="module", params=ENGINES)
def busy_day(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Day]:
    """A day on which much happens: every kind of end, agreements, holds, payments, calls that are still live.

    Lived through once for each engine; the last two tests go on with it.
    """
    with books_on(request, tmp_path_factory.mktemp("busy")) as address:
        day = Day(Database(address))
        _live_through(day)
        yield day
        day.close()
        day.database.close()


def _live_through(day: Day) -> None:
    with day.database.unit_of_work() as session:
        for n in range(1, 25):
            add_debtor(session, n, e164=number_of(n if n < 20 else 20))
        ask_callback(session, 1, NOW - timedelta(minutes=5))
    add_campaign(day.database)
    claimed = sorted(day.claim(), key=lambda one: one.debtor_id)
    ends = (BUSY, NO_ANSWER, CANCELLED, LOST, LINE_LOST, HUNG_UP)
    for one in claimed[:12]:
        day.end(one, ends[one.debtor_id % len(ends)])
    for one, keys in zip(claimed[12:17], ("9", "0", "21", "22", None), strict=True):
        day.answer(one)
        day.say(one.attempt, Answered())
        if keys is None:
            promise(day, one)
        else:
            day.say(one.attempt, *map(Keys, keys))
        over(day, one.attempt)
        day.end(one, HUNG_UP)
    with day.database.unit_of_work() as session:
        pay(session, 1, 20_00)
        pay(session, 2)
        for one in claimed[17:]:
            add_hold(session, f"late-{one.debtor_id}", debtor_id=one.debtor_id, kind="dispute")


def test_there_is_one_order_at_most_of_an_attempt(busy_day: Day) -> None:
    """Each attempt has a contact, a call, a ticket and a receipt of its own; the carrier knows it by its own name."""
    attempts = {one.uuid: one.contact_id for one in busy_day.rows(AttemptRow)}
    assert sorted(attempts.values()) == [one.id for one in busy_day.rows(ContactRow)]
    assert sorted((one.uuid, one.carrier_ref) for one in busy_day.rows(CallRow)) == sorted((a, a) for a in attempts)
    assert Counter(one.call_uuid for one in busy_day.rows(EntryRow)) == Counter(list(attempts))
    assert Counter(one.contact_id for one in busy_day.rows(ReceiptRow)) == Counter(attempts.values())


def test_nothing_binds_without_its_row(busy_day: Day) -> None:
    """Of every fact that a conversation holds to be agreed there is the row, made in that call."""
    agreed = {"PromiseMade": "promise", "PersonAsked": "person"}
    held = {"OptedOut": "opt_out", "WrongNumber": "wrong_number"}
    rows = {(one.source_key.split(":")[0], one.kind) for one in busy_day.rows(AgreementRow)}
    holds = {(one.source_key.split(":")[0], one.kind) for one in busy_day.rows(HoldRow)}
    seen = Counter[str]()
    for talk in busy_day.rows(ConversationRow):
        for fact in talk.state["facts"]:
            if fact in agreed:
                assert (talk.call_id, agreed[fact]) in rows
            if fact in held:
                assert (talk.call_id, held[fact]) in holds
            seen[fact] += 1
    assert {name: seen[name] for name in (*agreed, *held)} == dict.fromkeys((*agreed, *held), 1)
    for plan in busy_day.rows(AgreementRow, kind="plan"):
        parts = busy_day.rows(InstalmentRow, agreement_id=plan.id)
        assert sum(part.amount_minor for part in parts) == plan.amount_minor


def test_every_call_that_ended_has_one_disposition_and_one_next_step(busy_day: Day) -> None:
    known = set(Disposition)
    contacts = {one.id: one for one in busy_day.rows(ContactRow)}
    calls = {one.uuid: one for one in busy_day.rows(CallRow)}
    over_, live = [], []
    for attempt in busy_day.rows(AttemptRow):
        (over_ if calls[attempt.uuid].state == "ended" else live).append(attempt)
    assert over_ and live
    for attempt in over_:
        contact, call = contacts[attempt.contact_id], calls[attempt.uuid]
        assert attempt.disposition == contact.disposition == call.disposition
        assert attempt.disposition in known
        assert attempt.next_step is not None
        assert contact.ended_at == call.ended_at
        assert attempt.state == "ended"
    for attempt in live:
        contact = contacts[attempt.contact_id]
        assert (attempt.disposition, attempt.next_step, contact.disposition, contact.ended_at) == (None,) * 4


def test_what_is_open_is_the_amount_and_charges_less_what_was_paid(busy_day: Day) -> None:
    with busy_day.database.reading() as session:
        assert wrong_balances(session) == 0
        held = session.scalars(select(AgreementRow).where(AgreementRow.kind == "promise")).one()
        assert held.amount_minor == 120_00


def test_nobody_with_a_hold_keeps_a_call_that_still_rings(busy_day: Day) -> None:
    """The dialer asks with every signal and every second; whom it finds here it hangs up at once."""
    live = {one.uuid: one.debtor_id for one in busy_day.rows(AttemptRow) if one.ended_at is None}
    held = {one.debtor_id for one in busy_day.rows(HoldRow, kind="dispute")}
    assert set(live.values()) == held
    withdrawn = busy_day.flight.withdrawn(list(live))
    assert sorted(withdrawn) == sorted(live)
    busy_day.flight.told([], [], dict.fromkeys(withdrawn, CANCELLED))
    assert busy_day.flight.live_attempts() == []
    assert {one.disposition for one in busy_day.rows(AttemptRow) if one.uuid in live} == {"cancelled"}


def test_no_person_and_no_number_has_more_contacts_than_the_cap(busy_day: Day) -> None:
    """P3, after one day: the races and the histories have tests of their own."""
    busy_day.clock.pass_(hours=4)
    assert [one.debtor_id for one in busy_day.claim()] == [1], "whose only try so far was asked for"
    ours = [one for one in busy_day.rows(ContactRow) if not one.solicited]
    for key in ("debtor_id", "address"):
        assert max(Counter((getattr(one, key), one.local_date) for one in ours).values()) == 1

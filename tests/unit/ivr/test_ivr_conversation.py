"""The shell: once and only once, committed before it is confirmed, polite when nothing can be committed."""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import event, func, select

from books import rows
from ivr import heard as h
from ivr.act import Act, Ask, HangUp, Say
from ivr.conversation import Conversations, Ending
from ivr.errors import UnknownConversation
from ivr.state import GONE
from ivr.tables import ConversationRow, IdentityTryRow, TurnRow
from ivr.testing import INVOICE, SECOND_INVOICE, a_briefing
from ledger.contact import Disposition
from ledger.database import Base, Database
from ledger.errors import DatabaseUnusable
from ledger.tables import (
    AgreementInvoiceRow,
    AgreementRow,
    AuditRow,
    DebtorRow,
    HoldRow,
    InstalmentRow,
    OutboxRow,
    PhoneRow,
    WishRow,
)

ADA = a_briefing()
CALL = ADA.call_id
#: Ada proves who she is and promises the first day on offer, up to the question that binds.
TO_PROMISE = ["1", "1", "9000", "4417", "2", "1", "1"]


def said(acts: tuple[Act, ...]) -> list[str]:
    return [act.spoken.key for act in acts if isinstance(act, Say)]


def talk(conversations: Conversations, *keys: str, call: str = CALL, begin: bool = True) -> tuple[Act, ...]:
    """Answer the line and press keys, each turn with an input key of its own."""
    if begin:
        conversations.begin(a_briefing(call_id=call))
        conversations.step(call, "0", h.Answered())
    acts: tuple[Act, ...] = ()
    for n, key in enumerate(keys, 1):
        acts = conversations.step(call, f"{n}", h.Keys(key))
    return acts


def counted(database: Database) -> Counter[str]:
    """How many rows each table has."""
    with database.reading() as session:
        tables = Base.metadata.tables.items()
        return Counter({name: session.scalar(select(func.count()).select_from(table)) or 0 for name, table in tables})


@contextmanager
def failing(database: Database, nth: int, last: int | None = None) -> Iterator[list[str]]:
    """The nth write and those up to the `last` (None: all that follow) meet a full disk; commits count as writes."""
    writes: list[str] = []

    def fails() -> bool:
        return len(writes) >= nth and (last is None or len(writes) <= last)

    def before(_c: Any, _cursor: Any, statement: str, _p: Any, _x: Any, _m: bool) -> None:
        if statement.split()[0] in ("INSERT", "UPDATE", "DELETE"):
            writes.append(statement)
            if fails():
                raise sqlite3.OperationalError("database or disk is full")

    def commit(_connection: Any) -> None:
        writes.append("COMMIT")
        if fails():
            raise sqlite3.OperationalError("disk I/O error")

    event.listen(database.engine, "before_cursor_execute", before)
    event.listen(database.engine, "commit", commit)
    try:
        yield writes
    finally:
        event.remove(database.engine, "before_cursor_execute", before)
        event.remove(database.engine, "commit", commit)


def test_a_promise_is_in_the_books_before_it_is_confirmed(database: Database, conversations: Conversations) -> None:
    acts = talk(conversations, *TO_PROMISE, "1")
    assert said(acts) == ["promise.done", "sum.check"]
    with database.reading() as session:
        row = session.scalars(select(AgreementRow)).one()
        assert (row.kind, row.amount_minor, row.due_on, row.state) == ("promise", 8550, ADA.promise_dates[0], "open")
        assert row.source_key == f"{CALL}:9:promise"
        assert session.scalars(select(AgreementInvoiceRow.invoice_id)).all() == [1]
        message = session.scalars(select(OutboxRow)).one()
        assert (message.template, message.channel, message.state) == ("confirm.promise", "sms", "pending")
        assert session.scalars(select(HoldRow)).all() == []
        assert session.scalars(select(ConversationRow)).one().verified_at is not None


def test_a_begun_conversation_begins_once(database: Database, conversations: Conversations) -> None:
    for _ in range(3):
        conversations.begin(ADA)
    assert counted(database)["conversation"] == 1


def test_the_same_input_key_changes_nothing_and_gives_the_same_acts(
    database: Database, conversations: Conversations
) -> None:
    talk(conversations, *TO_PROMISE)
    first = conversations.step(CALL, "yes", h.Keys("1"))
    before = counted(database)
    assert conversations.step(CALL, "yes", h.Keys("1")) == first
    assert conversations.step(CALL, "yes", h.Keys("9")) == first
    another_process = Conversations(database, lambda: datetime(2026, 11, 24, tzinfo=UTC), lambda _: ADA)
    assert another_process.step(CALL, "yes", h.Keys("1")) == first
    assert counted(database) == before


def test_another_process_goes_on_where_the_first_stopped(database: Database, conversations: Conversations) -> None:
    talk(conversations, *TO_PROMISE)
    another = Conversations(database, lambda: datetime(2026, 11, 24, tzinfo=UTC), lambda _: ADA)
    assert said(another.step(CALL, "n", h.Keys("1"))) == ["promise.done", "sum.check"]
    assert said(conversations.step(CALL, "m", h.Keys("1"))) == ["sum.done", "bye"]


def test_digits_of_identity_are_never_stored(database: Database, conversations: Conversations) -> None:
    talk(conversations, "4417", *TO_PROMISE, "1")
    with database.reading() as session:
        stored = [dict(row.heard) for row in session.scalars(select(TurnRow).order_by(TurnRow.n))]
        assert stored.count({"is": "Keys", "keys": "redacted"}) == 3
        rows = [
            str({column.name: value for column, value in zip(table.columns, row, strict=True)})
            for name, table in Base.metadata.tables.items()
            if name != "account"
            for row in session.execute(select(table))
        ]
    assert not [row for row in rows if "9000" in row or "4417" in row]


def test_a_call_without_a_conversation_is_refused_by_name(conversations: Conversations) -> None:
    with pytest.raises(UnknownConversation):
        conversations.step("00000000-0000-4000-8000-00000000dead", "0", h.Answered())


@pytest.mark.parametrize("nth", range(1, 8))
def test_what_a_failing_write_takes_away_is_never_confirmed(
    database: Database, conversations: Conversations, nth: int
) -> None:
    """The nth write of the binding turn fails, for every n: the promise is whole or not there, and so are our words."""
    talk(conversations, *TO_PROMISE)
    before = counted(database)
    with failing(database, nth, nth) as writes:
        acts = conversations.step(CALL, "yes", h.Keys("1"))
    assert len(writes) >= nth
    assert "promise.done" not in said(acts)
    assert said(acts) == ["trouble.again", "trouble.person", "promise.check"]
    assert counted(database) - before == Counter({"turn": 1})
    again = conversations.step(CALL, "yes again", h.Keys("1"))
    assert said(again) == ["promise.done", "sum.check"]
    assert counted(database)["agreement"] == 1


def test_the_binding_turn_has_as_many_writes_as_are_tried_above(
    database: Database, conversations: Conversations
) -> None:
    talk(conversations, *TO_PROMISE)
    with failing(database, 1000) as writes:
        conversations.step(CALL, "yes", h.Keys("1"))
    assert len(writes) == 7
    assert writes[-1] == "COMMIT"


def test_a_dead_database_gets_a_polite_end_and_confirms_nothing(
    database: Database, conversations: Conversations
) -> None:
    talk(conversations, *TO_PROMISE)
    with failing(database, 1):
        first = conversations.step(CALL, "a", h.Keys("1"))
        assert said(first) == ["trouble.again", "trouble.person", "promise.check"]
        assert conversations.step(CALL, "a", h.Keys("1")) == first
        last = conversations.step(CALL, "b", h.Keys("0"))
    assert said(last) == ["trouble.not_recorded"]
    assert isinstance(last[-1], HangUp)
    assert counted(database)["agreement"] == 0
    assert conversations.end(CALL) is Disposition.HEARD


def test_a_crisis_that_no_book_can_take_is_cried_out_and_hears_where_somebody_listens(
    database: Database, conversations: Conversations, caplog: pytest.LogCaptureFixture
) -> None:
    talk(conversations)
    with failing(database, 1):
        assert said(conversations.step(CALL, "a", h.Words("crisis"))) == ["crisis.alone"], "and no call is promised"
        assert [one.message for one in caplog.records if "crisis" in one.message] == [
            f"call {CALL}: somebody is in crisis, and it could not be recorded; call them now"
        ]
        for key in "bcd":  # nobody is hung up on, however long the books are away
            assert said(conversations.step(CALL, key, h.Silence())) == ["silence.1", "crisis.alone"]
    assert said(conversations.step(CALL, "e", h.Silence())) == ["crisis"], "now it is noted, and the call is promised"
    assert counted(database)["agreement"] == 1


def test_whoever_is_in_a_crisis_is_told_again_and_again_before_we_go(
    database: Database, conversations: Conversations
) -> None:
    talk(conversations)
    with failing(database, 1):
        turns = [conversations.step(CALL, "a", h.Words("crisis"))]
        while not isinstance(turns[-1][-1], HangUp):
            turns.append(conversations.step(CALL, str(len(turns)), h.Noise()))
    assert len(turns) > 6
    assert said(turns[-1]) == ["crisis.alone_bye"]


def test_a_payment_that_could_not_be_noted_is_not_told_and_can_be_told_later(
    database: Database, conversations: Conversations
) -> None:
    """The caller asked for nothing, so that they need not hear that it failed: the question stays open."""
    talk(conversations, *TO_PROMISE)
    with failing(database, 1):
        (waits,) = conversations.step(CALL, "a", h.PaymentSeen())
    assert isinstance(waits, Ask)
    assert said(conversations.step(CALL, "b", h.Keys("*"))) == ["promise.check"]
    assert said(conversations.step(CALL, "c", h.PaymentSeen())) == ["pay.received", "bye"]


def test_a_database_that_can_not_even_be_read_gets_a_polite_answer(
    database: Database, conversations: Conversations, monkeypatch: pytest.MonkeyPatch
) -> None:
    talk(conversations, *TO_PROMISE)

    @contextmanager
    def unusable() -> Iterator[None]:
        raise DatabaseUnusable("The database is gone; bring it back")
        yield

    monkeypatch.setattr(database, "reading", unusable)
    monkeypatch.setattr(database, "unit_of_work", unusable)
    assert said(conversations.step(CALL, "a", h.Keys("1"))) == ["trouble.again", "trouble.person", "promise.check"]
    assert conversations.step(CALL, "b", h.HungUp()) == ()
    assert said(conversations.step(CALL, "c", h.TimeUp())) == ["trouble.time_up"]
    assert conversations.step(CALL, "d", h.MachineAnswered()) == (HangUp("not recorded"),)


def test_a_commit_whose_answer_was_lost_is_still_confirmed(
    database: Database, conversations: Conversations, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The row is there although the connection broke: the debtor hears what the books say."""
    talk(conversations, *TO_PROMISE)
    honest = database.unit_of_work
    broken = iter([True])

    @contextmanager
    def loses_the_answer() -> Iterator[Any]:
        with honest() as session:
            yield session
        if next(broken, False):
            raise DatabaseUnusable("The connection broke after the commit")

    monkeypatch.setattr(database, "unit_of_work", loses_the_answer)
    assert said(conversations.step(CALL, "yes", h.Keys("1"))) == ["promise.done", "sum.check"]
    assert counted(database)["agreement"] == 1


def test_the_first_words_have_a_fallback_too(database: Database, conversations: Conversations) -> None:
    conversations.begin(ADA)
    with failing(database, 1):
        acts = conversations.step(CALL, "0", h.Answered())
    assert said(acts) == ["fallback"]
    assert isinstance(acts[-1], HangUp)


def test_who_was_first_wins_and_the_other_answers_from_there(
    database: Database, conversations: Conversations, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A web hook and the dialer take a turn at once: the second sees the first's state and answers from it."""
    talk(conversations, *TO_PROMISE)
    other = Conversations(database, lambda: datetime(2026, 11, 24, tzinfo=UTC), lambda _: ADA)
    honest = conversations._keep
    first = iter([True])

    def late(*arguments: Any) -> bool:
        if next(first, False):
            other.step(CALL, "key", h.Keys("1"))
        return honest(*arguments)

    monkeypatch.setattr(conversations, "_keep", late)
    assert said(conversations.step(CALL, "paid", h.PaymentSeen())) == ["pay.received", "bye"]
    assert counted(database)["agreement"] == 1


def test_an_ended_conversation_says_nothing_more(conversations: Conversations) -> None:
    talk(conversations, *TO_PROMISE)
    assert conversations.end(CALL) is Disposition.HEARD
    assert conversations.step(CALL, "late", h.Keys("1")) == (HangUp("ended"),)


@pytest.mark.parametrize(
    ("keys", "ending"),
    [
        ([], Ending(Disposition.NO_CONVERSATION, talked=False, right_party=False)),
        (["1"], Ending(Disposition.NO_CONVERSATION, talked=True, right_party=False)),
        (["1", "1", "9000", "4417"], Ending(Disposition.HEARD, talked=True, right_party=True)),
        ([*TO_PROMISE, "1"], Ending(Disposition.PROMISE, talked=True, right_party=True)),
        ([*TO_PROMISE, "1", "9"], Ending(Disposition.PROMISE, talked=True, right_party=True)),
        (["2", "1"], Ending(Disposition.WRONG_NUMBER, talked=True, right_party=False)),
        (["9", "1"], Ending(Disposition.NO_CONVERSATION, talked=True, right_party=False)),
    ],
)
def test_a_caller_who_vanishes_keeps_what_was_committed(
    conversations: Conversations, keys: list[str], ending: Ending
) -> None:
    talk(conversations, *keys)
    conversations.step(CALL, "gone", h.HungUp())
    assert conversations.ending(CALL) == ending
    assert conversations.end(CALL) is ending.disposition


def test_nobody_heard_us_at_all(conversations: Conversations) -> None:
    assert conversations.end(CALL) is Disposition.ABANDONED
    conversations.begin(ADA)
    assert conversations.end(CALL) is Disposition.ABANDONED


PROVED = ["1", "1", "9000", "4417"]


def test_a_plan_has_every_instalment_and_their_sum_is_exact(database: Database, conversations: Conversations) -> None:
    acts = talk(conversations, *PROVED, "2", "2", "1", "2", "1")
    assert said(acts) == ["plan.done", "sum.check"]
    parts = rows(database, InstalmentRow)
    assert [part.amount_minor for part in parts] == [2850, 2850, 2850]
    assert [part.due_on.isoformat() for part in parts] == ["2027-01-01", "2027-02-01", "2027-03-01"]
    (agreement,) = rows(database, AgreementRow)
    assert (agreement.kind, agreement.amount_minor) == ("plan", 8550)
    (hold,) = rows(database, HoldRow)
    assert (hold.kind, hold.debtor_id, hold.until_at) == ("plan", 1, None)


def test_an_own_figure_goes_to_a_person(database: Database, conversations: Conversations) -> None:
    assert said(talk(conversations, *PROVED, "2", "2", "2", "0005", "1")) == ["plan.review", "sum.check"]
    (request,) = rows(database, AgreementRow)
    assert (request.kind, request.amount_minor, request.owner) == ("plan_request", 500, "person")
    assert request.due_on == ADA.plan_answer_by
    assert [hold.kind for hold in rows(database, HoldRow)] == ["plan_request"]


def test_a_dispute_has_a_department_a_clock_and_a_hold(database: Database, conversations: Conversations) -> None:
    assert said(talk(conversations, *PROVED, "3", "2", "2", "2")) == ["dispute.done", "sum.check"]
    (dispute,) = rows(database, AgreementRow)
    assert (dispute.kind, dispute.owner, dispute.due_on) == ("dispute", "delivery", ADA.answer_by)
    assert dispute.detail == {"kind": "damaged"}
    assert [(hold.kind, hold.debtor_id) for hold in rows(database, HoldRow)] == [("dispute", 1)]


def test_a_copy_quiets_its_invoice_for_fourteen_local_days(database: Database, conversations: Conversations) -> None:
    talk(conversations, *PROVED, "3", "2", "1")
    (hold,) = rows(database, HoldRow)
    assert (hold.kind, hold.invoice_id, hold.debtor_id) == ("invoice_hold", 1, None)
    assert hold.until_at == datetime(2026, 12, 7, 23, 0, tzinfo=UTC)
    assert [message.template for message in rows(database, OutboxRow)] == ["copy.invoice"]


def test_a_claimed_payment_is_quiet_ten_days_and_never_called_again_by_itself(
    database: Database, conversations: Conversations
) -> None:
    talk(conversations, *PROVED, "3", "1", "2")
    everything, voice = rows(database, HoldRow)
    assert (everything.channel, everything.until_at) == (None, datetime(2026, 12, 3, 23, 0, tzinfo=UTC))
    assert (voice.channel, voice.until_at) == ("voice", None)
    assert rows(database, AgreementRow)[0].detail == {"when": "longer_ago"}


def test_hardship_stores_no_reason_and_a_person_calls(database: Database, conversations: Conversations) -> None:
    talk(conversations, *PROVED, "4", "2")
    hardship, callback = rows(database, AgreementRow)
    assert (hardship.kind, hardship.detail) == ("hardship", {})
    assert (callback.kind, callback.owner) == ("callback", "person")
    assert callback.from_at == ADA.openings[1].from_at
    (hold,) = rows(database, HoldRow)
    assert (hold.kind, hold.until_at) == ("hardship", datetime(2026, 12, 23, 23, 0, tzinfo=UTC))


def test_later_is_a_call_back_by_machine_and_always_is_a_wish(database: Database, conversations: Conversations) -> None:
    assert said(talk(conversations, "5", "1", "1")) == ["later.always", "bye"]
    (callback,) = rows(database, AgreementRow)
    assert (callback.kind, callback.owner, callback.detail) == ("callback", "machine", {"e164": ADA.e164})
    assert (callback.from_at, callback.until_at) == (ADA.openings[0].from_at, ADA.openings[0].until_at)
    (wish,) = rows(database, WishRow)
    assert (wish.kind, wish.value, wish.on_record) == ("hours", {"from": "10:00", "to": "12:00"}, True)


def test_stop_is_committed_before_it_is_said_and_one_key_undoes_it(
    database: Database, conversations: Conversations
) -> None:
    assert said(talk(conversations, "9")) == ["stop.done"]
    (hold,) = rows(database, HoldRow)
    assert (hold.kind, hold.e164, hold.channel, hold.until_at) == ("opt_out", ADA.e164, "voice", None)
    assert said(conversations.step(CALL, "undo", h.Keys("1"))) == ["stop.undone", "open.ask"]
    (hold,) = rows(database, HoldRow)
    assert hold.lifted_at is not None and hold.until_at is not None
    assert said(conversations.step(CALL, "again", h.Keys("9"))) == ["agreement.opted_out", "bye"]
    assert len([hold for hold in rows(database, HoldRow) if hold.lifted_at is None]) == 1


def test_an_earlier_opt_out_is_not_undone_by_a_later_call(database: Database, conversations: Conversations) -> None:
    talk(conversations, "9")
    another = "00000000-0000-4000-8000-000000000002"
    talk(conversations, "9", "1", call=another)
    standing = [hold for hold in rows(database, HoldRow) if hold.lifted_at is None]
    assert [hold.via for hold in standing] == [f"call {CALL}"]


def test_a_wrong_number_is_closed(database: Database, conversations: Conversations) -> None:
    assert said(talk(conversations, "2", "1")) == ["wrong.done"]
    assert [(hold.kind, hold.e164) for hold in rows(database, HoldRow)] == [("wrong_number", ADA.e164)]
    assert rows(database, PhoneRow)[0].until_at is not None


@pytest.mark.parametrize(
    ("keys", "kind", "hold"),
    [
        (["2", "3", "3"], "deceased", "deceased"),
        (["2", "3", "2", "1"], "representative", "mediation"),
        (["2", "3", "1"], "complaint", "complaint"),
        (["1", "8", "2"], "representative", "mediation"),
    ],
)
def test_what_anybody_may_report_holds_until_a_person_decides(
    database: Database, conversations: Conversations, keys: list[str], kind: str, hold: str
) -> None:
    talk(conversations, *keys)
    (agreement,) = rows(database, AgreementRow)
    assert (agreement.kind, agreement.owner) == (kind, "person")
    assert [(row.kind, row.debtor_id, row.until_at) for row in rows(database, HoldRow)] == [(hold, 1, None)]


def test_three_wrong_pairs_are_counted_and_lead_to_a_letter(database: Database, conversations: Conversations) -> None:
    acts = talk(conversations, "1", "1", *["9999", "4417"] * 3)
    assert said(acts) == ["id.failed", "id.letter_ask"]
    assert len(rows(database, IdentityTryRow)) == 3
    assert said(conversations.step(CALL, "letter", h.Keys("1"))) == ["id.letter", "bye"]
    assert [(m.template, m.channel) for m in rows(database, OutboxRow)] == [("letter.new_code", "post")]
    assert conversations.end(CALL) is Disposition.IDENTITY_FAILED


def test_slower_speech_is_remembered_once_it_is_surely_the_debtor(
    database: Database, conversations: Conversations
) -> None:
    talk(conversations, "1", "8", "3")
    assert rows(database, DebtorRow)[0].listening == "normal"
    acts = talk(conversations, *PROVED, "8", "3", call="00000000-0000-4000-8000-000000000003")
    assert said(acts) == ["slower.on", "menu.slow"]
    assert rows(database, DebtorRow)[0].listening == "slow"


def test_a_stranger_can_ask_for_a_person_and_for_quiet(database: Database) -> None:
    stranger = a_briefing(direction="in", debtor_id=None, full_name="", factors=(), invoices=(), plans=())
    conversations = Conversations(database, lambda: datetime(2026, 11, 24, tzinfo=UTC), lambda _: stranger)
    conversations.begin(stranger)
    assert said(conversations.step(CALL, "0", h.Answered())) == ["inbound.hello", "inbound.closed", "inbound.unknown"]
    assert said(conversations.step(CALL, "1", h.Keys("0"))) == ["agent.none", "agent.more"]
    conversations.step(CALL, "2", h.Keys("1"))
    assert said(conversations.step(CALL, "3", h.Keys("9"))) == ["stop.done"]
    (request,) = rows(database, AgreementRow)
    assert (request.kind, request.debtor_id, request.detail["e164"]) == ("person", None, stranger.e164)
    assert [hold.e164 for hold in rows(database, HoldRow)] == [stranger.e164]


def test_every_record_leaves_its_trace_once(database: Database, conversations: Conversations) -> None:
    talk(conversations, *TO_PROMISE, "1", "1")
    traces = [row.what for row in rows(database, AuditRow)]
    assert traces == ["IdentityPassed", "AmountHeard", "PromiseMade"]


def test_two_agreements_of_one_call_are_two_rows(database: Database) -> None:
    ada = a_briefing(invoices=(INVOICE, SECOND_INVOICE))
    conversations = Conversations(database, lambda: datetime(2026, 11, 24, tzinfo=UTC), lambda _: ada)
    conversations.begin(ada)
    conversations.step(CALL, "0", h.Answered())
    keys = [*PROVED, "2", "3", "2", "2", "1", "3", "1", "2", "1", "1", "1", "1"]
    acts = talk(conversations, *keys, begin=False)
    assert said(acts) == ["sum.done", "bye"]
    assert [row.kind for row in rows(database, AgreementRow)] == ["dispute", "promise"]
    with database.reading() as session:
        pairs = session.execute(select(AgreementInvoiceRow.agreement_id, AgreementInvoiceRow.invoice_id)).all()
        state = session.scalars(select(ConversationRow.state)).one()
    assert [tuple(pair) for pair in pairs] == [(1, 1), (2, 2)]
    assert state["place"] == GONE


def test_every_turn_is_stored_with_what_was_said(database: Database, conversations: Conversations) -> None:
    acts = talk(conversations, "3")
    last = rows(database, TurnRow)[-1]
    assert [act.get("spoken", {}).get("key") for act in last.acts][: len(said(acts))] == said(acts)
    assert isinstance(acts[-1], Ask)

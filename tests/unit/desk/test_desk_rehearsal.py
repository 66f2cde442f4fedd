"""What a rehearsal tells: of everyone, called or not, and sums that the network's own log must agree with."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from rich.console import Console

from desk.rehearsal import store
from desk.rehearsal.result import PersonShown, RefusalShown, document, totals
from desk.rehearsal.screen import Screen, people_table, refused_table, totals_panel
from desk.rehearsal.store import CallShown, Progress
from desk.rehearsal.town_log import counted
from dialer.station_store import seen
from dialer.tables import AttemptRow, CallRow
from ledger.clock import real_now
from ledger.database import Database
from ledger.tables import (
    AccountRow,
    AgreementRow,
    ContactRow,
    CreditorRow,
    DebtorRow,
    HoldRow,
    InvoiceRow,
    PhoneRow,
)
from schedules.law_file import shipped_rules
from schedules.tables import CampaignRow, CampaignVersionRow

BRUSSELS = ZoneInfo("Europe/Brussels")
NOW = datetime(2026, 11, 24, 10, 30, tzinfo=BRUSSELS)

CALLED = PersonShown(
    debtor="D-1", name="Els Janssens", language="nl", disposition="promise", agreement="promise", calls=1, rang_in=0,
    placed_at=NOW, answered_at=NOW + timedelta(seconds=4), first_audio_ms=120, cause=16, refusal=None,
)  # fmt: skip
NOT_CALLED = replace(
    CALLED, debtor="D-2", name="Jan Peeters", disposition=None, agreement=None, calls=0, placed_at=None,
    answered_at=None, first_audio_ms=None, cause=None,
    refusal=RefusalShown(reason="Everything is paid", rule="paid", source=None, next_opening=None),
)  # fmt: skip


# -- sums ------------------------------------------------------------------------------------------------------------


def test_the_sums_count_people_calls_and_what_came_of_them() -> None:
    busy = replace(CALLED, debtor="D-3", disposition="busy", agreement=None, calls=2, first_audio_ms=None, cause=17)
    sums = totals([CALLED, NOT_CALLED, busy], answered=1, calls_in=1, town={"calls": 3, "answered": 1, "calls_in": 1})
    assert (sums.debtors, sums.called, sums.not_called, sums.calls, sums.calls_in) == (3, 2, 1, 3, 1)
    assert (sums.dispositions, sums.agreements) == ({"busy": 1, "promise": 1}, {"promise": 1})
    assert (sums.first_audio_p95_ms, sums.agrees_with_town) == (120, True)


@pytest.mark.parametrize("town", [{"calls": 2}, {"answered": 0}, {"calls_in": 1}])
def test_a_log_that_tells_another_number_does_not_agree(town: dict[str, int]) -> None:
    told = {"calls": 1, "answered": 1, "calls_in": 0} | town
    assert totals([CALLED], answered=1, calls_in=0, town=told).agrees_with_town is False


def test_without_a_town_there_is_nothing_to_agree_with() -> None:
    assert totals([CALLED], answered=1, calls_in=0, town=None).agrees_with_town is None


def test_the_slowest_of_a_hundred_first_words_is_left_out_of_the_figure() -> None:
    people = [replace(CALLED, first_audio_ms=n) for n in (*range(1, 100), 9999)]
    assert totals(people, answered=100, calls_in=0, town=None).first_audio_p95_ms == 96
    assert totals([NOT_CALLED], answered=0, calls_in=0, town=None).first_audio_p95_ms is None


def test_the_towns_log_is_counted_as_the_books_are() -> None:
    log = [
        {"rang_in": False, "answered_at": "t"},
        {"rang_in": False, "answered_at": None},
        {"rang_in": True, "answered_at": "t"},
    ]
    assert counted(log) == {"calls": 2, "answered": 1, "calls_in": 1}


def test_the_document_has_every_key_for_everyone_and_null_for_what_is_absent() -> None:
    shown = json.loads(json.dumps(document([CALLED, NOT_CALLED], totals([CALLED, NOT_CALLED], 1, 0, None))))
    called, not_called = shown["debtors"]
    assert called.keys() == not_called.keys() >= {
        "debtor", "name", "disposition", "agreement", "placed_at", "answered_at", "first_audio_ms", "refusal",
    }  # fmt: skip
    assert (called["placed_at"], called["refusal"]) == ("2026-11-24T10:30:00.000+01:00", None)
    assert not_called["refusal"] == {
        "reason": "Everything is paid", "rule": "paid", "source": None, "next_opening": None,
    }  # fmt: skip
    assert not_called["first_audio_ms"] is None
    assert shown["totals"]["debtors"] == 2


# -- the screen ------------------------------------------------------------------------------------------------------


def shown(*parts: object) -> str:
    out = io.StringIO()
    console = Console(file=out, width=100)
    for part in parts:
        console.print(part)
    return out.getvalue()


def test_a_name_is_shown_as_it_is_written_whatever_stands_in_it() -> None:
    name = "[/b] [red]Els[/red] :smile:"
    people = [replace(CALLED, name=name), replace(NOT_CALLED, name=name)]
    assert shown(people_table(people)).count("[/b] [red]Els[/red]") == 1
    assert shown(refused_table(people)).count("[/b] [red]Els[/red]") == 1


def test_whoever_was_not_called_stands_in_the_table_with_the_reason() -> None:
    told = shown(refused_table([CALLED, NOT_CALLED]))
    assert "Everything is paid" in told
    assert "not by itself" in told
    assert "D-1" not in told


def test_a_log_that_differs_is_said_aloud() -> None:
    sums = totals([CALLED], 1, 0, {"calls": 9, "answered": 1, "calls_in": 0})
    assert "DIFFERS" in shown(totals_panel(sums))


def test_without_a_terminal_each_call_that_ended_is_told_once() -> None:
    call = CallShown(
        uuid="u", name="[/b]Els", direction="out", state="ended", place="", disposition="busy", first_audio_ms=None,
        begun_at=NOW,
    )  # fmt: skip
    live = replace(call, uuid="v", name="Jan", state="talking", disposition=None)
    out = io.StringIO()
    with Screen(Console(file=out, width=100)) as screen:
        for _ in range(3):
            screen.show(0, Progress(calls=(live, call), ended=1, live=1, waiting=0, looked_at=NOW))
    assert out.getvalue().count("[/b]Els") == 1
    assert "Jan" not in out.getvalue()


@pytest.mark.parametrize(
    ("state", "place", "disposition", "red"),
    [
        ("talking", "crisis", None, True),
        ("ended", "", "crisis", True),
        ("talking", "menu.main", None, False),
        ("ended", "", "promise", False),
    ],
)
def test_who_is_in_a_crisis_stands_in_red(state: str, place: str, disposition: str | None, red: bool) -> None:
    call = CallShown(
        uuid="u", name="Els", direction="out", state=state, place=place, disposition=disposition, first_audio_ms=None,
        begun_at=NOW,
    )  # fmt: skip
    out = io.StringIO()
    with Screen(Console(file=out, width=100, force_terminal=True, color_system="standard")) as screen:
        screen.show(0, Progress(calls=(call,), ended=0, live=1, waiting=0, looked_at=NOW))
    assert ("\x1b[1;31mEls" in out.getvalue()) is red


# -- read from the books ---------------------------------------------------------------------------------------------


@pytest.fixture
def books(tmp_path_factory: pytest.TempPathFactory, sqlite_books: object) -> Iterator[Database]:
    path = tmp_path_factory.mktemp("rehearsal") / "beltoon.db"
    path.write_bytes(sqlite_books.read_bytes())  # type: ignore[attr-defined]
    database = Database(f"sqlite:///{path}")
    _people(database)
    yield database
    database.close()


def _people(database: Database) -> None:
    """D-1 was called and promised, D-2 holds an opt-out, D-3 rang in."""
    with database.unit_of_work() as session:
        session.add(CreditorRow(id=1, name="Stroomdal", sender="Stroomdal", policy={}))
        session.add(CampaignRow(id=1, name="winter", made_at=NOW))
        session.flush()
        session.add(CampaignVersionRow(id=1, campaign_id=1, n=1, rules={}, from_at=NOW, by="test"))
        for n in (1, 2, 3):
            number = f"+3247012000{n}"
            session.add(DebtorRow(id=n, ref=f"D-{n}", name=f"Person {n}", language="nl", country="BE"))
            session.flush()
            session.add(AccountRow(id=n, creditor_id=1, debtor_id=n, customer_no=str(n)))
            session.add(PhoneRow(debtor_id=n, e164=number, written=number, verdict="good", from_at=NOW))
            session.flush()
            session.add(
                InvoiceRow(creditor_id=1, account_id=n, number=f"i{n}", amount_minor=100_00, open_minor=100_00,
                           currency="EUR", issued_on=date(2026, 9, 1), due_on=date(2026, 10, 1))
            )  # fmt: skip
        session.add(
            HoldRow(e164="+32470120002", kind="opt_out", channel="voice", from_at=NOW - timedelta(days=1), by="t",
                    via="list", source_key="h")
        )  # fmt: skip
        session.add(
            ContactRow(id=1, debtor_id=1, address="+32470120001", channel="voice", zone="Europe/Brussels",
                       local_date=NOW.date(), debtor_slot=1, address_slot=1, begun_at=NOW, ended_at=NOW)
        )  # fmt: skip
        session.flush()
        session.add(
            AttemptRow(uuid="a", contact_id=1, campaign_version_id=1, debtor_id=1, e164="+32470120001", state="ended",
                       owner="t", fence=1, claimed_at=NOW, dialed_at=NOW, answered_at=NOW, ended_at=NOW,
                       hangup_cause=16, disposition="promise")
        )  # fmt: skip
        session.flush()
        for uuid, attempt, debtor, state in (("a", "a", 1, "ended"), ("b", None, 3, "talking")):
            session.add(
                CallRow(uuid=uuid, attempt_uuid=attempt, carrier="asterisk", carrier_ref=uuid, debtor_id=debtor,
                        direction="out" if attempt else "in", state=state, briefing={}, begun_at=NOW,
                        disposition="promise" if attempt else None, first_audio_ms=88 if attempt else None)
            )  # fmt: skip
        for kind in ("promise", "callback"):
            session.add(AgreementRow(debtor_id=1, kind=kind, source_key=kind, made_at=NOW, detail={}))


def test_everyone_is_told_with_the_call_the_agreement_or_the_reason(books: Database) -> None:
    with books.reading() as session:
        first, second, third = store.people(session, NOW, BRUSSELS, shipped_rules())
        counts = store.answered_calls(session), store.calls_in(session)
    assert (first.debtor, first.disposition, first.agreement, first.calls) == ("D-1", "promise", "promise", 1)
    assert (first.first_audio_ms, first.cause, first.refusal) == (88, 16, None)
    assert first.placed_at is not None
    assert first.placed_at.utcoffset() == timedelta(hours=1)
    assert second.refusal is not None
    assert (second.calls, second.refusal.rule) == (0, "opt_out")
    assert (third.calls, third.rang_in) == (0, 1)
    assert counts == (1, 1)


def test_how_it_stands_is_read_from_calls_and_from_the_dialers_own_word(books: Database) -> None:
    with books.reading() as session:
        before = store.progress(session)
    assert (before.ended, before.live, before.waiting, before.looked_at) == (1, 1, 0, None)
    assert {(call.name, call.direction) for call in before.calls} == {("Person 1", "out"), ("Person 3", "in")}
    looked = datetime(2026, 11, 24, 9, 31, tzinfo=UTC)
    seen(books, "dial-1", "dial", {"in_flight": 1, "waiting": 7, "looked_at": looked.isoformat()}, real_now())
    with books.reading() as session:
        now = store.progress(session)
    assert (now.waiting, now.looked_at) == (7, looked)

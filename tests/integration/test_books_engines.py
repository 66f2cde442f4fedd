"""What two engines could do differently, and may not: first rows, counters, posts, long texts, odd servers."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import String, select
from sqlalchemy.engine import make_url

from a_list import good, write_list
from books import BUSY, NOW, Day, add_campaign, add_debtor, flight_books, people
from dialer.names_store import names_ahead
from dialer.station_store import GONE, detail_of, leave, seen
from dialer.tables import AttemptRow, StationRow
from ivr.script import SCRIPT_VERSION
from ivr.tables import ConversationRow
from ledger.clock import real_now
from ledger.database import Database
from ledger.errors import ImportBusy
from ledger.intake.columns import LONGEST
from ledger.intake.importing import import_list
from ledger.intake.turn import import_turn
from ledger.run_store import clock_offset, run_state, set_clock_offset, set_run_state
from ledger.tables import HoldRow, ReceiptRow, RefusalCountRow, RunRow
from postgres_fixture import Postgres
from schedules.beat_store import claim_beat, take_lease
from schedules.law_file import shipped_rules
from schedules.queue import NEVER, Wait
from schedules.queue_store import count_refusals, lock_candidates, put_off_all, set_aside
from schedules.tables import CandidateRow
from voices.catalogue import LANGUAGES, text_version

AT_ONCE = 8


def at_once(database: Database, work: Callable[[Any, int], Any], times: int = AT_ONCE) -> list[Any]:
    """Do it in so many units of work, all at the same time."""
    together = threading.Barrier(times)

    def run(n: int) -> Any:
        together.wait()
        with database.unit_of_work() as session:
            return work(session, n)

    with ThreadPoolExecutor(times) as pool:
        return list(pool.map(run, range(times)))


# -- who is first ----------------------------------------------------------------------------------------------------


def test_the_runs_row_is_made_once_whoever_is_first(database: Database) -> None:
    def both(session: Any, n: int) -> None:
        if n % 2:
            set_clock_offset(session, timedelta(hours=1))
        else:
            set_run_state(session, "stopping")

    at_once(database, both)
    with database.reading() as session:
        assert len(session.scalars(select(RunRow)).all()) == 1
        assert (clock_offset(session), run_state(session)) == (3_600_000, "stopping")


def test_a_station_may_tell_of_itself_from_many_threads(database: Database) -> None:
    with ThreadPoolExecutor(AT_ONCE) as pool:
        list(pool.map(lambda n: seen(database, "dial-1", "dial", {"n": n}, real_now()), range(3 * AT_ONCE)))
    with database.reading() as session:
        (row,) = session.scalars(select(StationRow))
        assert row.detail["n"] in range(3 * AT_ONCE)


def test_the_newest_living_station_of_a_role_speaks_for_it(database: Database) -> None:
    now = real_now()
    for n, age in enumerate((1, 3, 9)):
        seen(database, f"line-{n}", "line", {"n": n}, now - timedelta(seconds=age))
    with database.reading() as session:
        assert detail_of(session, "line", now) == {"n": 0}
        assert detail_of(session, "line", now + GONE) is None
        assert detail_of(session, "dial", now) is None
    leave(database, "line-0")
    with database.reading() as session:
        assert detail_of(session, "line", now) == {"n": 1}


def test_a_post_has_one_holder_and_a_beat_is_done_once_however_many_try(database: Database) -> None:
    now = datetime(2026, 11, 24, tzinfo=UTC)
    fences = at_once(database, lambda session, n: take_lease(session, "beat", f"w{n}", now, timedelta(minutes=1)))
    assert [fence for fence in fences if fence is not None] == [1]
    done = at_once(database, lambda session, n: claim_beat(session, "day", "20416", now))
    assert sorted(done) == [False] * (AT_ONCE - 1) + [True]


def test_refusals_are_counted_by_many_dialers_and_none_is_lost(database: Database) -> None:
    def count(session: Any, n: int) -> None:
        for rule in ("cap_day", "rest", "sunday"):
            count_refusals(session, 1, NOW, rule)

    at_once(database, count)
    with database.reading() as session:
        counted = session.execute(select(RefusalCountRow.rule, RefusalCountRow.refused)).all()
    assert sorted(map(tuple, counted)) == [("cap_day", AT_ONCE), ("rest", AT_ONCE), ("sunday", AT_ONCE)]


def test_those_who_move_the_same_candidates_never_wait_for_each_other_for_ever(day: Day) -> None:
    """In whatever order they name them: one order of locks is kept."""
    people(day.database, 6)
    ids = [one.id for one in day.rows(CandidateRow)]

    def move(session: Any, n: int) -> None:
        mine = ids if n % 2 else ids[::-1]
        if n % 3 == 0:
            set_aside(session, mine, NOW)
        elif n % 3 == 1:
            lock_candidates(session, mine)
            for one in mine:
                put_off_all(session, {one: Wait(at=NOW + timedelta(minutes=n), place=n)})
        else:
            put_off_all(session, dict.fromkeys(mine, Wait(at=NOW + timedelta(minutes=n), place=n)))

    for _ in range(4):
        at_once(day.database, move)
    assert len({one.next_eligible_at for one in day.rows(CandidateRow)}) == 1


def test_one_import_at_a_time(database: Database, books_url: str, tmp_path: Path) -> None:
    other = Database(books_url)
    path = write_list(tmp_path / "list.csv", good())
    with import_turn(other), pytest.raises(ImportBusy, match="try again when it is done"):
        import_list(database, path, NOW)
    assert import_list(database, path, NOW).written == 1
    other.close()


# -- values ----------------------------------------------------------------------------------------------------------


def test_the_longest_texts_that_a_list_may_hold_are_stored_whole(day: Day, tmp_path: Path) -> None:
    """SQLite takes any length; PostgreSQL refuses one letter too many in the middle of a unit of work."""

    def longest(column: str, start: str = "") -> str:
        return start + "w" * (LONGEST[column] - len(start))

    texts = ("creditor", "sender", "contact_person", "debtor", "name", "address_form", "street", "city", "about")
    numbers = {"customer_no": longest("customer_no", "77-"), "invoice": longest("invoice", "2026-")}
    wide = {column: longest(column, "W") for column in texts} | numbers
    codes = {"house_number": longest("house_number", "12 "), "email": "e" * 60 + "@example.org"}
    status = ("disputed", "opted_out", "deceased", "hardship", "mediation", "wrong_number", "minor")
    rows = []
    for n, one in enumerate((*status, "open")):
        own = {name: wide[name][:-2] + f"{n:02d}" for name in (*numbers, "debtor")}
        rows.append(good(**(wide | codes | own), status=one, phone_1=f"0470 00 00 {n:02d}"))
    report = import_list(day.database, write_list(tmp_path / ("l" * 200 + ".csv"), *rows), NOW)
    assert report.errors == []
    assert report.written == len(rows)
    assert len(day.rows(HoldRow)) >= len(status) - 1
    add_campaign(day.database)
    (one,) = day.claim()
    assert len(day.briefing(one.attempt).creditor) == LONGEST["creditor"]
    assert day.end(one, BUSY)
    assert day.one(AttemptRow).disposition == "busy"


def test_the_versions_that_every_row_carries_fit() -> None:
    def room(row: Any, column: str) -> int:
        kind = row.__table__.c[column].type
        assert isinstance(kind, String)
        return kind.length or 0

    assert len(shipped_rules().version) <= room(ReceiptRow, "law_version")
    for language in LANGUAGES:
        assert len(text_version(language)) <= room(ReceiptRow, "text_version")
        assert len(f"{SCRIPT_VERSION}+{text_version(language)}") <= room(ConversationRow, "script_version")


def test_never_is_a_moment_that_both_engines_keep(day: Day) -> None:
    people(day.database, 1)
    with day.database.unit_of_work() as session:
        put_off_all(session, {day.one(CandidateRow).id: Wait(place=1)})
    assert day.one(CandidateRow).next_eligible_at == NEVER
    with day.database.reading() as session:
        assert names_ahead(session, NOW, 10) == []


def test_the_names_of_those_who_come_next_are_known_ahead(day: Day) -> None:
    people(day.database, 2)
    with day.database.reading() as session:
        found = names_ahead(session, NOW, 10)
    assert [(language, names[0]) for language, names in found] == [
        ("nl-BE", "Els Banssens"), ("nl-BE", "Els Canssens"),
    ]  # fmt: skip


@pytest.mark.postgres
def test_a_server_with_other_habits_tells_the_same(postgres: Postgres, postgres_books: str) -> None:
    """Another zone, another way to write dates, stricter transactions, durable only when asked."""
    address = postgres.database(template=postgres_books)
    habits = {
        "timezone": "'Asia/Kathmandu'", "datestyle": "'German, DMY'", "default_transaction_isolation": "'serializable'",
        "synchronous_commit": "off", "default_transaction_deferrable": "on",
    }  # fmt: skip
    for name, value in habits.items():
        postgres.tell(f'ALTER DATABASE "{make_url(address).database}" SET {name} = {value}')
    day = Day(Database(address))
    people(day.database, 2)
    first, second = day.claim()
    assert day.end(first, BUSY)
    attempt = day.rows(AttemptRow, uuid=first.attempt)[0]
    assert attempt.claimed_at == NOW + (attempt.claimed_at - NOW)
    assert abs(attempt.claimed_at - NOW) < timedelta(seconds=1)
    heir = flight_books(day.database, day.clock)
    assert heir.live_attempts() == [second.attempt]
    day.close()
    day.database.close()
    postgres.drop(address)


def test_a_debtor_is_found_whatever_letters_the_name_has(day: Day) -> None:
    names = ("Zoë Ólafsdóttir", "O'Brien; DROP TABLE debtor", "李小龍", "Ж" * 100, "a%b_c\\d", "𝒜da")
    with day.database.unit_of_work() as session:
        for n, name in enumerate(names, 1):
            add_debtor(session, n, city=name)
            session.flush()
    add_campaign(day.database)
    assert len(day.claim()) == len(names)

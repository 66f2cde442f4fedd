"""Whoever asked not to be called is not called after an erasure either: the keyed hash of the number stays."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import delete, update
from sqlalchemy.exc import IntegrityError

from a_list import cells, write_list
from books import NOW, Day, add_campaign, add_debtor, add_hold, number_of
from ivr import record as r
from ivr.cause import Cause
from ivr.record_store import apply
from ledger.agreement_store import holds
from ledger.contact import Channel
from ledger.database import Database
from ledger.hold_store import hash_numbers, of_another_key, without_hash
from ledger.intake.importing import import_list
from ledger.number_key import NumberKey
from ledger.tables import DebtorRow, HoldRow
from schedules.law_file import shipped_rules
from schedules.permission import may_contact
from schedules.standing_store import standing_of
from schedules.verdict import Allowed

KEY = NumberKey("k" * 48)
NUMBER = "+32470123456"


@pytest.fixture
def day(books_url: str) -> Iterator[Day]:
    one = Day(Database(books_url, number_key=KEY))
    yield one
    one.close()


def listed(day: Day, folder: Path, **changes: str) -> None:
    """A list of one person comes in."""
    report = import_list(day.database, write_list(folder / f"{changes['customer_no']}.csv", cells(**changes)), NOW)
    assert report.errors == []


def erase_the_number(day: Day, left: str | None) -> None:
    """As an erasure does: the person's own holds go, of those on the number only the hash is left."""
    with day.database.unit_of_work() as session:
        session.execute(delete(HoldRow).where(HoldRow.debtor_id.is_not(None)))
        session.execute(update(HoldRow).values(e164=left))


def rule(day: Day, debtor_id: int) -> str | None:
    """The rule that refuses a call to this person now."""
    with day.database.reading() as session:
        standing = standing_of(session, debtor_id)
    found = may_contact(standing, Channel.VOICE, NOW, rules=shipped_rules())
    return None if isinstance(found, Allowed) else found.rule


@pytest.mark.parametrize("left", [None, ""])
def test_an_opt_out_of_a_list_stands_for_whoever_comes_with_that_number_later(
    day: Day, tmp_path: Path, left: str | None
) -> None:
    listed(day, tmp_path, customer_no="1001", status="opted_out")
    erase_the_number(day, left)
    listed(day, tmp_path, customer_no="2002", name="Piet Peeters", birth_date="1961-07-08", invoice="2026-000990")
    newcomer = day.rows(DebtorRow)[-1]
    assert newcomer.name == "Piet Peeters"
    assert rule(day, newcomer.id) == "opt_out"


def test_an_opt_out_by_key_on_a_call_does_too(day: Day) -> None:
    with day.database.unit_of_work() as session:
        add_debtor(session, 1)
    add_campaign(day.database)
    one = day.claim_one()
    with day.database.unit_of_work() as session:
        apply(session, r.OptedOut(e164=number_of(1)), Cause(day.briefing(one.attempt), 1, NOW))
    erase_the_number(day, None)
    with day.database.unit_of_work() as session:
        add_debtor(session, 2, e164=number_of(1))
        add_debtor(session, 3)
    assert (rule(day, 2), rule(day, 3)) == ("opt_out", None)
    with day.database.reading() as session:
        assert [hold.kind for hold in holds(session, 2)] == ["opt_out"]
        assert holds(session, 3) == []


def test_a_number_that_was_held_before_there_was_a_key_is_hashed_once(day: Day, books_url: str) -> None:
    without = Database(books_url)
    with without.unit_of_work() as session:
        add_debtor(session, 1)
        add_hold(session, "a", kind="opt_out", e164=number_of(1))
        add_hold(session, "b", kind="dispute", debtor_id=1)
    assert hash_numbers(without) == 0  # nobody can, without a key
    without.close()
    with day.database.reading() as session:
        assert without_hash(session) == 1
    assert hash_numbers(day.database) == 1
    assert hash_numbers(day.database) == 0
    with day.database.reading() as session:
        assert without_hash(session) == 0
    assert [row.number_hash for row in day.rows(HoldRow)] == [KEY.hash_of(number_of(1)), None]


def test_another_key_is_noticed(day: Day, books_url: str) -> None:
    with day.database.unit_of_work() as session:
        assert not of_another_key(session)
        add_hold(session, "a", kind="opt_out", e164=NUMBER, number_hash=KEY.hash_of(NUMBER))
    stranger = Database(books_url, number_key=NumberKey("s" * 48))
    with day.database.reading() as ours, stranger.reading() as theirs:
        assert (of_another_key(ours), of_another_key(theirs)) == (False, True)
    stranger.close()


def test_a_hold_on_nobody_is_refused_by_the_table_itself(day: Day) -> None:
    with pytest.raises(IntegrityError), day.database.unit_of_work() as session:
        add_hold(session, "a", kind="opt_out")
    with pytest.raises(IntegrityError), day.database.unit_of_work() as session:
        add_debtor(session, 1)
        add_hold(session, "a", kind="opt_out", debtor_id=1, number_hash=KEY.hash_of(NUMBER))

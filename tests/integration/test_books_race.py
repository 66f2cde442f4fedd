"""Sixteen dialers in two processes race for the same people (P3). The oracle is what the carrier was asked to do."""

from __future__ import annotations

import json
import subprocess
import sys
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select

from books import NOW, add_campaign, add_debtor, ask_callback
from dialer.tables import AttemptRow, CallRow, EntryRow
from ledger.database import Database
from ledger.tables import ContactRow, ReceiptRow

RACER = Path(__file__).resolve().parents[1] / "books_racer.py"
PROCESSES = 2
DEBTORS, NUMBERS = 200, 45
#: Tuesday to Friday: three tries in seven days are all that anybody gets.
DAYS = tuple(NOW + timedelta(days=n) for n in range(4))
#: These asked to be called back, on the day after the first.
CALLED_BACK = range(1, 21)


@dataclass
class Racers:
    """The processes, side by side."""

    running: list[subprocess.Popen[str]]

    def round(self, at: str) -> list[dict[str, Any]]:
        """All of them from this instant on; every order that left."""
        for one in self.running:
            assert one.stdin is not None
            one.stdin.write(f"{at}\n")
            one.stdin.flush()
        orders: list[dict[str, Any]] = []
        for one in self.running:
            assert one.stdout is not None
            told = one.stdout.readline()
            assert told, "a racer broke down"
            orders += json.loads(told)
        return orders


@pytest.fixture
def racers(books_url: str, database: Database) -> Iterator[Racers]:
    with database.unit_of_work() as session:
        for n in range(1, DEBTORS + 1):
            add_debtor(session, n, e164=f"+32471{n % NUMBERS:06d}")
        for n in CALLED_BACK:
            ask_callback(session, n, DAYS[1] - timedelta(minutes=30), hours=6)
    add_campaign(database)
    running = [
        subprocess.Popen(
            [sys.executable, str(RACER), books_url, str(seed)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        for seed in range(PROCESSES)
    ]
    try:
        for one in running:
            assert one.stdout is not None
            assert one.stdout.readline() == "ready\n"
        yield Racers(running)
        for one in running:
            assert one.stdin is not None
            one.stdin.close()
        assert [one.wait(60) for one in running] == [0] * PROCESSES
    finally:
        for one in running:
            one.kill()
            one.wait()


def test_no_race_calls_anybody_twice(racers: Racers, database: Database) -> None:
    orders = [order for day in DAYS for order in racers.round(day.isoformat())]
    # Three days for each number, and whoever asked to be called back besides.
    assert len(orders) > 3 * NUMBERS
    _never_two_at_once(orders)
    with database.reading() as session:
        contacts = list(session.scalars(select(ContactRow)))
        session.expunge_all()
        _each_order_has_its_rows(session, orders, contacts)
    _never_above_the_cap(contacts)
    assert all(order["settled"] for order in orders)
    kept = [contact for contact in contacts if contact.solicited]
    assert {contact.local_date for contact in kept} == {DAYS[1].date()}
    assert {contact.debtor_id for contact in kept} <= set(CALLED_BACK)
    assert max(Counter(contact.callback_id for contact in kept).values()) <= 2


def _never_two_at_once(orders: list[dict[str, Any]]) -> None:
    assert len({order["attempt"] for order in orders}) == len(orders)
    for key in ("debtor", "e164"):
        live: dict[Any, list[tuple[float, float]]] = defaultdict(list)
        for order in orders:
            live[order[key]].append((order["from"], order["until"]))
        for who, spans in live.items():
            spans.sort()
            for (_, until), (begin, _) in pairwise(spans):
                assert until <= begin, f"{key} {who} was called twice at once"


def _each_order_has_its_rows(session: Any, orders: list[dict[str, Any]], contacts: list[ContactRow]) -> None:
    attempts = {row.uuid: row for row in session.scalars(select(AttemptRow))}
    assert attempts.keys() == {order["attempt"] for order in orders}
    of_contact = {contact.id: contact for contact in contacts}
    assert sorted(attempt.contact_id for attempt in attempts.values()) == sorted(of_contact)
    for order in orders:
        attempt = attempts[order["attempt"]]
        contact = of_contact[attempt.contact_id]
        assert (attempt.debtor_id, attempt.e164) == (order["debtor"], order["e164"])
        assert (contact.debtor_id, contact.address) == (order["debtor"], order["e164"])
        assert attempt.disposition == contact.disposition is not None
    for row, key in (
        (CallRow, CallRow.attempt_uuid),
        (EntryRow, EntryRow.call_uuid),
        (ReceiptRow, ReceiptRow.contact_id),
    ):
        counted = session.execute(select(key, func.count()).select_from(row).group_by(key)).all()
        assert len(counted) == len(orders), row.__tablename__
        assert {n for _, n in counted} == {1}, row.__tablename__


def _never_above_the_cap(contacts: list[ContactRow]) -> None:
    """Of what we began ourselves: one a local day, three in seven; per person and per number."""
    for key in ("debtor_id", "address"):
        days: dict[Any, list[date]] = defaultdict(list)
        for contact in contacts:
            if not contact.solicited:
                days[getattr(contact, key)].append(contact.local_date)
        for who, tried in days.items():
            assert len(set(tried)) == len(tried), f"{key} {who}: twice on one day"
            for day in tried:
                window = [one for one in tried if timedelta(0) <= day - one < timedelta(days=7)]
                assert len(window) <= 3, f"{key} {who}: {len(window)} in seven days"

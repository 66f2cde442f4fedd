"""The conversations behind the line: whether their writer still moves."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from books import Day, Hand
from desk.migrate import migrate
from dialer.line_host import WRITER_SECONDS, ConversationHost
from ivr.act import Act
from ledger.clock import CampaignClock
from ledger.database import Database
from schedules.law_file import shipped_rules
from schedules.rules_store import RulesBook


class Mute:
    """Speaks without a sound."""

    def sound(self, acts: tuple[Act, ...], language: str) -> tuple[bytes, int]:
        return b"", 0


@pytest.fixture
def day(tmp_path: Path) -> Iterator[Day]:
    database = Database(f"sqlite:///{tmp_path / 'books.db'}", busy_seconds=600)
    migrate(database)
    yield Day(database)
    database.close()


async def test_a_writer_that_waits_for_the_books_works_and_one_that_waits_too_long_hangs(day: Day) -> None:
    now, looked = [0.0], threading.Event()

    def monotonic() -> float:
        looked.set()
        return now[0]

    host = ConversationHost(
        day.database, CampaignClock(real=Hand()), day.talks, Mute(), RulesBook(shipped_rules()), monotonic=monotonic
    )
    looked.clear()
    with day.database.unit_of_work():  # nobody else may write now
        opening = asyncio.create_task(host.open("nobody's ticket"))
        await asyncio.to_thread(looked.wait)  # the writer has begun
        now[0] = WRITER_SECONDS - 1
        assert host.works()
        now[0] = WRITER_SECONDS + 1
        assert not host.works()
    assert await opening is None
    assert host.works()
    host.close()
    assert host.works(), "what is closed in good order is no line that hangs"


async def test_a_writer_with_nothing_to_do_gives_a_sign_of_life_each_time_it_is_asked(day: Day) -> None:
    now = [0.0]
    host = ConversationHost(
        day.database,
        CampaignClock(real=Hand()),
        day.talks,
        Mute(),
        RulesBook(shipped_rules()),
        monotonic=lambda: now[0],
    )
    for now[0] in range(0, 300, 20):
        assert host.works()
        await host.open("nobody's ticket")  # stands behind the sign of life in the queue
    host.close()

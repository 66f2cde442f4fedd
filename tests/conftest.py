"""What tests of every kind stand on."""

from __future__ import annotations

import pytest

from asterisk_fixture import our_asterisk
from postgres_fixture import books_url, database, empty_url, given_postgres, postgres, postgres_books, sqlite_books

__all__ = [
    "books_url",
    "database",
    "empty_url",
    "given_postgres",
    "our_asterisk",
    "postgres",
    "postgres_books",
    "sqlite_books",
]

#: Files that wait for real calls, build images or walk everywhere, the longest first: begun last, they would be waited
#: for alone.
LONGEST = (
    "test_demo.py", "test_system_agents.py", "test_system_people.py", "test_ivr_walk.py", "test_system_bad_days.py",
    "test_system_payment.py", "test_wheel.py", "test_images.py", "test_system_kills.py", "test_system_stop.py",
    "test_system_inbound.py", "test_ring_me.py", "test_books_floor.py",
)  # fmt: skip


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The longest files first; all others as they were."""
    rank = {name: n for n, name in enumerate(LONGEST)}
    items.sort(key=lambda item: rank.get(item.path.name, len(rank)))

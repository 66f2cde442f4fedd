"""What tests on real parts stand on."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from books import Day
from dialer.asterisk_tree import default_cache, find
from ledger.database import Database


@pytest.fixture
def day(database: Database) -> Iterator[Day]:
    """Empty books on each engine, a clock and one dialer."""
    one = Day(database)
    yield one
    one.close()


@pytest.fixture(scope="session")
def asterisk_root() -> Path:
    """The folder of an Asterisk that is good enough: `BELTOON_ASTERISK_ROOT`, the system's own or the cache's."""
    given = os.environ.get("BELTOON_ASTERISK_ROOT")
    tree = find(Path(given) if given else None, default_cache())
    if tree is None:
        pytest.fail("No Asterisk 22.10.1 or later was found; name its folder in BELTOON_ASTERISK_ROOT")
    return tree.root

"""How much to write in one unit of work, so that nobody waits long for the database."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import timedelta
from itertools import islice
from typing import Any, TypeVar

from ledger.database import Database

T = TypeVar("T")
#: What a unit should take: well below the 200 ms that none may pass (`ledger.database.LONGEST_UNIT`), and short enough
#: for somebody on the line who waits for a confirmation.
AIM = timedelta(milliseconds=25)
#: A pause after each unit, in seconds, on SQLite, where everybody who writes waits for one lock. Its waiters look again
#: after 1, 2, 5, 10, 15, 20, 25 ms and then more rarely; a pause shorter than those steps is one that they miss
#: (measured: 4 ms after 60 gave waits of 0.4 s, p95).
REST_SECONDS = 0.015
_MOST = 4096


@dataclass
class Pace:
    """The number of pieces to take at once: more when the last unit was short, fewer when it was long."""

    pieces: int = 1

    def took(self, spent: timedelta) -> None:
        """The last unit held the database so long."""
        fitting = int(self.pieces * (AIM / max(spent, timedelta(microseconds=1))))
        self.pieces = max(1, min(fitting, self.pieces * 2, _MOST))


def in_units(database: Database, pieces: Iterable[T], write: Callable[[Any, list[T]], object]) -> None:
    """Give `write(session, some)` all the pieces, some at a time, each time in a unit of work of its own."""
    pace, waiting = Pace(), iter(pieces)
    while some := list(islice(waiting, pace.pieces)):
        with database.unit_of_work() as session:
            session.connection()  # from here on the unit holds its lock; waiting for it is not our time
            begun = time.perf_counter()
            write(session, some)
        pace.took(timedelta(seconds=time.perf_counter() - begun))
        _rest(database)


def until_none(database: Database, write: Callable[[Any, int], int]) -> int:
    """Call `write(session, most)` in units of work until it has nothing more to do; the sum of what it did."""
    pace, total = Pace(), 0
    while True:
        with database.unit_of_work() as session:
            session.connection()
            begun = time.perf_counter()
            done = write(session, pace.pieces)
        if not done:
            return total
        total += done
        pace.took(timedelta(seconds=time.perf_counter() - begun))
        _rest(database)


def _rest(database: Database) -> None:
    if database.is_sqlite:  # PostgreSQL locks rows, and whoever waits for one has the next turn
        time.sleep(REST_SECONDS)

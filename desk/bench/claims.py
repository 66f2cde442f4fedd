"""Claims a second by processes side by side: ours, with permission and all rows, and bare ones."""

from __future__ import annotations

import multiprocessing
import time
from collections import Counter
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

from desk import wiring
from desk.bench.bare_rows_store import rows_of, write_again
from desk.bench.bare_store import bare_claim
from desk.heap import YOUNG_OF_DIALER, keep_what_lives
from desk.settings import read_settings
from dialer.claim import Claimed
from dialer.dial_store import BEAT_SECONDS, DialBooks
from ledger.clock import CampaignClock
from ledger.database import Database

#: Processes that claim at one time.
PROCESSES = 2
#: So many are looked for at a time, as the dialer does at full speed.
AT_ONCE = 50

Claim = Callable[[str, str, datetime, int], tuple[float, list[int]]]


def rate(claim: Claim, url: str, now: datetime, each: int, owner: str = "bench") -> tuple[float, int]:
    """Claims a second of all processes together, and how many debtors were claimed twice. `owner`: whose they are."""
    with multiprocessing.get_context("spawn").Pool(PROCESSES) as pool:
        pool.starmap(claim, [(url, f"warm-{owner}-{n}", now, AT_ONCE) for n in range(PROCESSES)])
        found = pool.starmap(claim, [(url, f"{owner}-{n}", now, each) for n in range(PROCESSES)], chunksize=1)
    times = Counter(debtor for _, debtors in found for debtor in debtors)
    slowest = max(seconds for seconds, _ in found)
    return sum(times.values()) / slowest, sum(count > 1 for count in times.values())


def ours(url: str, owner: str, now: datetime, most: int) -> tuple[float, list[int]]:
    """Look for and claim so many, as the dialer does; seconds, and who it was."""
    return _claimed(url, owner, now, most, lambda books, claims: None)


def briefed(url: str, owner: str, now: datetime, most: int) -> tuple[float, list[int]]:
    """The same up to the orders: permission is asked once more, the talks are briefed, the tickets issued."""
    return _claimed(url, owner, now, most, lambda books, claims: books.brief(claims))


def _claimed(
    url: str, owner: str, now: datetime, most: int, then: Callable[[DialBooks, Sequence[Claimed]], object]
) -> tuple[float, list[int]]:
    database, settings = Database(url), read_settings()
    clock = CampaignClock(timedelta(0), real=lambda: now)
    books = DialBooks(database, clock, wiring.claimer(settings, owner, 1), wiring.limits(settings))
    keep_what_lives(YOUNG_OF_DIALER)  # as the dialer does
    for wait in (2 * BEAT_SECONDS, 0.0):  # as dialers that know of each other
        books.look(0)
        time.sleep(wait)
    begun, claimed = time.perf_counter(), list[int]()
    while len(claimed) < most:
        prospects = books.next_up(AT_ONCE)
        if not prospects:
            break
        claims = books.claim(prospects)
        then(books, claims)
        claimed += [one.debtor_id for one in claims]
    seconds = time.perf_counter() - begun
    books.leave()
    database.close()
    return seconds, claimed


def again(url: str, owner: str, now: datetime, most: int) -> tuple[float, list[int]]:
    """The rows of this owner's claims written once more, in units as large as ours; seconds, and who it was."""
    database = Database(url)
    with database.reading() as session:
        claims = rows_of(session, owner)[:most]
    begun = time.perf_counter()
    for start in range(0, len(claims), AT_ONCE):
        with database.unit_of_work() as session:
            write_again(session, claims[start : start + AT_ONCE])
    seconds = time.perf_counter() - begun
    database.close()
    return seconds, [int(one.contact["debtor_id"]) for one in claims]


def bare(url: str, owner: str, now: datetime, most: int) -> tuple[float, list[int]]:
    """So many bare claims, each committed as ours are; seconds, and who it was."""
    database = Database(url)
    begun, claimed = time.perf_counter(), list[int]()
    while len(claimed) < most:
        with database.unit_of_work() as session:
            one = bare_claim(session, owner, now)
        if one is None:
            break
        claimed.append(one)
    seconds = time.perf_counter() - begun
    database.close()
    return seconds, claimed

"""One of two processes that race for the same debtors: eight dialers that claim, let it ring a moment, and end.

Told on standard input at which instants to begin a round; tells on standard output, a line each, what the carrier
would have seen: every order with the two instants (of the machine's one monotonic clock) between which it was live.
"""

from __future__ import annotations

import json
import random
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from typing import Any

from books import BUSY, CANCELLED, HUNG_UP, NO_ANSWER, Hand, dial_books, flight_books
from dialer.claim import Prospect
from dialer.dial_store import DialBooks
from dialer.in_flight_store import FlightBooks
from ledger.clock import CampaignClock
from ledger.database import Database

DIALERS = 8
#: Prospects that are looked at together, and that each dialer tries for.
LOOKED_AT, TRIED = 60, 12
#: Most calls are taken back: their next step costs least.
ENDS = (CANCELLED, CANCELLED, CANCELLED, BUSY, NO_ANSWER, HUNG_UP)


def claim_and_end(
    books: DialBooks, flight: FlightBooks, wanted: list[Prospect], rng: random.Random
) -> list[dict[str, Any]]:
    """What one dialer does with some of them: the carrier's ledger of it."""
    claimed = books.claim(wanted)
    ordered = time.monotonic()
    allowed = books.brief(claimed)
    time.sleep(rng.random() / 200)
    over = time.monotonic()
    ended = flight.told([], [], {one.attempt: rng.choice(ENDS) for one in claimed}) if claimed else []
    return [
        {
            "attempt": one.attempt,
            "debtor": one.debtor_id,
            "e164": one.e164,
            "from": ordered,
            "until": over,
            "allowed": one.attempt in allowed,
            "settled": one.attempt in ended,
        }
        for one in claimed
    ]


def race(books: list[DialBooks], flights: list[FlightBooks], clock: Hand, rng: random.Random) -> list[dict[str, Any]]:
    """One round: until nobody may be called any more."""
    orders: list[dict[str, Any]] = []
    idle = 0
    with ThreadPoolExecutor(len(books)) as pool:
        while idle < 2:
            found = books[0].next_up(LOOKED_AT)
            idle = 0 if found else idle + 1
            samples = [rng.sample(found, min(len(found), TRIED)) for _ in books]
            dice = [random.Random(rng.random()) for _ in books]
            for told in pool.map(claim_and_end, books, flights, samples, dice):
                orders += told
            clock.pass_(seconds=61)  # who was refused at the last moment is looked at again
    return orders


def main() -> None:
    """`books_racer.py URL SEED`."""
    url, seed = sys.argv[1:]
    database = Database(url, busy_seconds=60)
    clock, rng = Hand(), random.Random(int(seed))
    clocks = [CampaignClock(real=clock) for _ in range(DIALERS)]
    books = [dial_books(database, one, f"dial-{seed}-{n}", n) for n, one in enumerate(clocks)]
    flights = [flight_books(database, one) for one in clocks]
    print("ready", flush=True)
    for line in sys.stdin:
        clock.now = datetime.fromisoformat(line.strip())
        print(json.dumps(race(books, flights, clock, rng)), flush=True)
    for one in books:
        one.leave()
    database.close()


if __name__ == "__main__":
    main()

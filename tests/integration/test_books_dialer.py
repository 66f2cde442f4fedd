"""The dialer's own loop on the real books, with a carrier that plays scripts: its ledger is the oracle."""

from __future__ import annotations

import asyncio
import contextlib
from collections import Counter
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from typing import Any

import pytest

from books import (
    NOW,
    Day,
    Hand,
    add_campaign,
    add_debtor,
    add_hold,
    apply_rules,
    dial_books,
    flight_books,
    number_of,
    pay,
    people,
    senior_hours,
)  # fmt: skip
from dialer.carrier import PlaceCall
from dialer.dial import Dialer
from dialer.station_store import seen
from dialer.tables import AttemptRow, CallRow
from dialer.testing import (
    Answers,
    Busy,
    Congestion,
    FakeCarrier,
    LinkCut,
    LostOrder,
    NeverAnswers,
    RefusedOrder,
    Rejects,
    Script,
    Unallocated,
)
from ledger.clock import CampaignClock, real_now
from ledger.database import Database
from ledger.run_store import set_clock_offset, set_run_state
from ledger.tables import ContactRow
from schedules.campaign import CampaignRules
from schedules.campaign_store import change_campaign, fill_candidates
from schedules.tables import CandidateRow

#: Real seconds that a second of a script lasts; and how long we wait at most for what must happen.
PACE, PATIENCE_SECONDS = 0.02, 30.0
#: What each number does, and how that is told in the books.
SCRIPTS: tuple[tuple[Script, str], ...] = (
    (Busy(), "busy"),
    (Rejects(2), "rejected"),
    (Unallocated(), "unallocated"),
    (Congestion(), "congestion"),
    (NeverAnswers(), "no_answer"),
    (Answers(after=3, talks=5), "no_conversation"),
    (Answers(line_lost=True), "abandoned"),
    (RefusedOrder(), "failed"),
    (LostOrder(Answers(after=2)), "no_conversation"),
    (LostOrder(Busy(after=1)), "busy"),
)


class OpenLine:
    """A line that is always there."""

    ready = True

    async def close(self) -> None:
        """Nobody is on it."""


class AllSpoken:
    """Every name is sound already."""

    def ready(self, language: str, names: Sequence[str]) -> bool:
        """Yes."""
        return True


@pytest.fixture
def day(database: Database) -> Iterator[Day]:
    one = Day(database, Hand())
    with database.unit_of_work() as session:
        set_clock_offset(session, NOW - real_now())
    yield one
    one.close()


@contextlib.asynccontextmanager
async def dialing(day: Day, carrier: FakeCarrier, owner: str = "dial-9") -> AsyncIterator[Dialer]:
    """A dialer at work, and a line that says that it lives."""

    async def alive() -> None:
        while True:
            await asyncio.to_thread(seen, day.database, "line-1", "line", {"lag_p99_ms": 0.0}, real_now())
            await asyncio.sleep(1)

    clock = CampaignClock()  # follows the run's own offset
    books = dial_books(day.database, clock, owner, 9, per_second=200.0)
    dialer = Dialer(books, flight_books(day.database, clock), carrier, OpenLine(), AllSpoken())
    line, loop = asyncio.create_task(alive()), asyncio.create_task(dialer.run())
    try:
        yield dialer
    finally:
        dialer.stop()
        await asyncio.wait_for(loop, PATIENCE_SECONDS)
        line.cancel()


async def until(true: Callable[[], Any], what: str) -> None:
    """Wait until it is so."""
    for _ in range(int(PATIENCE_SECONDS / 0.05)):
        if await asyncio.to_thread(true):
            return
        await asyncio.sleep(0.05)
    raise AssertionError(f"it never came to it: {what}")


def settled(day: Day, attempts: int) -> Callable[[], bool]:
    return lambda: sum(one.disposition is not None for one in day.rows(AttemptRow)) == attempts


async def test_every_number_is_rung_once_and_its_end_stands_in_the_books(day: Day) -> None:
    people(day.database, len(SCRIPTS))
    carrier = FakeCarrier({number_of(n): script for n, (script, _) in enumerate(SCRIPTS, 1)}, PACE)
    async with dialing(day, carrier):
        await until(settled(day, len(SCRIPTS)), "every call has ended")
    attempts = {one.debtor_id: one for one in day.rows(AttemptRow)}
    assert {n: one.disposition for n, one in attempts.items()} == {
        n: disposition for n, (_, disposition) in enumerate(SCRIPTS, 1)
    }
    assert Counter(order.call.attempt for order in carrier.ledger) == Counter(one.uuid for one in attempts.values())
    assert all(one.next_step for one in attempts.values())
    assert {one.state for one in day.rows(CallRow)} == {"ended"}
    assert None not in {one.ended_at for one in day.rows(ContactRow)}


async def test_the_number_that_is_shown_is_the_campaigns_and_an_edit_holds_for_the_next_call(day: Day) -> None:
    people(day.database, 1)
    carrier = FakeCarrier({number_of(n): Busy() for n in (1, 2)}, PACE)
    async with dialing(day, carrier):
        await until(settled(day, 1), "the first was rung")
        with day.database.unit_of_work() as session:
            change_campaign(session, "winter", CampaignRules(caller_id="+3225550100"), NOW, "test")
            add_debtor(session, 2)
        fill_candidates(day.database, "winter", NOW)
        await until(settled(day, 2), "the second was rung")
    assert [one.call.caller_id for one in carrier.ledger] == [None, "+3225550100"]


async def test_two_dialers_on_the_same_books_ring_nobody_twice(day: Day) -> None:
    people(day.database, 16)
    scripts: dict[str, Script] = {number_of(n): Busy(after=1) for n in range(1, 17)}
    one, two = FakeCarrier(scripts, PACE), FakeCarrier(scripts, PACE)
    async with dialing(day, one, "dial-1"), dialing(day, two, "dial-2"):
        await until(settled(day, 16), "every call has ended")
    rung = Counter(order.call.e164 for order in (*one.ledger, *two.ledger))
    assert rung == Counter(scripts.keys())


async def test_a_link_that_is_cut_rings_nobody_twice_and_settles_everybody(day: Day) -> None:
    people(day.database, 8)
    scripts: dict[str, Script] = {number_of(n): Answers(after=2, talks=3) for n in range(1, 9)}
    scripts[number_of(3)] = LinkCut(Answers(after=2), down=10)
    carrier = FakeCarrier(scripts, PACE)
    async with dialing(day, carrier):
        await until(settled(day, 8), "every call has ended")
    assert max(Counter(order.call.e164 for order in carrier.ledger).values()) == 1
    assert {one.disposition for one in day.rows(AttemptRow)} <= {"no_conversation", "unknown", "failed"}


@pytest.mark.parametrize("why", ["hold", "paid", "stopped"])
async def test_what_is_committed_while_it_rings_takes_the_call_back(day: Day, why: str) -> None:
    people(day.database, 2)
    carrier = FakeCarrier({number_of(n): NeverAnswers() for n in (1, 2)}, pace=10.0)
    async with dialing(day, carrier):
        await until(lambda: len(carrier.ledger) == 2, "both ring")
        with day.database.unit_of_work() as session:
            if why == "hold":
                add_hold(session, "h", debtor_id=1, kind="dispute")
            elif why == "paid":
                pay(session, 1)
            else:
                set_run_state(session, "stopped")
        await until(settled(day, 2 if why == "stopped" else 1), "it was taken back")
        ended = {one.debtor_id: one.disposition for one in day.rows(AttemptRow)}
        assert ended == {1: "cancelled", 2: "cancelled" if why == "stopped" else None}
        with day.database.unit_of_work() as session:
            set_run_state(session, "stopped")  # so that the other one need not ring on
    assert len(carrier.ledger) == 2


class CountsLines(FakeCarrier):
    """Notes how many calls it held at one time."""

    most = 0

    async def place(self, call: PlaceCall) -> None:
        self.most = max(self.most, len(await self.alive()) + 1)
        await super().place(call)


async def test_ended_calls_free_their_lines_and_no_line_is_ever_used_twice(day: Day) -> None:
    with day.database.unit_of_work() as session:
        for n in range(1, 41):
            add_debtor(session, n)
    add_campaign(day.database, lines=4, calls_per_second=200.0)
    carrier = CountsLines({number_of(n): Answers(after=2, talks=8) for n in range(1, 41)}, PACE)
    async with dialing(day, carrier):
        await until(settled(day, 40), "every call is settled")
    assert 1 < carrier.most <= 4
    assert {carrier.rang(number_of(n)) for n in range(1, 41)} == {1}


async def test_a_version_of_the_rules_holds_in_a_dialer_that_runs(day: Day) -> None:
    people(day.database, 3)
    await asyncio.to_thread(apply_rules, day.database, senior_hours(weekdays=["18:00-19:00"]))
    carrier = FakeCarrier({number_of(n): Busy(after=1) for n in (1, 2, 3)}, PACE)
    async with dialing(day, carrier):
        waits = NOW.replace(hour=18, minute=0)
        await until(lambda: {one.next_eligible_at for one in day.rows(CandidateRow)} == {waits}, "all wait for six")
        assert carrier.ledger == []
        await asyncio.to_thread(apply_rules, day.database, senior_hours(weekdays=["10:00-17:00"]))
        await until(settled(day, 3), "the new hours are used at once")
    assert len(carrier.ledger) == 3

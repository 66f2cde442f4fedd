"""What is done on the beat for the books: promises judged, plans looked after, call-backs woken, recordings deleted …

Decisions use the campaign's clock; when a beat is due, real time says. Each may be repeated: a second time finds
nothing to do. No unit of work is longer than a slice.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from dialer.statement_shelf import StatementShelf
from ledger.clock import Clock
from ledger.database import Database
from ledger.promise_store import judge_slice
from ledger.statement_store import Statement, deleted, statements
from schedules.answer_clock_store import watch_answers
from schedules.apscheduler_beat import Beat
from schedules.campaign_store import fill_candidates, running
from schedules.paid_claim_store import watch_claims
from schedules.plan_watch_store import watch_plans
from schedules.queue_store import bring_forward, wake_callbacks
from schedules.rules import Rules
from schedules.thanks_store import thank

#: A window of a call-back that opened within this is looked at again: longer than the beat, so that none is missed.
LATELY = timedelta(minutes=5)
#: A recording's file is written before its dispute names it; one that is named by none for so long is nobody's.
UNCLAIMED = timedelta(hours=1)


def _in_slices(database: Database, now: datetime, step: Callable[[Any, int], tuple[int | None, list[int]]]) -> None:
    """Take one step after another, each a unit of work: it is given the last id, and gives the next one (None: done)
    and the debtors of whom something has changed."""
    after: int | None = 0
    while after is not None:
        with database.unit_of_work() as session:
            after, debtors = step(session, after)
            for debtor in debtors:
                bring_forward(session, debtor, now)


def judge_promises(database: Database, now: datetime, rules: Rules) -> None:
    """End every open promise that was kept, or whose day and grace have passed."""
    grace = rules.terms(None, now.date()).promise_quiet.value
    _in_slices(database, now, lambda session, after: judge_slice(session, after, now, grace))


def look_after_plans(database: Database, now: datetime, rules: Rules) -> None:
    """Plans: a statement after each payment, a word about a late instalment, the end when all is paid."""
    _in_slices(database, now, lambda session, after: watch_plans(session, after, now, rules))


def look_after_answers(database: Database, now: datetime, rules: Rules) -> None:
    """Plan requests and disputes that wait for us, and payments that somebody told us of."""
    _in_slices(database, now, lambda session, after: (watch_answers(session, after, now), []))
    _in_slices(database, now, lambda session, after: watch_claims(session, after, now, rules))


def thank_payers(database: Database, now: datetime, rules: Rules) -> None:
    """A thank-you in writing to whoever paid, where it is wanted."""
    _in_slices(database, now, lambda session, after: (thank(session, after, now, rules), []))


def wake(database: Database, now: datetime) -> None:
    """Call-backs whose time has come are looked at."""
    with database.unit_of_work() as session:
        wake_callbacks(session, now, LATELY)


def fill(database: Database, now: datetime) -> None:
    """Running campaigns take up who came with the last lists."""
    with database.reading() as session:
        names = [campaign.name for campaign in running(session)]
    for name in names:
        fill_candidates(database, name, now)


def too_old(named: Sequence[Statement], now: datetime, keep: timedelta) -> tuple[Statement, ...]:
    """The recordings that were kept long enough, whether their dispute is closed or not."""
    return tuple(one for one in named if now - one.made_at >= keep)


def unclaimed(lying: Mapping[str, datetime], named: Sequence[Statement], real_now: datetime) -> tuple[str, ...]:
    """Files that no dispute names: of people who were erased, or of a turn that could not be committed."""
    claimed = {one.name for one in named}
    return tuple(name for name, at in lying.items() if name not in claimed and real_now - at >= UNCLAIMED)


def sweep_statements(
    database: Database, shelf: StatementShelf, now: datetime, real_now: datetime, keep: timedelta
) -> None:
    """Delete recordings that are too old, and those that nobody's dispute names any more. The file goes first: a book
    that says "deleted" is never wrong. Raises `OSError` where one can't be deleted; the next beat tries again."""
    lying = shelf.lying()
    with database.reading() as session:
        named = statements(session)
    old = too_old(named, now, keep)
    for name in (*(one.name for one in old), *unclaimed(lying, named, real_now)):
        shelf.remove(name)
    if old:
        with database.unit_of_work() as session:
            deleted(session, old, now, "work")


def beats_of_the_books(database: Database, clock: Clock, rules: Callable[[], Rules]) -> tuple[Beat, ...]:
    """The beats, for whoever holds them. `clock` is the campaign's."""
    ten_minutes = timedelta(minutes=10)
    return (
        Beat(kind="promises", every=ten_minutes, run=lambda _: judge_promises(database, clock(), rules())),
        Beat(kind="answers", every=ten_minutes, run=lambda _: look_after_answers(database, clock(), rules())),
        Beat(kind="plans", every=ten_minutes, run=lambda _: look_after_plans(database, clock(), rules())),
        Beat(kind="thanks", every=timedelta(hours=1), run=lambda _: thank_payers(database, clock(), rules())),
        Beat(kind="callbacks", every=timedelta(minutes=1), run=lambda _: wake(database, clock())),
        Beat(kind="queue", every=timedelta(hours=1), run=lambda _: fill(database, clock())),
    )

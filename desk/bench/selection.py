"""Who is next of a million: found in order, judged and claimed, beside a bare queue tuned by hand in the same run."""

from __future__ import annotations

import contextlib
import json
import random
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from statistics import median

from desk import wiring
from desk.bench import claims
from desk.bench.bare_store import bare_next, copy_bare
from desk.bench.report import AtLeast, AtLeastRatio, AtMost, AtMostRatio, Row
from desk.bench.selection_store import CAMPAIGN, MORNING, SCENES, Scene, set_scene, write_people
from desk.errors import DeskError
from desk.migrate import migrate
from desk.why_batch import answers
from ledger.contact import Channel
from ledger.database import Database
from schedules.opening_store import next_candidates
from schedules.permission import may_contact
from schedules.standing_store import standings_of

#: So many are asked for.
NEXT = 1000
#: Looks of each kind, one after the other in turn; the middle one counts.
LOOKS = 15
#: Claims of each process; and whose those are that are briefed as well.
CLAIMS, BRIEFED = 800, "briefed"
#: Debtors whose permission is asked, over and over, for so long (seconds).
JUDGED, JUDGING_SECONDS = 2000, 2.0
#: Questions of `why --batch`, at moments of so many minutes around the bench's own (30 days).
ASKED, ASKED_AROUND = 2000, 30 * 24 * 60
#: The smaller number of debtors beside which the larger is measured.
SMALLER = 10

Tell = Callable[[str], None]
Told = Callable[[int], None]


@dataclass(frozen=True, kw_only=True)
class Look:
    """How long the next thousand took (milliseconds), ours and bare."""

    scene: Scene
    ours: float
    bare: float


def selection(tell: Tell, told: Told, debtors: int, url: str | None = None) -> list[Row]:
    """Measure all, in a temporary file, or in the empty database of `url`. `told` hears of debtors written."""
    with _database(url) as database:
        tell(f"writing {debtors // SMALLER} debtors")
        write_people(database, 1, debtors // SMALLER, told)
        small = [_looked(database, scene, debtors // SMALLER, tell) for scene in SCENES]
        tell(f"writing {debtors} debtors")
        write_people(database, debtors // SMALLER + 1, debtors, told)
        large = [_looked(database, scene, debtors, tell) for scene in SCENES]
        tell("asking permission")
        judged = _judged(database)
        tell("claiming, two processes")
        set_scene(database, MORNING, debtors)
        copy_bare(database)
        whole = database.url.render_as_string(hide_password=False)
        bare, _ = claims.rate(claims.bare, whole, MORNING.now, CLAIMS)
        ours, twice = claims.rate(claims.ours, whole, MORNING.now, CLAIMS)
        briefed, _ = claims.rate(claims.briefed, whole, MORNING.now, CLAIMS, BRIEFED)
        again, _ = claims.rate(claims.again, whole, MORNING.now, CLAIMS, BRIEFED)
        tell("asking why, by lines")
        answered = _answered(database, debtors)
    return [
        *(_row(one, debtors) for one in large),
        _growth(small, large, debtors),
        *_claims(ours, bare, briefed, again, twice),
        *_decisions(judged, answered),
    ]


@contextlib.contextmanager
def _database(url: str | None) -> Iterator[Database]:
    with tempfile.TemporaryDirectory(prefix="beltoon-bench-") as folder:
        database = Database(url or f"sqlite:///{folder}/beltoon.db", busy_seconds=60)
        migrate(database)
        try:
            with database.reading() as session:
                if standings_of(session, [1]):
                    raise DeskError("The bench writes its own debtors; name an empty database")
            yield database
        finally:
            database.close()


def _looked(database: Database, scene: Scene, debtors: int, tell: Tell) -> Look:
    tell(f"{scene.name}, {debtors} debtors")
    set_scene(database, scene, debtors)
    copy_bare(database)
    ours: list[float] = []
    bare: list[float] = []
    for _ in range(LOOKS):
        with database.reading() as session:
            session.connection()
            ours.append(_ms(lambda: next_candidates(session, CAMPAIGN, scene.now, NEXT)))
            bare.append(_ms(lambda: bare_next(session, scene.now, NEXT)))
    return Look(scene=scene, ours=median(ours), bare=median(bare))


def _judged(database: Database) -> float:
    """Decisions a second of one core: its processor time, whoever else is at work on this machine."""
    now: datetime = MORNING.now
    rules = wiring.rules(database)
    with database.reading() as session:
        standings = list(standings_of(session, range(1, JUDGED + 1)).values())
    done, begun = 0, time.process_time()
    while time.process_time() - begun < JUDGING_SECONDS:
        for one in standings:
            may_contact(one, Channel.VOICE, now, rules=rules)
        done += len(standings)
    return done / (time.process_time() - begun)


def _answered(database: Database, debtors: int) -> float:
    """Lines of `why --batch` answered a second: each about somebody, most at moments of their own."""
    chance = random.Random(1)
    lines = [
        json.dumps(
            {
                "debtor": f"D-{chance.randrange(1, debtors + 1)}",
                "at": (MORNING.now + timedelta(minutes=chance.randrange(-ASKED_AROUND, ASKED_AROUND))).isoformat(),
            }
        )
        for _ in range(ASKED)
    ]
    rules = wiring.rules_book()
    begun = time.perf_counter()
    done = sum(1 for _ in answers(database, lines, MORNING.now, rules=rules))
    return done / (time.perf_counter() - begun)


def _row(look: Look, debtors: int) -> Row:
    tried = look.scene.tried > 0
    return Row(
        name=f"the next {NEXT} of {debtors}, {look.scene.name}",
        ours=look.ours,
        baseline=look.bare,
        unit="ms",
        goal=AtMostRatio(1.0 if tried else 3.0),
        note="the baseline is one table with its best indexes, read by the driver alone",
    )


def _growth(small: list[Look], large: list[Look], debtors: int) -> Row:
    at, one = max(zip(large, small, strict=True), key=lambda both: both[0].ours / both[1].ours)
    return Row(
        name=f"from {debtors // SMALLER} to {debtors} debtors, at the worst moment",
        ours=at.ours,
        baseline=one.ours,
        unit="ms",
        goal=AtMostRatio(3.0),
        note=f"the baseline is ours among {debtors // SMALLER}; the worst moment is {at.scene.name}",
    )


def _claims(ours: float, bare: float, briefed: float, again: float, twice: int) -> list[Row]:
    together = f"{claims.PROCESSES} processes"
    return [
        Row(
            name=f"claims a second, {together}", ours=ours, baseline=bare, unit="claims/s", goal=AtLeastRatio(0.5),
            note="ours find who is next, ask permission twice and write contact, receipt, attempt, call, two"
            " budget rows and the candidate; the baseline is a bare UPDATE … RETURNING of one row, committed by itself",
        ),
        Row(
            name=f"claims briefed for their orders a second, {together}", ours=briefed, baseline=again, unit="claims/s",
            note="permission is asked a third time, and briefing and ticket are written; the baseline writes the same"
            " rows again by the driver alone, in units as large, and decides nothing",
        ),
        Row(name="debtors claimed twice", ours=float(twice), baseline=None, unit="debtors", goal=AtMost(0)),
    ]  # fmt: skip


def _decisions(judged: float, answered: float) -> list[Row]:
    return [
        Row(
            name="decisions of permission a second", ours=judged, baseline=None, unit="decisions/s",
            goal=AtLeast(50_000), note="of processor time of one core; standings are read beforehand",
        ),
        Row(
            name="lines of why --batch a second", ours=answered, baseline=None, unit="lines/s", goal=AtLeast(500),
            note="each line at another moment, with its reason, its rules and the next opening",
        ),
    ]  # fmt: skip


def _ms(work: Callable[[], object]) -> float:
    begun = time.perf_counter()
    work()
    return (time.perf_counter() - begun) * 1000

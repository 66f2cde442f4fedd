"""How long people wait and how even our sound is: the real line against a bare AudioSocket server.

Ours is the whole product: the dialer's claims, the line's process, conversations whose every turn is committed before
it is heard, on a SQLite database of its own. The bare line plays a sound at once. Both stand on the same Asterisk,
with the same callee, who stamps each packet with the kernel's own time. The same again with debtors who all speak.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

from desk.bench.heard_store import heard_kinds
from desk.bench.line_rows import Heard, Speech, rows, spoken_rows
from desk.bench.machine import child_of, processor_seconds
from desk.bench.people import CUSTOMER_END, POSTCODE
from desk.bench.person import PATIENCE
from desk.bench.program import DialerProgram, Program
from desk.bench.report import Row
from desk.bench.stage import BenchStage, Tell
from desk.errors import DeskError
from dialer.station_store import detail_of
from ledger.clock import real_now

#: Calls at one time.
SIZES = (1, 50, 200)
#: Yes it's me; it suits; two proofs; later; on one day; the first; agreed; the summary is right.
WALK = f"1 1 {POSTCODE} {CUSTOMER_END} 2 1 1 1 1"
#: The same in words wherever a yes is the answer, and the key 1 where nobody hears it; every other debtor hangs up at
#: the first proof, so that many calls begin while we measure.
SPOKEN_WALK = f"me=1 yes=1 {POSTCODE} {CUSTOMER_END} 2 1 1 yes=1 yes=1|me=1 yes=1"
#: Calls at one time in which every debtor speaks, and to how many of them we listen; 0: as the engine measures.
SPOKEN_SIZES = {50: 50, 200: 0}
#: From the first word to the key: one call alone is in a hurry, so that a bench ends; two hundred are busy people.
THINKS_ALONE, THINKS = 1.5, 4.0
#: One call alone: so many that hang up at the first word, for the answer; then one whole walk, for the keys.
QUICK = 20
#: As good as full: some are always between two calls.
FULL = 0.95
MEASURED_SECONDS = 40.0
#: New calls a second: one of so many lines each second.
NEW_A_SECOND = 20
#: A wait that began within the stretch may end after it: we look again so often, until nobody's patience can last.
LOOK_SECONDS = 2.0
#: A run gets no further when nothing has changed for so long. On a machine that is busy otherwise the dialer holds new
#: calls back while the line's clock lags: after so long we measure with as many calls as there are, and say so.
STUCK_SECONDS, LONGEST_SECONDS = 90.0, 150.0


def line(stage: BenchStage, tell: Tell, sizes: Sequence[int] = SIZES, seconds: float = MEASURED_SECONDS) -> list[Row]:
    """Measure both at each size."""
    found: list[Row] = []
    for calls in sizes:
        tell(f"the bare line, {calls} at a time")
        bare_line = stage.bare_line()
        loop = stage.bare_loop(calls, _per_second(calls))
        bare = _run(stage, calls, seconds, {"line": bare_line.pid, "dialer": loop.pid})
        _stop(stage, loop)
        stage.end(bare_line)
        found += rows(_ours(stage, tell, calls, seconds, None), bare)
        if calls in SPOKEN_SIZES:
            found += spoken_rows(_ours(stage, tell, calls, seconds, SPOKEN_SIZES[calls]), bare)
    return found


def _per_second(calls: int) -> float:
    return 10.0 if calls == 1 else max(2.0, calls / NEW_A_SECOND)


def _ours(stage: BenchStage, tell: Tell, calls: int, seconds: float, ears: int | None) -> Heard:
    """One run of our line. `ears`: as of `BenchStage.dialer`; the debtors speak where there are any."""
    per_second = _per_second(calls)
    people = QUICK * 3 if calls == 1 else int(calls + per_second * (seconds + 60))
    with stage.books(people, calls, per_second) as database:
        tell(f"our line, {calls} at a time" + ("" if ears is None else " who speak"))
        dialer = stage.dialer(calls, per_second, ears)
        pids = {"line": stage.line_pid(database), "dialer": dialer.pid}
        ours = _run(stage, calls, seconds, pids, WALK if ears is None else SPOKEN_WALK)
        if ears is not None:
            with database.reading() as session:
                line_tells = detail_of(session, "line", real_now()) or {}
                ours = replace(ours, speech=Speech(ears=line_tells.get("ears"), kinds=heard_kinds(session)))
        _stop(stage, dialer)
    return ours


def _run(stage: BenchStage, calls: int, seconds: float, pids: dict[str, int], walk: str = WALK) -> Heard:
    watched = pids | {"asterisk": stage.asterisk_pid}
    reached = calls
    if calls == 1:
        stage.callee.ask(f"play {THINKS_ALONE} {'|' * QUICK}{walk}")
        begun, before = time.monotonic(), _spent(watched)
        _until(stage, lambda seen: seen["ended"] > QUICK)
    else:
        stage.callee.ask(f"play {THINKS} {walk}")
        late = time.monotonic() + LONGEST_SECONDS
        _until(stage, lambda seen: seen["live"] >= FULL * calls or time.monotonic() > late)
        if child := child_of(pids["line"]):
            watched |= {"recogniser": child}
        live = stage.callee.ask("live")["live"]
        reached = calls if live >= FULL * calls else live
        begun, before = time.monotonic(), _spent(watched)
        time.sleep(seconds)
    until, after = time.monotonic(), _spent(watched)
    cpu = {name: 100 * (after[name] - before[name]) / (until - begun) / reached for name in watched}
    heard = heard_out(lambda: stage.callee.ask(f"report {begun} {until}"), time.sleep)
    return Heard(calls, heard, cpu, reached=reached)


def heard_out(report: Callable[[], dict[str, Any]], sleep: Callable[[float], None]) -> dict[str, Any]:
    """The report in which every wait has ended; what is still open when nobody waits any longer never came."""
    waited = 0.0
    while True:
        sleep(LOOK_SECONDS)
        waited += LOOK_SECONDS
        found = report()
        if waited > PATIENCE or None not in (*found["answers"], *found["keys"]):
            return found


def _stop(stage: BenchStage, dialling: Program | DialerProgram) -> None:
    """No new calls; then everybody hangs up."""
    stage.callee.ask("clear")
    stage.end(dialling)
    stage.callee.ask("clear")
    _until(stage, lambda seen: seen["live"] == 0)
    stage.callee.ask("forget")


def _until(stage: BenchStage, reached: Callable[[dict[str, Any]], bool]) -> None:
    """Wait until the callee has seen so much. Raises `DeskError` when it never will."""
    seen = stage.callee.ask("live")
    changed_at = time.monotonic()
    while not reached(seen):
        time.sleep(0.1)
        now = stage.callee.ask("live")
        if now != seen:
            seen, changed_at = now, time.monotonic()
        if time.monotonic() - changed_at > STUCK_SECONDS:
            raise DeskError(f"The bench is stuck: {seen['live']} calls live, {seen['ended']} ended")


def _spent(watched: dict[str, int]) -> dict[str, float]:
    return {name: processor_seconds(pid) for name, pid in watched.items()}

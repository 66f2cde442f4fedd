"""Calls a second: through the dialer, with claims and permission, against a bare Originate loop.

Both keep the same window of calls in flight, on the same Asterisk and dialplan, to a callee who answers and hangs up
as soon as the answer is acknowledged. The dialer's calls reach our line and have a conversation's beginning and end;
the bare loop's reach the bare line.
"""

from __future__ import annotations

import time
from dataclasses import dataclass

from desk.bench.machine import processor_seconds
from desk.bench.report import AtLeastRatio, Row
from desk.bench.stage import BenchStage, Tell

#: Calls in flight, and how many a second may begin: more than any machine does.
WINDOW, PER_SECOND = 50, 1000.0
#: Left out at the beginning, and then measured.
WARM_SECONDS, SECONDS = 3.0, 15.0
#: More people than are called meanwhile.
PEOPLE = 4_000
GOAL = AtLeastRatio(0.8)


@dataclass(frozen=True)
class Rate:
    """What happened in a stretch of time."""

    per_second: float
    #: Milliseconds of one core for each call, by process.
    cpu_ms: dict[str, float]


def launch(stage: BenchStage, tell: Tell, seconds: float = SECONDS) -> list[Row]:
    """Measure both."""
    stage.callee.ask("play 0 now")
    tell("the bare loop")
    line = stage.bare_line()
    loop = stage.bare_loop(WINDOW, PER_SECOND)
    bare = _measure(stage, {"loop": loop.pid, "line": line.pid}, seconds)
    stage.end(loop)
    time.sleep(1.0)
    stage.end(line)
    with stage.books(PEOPLE, WINDOW, PER_SECOND) as database:
        tell("the dialer")
        dialer = stage.dialer(WINDOW, PER_SECOND)
        line_pid = stage.line_pid(database)
        ours = _measure(stage, {"dialer": dialer.pid, "line": line_pid}, seconds)
        stage.end(dialer)
    return rows(ours, bare)


def _measure(stage: BenchStage, pids: dict[str, int], seconds: float) -> Rate:
    time.sleep(WARM_SECONDS)
    watched = pids | {"asterisk": stage.asterisk_pid, "callee": stage.callee.pid}
    begun = time.monotonic()
    before = {name: processor_seconds(pid) for name, pid in watched.items()}
    time.sleep(seconds)
    used = {name: processor_seconds(pid) - before[name] for name, pid in watched.items()}
    until = time.monotonic()
    calls = stage.callee.ask(f"report {begun} {until}")["completed"]
    return Rate(calls / (until - begun), {name: 1000 * spent / max(calls, 1) for name, spent in used.items()})


def rows(ours: Rate, bare: Rate) -> list[Row]:
    """The rate, and where the time of a call went."""
    busiest = max(("dialer", "line"), key=lambda name: ours.cpu_ms[name])
    busy = ours.cpu_ms[busiest] * ours.per_second / 10
    note = (
        f"the {busiest} process uses {ours.cpu_ms[busiest]:.1f} ms of its one core for a call ({busy:.0f} % busy);"
        f" all of ours together {sum(ours.cpu_ms.values()):.1f} ms, the bare ones {sum(bare.cpu_ms.values()):.1f} ms"
    )
    found = [
        Row(
            name=f"calls a second, {WINDOW} in flight",
            ours=ours.per_second, baseline=bare.per_second, unit="calls/s", goal=GOAL, note=note,
        )
    ]  # fmt: skip
    for name, other in (("dialer", "loop"), ("line", "line"), ("asterisk", "asterisk"), ("callee", "callee")):
        found.append(
            Row(name=f"processor for a call: {name}", ours=ours.cpu_ms[name], baseline=bare.cpu_ms[other], unit="ms")
        )
    return found

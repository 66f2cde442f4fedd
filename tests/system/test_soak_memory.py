"""A day at a steady twenty calls a second must not fill the memory: the dialer's and the line's stay flat."""

from __future__ import annotations

import os
import time
from pathlib import Path
from statistics import mean

import pytest

from desk.bench.stage import BenchStage
from desk.settings import read_settings

pytestmark = [pytest.mark.soak, pytest.mark.asterisk]

PER_SECOND, LINES = 20.0, 60
MINUTES = float(os.environ.get("SOAK_MINUTES", "30"))
#: Until caches are full (of 4,096 people: three and a half minutes) and the allocator has found its size.
WARM_SECONDS = 480.0
#: A look at the memory each so many seconds.
LOOK_SECONDS = 5.0
#: What a busy moment may leave behind: the allocator keeps what it once needed, and each database connection fills its
#: cache of pages. Seen: 1 to 2 MB, while Python's own blocks stayed as they were.
NOISE_BYTES = 2_000_000
#: Growth beyond that between the first third and the last, in bytes a call: at twenty calls a second 85 MB in a day.
MOST_A_CALL = 50.0


def memory(pid: int) -> int:
    """What a process holds, in bytes."""
    return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")


def test_the_memory_of_dialer_and_line_is_flat_at_twenty_calls_a_second() -> None:
    people = int(PER_SECOND * (MINUTES * 60 + WARM_SECONDS + 120))
    with BenchStage(read_settings(), lambda told: None).built() as stage:
        stage.callee.ask("play 0 now")
        with stage.books(people, LINES, PER_SECOND) as database:
            dialer = stage.dialer(LINES, PER_SECOND)
            pids = {"dialer": dialer.pid, "line": stage.line_pid(database)}
            time.sleep(WARM_SECONDS)
            begun = stage.callee.ask("live")["ended"]
            held: dict[str, list[int]] = {name: [] for name in pids}
            until = time.monotonic() + MINUTES * 60
            while time.monotonic() < until:
                time.sleep(LOOK_SECONDS)
                for name, pid in pids.items():
                    held[name].append(memory(pid))
            calls = stage.callee.ask("live")["ended"] - begun
            stage.end(dialer)
    assert calls > 0.8 * PER_SECOND * MINUTES * 60, "the calls went on all the time"
    for name, looks in held.items():
        third = len(looks) // 3
        grown = mean(looks[-third:]) - mean(looks[:third])
        a_call = (grown - NOISE_BYTES) / (calls * 2 / 3)
        print(f"{name}: {mean(looks[:third]) / 1e6:.1f} MB, then {grown / 1e6:+.2f} MB over {calls} calls")
        assert a_call < MOST_A_CALL, f"{name} grows by {grown / 1e6:.1f} MB over {calls} calls"

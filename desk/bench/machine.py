"""The machine that a figure belongs to: without it a figure says nothing."""

from __future__ import annotations

import math
import os
import platform
from pathlib import Path
from typing import Any


def machine(asterisk: str | None = None) -> dict[str, Any]:
    """Processor, cores, memory, versions, and how busy it was before we began."""
    described = {
        "system": f"{platform.system()} {platform.release()}",
        "processor": _processor(),
        "cores": len(os.sched_getaffinity(0)),
        "memory_gib": round(os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30, 1),
        "python": platform.python_version(),
        "load_before": round(os.getloadavg()[0], 2),
    }
    return described | ({"asterisk": asterisk} if asterisk else {})


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
    except OSError:
        lines = []
    names = (line.partition(":")[2].strip() for line in lines if line.startswith("model name"))
    return next(names, platform.machine())


def child_of(pid: int) -> int | None:
    """The oldest child of a process; None where it has none, or is gone."""
    try:
        tasks = [path.read_text().split() for path in Path(f"/proc/{pid}/task").glob("*/children")]
    except OSError:
        return None
    children = (int(child) for children in tasks for child in children)
    return min(children, key=_began, default=None)


def _began(pid: int) -> float:
    """When a process began, in ticks since the machine did; one that is gone counts as the last.

    Numbers are used again, so the smallest is not always the oldest.
    """
    try:
        return float(Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[19])
    except OSError:
        return math.inf


def processor_seconds(pid: int) -> float:
    """What a process and its threads have used so far, in seconds of one core; 0 for one that is gone."""
    try:
        after_name = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return 0.0
    return (int(after_name[11]) + int(after_name[12])) / os.sysconf("SC_CLK_TCK")

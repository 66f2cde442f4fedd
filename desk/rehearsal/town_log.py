"""The town's own log of calls: the oracle of who was really rung, and how often."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

from desk.errors import DeskError
from dialer.files import docker_folder


def town_calls(folder: Path) -> list[dict[str, Any]]:
    """Every ended call of the town in `folder`, read by the town's own reader. Raises `DeskError`."""
    command = [sys.executable, str(docker_folder("town") / "log.py"), str(folder)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        raise DeskError(f"The town's log can't be read: {(done.stderr.strip().splitlines() or ['?'])[-1]}")
    found: list[dict[str, Any]] = json.loads(done.stdout)
    return found


def counted(calls: list[dict[str, Any]]) -> dict[str, int]:
    """The same sums that the books give: calls to the town, of them answered, calls from the town."""
    to_town = [call for call in calls if not call["rang_in"]]
    return {
        "calls": len(to_town),
        "answered": sum(call["answered_at"] is not None for call in to_town),
        "calls_in": len(calls) - len(to_town),
    }

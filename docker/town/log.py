"""What the town saw: one value per call that reached it or that it made, read from the town's own log.

It is written by the town's Asterisk when a call has ended, answered or not, and nothing of the product writes to it:
who was called twice is seen here.
"""

from __future__ import annotations

import argparse
import csv
import json
import sys
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

from configuration import CALL_LOG
from speech import spoken_seconds

#: Where the log lies in a town's folder, and the messages that its answering machines recorded.
CALLS = Path("log/cdr-custom/calls.csv")
MESSAGES = Path("spool/messages")


@dataclass(frozen=True, kw_only=True)
class TownCall:
    """One call, as the network saw it. Times are real time, UTC, to the millisecond."""

    #: E.164 of the person in the town.
    number: str
    #: True: the town's person rang us.
    rang_in: bool
    #: The number that the person saw; for a call in: the number they dialled.
    caller: str
    started_at: datetime
    answered_at: datetime | None
    ended_at: datetime
    #: `answered`, `busy`, `rejected`, `unallocated`, `congestion`, `no_answer`; `given_up`: the caller ended it while
    #: it rang; `not_taken`: the person rang us and we did not answer.
    result: str
    #: What was pressed, in the order of the steps: `("1", "9000")`.
    keys: tuple[str, ...]
    #: How far the persona came: `3 of 7`, `all`; empty where nobody answered.
    step: str
    #: The person put the receiver down.
    hung_up: bool
    #: What an answering machine recorded.
    message: Path | None

    @property
    def message_seconds(self) -> float:
        """How long we spoke on the answering machine; 0.0 without one."""
        return spoken_seconds(self.message) if self.message is not None else 0.0


def read_calls(town: Path) -> tuple[TownCall, ...]:
    """All ended calls of the town in this folder, in the order in which they began."""
    path = town / CALLS
    if not path.exists():
        return ()
    # A row that is being written this moment is not read yet.
    whole = [line for line in path.read_text(encoding="utf-8").splitlines(keepends=True) if line.endswith("\n")]
    rows = [dict(zip(CALL_LOG, row, strict=True)) for row in csv.reader(whole)]
    calls = [_call(row, town) for row in rows if row["direction"]]
    return tuple(sorted(calls, key=lambda call: call.started_at))


def _call(row: dict[str, str], town: Path) -> TownCall:
    answered, rang_in = float(row["answer"] or 0) > 0, row["direction"] == "from"
    return TownCall(
        number=f"+{row['number']}",
        rang_in=rang_in,
        caller=row["caller"],
        started_at=_instant(row["start"]),
        answered_at=_instant(row["answer"]) if answered else None,
        ended_at=_instant(row["end"]),
        result="answered" if answered else "not_taken" if rang_in else row["line"] or "given_up",
        keys=tuple(row["keys"].split()),
        step=row["step"],
        hung_up=row["ended_by"] == "town",
        message=town / MESSAGES / row["message"] if row["message"] else None,
    )


def _instant(epoch: str) -> datetime:
    return datetime.fromtimestamp(float(epoch), UTC)


def main(arguments: Sequence[str]) -> int:
    """The command: the whole log of the town in the folder named, as one JSON list."""
    parser = argparse.ArgumentParser(prog="log.py", description="Print a town's log of calls as one JSON list.")
    parser.add_argument("town", type=Path, help="the town's folder")
    calls = read_calls(parser.parse_args(arguments).town)
    shown = [asdict(call) | {"message_seconds": call.message_seconds} for call in calls]
    json.dump(shown, sys.stdout, default=_written, indent=2)
    return 0


def _written(value: object) -> str:
    return value.isoformat() if isinstance(value, datetime) else str(value)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

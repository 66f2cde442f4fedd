"""Lets a person of a running town ring us now, or in a while: what their `rings_in` says, without a missed call before.

python docker/town/ring.py --town DIR +32470000111 [--in SECONDS]
"""

from __future__ import annotations

import argparse
import os
import sys
import time
from collections.abc import Sequence
from pathlib import Path

#: Where Asterisk looks for call files; one that is dated ahead waits for its time.
OUTGOING = Path("spool/outgoing")
#: On the same disk, so that a call file appears there whole.
SPOOL_TMP = Path("spool/tmp")


class RingError(Exception):
    """Nobody rings; the message says why."""


def ring_in(town: Path, number: str, *, seconds: float = 0.0) -> None:
    """The person with this number (E.164) rings us in so many seconds. Raises `RingError`, `OSError`."""
    digits = number.removeprefix("+")
    dialplan = (town / "etc/extensions.conf").read_text(encoding="utf-8")
    if not digits.isdigit() or f"[rings-{digits}]\n" not in dialplan:
        raise RingError(f"{number} has no rings_in in the town's personas")
    name = f"{digits}-{time.time_ns()}.call"
    waiting = town / SPOOL_TMP / name
    waiting.write_text(
        f"Channel: Local/s@rings-{digits}/n\nApplication: Wait\nData: 3600\nMaxRetries: 0\nWaitTime: 10\n"
    )
    waiting.chmod(0o666)  # Asterisk may run as another user, and writes into it
    at = time.time() + seconds
    os.utime(waiting, (at, at))
    waiting.rename(town / OUTGOING / name)


def main(arguments: Sequence[str]) -> int:
    """The command. 0: will ring; 1: will not, with the reason in one line."""
    parser = argparse.ArgumentParser(prog="ring.py", description="Let a person of a running town ring us.")
    parser.add_argument("--town", type=Path, required=True, help="the town's folder")
    parser.add_argument("number", help="who rings, as +32470000111")
    parser.add_argument("--in", dest="seconds", type=float, default=0.0, help="after so many seconds")
    asked = parser.parse_args(arguments)
    try:
        ring_in(asked.town, asked.number, seconds=asked.seconds)
    except (RingError, OSError) as error:
        print(f"Nobody rings: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

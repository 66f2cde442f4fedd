"""A program of a bench in a process of its own: started, asked by lines, ended."""

from __future__ import annotations

import contextlib
import json
import signal
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from desk.errors import DeskError

#: A program is gone within this after it was asked to end.
PATIENCE_SECONDS = 30.0


class Program:
    """`python -m MODULE …`. It writes `listening` when it is ready, and ends with its standard input."""

    def __init__(self, module: str, *arguments: str) -> None:
        self._name = module
        self._process = subprocess.Popen(
            [sys.executable, "-m", module, *arguments],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, start_new_session=True,
        )  # fmt: skip
        if self._heard() != "listening":
            self.end()
            raise DeskError(f"{module} did not start")

    @property
    def pid(self) -> int:
        """Its process."""
        return self._process.pid

    def ask(self, line: str) -> dict[str, Any]:
        """Say one line, hear one document. Raises `DeskError` when the program has ended."""
        assert self._process.stdin is not None  # noqa: S101
        self._process.stdin.write(line + "\n")
        self._process.stdin.flush()
        heard: dict[str, Any] = json.loads(self._heard() or "null") or {}
        if not heard:
            raise DeskError(f"{self._name} has ended")
        return heard

    def end(self) -> None:
        """Close its input and wait; may be called twice."""
        assert self._process.stdin is not None and self._process.stdout is not None  # noqa: S101
        with contextlib.suppress(BrokenPipeError):
            self._process.stdin.close()
        wait_or_kill(self._process)
        self._process.stdout.close()

    def _heard(self) -> str:
        assert self._process.stdout is not None  # noqa: S101
        return self._process.stdout.readline().strip()


class DialerProgram:
    """`beltoon dial`, as anybody would start it."""

    def __init__(self, environment: Mapping[str, str], log: Path) -> None:
        with log.open("ab") as file:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "desk", "dial", "--with-parent"],
                env=dict(environment), stdin=subprocess.DEVNULL, stdout=file, stderr=file, start_new_session=True,
            )  # fmt: skip

    @property
    def pid(self) -> int:
        """Its process."""
        return self._process.pid

    @property
    def ended(self) -> bool:
        """It is gone."""
        return self._process.poll() is not None

    def end(self) -> None:
        """Twice asked: goodbye now. May be called twice."""
        for wait in (0.5, PATIENCE_SECONDS):
            if self._process.poll() is None:
                self._process.send_signal(signal.SIGTERM)
                with contextlib.suppress(subprocess.TimeoutExpired):
                    self._process.wait(wait)
        wait_or_kill(self._process)


def wait_or_kill(process: subprocess.Popen[Any]) -> None:
    """It ends by itself, or is ended."""
    try:
        process.wait(PATIENCE_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()

"""`beltoon up`: dialer and background work under one parent."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time

import typer

from desk import wiring
from desk.cli import app
from desk.cli.output import notes
from desk.migrate import migrate
from desk.settings import read_settings

_PROCESSES = ("dial", "work")


@app.command("up")
def up_command() -> None:
    """Bring the database up to date, then run dial and work until Ctrl-C; when one ends, the other is stopped too."""
    settings = read_settings()
    migrate(wiring.open_database(settings, check=False))
    presses = 0

    def press(*_: object) -> None:
        nonlocal presses
        presses += 1

    for sign in (signal.SIGINT, signal.SIGTERM):
        signal.signal(sign, press)
    children = {
        name: subprocess.Popen(
            [sys.executable, "-m", "desk", name, "--with-parent"], env=os.environ, start_new_session=True
        )
        for name in _PROCESSES
    }
    notes.print(f"Up: {', '.join(_PROCESSES)}. Ctrl-C stops kindly; again: goodbye now.")
    told = 0
    while any(child.poll() is None for child in children.values()):
        if told == 0 and any(child.poll() is not None for child in children.values()):
            presses = max(presses, 1)
        while told < min(presses, 2):
            told += 1
            for child in children.values():
                if child.poll() is None:
                    child.send_signal(signal.SIGTERM)
        time.sleep(0.1)
    if any(child.returncode for child in children.values()):
        raise typer.Exit(1)

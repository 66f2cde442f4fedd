"""`beltoon health`: do these processes live? Light, to be asked often; `beltoon doctor` looks at everything."""

from __future__ import annotations

from enum import StrEnum

import typer

from desk import wiring
from desk.cli import app
from desk.cli.output import AsJson, console, print_json
from dialer.station_store import detail_of
from ledger.clock import real_now


class Process(StrEnum):
    """A process that says every few seconds, in the database, that it lives."""

    DIAL = "dial"
    LINE = "line"
    WORK = "work"


@app.command("health")
def health_command(processes: list[Process], as_json: AsJson = False) -> None:
    """Exit 0 while every one of PROCESSES (dial, line, work) lives, else 1. For containers and monitors."""
    database = wiring.open_database()
    with database.reading() as session:
        alive = {process.value: detail_of(session, process, real_now()) is not None for process in processes}
    database.close()
    if as_json:
        print_json({"alive": alive})
    else:
        for name, lives in alive.items():
            console.print(f"{name} {'lives' if lives else 'has not been seen for some seconds'}")
    if not all(alive.values()):
        raise typer.Exit(1)

"""`beltoon doctor`: what is here, what is missing, what to do."""

from __future__ import annotations

import typer
from rich.table import Table

from desk.checkup import look
from desk.cli import app
from desk.cli.output import AsJson, console, print_json
from desk.finding import Health

_MARK = {Health.GOOD: ("✓", "green"), Health.NOTE: ("·", "yellow"), Health.WRONG: ("✗", "bold red")}


@app.command("doctor")
def doctor_command(as_json: AsJson = False) -> None:
    """Look at everything that Beltoon needs. Exit 1 where something is wrong."""
    findings = list(look())
    if as_json:
        print_json({"findings": [{"what": f.what, "health": f.health.value, "told": f.told} for f in findings]})
    else:
        table = Table(show_header=False, box=None)
        for finding in findings:
            mark, colour = _MARK[finding.health]
            table.add_row(f"[{colour}]{mark}[/]", finding.what, finding.told)
        console.print(table)
    if any(finding.health is Health.WRONG for finding in findings):
        raise typer.Exit(1)

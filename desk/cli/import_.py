"""`beltoon import`: a list of debtors and invoices, or a history, into the books, whole or not at all."""

from __future__ import annotations

from contextlib import nullcontext
from pathlib import Path
from typing import Annotated

import typer
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeRemainingColumn
from rich.table import Table
from rich.text import Text

from desk.cli import app
from desk.cli.output import AsJson, console, counted, notes, print_json
from desk.wiring import campaign_clock, look_again, open_database
from ledger.intake.history.columns import Kind
from ledger.intake.importing import Progress as Telling
from ledger.intake.importing import import_list, no_progress
from ledger.intake.report import Report

#: So many findings are shown to people; `--json` tells them all.
_SHOWN = 40
_INTERRUPTED = "Stopped. What was checked and stored is finished by the next start of Beltoon; nothing is half done."


@app.command("import")
def import_command(
    file: Annotated[Path, typer.Argument(help="The list: CSV or an Excel workbook (docs/import.md).")],
    kind: Annotated[Kind, typer.Option("--kind", help="What its rows are.")] = Kind.DEBTORS,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Check the list and write nothing.")] = False,
    as_json: AsJson = False,
) -> None:
    """Bring a list of debtors and invoices, or the history of a company that moves in, into the books."""
    database = open_database()
    bar = Progress(
        TextColumn("{task.description}"), BarColumn(), TaskProgressColumn(), TimeRemainingColumn(), console=notes
    )
    shown = notes.is_terminal and not as_json
    try:
        with bar if shown else nullcontext():
            progress = _telling(bar) if shown else no_progress
            report = import_list(
                database, file, campaign_clock(database)(), kind=kind, dry_run=dry_run, progress=progress,
                freed=look_again(database),
            )  # fmt: skip
    except KeyboardInterrupt:
        notes.print(_INTERRUPTED)
        raise typer.Exit(1) from None
    finally:
        database.close()
    if as_json:
        print_json(report.as_json())
    else:
        _show(report, dry_run)
    if report.refused:
        raise typer.Exit(1)


def _telling(bar: Progress) -> Telling:
    tasks = {}

    def progress(what: str, done: int, of: int) -> None:
        if what not in tasks:
            tasks[what] = bar.add_task(what.capitalize(), total=of)
        bar.update(tasks[what], completed=done, total=of)

    return progress


def _show(report: Report, dry_run: bool) -> None:
    if report.known_since:
        console.print(f"This very list was imported on {report.known_since:%Y-%m-%d %H:%M} UTC; nothing changed.")
        return
    _findings("Warnings", [(one.line, one.column, one.reason, "") for one in report.warnings], report.more_warnings)
    _findings("Errors", [(one.line, one.column, one.reason, one.fix) for one in report.errors], report.more_errors)
    named = ((report.debtors, "debtor"), (report.invoices, "invoice"), (report.holds, "hold"))
    counts = f"{counted(report.rows, 'row')}: {', '.join(counted(n, noun) for n, noun in named)}"
    if report.refused:
        errors = len(report.errors) + report.more_errors
        console.print(f"{counts}. Nothing was written: correct {errors} error{'s'[: errors > 1]} and import again.")
    elif dry_run:
        said = counted(report.already, "row says", "rows say")
        console.print(f"{counts}. The list is good; {said} nothing new. Nothing was written (dry run).")
    else:
        console.print(f"{counts}. {counted(report.written, 'row')} written, {report.already} said nothing new.")


def _findings(title: str, found: list[tuple[int, str, str, str]], more: int) -> None:
    if not found:
        return
    table = Table(title=title, title_justify="left")
    for heading in ("line", "column", "what", "what to do"):
        table.add_column(heading, justify="right" if heading == "line" else "left")
    for line, column, reason, fix in found[:_SHOWN]:
        table.add_row(str(line), column, Text(reason), Text(fix))
    console.print(table)
    if (rest := len(found) - _SHOWN + more) > 0:
        console.print(f"… and {rest} more; --json tells the first thousand.")

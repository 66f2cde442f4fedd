"""`beltoon bench`: figures of this machine, each beside the barest thing that does the same."""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum
from typing import Annotated, Any

import typer
from rich.progress import BarColumn, Progress, TextColumn
from rich.table import Table
from rich.text import Text

from desk.bench.report import Row, document
from desk.cli import app
from desk.cli.output import AsJson, console, notes, print_json

bench = typer.Typer(no_args_is_help=True, help="Measure this machine: line, launch, import, selection, speech.")
app.add_typer(bench, name="bench")


class Engine(StrEnum):
    """Databases that can be measured."""

    SQLITE = "sqlite"
    POSTGRES = "postgres"


@bench.command("line")
def line_command(as_json: AsJson = False) -> None:
    """Waits, losses and gaps of our line, against a bare AudioSocket server."""
    from desk.bench.line import line

    _on_stage("line", line, as_json)


@bench.command("launch")
def launch_command(as_json: AsJson = False) -> None:
    """Calls a second through the dialer, against a bare Originate loop."""
    from desk.bench.launch import launch

    _on_stage("launch", launch, as_json)


@bench.command("import")
def import_command(as_json: AsJson = False) -> None:
    """Rows checked and written a second, against a bare reader and writer."""
    from desk.bench.intake import intake
    from desk.bench.machine import machine

    described = machine()
    _show("import", described, intake(_tell), as_json)


@bench.command("selection")
def selection_command(
    debtors: Annotated[int, typer.Option(min=1000, help="So many debtors, with 2.5 tries each.")] = 1_000_000,
    engine: Annotated[Engine, typer.Option(help="Which database.")] = Engine.SQLITE,
    url: Annotated[str | None, typer.Option(help="PostgreSQL: an empty database that may be filled.")] = None,
    as_json: AsJson = False,
) -> None:
    """Who is next of a million, judged and claimed, against a bare queue tuned by hand."""
    from desk.bench.machine import machine
    from desk.bench.selection import selection

    if (engine is Engine.POSTGRES) != (url is not None):
        raise typer.BadParameter(
            "--engine postgres needs --url, the address of an empty database; --engine sqlite makes a file of its own"
        )
    described = machine()
    columns = (TextColumn("  {task.description}"), BarColumn(), TextColumn("{task.completed}/{task.total}"))
    with Progress(*columns, console=notes) as bar:
        task = bar.add_task("debtors written", total=debtors)
        rows = selection(bar.console.print, lambda written: bar.advance(task, written), debtors, url)
    _show("selection", described, rows, as_json)


@bench.command("speech")
def speech_command(as_json: AsJson = False) -> None:
    """What hearing and speaking cost, how soon words are heard, and how well English is, against the bare engines."""
    from desk.bench.machine import machine
    from desk.bench.speech import speech
    from desk.hearing import hearing_engines
    from desk.settings import read_settings

    measured = read_settings().voices.model_copy(update={"pocketsphinx": True})
    described = machine()
    _show("speech", described, speech(hearing_engines(measured), _tell), as_json)


def _on_stage(name: str, measure: Callable[..., list[Row]], as_json: bool) -> None:
    from desk.bench.machine import machine
    from desk.bench.stage import BenchStage
    from desk.settings import read_settings

    described = machine()
    with BenchStage(read_settings(), _tell).built() as stage:
        rows = measure(stage, _tell)
        described["asterisk"] = stage.version
    _show(name, described, rows, as_json)


def _tell(what: str) -> None:
    notes.print(f"  {what} …")


def _show(name: str, machine: dict[str, Any], rows: list[Row], as_json: bool) -> None:
    found = document(name, machine, rows)
    if as_json:
        print_json(found)
        return
    table = Table(title=f"bench {name}", title_justify="left", caption=_described(machine), caption_justify="left")
    for heading in ("", "ours", "baseline", "unit", "ratio", "goal", "holds"):
        table.add_column(heading, justify="right" if heading in {"ours", "baseline", "ratio"} else "left")
    for row in found["rows"]:
        figures = ("" if row[key] is None else f"{row[key]:g}" for key in ("ours", "baseline"))
        ratio = "" if row["ratio"] is None else f"{row['ratio']:.2f}"
        holds = {True: "yes", False: "NO", None: ""}[row["holds"]]
        table.add_row(Text(row["name"]), *figures, row["unit"], ratio, Text(row["goal"] or ""), holds)
    console.print(table)
    for row in found["rows"]:
        if row["note"]:
            console.print(Text(f"{row['name']}: {row['note']}"))


def _described(machine: dict[str, Any]) -> str:
    return (
        f"{machine['processor']}, {machine['cores']} cores, {machine['memory_gib']} GiB, {machine['system']},"
        f" Python {machine['python']}, load before {machine['load_before']}"
    )

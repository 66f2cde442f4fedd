"""How commands show things: for people on a terminal, or one JSON document."""

from __future__ import annotations

import contextlib
import getpass
import io
import json
import sys
from collections.abc import Callable, Iterator
from typing import Annotated, Any

import typer
from rich import box
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn
from rich.table import Table

#: Tables and sentences go here; bars and notes to `notes`, so that standard output stays clean.
console = Console()
notes = Console(stderr=True)

#: How what can't wait looks.
ALARMING = "bold red"

#: The option that every command has.
AsJson = Annotated[bool, typer.Option("--json", help="One JSON document on standard output, and nothing else there.")]


def in_any_letters() -> None:
    """Where a terminal or a file knows few letters (LANG=C, Latin-1), one that it lacks is shown as `?`."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")


def json_text(document: Any, indent: int | None = None) -> str:
    """A document as one text; outside UTF-8 in ASCII alone, so that nothing of it is lost."""
    return json.dumps(document, ensure_ascii=not (sys.stdout.encoding or "").lower().startswith("utf"), indent=indent)


def print_json(document: Any) -> None:
    """One JSON document on standard output."""
    sys.stdout.write(json_text(document, indent=2) + "\n")


def counted(count: int, one: str, many: str | None = None) -> str:
    """A count with its noun: `1 row`, `2 rows`, `1 person`, `2 people`."""
    return f"{count} {one if count == 1 else many or one + 's'}"


def plain_table(
    *headings: str, wraps: tuple[str, ...] = (), title: str | None = None, caption: str | None = None
) -> Table:
    """A table without upright lines, made to fit into 80 columns: those in `wraps` give way, the others never do."""
    table = Table(
        title=title,
        title_justify="left",
        caption=caption,
        caption_justify="left",
        box=box.SIMPLE_HEAD,
        show_edge=False,
        pad_edge=False,
        padding=(0, 1, 0, 0),
    )
    for heading in headings:
        table.add_column(heading, no_wrap=heading not in wraps, overflow="fold")
    return table


def who() -> str:
    """Who gives this command, as audits and versions keep it."""
    try:
        return f"cli {getpass.getuser()}"[:64]
    except (KeyError, OSError):
        return "cli"


@contextlib.contextmanager
def bar(what: str) -> Iterator[Callable[[int, int], None]]:
    """A bar on standard error; its teller hears (done, of how many)."""
    columns = (TextColumn("  {task.description}"), BarColumn(), TextColumn("{task.completed}/{task.total}"))
    # Into a file or a pipe it would write an empty line before our own one.
    with Progress(*columns, console=notes, transient=True, disable=not notes.is_terminal) as progress:
        task = progress.add_task(what, total=None)
        yield lambda done, of: progress.update(task, completed=done, total=of)

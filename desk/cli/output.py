"""How commands show things: for people on a terminal, or one JSON document."""

from __future__ import annotations

import json
import sys
from typing import Annotated, Any

import typer
from rich.console import Console

#: Tables and sentences go here; bars and notes to `notes`, so that standard output stays clean.
console = Console()
notes = Console(stderr=True)

#: The option that every command has.
AsJson = Annotated[bool, typer.Option("--json", help="One JSON document on standard output, and nothing else there.")]


def print_json(document: Any) -> None:
    """One JSON document on standard output."""
    sys.stdout.write(json.dumps(document, ensure_ascii=False, indent=2) + "\n")

"""The first line of a list: which character separates, and which column is which."""

from __future__ import annotations

import csv
from difflib import get_close_matches
from pathlib import Path
from typing import TextIO

from ledger.errors import ListUnreadable
from ledger.intake.columns import Columns

_SEPARATORS = ";,\t|"
_HELP = "docs/import.md lists the columns"


def read_headings(file: TextIO, path: Path, columns: Columns) -> tuple[str, tuple[str, ...], int]:
    """The separator, the columns in their order, and how many lines were read for it.

    A line `sep=;` before it, as spreadsheets write, is obeyed. Raises `ListUnreadable` for a line that names no
    column of ours, one twice, one that isn't known (a misspelt `status` would be a call to the dead), or too few.
    """
    line, count = _first(file)
    separators = _SEPARATORS
    if line.strip().lower().startswith("sep=") and len(line.strip()) == 5:
        separators = line.strip()[4]
        line, more = _first(file)
        count += more
    elif line.lower().startswith("sep=\t"):
        separators = "\t"
        line, more = _first(file)
        count += more
    headings = {separator: _split(line, separator) for separator in separators}
    separator = max(headings, key=lambda one: sum(name in columns.known for name in headings[one]))
    return separator, named_columns(headings[separator], path, columns), count


def _first(file: TextIO) -> tuple[str, int]:
    count = 0
    for line in file:
        count += 1
        if line.strip(" \t\r\n;,|\ufeff"):
            return line, count
    return "", count


def _split(line: str, separator: str) -> list[str]:
    try:
        cells = next(csv.reader([line], delimiter=separator), [])
    except csv.Error:
        return []
    return column_names(cells)


def column_names(cells: list[str]) -> list[str]:
    """The first line's cells as names of columns: capitals, spaces and dashes don't matter."""
    names = ["_".join(cell.strip(" \t\r\n\ufeff").casefold().replace("-", " ").split()) for cell in cells]
    while names and not names[-1]:
        names.pop()
    return names


def named_columns(names: list[str], path: Path, columns: Columns) -> tuple[str, ...]:
    """The columns that a first line names. Raises `ListUnreadable` as `read_headings` does."""
    if not any(name in columns.known for name in names):
        raise ListUnreadable(
            f"{path}: the first line names none of our columns; it needs {', '.join(columns.required)} ({_HELP})"
        )
    for n, name in enumerate(names, start=1):
        if name not in columns.known:
            close = get_close_matches(name[:64], columns.names, n=1)
            hint = f"did you mean {close[0]}?" if close else "remove or rename it"
            raise ListUnreadable(f"{path}: column {n}, “{name[:32]}”, is not known; {hint} ({_HELP})")
        if name in names[: n - 1]:
            raise ListUnreadable(f"{path}: column {n}, {name}, stands there twice; remove one")
    missing = [name for name in columns.required if name not in names]
    if missing:
        raise ListUnreadable(f"{path}: these columns are missing: {', '.join(missing)} ({_HELP})")
    return tuple(names)

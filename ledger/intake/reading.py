"""The rows of a list, cell by cell, each with the line on which it begins."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from io import TextIOWrapper
from typing import BinaryIO, NamedTuple, TextIO

from ledger.errors import ListUnreadable
from ledger.intake.calamine_sheet import open_sheet
from ledger.intake.columns import DEBTORS, Columns
from ledger.intake.finding import RowError
from ledger.intake.headings import column_names, named_columns, read_headings
from ledger.intake.survey import Survey
from ledger.intake.workbook import XLSX, letters_of

#: No column takes so much; an unclosed quote is noticed soon.
_LONGEST_CELL = 1 << 16
_ROWS_A_STEP = 500


class Row(NamedTuple):
    """One row of a list: its first line, from 1, and its cells by column; absent columns are empty."""

    line: int
    cells: dict[str, str]


def read_rows(
    found: Survey,
    progress: Callable[[int], None] = lambda _: None,
    columns: Columns = DEBTORS,
    lettered: Callable[[dict[str, str]], None] = lambda _: None,
) -> Iterator[Row | RowError]:
    """The rows of a list, or an error for one that has another number of cells than the first line.

    Empty rows are passed over. `progress` hears how many bytes were read, `lettered` which letter Excel shows above
    each column of a workbook. Raises `ListUnreadable` where the file's
    form is broken, so that nothing after it can be trusted, and for a list without rows.
    """
    rows = 0
    with found.path.open("rb") as raw, _saying_where(found) as at:
        open_list = _of_workbook if found.encoding == XLSX else _of_text
        names, lines = open_list(found, raw, columns, at, lettered)
        order = (*names, *(name for name in columns.names if name not in names))
        blanks = [""] * (len(order) - len(names))
        for line, cells in lines:
            texts = list(map(str.strip, cells))
            if not any(texts):
                continue
            rows += 1
            if rows % _ROWS_A_STEP == 0:
                progress(raw.tell())
            if len(texts) != len(names):
                if len(texts) < len(names) or any(texts[len(names) :]):
                    yield _wrong_count(line, len(texts), len(names))
                    continue
                texts = texts[: len(names)]
            if found.encoding in ("cp1252", "latin-1") and (mixed := _mixed(names, texts, found.encoding)):
                yield RowError(
                    line, mixed, "is UTF-8, other letters of the file are not", "save the file anew as UTF-8"
                )
                continue
            yield Row(line, dict(zip(order, texts + blanks, strict=True)))
    if rows == 0:
        raise ListUnreadable(f"{found.path} has no row under its first line")
    if found.path.stat().st_mtime_ns != found.changed_ns:
        raise ListUnreadable(f"{found.path} was changed while it was read; import it again")


class _At:
    """The last line that was read without trouble."""

    line = 0


_Lines = tuple[tuple[str, ...], Iterator[tuple[int, list[str]]]]
_Lettered = Callable[[dict[str, str]], None]


def _of_text(found: Survey, raw: BinaryIO, columns: Columns, at: _At, _: _Lettered) -> _Lines:
    file = TextIOWrapper(raw, encoding=found.encoding, newline="")
    separator, names, at.line = read_headings(file, found.path, columns)
    return names, _cells(file, separator, at)


def _of_workbook(found: Survey, raw: BinaryIO, columns: Columns, at: _At, lettered: _Lettered) -> _Lines:
    sheet = open_sheet(found.path, lambda cells: any(name in columns.known for name in column_names(cells)))
    lines = enumerate(sheet.rows, start=1)
    headings: list[str] = []
    for at.line, cells in lines:
        if headings := column_names(cells):
            break
    else:
        raise ListUnreadable(f"{found.path} is empty")
    names = named_columns(headings, found.path, columns)
    lettered({name: letters_of(sheet.empty_left + n) for n, name in enumerate(names, start=1)})
    return names, lines


def _cells(file: TextIO, separator: str, at: _At) -> Iterator[tuple[int, list[str]]]:
    csv.field_size_limit(_LONGEST_CELL)
    before = at.line
    reader = csv.reader(file, delimiter=separator, strict=True)
    for cells in reader:
        begun = at.line + 1
        at.line = before + reader.line_num
        yield begun, cells


@contextmanager
def _saying_where(found: Survey) -> Iterator[_At]:
    at = _At()
    try:
        yield at
    except csv.Error as error:
        said = str(error)
        why = f"the row is broken ({said})"
        if "unexpected end of data" in said or "field larger than" in said:
            why = "a quote opens there that is never closed, or a cell is far too long"
        elif "expected after" in said:
            why = "a quote stands inside a quoted text; write it twice"
        raise ListUnreadable(f"{found.path}: line {at.line + 1} can't be read: {why}") from error
    except UnicodeError as error:
        raise ListUnreadable(
            f"{found.path}: after line {at.line} a letter can't be read; save the file anew as UTF-8"
        ) from error


def _wrong_count(line: int, has: int, wanted: int) -> RowError:
    return RowError(
        line,
        "",
        f"has {has} cells, the first line has {wanted}",
        "fill every column, and put quotes around a text that holds the separator",
    )


def _mixed(names: tuple[str, ...], texts: list[str], encoding: str) -> str | None:
    for name, text in zip(names, texts, strict=True):
        if not text.isascii():
            try:
                text.encode(encoding).decode("utf-8")
            except UnicodeError:
                continue
            return name
    return None

"""The sheets of an Excel file by calamine: its typed cells become the texts that a list has."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import NamedTuple

from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook, PasswordError

from ledger.errors import ListUnreadable

Value = int | float | str | bool | time | date | datetime | timedelta
#: From here on Excel no longer keeps every digit of a number.
_ROUNDED = 10**15


class Sheet(NamedTuple):
    """The sheet that is read."""

    #: Columns that stand empty on its left.
    empty_left: int
    #: Its rows, from the first row of the sheet on, empty ones too.
    rows: Iterator[list[str]]


def open_sheet(path: Path, is_ours: Callable[[list[str]], bool]) -> Sheet:
    """The first sheet, or the only one whose first filled row `is_ours`. Raises `ListUnreadable`."""
    try:
        with closing(CalamineWorkbook.from_path(path)) as book:
            names = book.sheet_names
            if not names:
                raise ListUnreadable(f"{path} has no sheet")
            sheet = book.get_sheet_by_name(names[0])
            if not is_ours(_first_filled(sheet)):
                ours = [one for name in names[1:] if is_ours(_first_filled(one := book.get_sheet_by_name(name)))]
                if len(ours) > 1:
                    raise ListUnreadable(f"{path} has several sheets with our columns; keep one, or put it first")
                sheet = ours[0] if ours else sheet
            left = sheet.start[1] if sheet.start else 0
            return Sheet(left, ([text_of(value) for value in row] for row in sheet.iter_rows()))
    except PasswordError:
        raise ListUnreadable(f"{path} is protected by a password; save it without") from None
    except CalamineError as error:
        raise ListUnreadable(f"{path} is a broken Excel file ({str(error)[:80]}); save it anew") from error


def _first_filled(sheet: CalamineSheet) -> list[str]:
    texts = ([text_of(value) for value in row] for row in sheet.iter_rows())
    return next((row for row in texts if any(text.strip() for text in row)), [])


def text_of(value: Value) -> str:
    """A cell as a person would type it: 118.40 as 118.4, a day as 2026-11-24, true as yes.

    A number of more than fifteen digits is written as rounded (2.02611E+17): Excel has lost its end, and the column
    will say so.
    """
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int | float):
        return _number(value)
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time() else value.isoformat(timespec="seconds")
    if isinstance(value, time):
        return value.isoformat("minutes" if value.second == 0 else "seconds")
    return value.isoformat() if isinstance(value, date) else str(value)


def _number(value: float) -> str:
    if abs(value) >= _ROUNDED:
        return f"{value:.5E}"
    if value == int(value):
        return str(int(value))
    # Fifteen digits are what Excel shows and keeps: 0.1 + 0.2 is 0.3 there.
    return f"{value:.15g}"

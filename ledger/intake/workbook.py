"""What an Excel file is before it is opened: a workbook, of a size that can be read. No cell is understood here."""

from __future__ import annotations

import re
import zipfile
from pathlib import Path
from typing import IO

from ledger.errors import ListUnreadable

#: How an Excel file counts as an encoding of a list (`survey.Survey`).
XLSX = "xlsx"
_SAVE = "open it and save it as xlsx or CSV"
#: Unpacked bytes: a workbook of a million rows has some 400 MB.
_MOST_BYTES = 1 << 30
#: A sheet is held in memory as a rectangle; a single cell at its far corner would make it 17 thousand million cells.
_MOST_CELLS = 50_000_000
_CHUNK = 1 << 20
_OVERLAP = 64
_CELL = re.compile(rb'<(?:\w+:)?c (?:[^>]*? )?r="([A-Z]{1,3})([0-9]{1,7})"')


def look_into(path: Path) -> None:
    """Raises `ListUnreadable` with one sentence for an archive that is no workbook, is broken or far too large."""
    try:
        with zipfile.ZipFile(path) as archive:
            names = archive.namelist()
            if "xl/workbook.xml" not in names:
                spreadsheet = "content.xml" in names or "xl/workbook.bin" in names
                what = "is a spreadsheet of another kind (ods, xlsb)" if spreadsheet else "is an archive (zip)"
                raise ListUnreadable(f"{path} {what}; {_SAVE if spreadsheet else 'unpack it first'}")
            if sum(part.file_size for part in archive.infolist()) > _MOST_BYTES:
                raise ListUnreadable(f"{path} is too large for a workbook; save it as CSV")
            for name in names:
                if name.startswith("xl/worksheets/") and name.endswith(".xml"):
                    with archive.open(name) as sheet:
                        _measure(path, sheet)
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, OSError, EOFError, ValueError) as error:
        raise ListUnreadable(f"{path} is a broken Excel file ({str(error)[:80]}); {_SAVE} again") from error


def _measure(path: Path, sheet: IO[bytes]) -> None:
    columns = rows = 0
    rest = b""
    while chunk := sheet.read(_CHUNK):
        for found in _CELL.finditer(rest + chunk):
            columns = max(columns, number_of(found[1]))
            rows = max(rows, int(found[2]))
        rest = chunk[-_OVERLAP:]
        if columns * rows > _MOST_CELLS:
            raise ListUnreadable(f"{path} has a cell far outside its list; copy the list into a new sheet")


def number_of(letters: bytes) -> int:
    """The number of a column: A is 1, AA is 27."""
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number


def letters_of(number: int) -> str:
    """The letters of a column as Excel shows them: 1 is A, 27 is AA."""
    letters = ""
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(65 + rest) + letters
    return letters

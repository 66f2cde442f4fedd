"""Checked rows wait outside the memory until the whole list is known to be good."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterator
from typing import Any

#: Rows that are written together; a unit of work takes some slices.
SLICE_ROWS = 100
_IN_MEMORY = 4 << 20


class Spool:
    """Slices of rows in an unnamed temporary file, in the order in which they came."""

    def __init__(self) -> None:
        self._file = tempfile.SpooledTemporaryFile(_IN_MEMORY, "w+", encoding="utf-8")  # noqa: SIM115 - closed by close()
        self._rows: list[Any] = []

    def add(self, row: Any) -> None:
        """One more row: plain values, days and sequences of them."""
        self._rows.append(row)
        if len(self._rows) == SLICE_ROWS:
            self._cut()

    def _cut(self) -> None:
        if self._rows:
            self._file.write(json.dumps(self._rows, ensure_ascii=False, separators=(",", ":"), default=str) + "\n")
            self._rows = []

    def slices(self) -> Iterator[list[Any]]:
        """Every slice, as JSON gives it back."""
        self._cut()
        self._file.seek(0)
        for line in self._file:
            yield json.loads(line)

    def close(self) -> None:
        """The file goes."""
        self._file.close()

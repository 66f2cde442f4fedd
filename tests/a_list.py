"""Rows of a list for tests: one that is good, and how to change and write it."""

from __future__ import annotations

import csv
import io
from datetime import UTC, date, datetime
from pathlib import Path

from ledger.intake.columns import NAMES

TODAY = date(2026, 11, 24)
NOW = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)

#: Els Janssens of Ghent owes Stroomdal for one invoice.
GOOD = {
    "creditor": "Stroomdal Energie",
    "customer_no": "1001",
    "name": "Els Janssens",
    "birth_date": "1956-03-02",
    "language": "nl",
    "postcode": "9000",
    "country": "BE",
    "phone_1": "0470 12 34 56",
    "invoice": "2026-000117",
    "amount": "118,40",
    "due": "2026-10-31",
    "status": "",
    "paid": "",
}


def cells(**changes: str) -> dict[str, str]:
    """The good row with some cells changed, every column of ours present."""
    return {**dict.fromkeys(NAMES, ""), **GOOD, **changes}


def rows_text(*rows: dict[str, str], separator: str = ";", end: str = "\r\n") -> str:
    """Rows as the text of a list; its columns are those that any row has."""
    columns = list(dict.fromkeys(name for row in rows for name in row))
    out = io.StringIO(newline="")
    writer = csv.DictWriter(out, columns, restval="", delimiter=separator, lineterminator=end)
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue()


def write_list(path: Path, *rows: dict[str, str], encoding: str = "utf-8") -> Path:
    """Rows as a file."""
    path.write_bytes(rows_text(*rows).encode(encoding))
    return path


def good(**changes: str) -> dict[str, str]:
    """The good row with some cells changed, only its own columns."""
    return {**GOOD, **changes}

"""The page about the list says what the program takes."""

from __future__ import annotations

import re
from pathlib import Path

from ledger.intake.columns import COLUMNS, REQUIRED
from ledger.intake.words import Status

PAGE = (Path(__file__).parents[3] / "docs" / "import.md").read_text(encoding="utf-8")


def test_the_page_lists_every_column_as_the_program_knows_it() -> None:
    rows = re.findall(r"^\| `(\w+)` \| (yes)? ?\| (\d+) \| (.+?) \| (?:`(.*)`)? ?\|$", PAGE, re.MULTILINE)
    told = [
        (name, required == "yes", int(longest), meaning, example) for name, required, longest, meaning, example in rows
    ]
    known = [(one.name, one.required, one.longest, one.meaning, one.example) for one in COLUMNS]
    assert told == known


def test_the_page_explains_every_status() -> None:
    section = PAGE[PAGE.index("### status") : PAGE.index("### paid")]
    assert {status.value for status in Status} <= set(re.findall(r"`(\w+)`", section))


def test_six_columns_are_required() -> None:
    assert REQUIRED == ("creditor", "customer_no", "name", "invoice", "amount", "due")

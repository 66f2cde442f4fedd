"""The page about the list says what the program takes."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path

import pytest

from ledger.contact import Disposition
from ledger.intake.columns import COLUMNS, REQUIRED, Column
from ledger.intake.history.bonds import AGREEMENTS, HOLDS
from ledger.intake.history.columns import HISTORIES, Kind
from ledger.intake.words import Status

PAGE = (Path(__file__).parents[3] / "docs" / "import.md").read_text(encoding="utf-8")


def section_of(kind: Kind) -> str:
    """What the page says of one kind of history."""
    begins = PAGE.index(f"### {kind}:")
    return re.split(r"^##", PAGE[begins + 3 :], maxsplit=1, flags=re.MULTILINE)[0]


def table(section: str) -> list[Column]:
    """The columns that a section's table tells."""
    rows = re.findall(r"^\| `(\w+)` \| (yes)? ?\| (\d+) \| (.+?) \| (?:`(.*)`)? ?\|$", section, re.MULTILINE)
    return [Column(name, needed == "yes", int(longest), what, example) for name, needed, longest, what, example in rows]


def test_the_page_lists_every_column_as_the_program_knows_it() -> None:
    assert tuple(table(PAGE[: PAGE.index("## Histories")])) == COLUMNS


@pytest.mark.parametrize("kind", HISTORIES)
def test_the_page_lists_every_column_of_each_history(kind: Kind) -> None:
    assert tuple(table(section_of(kind))) == HISTORIES[kind].all


@pytest.mark.parametrize(
    ("kind", "words"), [(Kind.CONTACTS, Disposition), (Kind.AGREEMENTS, AGREEMENTS), (Kind.HOLDS, HOLDS)]
)
def test_the_page_names_every_word_of_a_closed_list(kind: Kind, words: Iterable[str]) -> None:
    assert set(words) <= set(re.findall(r"`(\w+)`", section_of(kind)))


def test_the_page_explains_every_status() -> None:
    section = PAGE[PAGE.index("### status") : PAGE.index("### paid")]
    assert {status.value for status in Status} <= set(re.findall(r"`(\w+)`", section))


def test_six_columns_are_required() -> None:
    assert REQUIRED == ("creditor", "customer_no", "name", "invoice", "amount", "due")

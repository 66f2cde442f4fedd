"""The letters of a cell: what may be stored, and how words are compared."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from ledger.intake.columns import LONGEST
from ledger.intake.finding import BadCell, Findings

#: Spaces that spreadsheets write: no-break, figure and narrow no-break.
_SPACES = re.compile("[\u00a0\u2007\u202f]")
#: Line ends and tabs, which an address may hold inside its quotes.
_BREAKS = re.compile(r"[ \t]*[\r\n\t]+[ \t]*")
#: Letters joined on purpose (Persian, Indic) carry these two.
_JOINERS = frozenset("\u200c\u200d")
#: A spreadsheet runs what begins like this (CWE-1236), and so would our own exports.
FORMULA_STARTS = frozenset("=+-@")
#: What a spreadsheet makes of a long number: 2,02611E+11.
EXPONENT = re.compile(r"[0-9]+(?:[.,][0-9]+)?[eE]\+?[0-9]+")
#: What databases write for "nothing".
NOTHING = frozenset({"-", "null", "NULL", "N/A", "n/a", "#N/A", "None"})
#: Free text of several lines, which becomes one line.
MANY_LINES = frozenset({"street", "city", "about"})


def tidy(text: str, *, lines: bool = False) -> str:
    """A cell without odd spaces and soft hyphens; with `lines`, its line breaks become spaces."""
    text = _SPACES.sub(" ", text).replace("\u00ad", "")
    if lines:
        text = _BREAKS.sub(" ", text)
    return text.strip()


def unprintable(text: str) -> str | None:
    """The first character that is never stored (control, direction, half a pair), as U+202E; None without one."""
    for character in text:
        if not character.isprintable() and character not in _JOINERS:
            return f"U+{ord(character):04X}"
    return None


def plain(text: str, column: str) -> str | None:
    """A text to store: short enough and no formula; None for an empty cell. Raises `BadCell`."""
    if not text or text in NOTHING:
        return None
    if len(text) > LONGEST[column]:
        raise BadCell(f"holds {len(text)} characters, {LONGEST[column]} are allowed", "shorten it")
    if text[0] in FORMULA_STARTS:
        raise BadCell("looks like a formula of a spreadsheet", "write the text itself, without = + - @ in front")
    return text


def read_texts(findings: Findings, cells: tuple[str, ...], columns: tuple[str, ...]) -> list[str | None]:
    """Several plain texts at once: None for what is empty or refused."""
    found: list[str | None] = []
    for text, column in zip(cells, columns, strict=True):
        if not text:
            found.append(None)
        elif len(text) > LONGEST[column] or text[0] in FORMULA_STARTS or text in NOTHING:
            found.append(findings.read(column, plain, text, column))
        else:
            found.append(text)
    return found


def key(text: str, column: str) -> str | None:
    """A number or code that names something; what a spreadsheet has rounded is refused. Raises `BadCell`."""
    found = plain(text, column)
    if found is not None and ("E" in found or "e" in found) and EXPONENT.fullmatch(found):
        raise BadCell(
            f"{found} was rounded by a spreadsheet, its last digits are lost",
            "format the column as text and export the list again",
        )
    return found


def there(text: str, column: str) -> str:
    """A number that every row needs. Raises `BadCell`."""
    found = key(text, column)
    if found is None:
        raise BadCell("is empty", "every row needs it")
    return found


_APART = str.maketrans("_-/.", "    ")


@lru_cache(maxsize=8192)
def fold(text: str) -> str:
    """For comparing words: lower case, no accents, single spaces for spaces, dashes, slashes, points."""
    if not text.isascii():
        split = unicodedata.normalize("NFKD", text.casefold())
        text = "".join(c for c in split if not unicodedata.combining(c))
    return " ".join(text.lower().translate(_APART).split())

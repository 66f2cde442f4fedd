"""Sets of phrases with what each means, and how many of them are understood.

`.venv/bin/python tests/phrase_sets.py tests/phrases` prints the table of confusions of a folder: counts, no phrases.
"""

from __future__ import annotations

import sys
import tomllib
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from ivr.intent import BINDING, Understood, Wants, understand

LANGUAGES = ("nl", "fr", "de", "en")
#: The day on which every "next Friday" of the sets is said: a Friday.
TODAY = date(2026, 11, 27)
HERE = Path(__file__).parent / "phrases"
HELD_OUT = HERE / "heldout"
NOTHING = "none"


@dataclass(frozen=True)
class Score:
    """What became of a set."""

    right: int
    all: int
    #: (what was meant, what was understood): how often.
    confusions: Counter[tuple[str, str]]

    @property
    def share(self) -> float:
        return self.right / self.all

    @property
    def wrong_binding(self) -> float:
        return sum(n for (_, got), n in self.confusions.items() if got in BINDING) / self.all


def phrases_of(path: Path) -> Iterator[tuple[str, str]]:
    """Every phrase of a file with what it means."""
    table = tomllib.loads(path.read_text(encoding="utf-8"))
    for intent, said in table.get("phrases", {}).items():
        yield from ((phrase, intent) for phrase in said)
    yield from ((phrase, NOTHING) for phrase in table.get("none", {}).get("phrases", ()))
    traps = table.get("traps", {})
    yield from ((phrase, intent) for phrase, intent in traps.get("phrases", traps.get("traps", ())))


def understood(phrase: str, meant: str, language: str) -> str:
    """The intent at the question to which the phrase would be an answer."""
    said = understand(phrase, language, Wants(yes_no=meant in ("yes", "no")), TODAY)
    return said.intent if said else NOTHING


def score(path: Path) -> Score:
    """How many phrases of `nl.toml` are understood."""
    pairs = [(meant, understood(phrase, meant, path.stem)) for phrase, meant in phrases_of(path)]
    wrong = Counter(pair for pair in pairs if pair[0] != pair[1])
    return Score(len(pairs) - wrong.total(), len(pairs), wrong)


def slots_of(path: Path) -> Iterator[tuple[str, Wants, Understood]]:
    """Every day, amount and row of digits of a file, with the question and the right answer."""
    table = tomllib.loads(path.read_text(encoding="utf-8"))
    for row in table.get("date", ()):
        yield row["say"], Wants(date=True), Understood("date", (("date", str(row["day"])),))
    for row in table.get("amount", ()):
        yield row["say"], Wants(amount=True), Understood("amount", (("minor", str(row["minor"])),))
    for row in table.get("digits", ()):
        wants = Wants(digits=len(str(row["digits"])))
        yield row["say"], wants, Understood("digits", (("digits", str(row["digits"])),))


def slot_share(path: Path, language: str) -> float:
    """The share of a file's slots that are right."""
    rows = [understand(say, language, wants, TODAY) == right for say, wants, right in slots_of(path)]
    return sum(rows) / len(rows)


def main(folder: Path) -> None:
    """Print the table of a folder."""
    for language in LANGUAGES:
        path = folder / f"{language}.toml"
        if not path.exists():
            continue
        found = score(path)
        print(f"{language}: {found.right} of {found.all} ({found.share:.1%}), binding {found.wrong_binding:.1%} wrong")
        for (meant, got), n in found.confusions.most_common():
            print(f"    {n:3}  {meant} heard as {got}")
        slots = folder / f"slots_{language}.toml"
        if slots.exists():
            print(f"    slots {slot_share(slots, language):.1%}")


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else HERE)

"""Which names anybody may hear: a sender's name tells neither collection nor a sensitive trade."""

from __future__ import annotations

import re
from functools import lru_cache
from importlib.resources import files

from ledger.intake.text import fold


@lru_cache(maxsize=1)
def _pattern() -> re.Pattern[str]:
    lines = files("ledger.intake").joinpath("revealing.txt").read_text(encoding="utf-8").splitlines()
    words = [line.strip() for line in lines if line.strip() and not line.startswith("#")]
    inside = "|".join(re.escape(fold(word[:-1])) for word in words if word.endswith("*"))
    whole = "|".join(re.escape(fold(word)) for word in words if not word.endswith("*"))
    return re.compile(rf"{inside}|\b(?:{whole})\b")


@lru_cache(maxsize=1024)
def reveals(name: str) -> str | None:
    """The word in a name that tells too much, or None where anybody may hear it. The words stand in revealing.txt."""
    found = _pattern().search(fold(name))
    return found[0] if found else None

"""Birthdays: the day on which somebody reaches an age."""

from __future__ import annotations

from datetime import date
from functools import lru_cache


@lru_cache(maxsize=4096)
def birthday(born: date, age: int) -> date:
    """The day on which somebody becomes `age`; born on 29 February: 1 March of a common year."""
    try:
        return born.replace(year=born.year + age)
    except ValueError:
        return date(born.year + age, 3, 1)

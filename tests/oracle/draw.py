"""What every strategy draws with, and the days and minutes at whose edges rules are misread."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from hypothesis import strategies as st

Draw = Callable[[st.SearchStrategy[Any]], Any]


def words(text: str) -> tuple[str, ...]:
    """The words of a text."""
    return tuple(text.split())


def minute(text: str) -> int:
    """Minutes since midnight of 17:30."""
    hours, minutes = text.split(":")
    return int(hours) * 60 + int(minutes)


#: Working days and weekends, public holidays of each country, equated days, both changes of the clock, 29 February.
DAYS = tuple(
    date.fromisoformat(day)
    for day in words("""
        2026-02-27 2026-02-28 2026-03-27 2026-03-28 2026-03-29 2026-03-30 2026-04-03 2026-04-06 2026-04-27 2026-05-01
        2026-05-04 2026-05-05 2026-05-14 2026-05-15 2026-05-25 2026-06-04 2026-07-14 2026-07-21 2026-08-03 2026-08-08
        2026-08-15 2026-08-31 2026-10-24 2026-10-25 2026-10-26 2026-11-01 2026-11-11 2026-11-18 2026-11-23 2026-11-24
        2026-11-25 2026-11-26 2026-11-27 2026-11-28 2026-11-29 2026-11-30 2026-12-19 2026-12-22 2026-12-23 2026-12-24
        2026-12-25 2026-12-26 2026-12-28 2026-12-31 2027-01-01 2027-01-02 2027-02-28 2027-03-01 2027-05-05 2027-05-07
        2028-02-28 2028-02-29 2028-03-01
    """)
)
#: Where some hours begin or end.
EDGES = tuple(
    minute(edge)
    for edge in words("""
        00:00 07:00 08:00 09:00 09:30 10:00 10:30 11:00 11:30 12:00 13:00 13:30 14:00 16:00 16:30 17:00 18:00 18:30
        18:45 19:00 20:00 21:00 23:54
    """)
)


def chance(draw: Draw, in_ten: int) -> bool:
    """Shrinks to False."""
    return int(draw(st.integers(0, 9))) >= 10 - in_ten


def wall(day: date, at: int, zone: str, seconds: int = 0) -> datetime:
    return datetime(day.year, day.month, day.day, at // 60, at % 60, seconds, tzinfo=ZoneInfo(zone))

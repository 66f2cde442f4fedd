"""One limit, as it is written in a law file."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import lru_cache

#: Minutes since local midnight; half-open, sorted, apart.
Minutes = tuple[tuple[int, int], ...]
#: Minutes of the weekdays, Monday first; a day that is missing has none.
Week = tuple[Minutes, Minutes, Minutes, Minutes, Minutes, Minutes, Minutes]

#: What a row of hours may be about, in the order of `date.weekday()`; a public holiday is its own kind of day.
KINDS_OF_DAY = ("mon", "tue", "wed", "thu", "fri", "sat", "sun", "holiday")
#: Rows whose value is hours, per kind of day or for the two eves.
HOURS_BY_DAY = frozenset({"hours", "outer_hours"})
EVE_HOURS = "eve_hours"
#: Rows whose value is a count; for the first group less is stricter, for the second more.
LESS_IS_STRICTER = frozenset(
    {"attempts_1", "attempts_7", "attempts_30", "promise_ahead", "callback_tries", "stale_minutes"}
)
MORE_IS_STRICTER = frozenset(
    {
        "rest_after_talk",
        "rest_after_copy",
        "rest_after_hardship",
        "rest_after_crisis",
        "promise_quiet",
        "dispute_quiet",
        "not_home_days",
        "abandoned_rest_minutes",
        "part_paid_minor",
        "ring_seconds",
        "last_dial_seconds",
        "letter_first",
        "letter_term_days",
        "letter_post_days",
        "ladder_call_days",
    }
)
COUNTS = LESS_IS_STRICTER | MORE_IS_STRICTER


class Force(StrEnum):
    """Whose word a row is."""

    LAW = "law"
    #: A regulator's enforcement position.
    POLICY = "policy"
    #: A code of the industry.
    CODE = "code"
    #: Ours.
    DEFAULT = "default"


@dataclass(frozen=True, kw_only=True, slots=True)
class Row:
    """A cited limit. Exactly one of `hours` and `count` has a value, or neither: no figure was found."""

    name: str
    #: Kinds of day; empty for rows that are not about hours by day.
    days: frozenset[str]
    hours: Minutes | None
    count: int | None
    force: Force
    source: str
    #: S1, S2, M or D.
    confidence: str
    checked_on: date
    valid_from: date | None
    #: The last day on which it holds.
    valid_to: date | None
    #: Parts of the country (`ledger.region.Region.parts`) in which alone it holds; empty: in all of it.
    regions: frozenset[str] = frozenset()
    #: From where to where a supervisor may move one of our own counts that no law limits; None: only to the stricter.
    room: tuple[int, int] | None = None

    def holds_on(self, day: date) -> bool:
        """Is it in force on this day?"""
        begun = self.valid_from is None or self.valid_from <= day
        return begun and (self.valid_to is None or day <= self.valid_to)

    def holds_in(self, parts: Iterable[str]) -> bool:
        """Is it in force somewhere that an address in one of these parts may lie?"""
        return not self.regions or not self.regions.isdisjoint(parts)

    @property
    def is_default(self) -> bool:
        """Ours, and no limit of law, policy or code."""
        return self.force is Force.DEFAULT


@lru_cache(maxsize=1024)
def said(minutes: Minutes) -> str:
    """Hours as people write them: `09:00-12:00, 14:00-17:00`, or `closed`."""
    pieces = (f"{a // 60:02}:{a % 60:02}-{b // 60:02}:{b % 60:02}" for a, b in minutes)
    return ", ".join(pieces) or "closed"

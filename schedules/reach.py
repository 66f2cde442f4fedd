"""The chance to reach a person at this hour, learned from what happened. Pure.

A Beta-Binomial in three layers, each drawn towards the one above it: everybody of a band; that band in one part of
the day (reading C11) on one weekday; and the person's own tries in that part of the day. Few tries say little, many
outweigh what others did. It orders and shifts inside what permission allows, and never widens it.
"""

from __future__ import annotations

import random
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from zoneinfo import ZoneInfo

from ledger.contact import Channel, Disposition
from schedules.rest import part_of_day
from schedules.standing import Contact

#: What is believed of a band before anybody was called: one call in five reaches the debtor, as much worth as 20 tries.
#: Source: project default.
PRIOR_CHANCE, PRIOR_TRIES = 0.2, 20.0
#: As how many tries of its own a cell takes the word of its band, and a person that of the cell. Project default.
CELL_TRIES, OWN_TRIES = 30.0, 4.0
#: Ends that say nothing of the person: the network's, or our own.
_NOT_THEIRS = frozenset(
    {
        Disposition.CANCELLED,
        Disposition.CONGESTION,
        Disposition.FAILED,
        Disposition.UNALLOCATED,
        Disposition.ABANDONED,
        Disposition.UNKNOWN,
    }
)


@dataclass(frozen=True, slots=True)
class Cell:
    """Where a try belongs: the band's key, the local weekday (0 Monday), the part of the day (`rest.part_of_day`)."""

    band: str
    weekday: int
    part: int


@dataclass(frozen=True, slots=True)
class Counts:
    """So many tries, of which so many reached the debtor."""

    successes: int = 0
    tries: int = 0

    def __post_init__(self) -> None:
        if not 0 <= self.successes <= self.tries:
            raise ValueError(f"{self.successes} successes of {self.tries} tries can't be")

    def __add__(self, other: Counts) -> Counts:
        return Counts(self.successes + other.successes, self.tries + other.tries)


@dataclass(frozen=True, slots=True)
class Beta:
    """What is believed of a chance: `a` parts for, `b` parts against."""

    a: float
    b: float

    @property
    def mean(self) -> float:
        """The chance to reckon with."""
        return self.a / (self.a + self.b)

    def drawn(self, rng: random.Random) -> float:
        """A chance as it might be (Thompson): the less is known, the further from the mean, so that we learn."""
        return rng.betavariate(self.a, self.b)


@dataclass(frozen=True)
class Learned:
    """What all tries so far taught, by cell."""

    cells: Mapping[Cell, Counts] = field(default_factory=dict)
    _bands: dict[str, Counts] = field(default_factory=dict, init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        for cell, counts in self.cells.items():
            self._bands[cell.band] = self._bands.get(cell.band, Counts()) + counts

    def belief(self, cell: Cell, own: Counts = Counts()) -> Beta:
        """What is believed of reaching this person now; `own` are their tries in this part of the day."""
        whole = _drawn_to(PRIOR_CHANCE, PRIOR_TRIES, self._bands.get(cell.band, Counts()))
        here = _drawn_to(whole.mean, CELL_TRIES, self.cells.get(cell, Counts()))
        return _drawn_to(here.mean, OWN_TRIES, own)


def _drawn_to(chance: float, tries: float, seen: Counts) -> Beta:
    return Beta(tries * chance + seen.successes, tries * (1 - chance) + seen.tries - seen.successes)


def cell_at(band: str, at: datetime, zone: ZoneInfo) -> Cell:
    """The cell of an instant by the clock of a zone."""
    clock = at.astimezone(zone)
    return Cell(band, clock.weekday(), part_of_day(clock.hour * 60 + clock.minute))


def teaches(channel: str, disposition: str | None, *, solicited: bool) -> bool:
    """Does a try say anything about when somebody is reached? A call of ours that rang and was not asked for."""
    ended = disposition is not None and disposition not in _NOT_THEIRS
    return channel == Channel.VOICE and ended and not solicited


def own_counts(contacts: Iterable[Contact], part: int, zone: ZoneInfo) -> Counts:
    """A person's own tries in one part of the day, on whatever weekday."""
    mine = [
        one
        for one in contacts
        if teaches(one.channel, one.disposition, solicited=one.solicited)
        and cell_at("", one.begun_at, zone).part == part
    ]
    return Counts(sum(one.right_party for one in mine), len(mine))

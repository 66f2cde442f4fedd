"""Bands: people of one age or life situation, and the hours at which they are called unless they said otherwise.

The table is data (`bands.toml`, or a supervisor's version of it); nothing here knows an hour. Source of the table:
project default.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from zoneinfo import ZoneInfo

from ledger.contact import Channel, Disposition
from schedules.row import Week
from schedules.standing import Contact, Standing

#: A voice try that nobody answered.
UNANSWERED = frozenset({Disposition.BUSY, Disposition.NO_ANSWER, Disposition.VOICEMAIL})
#: Minutes since midnight from which a try is one of the evening, and how far back misses by day are looked for.
EVENING, LOOK_BACK_DAYS = 17 * 60, 30


@dataclass(frozen=True, kw_only=True, slots=True)
class Evening:
    """Hours that open besides, once, after so many tries by day that nobody answered."""

    #: Ages in years, both included.
    ages: tuple[int, int]
    misses: int
    week: Week


@dataclass(frozen=True, kw_only=True, slots=True)
class Band:
    """Who belongs to it, and what is fitting for them."""

    #: A stable word: reach is learned by it, and rules name it.
    key: str
    title: str
    kinds: frozenset[str] = frozenset()
    students: bool = False
    #: Ages in years, both included; None: age says nothing here.
    ages: tuple[int, int] | None = None
    unknown_age: bool = False
    #: Hours by weekday. Where there are two, tries since the last talk take turns.
    turns: tuple[Week, ...]
    evening: Evening | None = None
    #: Channels in the order in which the ladder takes them at its first stage, and from the second on; a letter is
    #: the last of both. They order and never refuse a call (reading A5); what is not possible is left out.
    first_contact: tuple[Channel, ...]
    later_contact: tuple[Channel, ...]
    #: The channel of the person's last reaction goes before them.
    as_last_reacted: bool = False
    #: After a message that we began no call for so many whole local days.
    wait_days: int = 0
    #: `normal`, `slow` or `slow_at_trouble`.
    listening: str = "normal"
    #: One of our people first, where one is free; never by predictive dialling.
    person_first: bool = False


@dataclass(frozen=True, kw_only=True)
class Bands:
    """The whole table, in the order in which it is asked."""

    bands: tuple[Band, ...]
    source: str
    #: Names the version in receipts.
    version: str

    def of(self, standing: Standing, day: date) -> Band:
        """The band of a person on a local day. Nobody under age is asked about: `minor` refuses first."""
        if (found := self._by_kind.get(standing.kind)) is not None:
            return found
        if standing.student and self._students is not None:
            return self._students
        born = standing.birth_date
        age = None if born is None else age_on(born, day)
        return self._by_age.get(age) or self._by_age[None]

    @cached_property
    def _by_kind(self) -> Mapping[str, Band]:
        return {kind: band for band in reversed(self.bands) for kind in band.kinds}

    @cached_property
    def _students(self) -> Band | None:
        return next((band for band in self.bands if band.students), None)

    @cached_property
    def _by_age(self) -> Mapping[int | None, Band]:
        found: dict[int | None, Band] = {}
        for band in reversed(self.bands):
            if band.unknown_age:
                found[None] = band
            if band.ages is not None:
                found |= dict.fromkeys(range(band.ages[0], band.ages[1] + 1), band)
        return found


def age_on(born: date, day: date) -> int:
    """Whole years on a day; born on 29 February: a year older on 1 March of a common year."""
    return day.year - born.year - ((day.month, day.day) < (born.month, born.day))


def tries_since_talk(contacts: Sequence[Contact]) -> int:
    """Voice tries to the person since somebody last spoke with us: what two turns of hours alternate by."""
    count = 0
    for one in reversed(contacts):
        if one.channel == Channel.VOICE:
            if one.talked:
                break
            count += 1
    return count


def evening_opens(band: Band, standing: Standing, today: date, zone: ZoneInfo) -> bool:
    """Were the last tries, all by day, answered by nobody? Then one more may be made in the evening of this day."""
    evening, born = band.evening, standing.birth_date
    if evening is None or born is None or not standing.contacts:
        return False
    if not evening.ages[0] <= age_on(born, today) <= evening.ages[1]:
        return False
    tries = [one for one in standing.contacts if one.channel == Channel.VOICE][-evening.misses :]
    return len(tries) == evening.misses and all(_missed_by_day(one, today, zone) for one in tries)


def _missed_by_day(one: Contact, today: date, zone: ZoneInfo) -> bool:
    clock = one.begun_at.astimezone(zone)
    by_day = clock.hour * 60 + clock.minute < EVENING
    return one.disposition in UNANSWERED and by_day and (today - clock.date()).days < LOOK_BACK_DAYS

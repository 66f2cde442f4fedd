"""What a person asked for: above our own hours when it was said on record, inside the law, and never wider.

As `WishRow.value` holds it:

    hours       {"days": ["mon", "thu"], "from": "18:00", "to": "20:00"}   days or hours may be missing, not both
    not_before  {"date": "2026-12-01"} and/or {"time": "10:00"}
    channel     {"channels": ["post"]}            only by these
    number      {"e164": "+32470123456"}          only at this number
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from ledger.contact import Channel
from ledger.interval import intersection, union
from schedules.day import Day
from schedules.errors import BadRules
from schedules.row import KINDS_OF_DAY, Minutes

#: Hours for a day that somebody asks for and that our own hours lack (Saturday in France).
_DAY_WITHOUT_HOURS: Minutes = ((10 * 60, 16 * 60),)
_WEEKDAYS = KINDS_OF_DAY[:7]


@dataclass(frozen=True, slots=True)
class HoursWish:
    """Call me on these days, in these hours. One of the two may be left open."""

    #: Days of the week, Monday 0; None: the days on which we call anyway.
    days: frozenset[int] | None
    #: Minutes since midnight; None: our own hours on those days.
    hours: tuple[int, int] | None
    #: On record it replaces our hours, else it only narrows them.
    on_record: bool = True

    def on(self, day: Day, own: Minutes) -> Minutes:
        """The minutes it names on a day, before law and rest days cut them; `own`: when we would call by ourselves."""
        weekday = day.date.weekday()
        if self.days is not None and weekday not in self.days:
            return ()
        if self.hours is not None:
            return (self.hours,) if self.days is not None or own else ()
        return own or day.default or _DAY_WITHOUT_HOURS


@dataclass(frozen=True, slots=True)
class NotBefore:
    """Not before a day, or not before an hour of each day. It only narrows."""

    day: date | None
    minute: int | None


@dataclass(frozen=True, slots=True)
class ChannelWish:
    """Only by these channels."""

    channels: frozenset[str]
    #: When it was said; None: before everything else that we know.
    said_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class NumberWish:
    """Only at this number, E.164."""

    e164: str
    #: As with `ChannelWish`.
    said_at: datetime | None = None


Wish = HoursWish | NotBefore | ChannelWish | NumberWish


def wish_from(kind: str, value: Mapping[str, Any], on_record: bool = True, said_at: datetime | None = None) -> Wish:
    """Read a stored wish. Raises `BadRules`, naming the field, for one that can't be understood."""
    try:
        if kind == "hours":
            return _hours(value, on_record)
        if kind == "not_before":
            day, minute = value.get("date"), value.get("time")
            if day is None and minute is None:
                raise ValueError("date or time is missing")
            return NotBefore(date.fromisoformat(day) if day else None, _minute(minute) if minute else None)
        if kind == "channel":
            return ChannelWish(frozenset(Channel(one) for one in value["channels"]), said_at)
        if kind == "number":
            return NumberWish(str(value["e164"]), said_at)
    except (KeyError, ValueError, TypeError, AttributeError) as error:
        raise BadRules(f"A wish of kind {kind} can't be read ({error}); correct it or end it") from error
    raise BadRules(f"{kind} is no kind of wish; give hours, not_before, channel or number")


def _hours(value: Mapping[str, Any], on_record: bool) -> HoursWish:
    days, start, end = value.get("days"), value.get("from"), value.get("to")
    if days is None and start is None:
        raise ValueError("days or hours are missing")
    if (start is None) != (end is None):
        raise ValueError("from and to go together")
    hours = None if start is None or end is None else (_minute(start), _minute(end))
    if hours and hours[0] >= hours[1]:
        raise ValueError("the hours end before they start")
    return HoursWish(None if days is None else frozenset(_WEEKDAYS.index(one) for one in days), hours, on_record)


def _minute(text: str) -> int:
    if text == "24:00":
        return 24 * 60
    clock = time.fromisoformat(text)
    return clock.hour * 60 + clock.minute


def wished(wishes: Sequence[Wish], day: Day, own: Minutes) -> Minutes | None:
    """The minutes that wishes on record name on this day, uncut; None: nobody asked for hours on record."""
    asked = [wish for wish in wishes if isinstance(wish, HoursWish) and wish.on_record]
    return union(*(wish.on(day, own) for wish in asked)) if asked else None


def narrowed(wishes: Sequence[Wish], day: Day, own: Minutes, minutes: Minutes) -> Minutes:
    """What is left of `minutes` after the wishes that only narrow: hours not on record, and "not before"."""
    said = [wish for wish in wishes if isinstance(wish, HoursWish) and not wish.on_record]
    if said:
        minutes = intersection(minutes, union(*(wish.on(day, own) for wish in said)))
    for wish in wishes:
        if isinstance(wish, NotBefore):
            late = 24 * 60 if wish.day is not None and day.date < wish.day else wish.minute or 0
            minutes = intersection(minutes, ((late, 24 * 60),))
    return minutes

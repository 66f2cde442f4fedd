"""When we call back: the machine in any opening that the law leaves, a person only in office hours."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from ivr.briefing import Briefing, Opening

#: A shorter piece of office hours is no window to promise.
_SHORTEST = timedelta(minutes=30)
#: So many minutes after the hour that was named a window may begin.
_PART_OF_DAY = 180


def for_machine(briefing: Briefing) -> tuple[Opening, ...]:
    """The two that are offered for a call by this computer."""
    return briefing.openings[:2]


def for_person(briefing: Briefing) -> tuple[Opening, ...]:
    """The two that are offered for a call by a person: cut to office hours, Monday to Friday."""
    cut = (_cut(o, briefing) for o in briefing.openings if o.day.weekday() < 5)
    return tuple(o for o in cut if o.until_at - o.from_at >= _SHORTEST)[:2]


def fitting(openings: tuple[Opening, ...], day: str, hour: str) -> int | None:
    """The first opening of a day (ISO) that holds an hour (hh:mm); each may be empty, then it is any.

    None: there is none, or neither was named.
    """
    if not day and not hour:
        return None
    fits = (n for n, o in enumerate(openings) if day in ("", o.day.isoformat()) and (not hour or _within(hour, o)))
    return next(fits, None)


def _within(hour: str, opening: Opening) -> bool:
    """ "In the morning" is told as nine o'clock and means until noon; "after four" begins at four."""
    start, end, asked = (t.hour * 60 + t.minute for t in (opening.start, opening.end, time.fromisoformat(hour)))
    return start - _PART_OF_DAY <= asked < end


def _cut(opening: Opening, briefing: Briefing) -> Opening:
    start, end = max(opening.start, briefing.office_from), min(opening.end, briefing.office_to)
    zone = ZoneInfo(briefing.zone)
    return replace(
        opening,
        start=start,
        end=end,
        from_at=datetime.combine(opening.day, start, zone),
        until_at=datetime.combine(opening.day, end, zone),
    )

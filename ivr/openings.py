"""When we call back: the machine in any opening that the law leaves, a person only in office hours."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from ivr.briefing import Briefing, Opening

#: A shorter piece of office hours is no window to promise.
SHORTEST = timedelta(minutes=30)
#: A window that opens later than so long after the hour that was named is another time.
_SOON = timedelta(hours=2)


def for_machine(briefing: Briefing) -> tuple[Opening, ...]:
    """The two that are offered for a call by this computer."""
    return briefing.openings[:2]


def named(openings: Sequence[Opening], day: str, hour: str) -> int | None:
    """The first of these on that day and around that hour (ISO 8601; empty: any); None: none fits."""
    fits = (
        n for n, o in enumerate(openings) if (not day or o.day.isoformat() == day) and (not hour or _around(hour, o))
    )
    return next(fits, None)


def _around(hour: str, opening: Opening) -> bool:
    """The hour lies in the window, or the window opens soon after it: "in the afternoon" names a beginning."""
    start = datetime.combine(opening.day, time.fromisoformat(hour))
    opens, ends = datetime.combine(opening.day, opening.start), datetime.combine(opening.day, opening.end)
    return start < ends and opens < start + _SOON


def for_person(briefing: Briefing) -> tuple[Opening, ...]:
    """The two that are offered for a call by a person: cut to office hours, Monday to Friday."""
    cut = (in_office(o, briefing) for o in briefing.openings if o.day.weekday() < 5)
    return tuple(o for o in cut if o.until_at - o.from_at >= SHORTEST)[:2]


def in_office(opening: Opening, briefing: Briefing) -> Opening:
    """As much of an opening as lies in the office hours of our people; it may be none."""
    start, end = max(opening.start, briefing.office_from), min(opening.end, briefing.office_to)
    zone = ZoneInfo(briefing.zone)
    return replace(
        opening,
        start=start,
        end=end,
        from_at=datetime.combine(opening.day, start, zone),
        until_at=datetime.combine(opening.day, end, zone),
    )

"""Who the person is on a day: age, and the table "age and life situation" of issue B."""

from __future__ import annotations

from datetime import date

from schedules.standing import Standing

Span = tuple[int, int]
_WORKDAYS = range(5)
_SATURDAY = 5


def _at(text: str) -> int:
    hours, minutes = text.split(":")
    return int(hours) * 60 + int(minutes)


def _spans(text: str) -> tuple[Span, ...]:
    pairs = (part.split("-") for part in text.split())
    return tuple((_at(first), _at(last)) for first, last in pairs)


#: Issue B, "Age and life situation": Monday to Friday, Saturday.
TABLE = {
    "young": (_spans("16:00-18:45"), _spans("11:00-14:00")),
    "adult": (_spans("17:00-18:45"), _spans("10:00-13:00")),
    "senior": (_spans("10:00-12:00 14:00-17:00"), ()),
    "old": (_spans("10:00-11:30 14:00-16:00"), ()),
    "business": (_spans("09:30-12:00 13:30-16:30"), ()),
    "unknown_evening": (_spans("17:00-18:30"), _spans("10:00-12:00")),
    "unknown_morning": (_spans("10:30-12:00"), _spans("10:00-12:00")),
}
_EVENING = _spans("17:00-18:30")


def age_on(standing: Standing, day: date) -> int | None:
    """Whole years; None where it is not known or cannot be true (C16, C18)."""
    born = standing.birth_date
    if born is None or born == date(1900, 1, 1):
        return None
    age = day.year - born.year - ((day.month, day.day) < (born.month, born.day))
    # 29 February in a common year: 28 February is before it, 1 March after it (C16).
    return age if 0 <= age <= 110 else None


def minor_on(standing: Standing, day: date) -> bool:
    """Under 18, whatever else the person is (A1)."""
    age = age_on(standing, day)
    return age is not None and age < 18


def band_on(standing: Standing, day: date, voice_attempts: int) -> str:
    """A1: kind, then student, then age; C2: the turn of an unknown age goes by the attempts since the last talk."""
    age = age_on(standing, day)
    if standing.kind == "business":
        return "business"
    if standing.student:
        return "young"
    if age is None:
        return "unknown_morning" if voice_attempts % 2 else "unknown_evening"
    if age < 25:
        return "young"
    if age < 65:
        return "adult"
    return "senior" if age < 80 else "old"


def hours_on(band: str, day: date, *, evening_too: bool = False) -> tuple[Span, ...]:
    """The row of the table on this day, uncut; `evening_too`: the one try of 65 and 66 (C3)."""
    workdays, saturday = TABLE[band]
    if day.weekday() in _WORKDAYS:
        return (*workdays, *_EVENING) if evening_too else workdays
    return saturday if day.weekday() == _SATURDAY else ()


def within(spans: tuple[Span, ...], minute: int) -> bool:
    """Is this minute of the day inside one of them?"""
    return any(first <= minute < last for first, last in spans)

"""Where and when: the telephone numbers that a note is about, and the window of a call-back."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from ivr.briefing import Briefing, Opening
from ivr.errors import BadNote
from ivr.notes.note import Note, Person, shown
from ivr.notes.typed import moment
from ivr.openings import SHORTEST, in_office
from ledger.phone import judge, mask

#: So long is the window of a call-back from its hour on: as the longest that the dialogue offers.
WINDOW = timedelta(hours=2)
_SATURDAY = 5
#: So many openings are named to somebody who asked for another hour.
_NAMED = 3


def numbers(note: Note, person: Person) -> tuple[str, ...]:
    """The numbers that are meant: the one that was named, the only one, or each. Raises `BadNote`."""
    theirs = tuple(person.openings)
    if note.everything and note.number is not None:
        raise BadNote("number: --everything means each number; leave --number out")
    if not theirs:
        raise BadNote("number: this person has none in the books")
    if note.everything:
        return theirs
    masked = ", ".join(map(mask, theirs))
    if note.number is None:
        if len(theirs) > 1:
            raise BadNote(f"number: which of {masked} is meant? Write all of it with --number")
        return theirs
    _, e164 = judge(note.number, next(iter(person.briefings), person.bare).country)
    if e164 not in theirs:
        raise BadNote(f"number: {shown(note.number)} is none of this person's numbers ({masked})")
    return (e164,)


def window(note: Note, briefing: Briefing, openings: tuple[Opening, ...]) -> Opening:
    """From the hour that was agreed on, inside an opening; of our people inside their office hours.

    Raises `BadNote`.
    """
    if note.person:
        openings = tuple(in_office(one, briefing) for one in openings if one.day.weekday() < _SATURDAY)
    openings = tuple(one for one in openings if one.until_at - one.from_at >= SHORTEST)
    at = moment(note.at or "", ZoneInfo(briefing.zone))
    found = next((one for one in openings if one.from_at <= at <= one.until_at - SHORTEST), None)
    if found is None:
        free = ", ".join(f"{one.day:%a %d %b} {one.start:%H:%M}-{one.end:%H:%M}" for one in openings[:_NAMED])
        raise BadNote(f"at: nobody may be called back then; the next openings are {free or 'unknown'}")
    until = min(at + WINDOW, found.until_at)
    return replace(found, start=_clock(at, briefing), end=_clock(until, briefing), from_at=at, until_at=until)


def _clock(at: datetime, briefing: Briefing) -> time:
    return at.astimezone(ZoneInfo(briefing.zone)).time()

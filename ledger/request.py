"""What waits for one of our people because only they can end it: in words, and by which day. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from ledger.answer_clock import ANSWER_DAYS
from ledger.calendar import nth_working_day_after
from ledger.errors import UnknownCalendar
from ledger.region import Region

#: By `ledger.tables.AgreementRow.kind`: what is to be done. A call-back counts only where a person makes it.
WORDS = {
    "person": "Asked to speak with one of us: call them; no machine does before that",
    "callback": "Asked to be called by one of us: call them; no machine does before that",
    "dispute": "Says that a claim is wrong: answer in writing",
    "complaint": "Complained about us: answer",
    "hardship": "Can't pay now: talk about what is possible",
    "representative": "Somebody is said to act for this person: ask who, and write to them alone",
    "deceased": "Somebody said that this person has died: find out; nothing is sent",
}
#: Working days for it, where the agreement names no day (reference "what each answer does").
DAYS = {
    "person": 1, "callback": 1, "dispute": ANSWER_DAYS["dispute"], "complaint": 10, "hardship": 3,
    "representative": 5, "deceased": 5,
}  # fmt: skip


@dataclass(frozen=True, kw_only=True, slots=True)
class Request:
    """One of them, as it stands open."""

    kind: str
    made_on: date
    #: The day that we named, else the one on which the window ends that was chosen; None: neither.
    named: date | None = None
    #: The number on which it was asked, E.164; told only of a caller whom we don't recognise.
    stranger: str | None = None
    #: So often one of us called and reached nobody.
    tries: int = 0


def do_by(one: Request, region: Region | None) -> date:
    """The last day for it; where no working days are known, the day on which it was asked."""
    if one.named is not None or region is None:
        return one.named or one.made_on
    try:
        return nth_working_day_after(one.made_on, DAYS[one.kind], region)
    except UnknownCalendar:
        return one.made_on


def why(one: Request) -> str:
    """What is to be done, in a line."""
    tried = {0: "", 1: "; called once, not reached"}.get(one.tries, f"; called {one.tries} times, not reached")
    return WORDS[one.kind] + (f", at {one.stranger}" if one.stranger else "") + tried

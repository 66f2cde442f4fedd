"""What one of our people writes down of what they agreed with a debtor: the kinds, and what may be told of each. Pure.

What is told stays text as it was typed; `ivr.notes.noting` reads it beside what the books say of the person.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, fields

from ivr.briefing import Briefing, Opening
from ivr.errors import BadNote
from ivr.record import Record

#: So much of what was typed is shown again; names and tokens are no longer.
SHOWN = 40
_TOKEN = re.compile(rf"[A-Za-z0-9._-]{{1,{SHOWN}}}", re.ASCII)


@dataclass(frozen=True, kw_only=True)
class Note:
    """What is to be written down; each field is named as people type it. None, False, empty: it was not told."""

    #: One of `KINDS`.
    what: str
    #: Numbers of the invoices that it is about.
    invoice: tuple[str, ...] = ()
    creditor: str | None = None
    #: Promise: the day of payment, and how much where it is not all.
    on: str | None = None
    amount: str | None = None
    #: Plan: so many parts or so much a month, and the day of the first part.
    instalments: int | None = None
    monthly: str | None = None
    first: str | None = None
    #: Dispute: what is wrong.
    kind: str | None = None
    #: Already paid: the day.
    when: str | None = None
    #: Call-back: when; True: one of our people calls.
    at: str | None = None
    person: bool = False
    #: Which of the person's telephone numbers; True: each of them.
    number: str | None = None
    everything: bool = False


@dataclass(frozen=True, kw_only=True)
class Person:
    """What the books say of the debtor: a briefing as a call would have it, for each creditor and currency."""

    #: Without invoices where nothing is due; none: nothing can be agreed by any law or calendar that is in use here.
    briefings: tuple[Briefing, ...]
    #: Enough to stop contact with the person, wherever they are.
    bare: Briefing
    #: When the person may be called back at each number (E.164) that is theirs now.
    openings: Mapping[str, tuple[Opening, ...]] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Noted:
    """A record as the dialogue makes it, and the briefing that it belongs to."""

    record: Record
    briefing: Briefing


@dataclass(frozen=True)
class _Fields:
    """What must and what may be told of a kind."""

    needs: tuple[str, ...] = ()
    may: tuple[str, ...] = ()


#: What stops contact binds us whatever law the person lives under.
STOPS = frozenset({"stop", "wrong-number", "deceased", "representative"})
_ABOUT = ("invoice", "creditor")
KINDS: Mapping[str, _Fields] = {
    "promise": _Fields(("on",), ("amount", *_ABOUT)),
    "plan": _Fields((), ("instalments", "monthly", "first", *_ABOUT)),
    "dispute": _Fields(("kind",), _ABOUT),
    "hardship": _Fields((), _ABOUT),
    "paid": _Fields(("when",), _ABOUT),
    "copy": _Fields((), _ABOUT),
    "callback": _Fields(("at",), ("number", "person")),
    "stop": _Fields((), ("number", "everything")),
    "wrong-number": _Fields((), ("number",)),
    "deceased": _Fields(),
    "representative": _Fields(),
    "complaint": _Fields(),
}


def checked(note: Note) -> Note:
    """The same note, where its kind exists and has what it needs and nothing else. Raises `BadNote`."""
    if note.what == "crisis":
        raise BadNote(
            "kind: a crisis is no note: call the person yourself now; the alarm of a call stands in"
            " `beltoon agreements tasks`, and `beltoon agreements called ID` ends it"
        )
    known = KINDS.get(note.what)
    if known is None:
        raise BadNote(f"kind: {shown(note.what)} can't be noted; write one of {', '.join(KINDS)}")
    told = [one.name for one in fields(note) if one.name != "what" and getattr(note, one.name) not in (None, (), False)]
    for name in known.needs:
        if name not in told:
            raise BadNote(f"{name}: a note of {note.what} needs it; add --{name}")
    for name in told:
        if name not in known.needs + known.may:
            raise BadNote(f"{name}: a note of {note.what} has none; leave --{name} out")
    return note


def shown(text: str) -> str:
    """What was typed, cut short and on one line."""
    return repr(text[:SHOWN])


def author(by: str) -> str:
    """The name of who takes the note, as holds and audit keep it. Raises `BadNote`."""
    name = " ".join(by.split())
    if not 1 <= len(name) <= SHOWN or not name.isprintable():
        raise BadNote(f"by: {shown(by)} is no name; write who agreed this with the person, {SHOWN} letters at most")
    return name


def token(text: str) -> str:
    """What marks one note, so that it is written once. Raises `BadNote`."""
    if not _TOKEN.fullmatch(text):
        raise BadNote(f"token: {shown(text)} is none; write 1 to {SHOWN} letters, digits, dashes, underlines or points")
    return text

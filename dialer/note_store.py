"""A note of one of our people, as a call would write it: briefed by the books, decided by `ivr.notes`, written once."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from dialer.briefing import whole_openings
from dialer.briefing_store import Asked
from dialer.known_store import brief_known, zone_of
from ivr.cause import Cause
from ivr.errors import BadNote
from ivr.notes.note import Note, Person
from ivr.notes.noting import noted
from ivr.record_store import apply
from ledger.agreement_store import Agreement, Hold, agreements, holds
from ledger.tables import AccountRow, AgreementRow, DebtorRow, InvoiceRow, OutboxRow, PhoneRow
from schedules.openings import openings
from schedules.queue_store import bring_forward
from schedules.rules import Rules
from schedules.standing_store import standing_of

#: The same command again within this is taken for the same note, as long as what it wrote still stands.
AGAIN = timedelta(minutes=1)
#: How the id of a note begins, where a call has its own.
NOTE = "note-"
#: So many hex digits tell one command from another.
_MARK = 16


@dataclass(frozen=True, kw_only=True)
class Taken:
    """What stands in the books of a note."""

    #: The person's own zone, by whose clock an hour was agreed.
    zone: str
    #: It was written before, by the same token or the same command.
    already: bool
    agreements: tuple[Agreement, ...]
    holds: tuple[Hold, ...]
    #: Older agreements that it took back.
    withdrawn: tuple[Agreement, ...]
    #: What confirms it in writing: template and channel.
    messages: tuple[tuple[str, str], ...]


def take(
    session: Session, debtor: str, note: Note, by: str, now: datetime, rules: Rules, *, token: str | None = None
) -> Taken:
    """Write it with all that a call would write of it, in the unit of work of `session`.

    `debtor`: as lists name them; `by`: who agreed it. Raises `BadNote`; then nothing is written.
    """
    who = _locked(session, debtor)
    numbers = _numbers(session, who)
    zone = zone_of(who, next(iter(numbers), None))
    if zone is None:
        raise _nowhere()
    mark = token or _mark(note, by)
    before = _before(session, who.id, mark, None if token else now - AGAIN)
    if before is not None:
        return _taken(session, who.id, zone, before, None)
    records = noted(note, _person(session, who, numbers, zone, now, rules))
    id_ = _id(who.id, mark if token else f"{mark}.{int(now.timestamp() * 1e6):x}")
    for n, one in enumerate(records, 1):
        apply(session, one.record, Cause(replace(one.briefing, call_id=id_), n, now, noted_by=by))
    bring_forward(session, who.id, now)
    session.flush()
    return _taken(session, who.id, zone, id_, now)


def preview(
    session: Session, debtor: str, note: Note, by: str, now: datetime, rules: Rules, *, token: str | None = None
) -> Taken:
    """What `take` would write; nothing is. Raises `BadNote`."""
    savepoint = session.begin_nested()
    try:
        return take(session, debtor, note, by, now, rules, token=token)
    finally:
        savepoint.rollback()


def _locked(session: Session, ref: str) -> DebtorRow:
    """The person, held until the commit: two notes of one person wait for each other. A call of theirs does not wait:
    what only points at the person's row goes on."""
    found = session.scalar(select(DebtorRow).where(DebtorRow.ref == ref).with_for_update(key_share=True))
    if found is None:
        raise BadNote(f"debtor: there is no {ref[:40]!r}; write the name that the list gives (column debtor)")
    return found


def _numbers(session: Session, debtor: DebtorRow) -> list[str]:
    """The person's telephone numbers now, the best first."""
    theirs = select(PhoneRow.e164).where(PhoneRow.debtor_id == debtor.id, PhoneRow.until_at.is_(None))
    return [one for one in session.scalars(theirs.order_by(PhoneRow.rank, PhoneRow.id)) if one]


def _person(
    session: Session, debtor: DebtorRow, numbers: Sequence[str], zone: str, now: datetime, rules: Rules
) -> Person:
    """What the books say: a briefing for each creditor and currency, and the openings of each number."""
    first = next(iter(numbers), None)
    asked = Asked(call_id="", direction="out", debtor_id=debtor.id, e164=first, zone=zone, now=now)
    known = [brief_known(session, one, rules) for one in _each_creditor(session, asked)]
    briefings = tuple(one[0] for one in known if one is not None)
    if not briefings:
        raise _nowhere()
    standing = standing_of(session, debtor.id)
    hours = {e164: openings(standing, e164, now, rules=rules) for e164 in numbers}
    return Person(
        briefings=briefings,
        openings={e164: whole_openings(permitted, now, ZoneInfo(zone)) for e164, permitted in hours.items()},
    )


def _each_creditor(session: Session, asked: Asked) -> list[Asked]:
    """Asked for each creditor and currency in which something is due, the oldest first; nothing is due: for none."""
    owed = (
        select(InvoiceRow.creditor_id, InvoiceRow.currency, InvoiceRow.id)
        .join(AccountRow, AccountRow.id == InvoiceRow.account_id)
        .where(AccountRow.debtor_id == asked.debtor_id, InvoiceRow.open_minor > 0)
        .where(InvoiceRow.due_on < asked.now.astimezone(ZoneInfo(asked.zone)).date())
        .order_by(InvoiceRow.due_on, InvoiceRow.id)
    )
    found: dict[tuple[int, str], set[int]] = {}
    for creditor_id, currency, invoice_id in session.execute(owed):
        found.setdefault((creditor_id, currency), set()).add(invoice_id)
    each = [replace(asked, creditor_id=who, about=frozenset(ids)) for (who, _), ids in found.items()]
    return each or [asked]


def _nowhere() -> BadNote:
    return BadNote(
        "debtor: no country, account or calendar is known by which anything could be agreed; what stops contact comes"
        " in by `beltoon import FILE --kind holds`"
    )


# -- once ------------------------------------------------------------------------------------------------------------


def _mark(note: Note, by: str) -> str:
    """The same for the same command."""
    return hashlib.sha256(repr((note, by)).encode()).hexdigest()[:_MARK]


def _before(session: Session, debtor_id: int, mark: str, since: datetime | None) -> str | None:
    """The id of this person's note with this token; with `since` of the same command lately, if all of it stands."""
    agreed, stopped = agreements(session, debtor_id), holds(session, debtor_id)
    if since is None:
        id_ = _id(debtor_id, mark)
        ids = {_note_of(one.source) for one in agreed} | {one.via for one in stopped}
        return id_ if id_ in ids else None
    lately = {_note_of(one.source) for one in agreed if one.made_at > since and one.state != "withdrawn"}
    lately |= {one.via for one in stopped if one.from_at > since and one.lifted_at is None}
    return next((one for one in lately if one.startswith(f"{_id(debtor_id, mark)}.")), None)


def _id(debtor_id: int, mark: str) -> str:
    return f"{NOTE}{debtor_id}-{mark}"


def _note_of(source: str) -> str:
    """The note that an agreement's source names; of one that a call made the call."""
    return source.partition(":")[0]


def _taken(session: Session, debtor_id: int, zone: str, id_: str, written_at: datetime | None) -> Taken:
    """`written_at`: it was written just now; None: it was there before."""
    agreed = agreements(session, debtor_id)
    ended = select(AgreementRow.id).where(AgreementRow.debtor_id == debtor_id, AgreementRow.ended_at == written_at)
    back = set(session.scalars(ended)) if written_at is not None else set()
    messages = select(OutboxRow.template, OutboxRow.channel).where(
        OutboxRow.debtor_id == debtor_id, OutboxRow.cause.startswith(f"{id_}:", autoescape=True)
    )
    return Taken(
        zone=zone,
        already=written_at is None,
        agreements=tuple(one for one in agreed if _note_of(one.source) == id_),
        holds=tuple(one for one in holds(session, debtor_id) if one.via == id_),
        withdrawn=tuple(one for one in agreed if one.id in back),
        messages=tuple((template, channel) for template, channel in session.execute(messages.order_by(OutboxRow.id))),
    )

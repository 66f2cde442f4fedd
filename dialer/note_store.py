"""A note of one of our people, as a call would write it: briefed by the books, decided by `ivr.notes`, written once."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from dialer.note_person_store import own_zone, person_of
from ivr.cause import Cause
from ivr.errors import BadNote
from ivr.notes.note import Note
from ivr.notes.noting import noted
from ivr.record import CallbackAsked
from ivr.record_store import apply
from ledger.agreement_store import Agreement, Hold, agreements, holds
from ledger.contact import Channel
from ledger.tables import AgreementRow, DebtorRow, OutboxRow
from schedules.permission import may_contact
from schedules.queue_store import bring_forward
from schedules.rules import Rules
from schedules.standing_store import standing_of
from schedules.verdict import Refused

#: The same command again within this is taken for the same note, as long as what it wrote still stands.
AGAIN = timedelta(minutes=1)
#: How the id of a note begins, where a call has its own.
NOTE = "note-"
#: So many hex digits tell one command from another.
_MARK = 16


@dataclass(frozen=True, kw_only=True)
class Taken:
    """What stands in the books of a note."""

    #: By whose clock an hour was agreed; None: nobody knows where the person is.
    zone: str | None
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
    mark = token or _mark(note, by)
    before = _before(session, who.id, mark, None if token else now - AGAIN)
    if before is not None:
        return _taken(session, who, before, None)
    records = noted(note, person_of(session, who, now, rules))
    id_ = _id(who.id, mark if token else f"{mark}.{int(now.timestamp() * 1e6):x}")
    for n, one in enumerate(records, 1):
        apply(session, one.record, Cause(replace(one.briefing, call_id=id_), n, now, noted_by=by))
        if isinstance(one.record, CallbackAsked) and one.record.by == "machine":
            _can_be_made(session, who.id, one.record, now, rules)
    bring_forward(session, who.id, now)
    return _taken(session, who, id_, now)


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


def _can_be_made(session: Session, debtor_id: int, asked: CallbackAsked, now: datetime, rules: Rules) -> None:
    """A call-back that the machine may not make would be promised and lost. Raises `BadNote`.

    That payments were not heard of lately says nothing of that hour.
    """
    at = asked.opening.from_at if asked.opening else now
    standing = standing_of(session, debtor_id)
    verdict = may_contact(standing, Channel.VOICE, at, rules=rules, number=asked.e164, known_at=now)
    if isinstance(verdict, Refused) and verdict.rule != "stale":
        raise BadNote(f"at: the machine may not call then ({verdict.reason}); with --person one of you calls")


# -- once ------------------------------------------------------------------------------------------------------------


def _mark(note: Note, by: str) -> str:
    """The same for the same command."""
    return hashlib.sha256(repr((note, by)).encode()).hexdigest()[:_MARK]


def _before(session: Session, debtor_id: int, mark: str, since: datetime | None) -> str | None:
    """The id of this person's note with this token; with `since` of the same command lately, if all of it stands."""
    agreed, stopped = agreements(session, debtor_id), holds(session, debtor_id)
    if since is None:
        id_ = _id(debtor_id, mark)
        ids = {_note_of(one.source) for one in agreed} | {_note_of(one.source) for one in stopped}
        return id_ if id_ in ids else None
    lately = {_note_of(one.source) for one in agreed if one.made_at > since and one.state != "withdrawn"}
    lately |= {_note_of(one.source) for one in stopped if one.from_at > since and one.lifted_at is None}
    return next((one for one in lately if one.startswith(f"{_id(debtor_id, mark)}.")), None)


def _id(debtor_id: int, mark: str) -> str:
    return f"{NOTE}{debtor_id}-{mark}"


def _note_of(source: str) -> str:
    """The note that made an agreement or a hold, by its source; else the call that did."""
    return source.partition(":")[0]


def _taken(session: Session, debtor: DebtorRow, id_: str, written_at: datetime | None) -> Taken:
    """`written_at`: it was written just now; None: it was there before."""
    agreed = agreements(session, debtor.id)
    ended = select(AgreementRow.id).where(AgreementRow.debtor_id == debtor.id, AgreementRow.ended_at == written_at)
    back = set(session.scalars(ended)) if written_at is not None else set()
    messages = select(OutboxRow.template, OutboxRow.channel).where(
        OutboxRow.debtor_id == debtor.id, OutboxRow.cause.startswith(f"{id_}:", autoescape=True)
    )
    return Taken(
        zone=own_zone(session, debtor),
        already=written_at is None,
        agreements=tuple(one for one in agreed if _note_of(one.source) == id_),
        holds=tuple(one for one in holds(session, debtor.id) if _note_of(one.source) == id_),
        withdrawn=tuple(one for one in agreed if one.id in back),
        messages=tuple((template, channel) for template, channel in session.execute(messages.order_by(OutboxRow.id))),
    )

"""Permission asked again, of calls that are ours: right before the order leaves, and while it rings."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from sqlalchemy import ColumnElement, and_, select
from sqlalchemy.orm import Session

from dialer.call import CallEvent, moved_by
from dialer.campaign_guard_store import rules_now
from dialer.claim import Claimed
from dialer.tables import AttemptRow
from ledger.among import among
from ledger.contact import Channel
from ledger.run_store import run_state
from ledger.tables import ContactRow
from schedules.permission import may_contact
from schedules.rules import Rules
from schedules.standing import Contact, Standing
from schedules.standing_store import standings_of
from schedules.verdict import ORDER, Allowed, Refused

#: A ringing call is taken back for what concerns the person, never because an hour has passed meanwhile.
_WITHDRAWS_BEFORE = ORDER["letter"]


def still_allowed(
    session: Session, claims: Sequence[Claimed], rules: Rules, now: datetime
) -> list[tuple[Claimed, Standing, Allowed]]:
    """Those for which permission still holds, with what it was read from: as if the very try had not been counted."""
    if run_state(session) != "running":
        return []
    tries = _tries(session, [one.attempt for one in claims])
    standings = standings_of(session, [one.debtor_id for one in claims])
    campaigns = rules_now(session, [one.attempt for one in claims])
    found = []
    for one in claims:
        if (campaign := campaigns.get(one.attempt)) is None:
            continue  # paused or finished since
        standing = _without(standings[one.debtor_id], tries[one.attempt])
        verdict = may_contact(standing, Channel.VOICE, now, rules=rules, number=one.e164, campaign=campaign)
        if isinstance(verdict, Allowed):
            found.append((one, standing, verdict))
    return found


def not_answered() -> ColumnElement[bool]:
    """An attempt that an answer would still move, and that had none: it rings, perhaps unseen."""
    before = [state for states in moved_by(CallEvent.ANSWERED).values() for state in states]
    return and_(AttemptRow.state.in_(before), AttemptRow.answered_at.is_(None))


def withdrawn(session: Session, attempts: Sequence[str], rules: Rules, now: datetime) -> list[str]:
    """Those that ring and may not any more: paid, opted out, held, or everything was stopped meanwhile."""
    query = select(AttemptRow.uuid, AttemptRow.debtor_id, AttemptRow.e164)
    rows = session.execute(query.where(among(AttemptRow.uuid, attempts), not_answered())).all()
    if not rows:
        return []
    if run_state(session) == "stopped":
        return [row.uuid for row in rows]
    tries = _tries(session, [row.uuid for row in rows])
    standings = standings_of(session, [row.debtor_id for row in rows])
    found = []
    for row in rows:
        standing = _without(standings[row.debtor_id], tries[row.uuid])
        verdict = may_contact(standing, Channel.VOICE, now, rules=rules, number=row.e164)
        if isinstance(verdict, Refused) and ORDER[verdict.rule] < _WITHDRAWS_BEFORE:
            found.append(row.uuid)
    return found


def _tries(session: Session, attempts: Sequence[str]) -> dict[str, tuple[datetime, str]]:
    """When each attempt's contact began, and at which number."""
    query = select(AttemptRow.uuid, ContactRow.begun_at, ContactRow.address)
    query = query.join(ContactRow, AttemptRow.contact_id == ContactRow.id).where(among(AttemptRow.uuid, attempts))
    return {uuid: (begun_at, address) for uuid, begun_at, address in session.execute(query)}


def _without(standing: Standing, this: tuple[datetime, str]) -> Standing:
    """The standing as if this very try had not been counted yet."""

    def other(one: Contact) -> bool:
        return (one.begun_at, one.address) != this

    return replace(
        standing,
        contacts=tuple(c for c in standing.contacts if other(c)),
        shared=tuple(c for c in standing.shared if other(c)),
    )

"""Reads from the books how a rehearsal goes, and what became of everyone."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from desk.rehearsal.result import PersonShown, RefusalShown
from dialer.station_store import detail_of
from dialer.tables import AttemptRow, CallRow
from ivr.tables import ConversationRow
from ledger.clock import real_now
from ledger.contact import Channel
from ledger.tables import AgreementRow, DebtorRow
from schedules.permission import may_contact
from schedules.rules import Rules
from schedules.standing_store import standings_of
from schedules.verdict import Refused


@dataclass(frozen=True, kw_only=True)
class CallShown:
    """A call in the live table."""

    uuid: str
    name: str
    direction: str
    state: str
    place: str
    disposition: str | None
    first_audio_ms: int | None
    begun_at: datetime


@dataclass(frozen=True, kw_only=True)
class Progress:
    """How the rehearsal stands now."""

    calls: tuple[CallShown, ...]
    ended: int
    live: int
    #: People whom the dialer could call now but has not yet.
    waiting: int
    #: The campaign's time at which the dialer last asked who is next.
    looked_at: datetime | None


def progress(session: Session) -> Progress:
    """The calls, the newest first, and whether anything is left to do."""
    rows = session.execute(
        select(CallRow, DebtorRow.name, ConversationRow.state)
        .outerjoin(DebtorRow, CallRow.debtor_id == DebtorRow.id)
        .outerjoin(ConversationRow, ConversationRow.call_id == CallRow.uuid)
        .order_by(CallRow.begun_at.desc())
    ).all()
    calls = tuple(
        CallShown(
            uuid=call.uuid,
            name=name or "unknown caller",
            direction=call.direction,
            state=call.state,
            place=str(state.get("place", "")) if state else "",
            disposition=call.disposition,
            first_audio_ms=call.first_audio_ms,
            begun_at=call.begun_at,
        )
        for call, name, state in rows
    )
    dialer = detail_of(session, "dial", real_now())
    ended = sum(call.state == "ended" for call in calls)
    return Progress(
        calls=calls,
        ended=ended,
        live=len(calls) - ended,
        waiting=int(dialer["waiting"]) if dialer else 0,
        looked_at=datetime.fromisoformat(dialer["looked_at"]) if dialer and dialer["looked_at"] else None,
    )


def people(session: Session, now: datetime, zone: ZoneInfo, rules: Rules) -> list[PersonShown]:
    """Everyone, by reference; for those who were never called, why not, at `now`."""
    attempts: dict[int, list[AttemptRow]] = defaultdict(list)
    for attempt in session.scalars(select(AttemptRow).order_by(AttemptRow.claimed_at)):
        attempts[attempt.debtor_id].append(attempt)
    calls: dict[str, CallRow] = {call.uuid: call for call in session.scalars(select(CallRow))}
    rang: dict[int, int] = defaultdict(int)
    for call in calls.values():
        if call.direction == "in" and call.debtor_id is not None:
            rang[call.debtor_id] += 1
    agreed: dict[int, list[str]] = defaultdict(list)
    for row in session.scalars(select(AgreementRow).order_by(AgreementRow.id)):
        if row.debtor_id is not None:
            agreed[row.debtor_id].append(row.kind)
    debtors = list(session.scalars(select(DebtorRow).order_by(DebtorRow.ref)))
    standings = standings_of(session, [d.id for d in debtors])
    shown = []
    for debtor in debtors:
        mine = attempts[debtor.id]
        last = mine[-1] if mine else None
        verdict = None if mine else may_contact(standings[debtor.id], Channel.VOICE, now, rules=rules)
        shown.append(
            PersonShown(
                debtor=debtor.ref,
                name=debtor.name,
                language=debtor.language,
                disposition=last.disposition if last else None,
                agreement=_agreement(agreed[debtor.id], last.disposition if last else None),
                calls=len(mine),
                rang_in=rang[debtor.id],
                placed_at=_local(last.dialed_at, zone) if last else None,
                answered_at=_local(last.answered_at, zone) if last else None,
                first_audio_ms=calls[last.uuid].first_audio_ms if last else None,
                cause=last.hangup_cause if last else None,
                refusal=_refusal(verdict, zone) if isinstance(verdict, Refused) else None,
            )
        )
    return shown


def answered_calls(session: Session) -> int:
    """Calls out that somebody or something picked up."""
    return session.scalar(select(func.count()).where(AttemptRow.answered_at.is_not(None))) or 0


def calls_in(session: Session) -> int:
    """Calls that came in."""
    return session.scalar(select(func.count()).where(CallRow.direction == "in")) or 0


def _agreement(kinds: list[str], disposition: str | None) -> str | None:
    """What the outcome is named after; what came beside it (a call-back) only where there is nothing else."""
    return disposition if disposition in kinds else kinds[-1] if kinds else None


def _refusal(verdict: Refused, zone: ZoneInfo) -> RefusalShown:
    return RefusalShown(
        reason=verdict.reason,
        rule=verdict.rule,
        source=verdict.source,
        next_opening=_local(verdict.next_opening, zone),
    )


def _local(moment: datetime | None, zone: ZoneInfo) -> datetime | None:
    return None if moment is None else moment.astimezone(zone)

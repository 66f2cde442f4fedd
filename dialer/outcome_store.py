"""Writes the end of a call into its rows, once."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from dialer.outcome import CarriersEnd, Ending, ending
from dialer.slot_store import free_slot
from dialer.tables import AttemptRow, CallRow, EntryRow
from ivr.codec import briefing_from_json, state_from_json
from ivr.outcome import disposition_of, right_party, talked
from ivr.tables import ConversationRow
from ledger.contact import Channel, Disposition
from ledger.tables import AgreementRow, ContactRow
from schedules.queue_store import bring_forward, put_off
from schedules.retry import NextStep, next_step
from schedules.standing_store import standing_of
from schedules.tables import CampaignVersionRow, CandidateRow

#: A talk whose line has died is ended this long (real time) after the carrier's end.
GRACE = timedelta(seconds=5)


def carrier_ended(session: Session, attempt: str, end: CarriersEnd, now: datetime) -> None:
    """Note what the carrier told of the end; the first word sticks."""
    note = "lost" if end.lost else "line_lost" if end.line_lost else "by_us" if end.by_us else None
    session.execute(
        update(AttemptRow)
        .where(AttemptRow.uuid == attempt, AttemptRow.ended_at.is_(None))
        .values(
            ended_at=now,
            hangup_cause=None if end.lost else end.cause,
            dial_status=end.dial_status,
            end_note=note,
            state="ended",
        )
    )


def settle(session: Session, call_uuid: str, now: datetime, real_now: datetime) -> bool:
    """Close every row of a call, if all that belongs to it has ended. True when this was the moment.

    Rows: call, attempt, contact, candidate. A second call of this changes nothing.
    """
    call = session.get(CallRow, call_uuid)
    if call is None or call.state == "ended":
        return False
    talk = session.scalar(select(ConversationRow).where(ConversationRow.call_id == call_uuid))
    attempt = session.get(AttemptRow, call.attempt_uuid) if call.attempt_uuid else None
    if attempt is not None and attempt.ended_at is None:
        return False
    if talk is not None and talk.ended_at is None:
        return False
    if attempt is None and talk is None and not _expired(session, call_uuid, real_now):
        return False
    state = state_from_json(talk.state) if talk is not None else None
    said = disposition_of(state) if state is not None else None
    end = _carriers_end(attempt)
    found = ending(end, said)
    call.state, call.ended_at, call.disposition = "ended", now, found.disposition.value
    proved = state is not None and right_party(state)
    spoke = state is not None and found.talked and talked(state)
    if attempt is None:
        if call.debtor_id is not None and spoke and proved:
            _inbound(session, call, found, now)
        if call.debtor_id is not None:
            bring_forward(session, call.debtor_id, now)  # what was asked may free them: permission decides anew
        return True
    attempt.disposition = found.disposition.value
    contact = session.get_one(ContactRow, attempt.contact_id)
    contact.ended_at, contact.disposition = now, found.disposition.value
    contact.talked, contact.right_party = spoke, proved
    if contact.callback_id is not None and spoke:
        _kept(session, contact.callback_id, now)
    session.flush()
    _go_on(session, attempt, found.disposition, now)
    return True


def _carriers_end(attempt: AttemptRow | None) -> CarriersEnd:
    if attempt is None:
        return CarriersEnd(cause=16, dial_status=None, answered=True)
    return CarriersEnd(
        cause=attempt.hangup_cause or 0,
        dial_status=attempt.dial_status,
        answered=attempt.answered_at is not None,
        line_lost=attempt.end_note == "line_lost",
        by_us=attempt.end_note == "by_us",
        lost=attempt.end_note == "lost",
    )


def _go_on(session: Session, attempt: AttemptRow, disposition: Disposition, now: datetime) -> None:
    """What comes next for this debtor: decided by the pure rule, written to attempt and candidate."""
    step: NextStep = next_step(disposition, standing_of(session, attempt.debtor_id), now)
    attempt.next_step, attempt.next_at = step.kind, step.at
    campaign_id = select(CampaignVersionRow.campaign_id).where(CampaignVersionRow.id == attempt.campaign_version_id)
    candidate = session.scalar(
        select(CandidateRow).where(
            CandidateRow.debtor_id == attempt.debtor_id, CandidateRow.campaign_id == campaign_id.scalar_subquery()
        )
    )
    if candidate is not None:
        put_off(session, candidate.id, step.at)


def _inbound(session: Session, call: CallRow, found: Ending, now: datetime) -> None:
    """The debtor rang us and we talked: no try of ours, so outside the budget, but the rest after a talk begins."""
    assert call.debtor_id is not None  # noqa: S101
    briefing = briefing_from_json(call.briefing)
    local_date = call.begun_at.astimezone(ZoneInfo(briefing.zone)).date()
    address = call.caller or "withheld"
    session.add(
        ContactRow(
            debtor_id=call.debtor_id,
            address=address,
            channel=Channel.VOICE.value,
            solicited=True,
            zone=briefing.zone,
            local_date=local_date,
            debtor_slot=free_slot(session, call.debtor_id, local_date, solicited=True),
            address_slot=free_slot(session, address, local_date, solicited=True),
            begun_at=call.begun_at,
            ended_at=now,
            disposition=found.disposition.value,
            talked=True,
            right_party=True,
        )
    )


def _kept(session: Session, callback_id: int, now: datetime) -> None:
    session.execute(
        update(AgreementRow)
        .where(AgreementRow.id == callback_id, AgreementRow.state == "open")
        .values(state="kept", ended_at=now)
    )


def _expired(session: Session, call_uuid: str, real_now: datetime) -> bool:
    """No ticket of this call can be used any more."""
    alive = select(EntryRow.uuid).where(
        EntryRow.call_uuid == call_uuid, EntryRow.used_at.is_(None), EntryRow.valid_until >= real_now
    )
    return session.scalar(alive.limit(1)) is None

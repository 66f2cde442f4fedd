"""Writes the ends of calls into their rows, once."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import select, update
from sqlalchemy.orm import Session, defer

from dialer.claim import budget_keys
from dialer.claim_store import lock_budget, on_sqlite
from dialer.outcome import CarriersEnd, Ending, ending
from dialer.slot_store import free_slot
from dialer.tables import AttemptRow, CallRow, EntryRow
from ivr import store as talk_store
from ivr.codec import briefing_from_json, state_from_json
from ivr.outcome import disposition_of, right_party, talked
from ivr.tables import ConversationRow
from ledger.contact import Channel, Disposition
from ledger.tables import AgreementRow, ContactRow
from schedules.queue_store import bring_forward, put_off_all
from schedules.retry import NextStep, next_step
from schedules.rules import Rules
from schedules.standing_store import standings_of
from schedules.tables import CampaignVersionRow, CandidateRow

#: A talk whose line has died is ended this long (real time) after the carrier's end.
GRACE = timedelta(seconds=5)


def carrier_ended(session: Session, ends: Mapping[str, CarriersEnd], now: datetime) -> None:
    """Note what the carrier told of the ends, by attempt; the first word sticks."""
    if not on_sqlite(session):  # calls before attempts, as everybody locks them
        calls = select(CallRow.uuid).where(CallRow.uuid.in_(ends)).order_by(CallRow.uuid)
        session.execute(calls.with_for_update())
    still_open = select(AttemptRow).where(AttemptRow.uuid.in_(ends), AttemptRow.ended_at.is_(None))
    for attempt in session.scalars(still_open.order_by(AttemptRow.uuid).with_for_update()):
        end = ends[attempt.uuid]
        attempt.ended_at, attempt.state = now, "ended"
        attempt.hangup_cause = None if end.lost else end.cause
        attempt.dial_status = end.dial_status
        if end.answered and attempt.answered_at is None:
            attempt.answered_at = now  # the answer itself was missed
        attempt.end_note = "lost" if end.lost else "line_lost" if end.line_lost else "by_us" if end.by_us else None


def settle_all(session: Session, calls: Collection[str], now: datetime, real_now: datetime, *, rules: Rules) -> None:
    """Close every row of those calls of which all has ended: call, attempt, contact, candidate; the others stay.

    A second call of this changes nothing.
    """
    session.flush()
    closed: list[tuple[AttemptRow, Disposition]] = []
    open_calls = _open_calls(session, calls)
    contacts = _contacts(session, [attempt for _, attempt, _ in open_calls if attempt is not None])
    for call, attempt, talk in open_calls:
        if not _all_ended(session, call, attempt, talk, real_now):
            continue
        state = state_from_json(talk.state) if talk is not None else None
        found = ending(_carriers_end(attempt), disposition_of(state) if state is not None else None)
        call.state, call.ended_at, call.disposition = "ended", now, found.disposition.value
        proved = state is not None and right_party(state)
        spoke = state is not None and found.talked and talked(state)
        if attempt is not None:
            attempt.disposition, contact = found.disposition.value, contacts[attempt.contact_id]
            contact.ended_at, contact.disposition = now, found.disposition.value
            contact.talked, contact.right_party = spoke, proved
            if contact.callback_id is not None and spoke:
                _kept(session, contact.callback_id, now)
            closed.append((attempt, found.disposition))
        elif call.debtor_id is not None:
            if spoke and proved:
                _inbound(session, call, found, now)
            bring_forward(session, call.debtor_id, now)  # what was asked may free them: permission decides anew
    session.flush()
    _go_on(session, closed, now, rules)


def close_strays(session: Session, now: datetime, real_now: datetime, longest: timedelta, *, rules: Rules) -> None:
    """End the calls that came in and that nobody took up, or whose line died: of these no carrier tells the end.

    No ticket of theirs is good any more, and no talk goes on, or it has lasted longer than any call may (`longest`).
    """
    tickets = select(EntryRow.call_uuid).where(EntryRow.call_uuid == CallRow.uuid)
    good = tickets.where(EntryRow.used_at.is_(None), EntryRow.valid_until >= real_now).exists()
    young = tickets.where(EntryRow.issued_at >= real_now - longest - GRACE).exists()
    talk = select(ConversationRow.id).where(ConversationRow.call_id == CallRow.uuid, ConversationRow.ended_at.is_(None))
    query = select(CallRow.uuid).where(
        CallRow.state.in_(("dialing", "ringing", "talking", "unknown")),
        CallRow.direction == "in",
        ~good,
        ~(talk.exists() & young),
    )
    strays = list(session.scalars(query))
    for call in strays:
        talk_store.end(session, call, now)
    if strays:
        settle_all(session, strays, now, real_now, rules=rules)


def _open_calls(
    session: Session, calls: Collection[str]
) -> list[tuple[CallRow, AttemptRow | None, ConversationRow | None]]:
    """Those that are not closed yet, locked in order, each with its attempt and its conversation."""
    query = select(CallRow).where(CallRow.uuid.in_(calls), CallRow.state != "ended").order_by(CallRow.uuid)
    rows = session.scalars(query.options(defer(CallRow.briefing)).with_for_update()).all()
    placed = [call.attempt_uuid for call in rows if call.attempt_uuid]
    attempts = {one.uuid: one for one in session.scalars(select(AttemptRow).where(AttemptRow.uuid.in_(placed)))}
    theirs = select(ConversationRow).where(ConversationRow.call_id.in_([call.uuid for call in rows]))
    talks = {talk.call_id: talk for talk in session.scalars(theirs)}
    return [(call, attempts.get(call.attempt_uuid or ""), talks.get(call.uuid)) for call in rows]


def _all_ended(
    session: Session, call: CallRow, attempt: AttemptRow | None, talk: ConversationRow | None, real_now: datetime
) -> bool:
    """The carrier's part and the talk have ended; a call coming in that nobody took up has lost its ticket."""
    if attempt is not None and attempt.ended_at is None:
        return False
    if talk is not None:
        return talk.ended_at is not None
    return attempt is not None or _expired(session, call.uuid, real_now)


def _contacts(session: Session, attempts: Sequence[AttemptRow]) -> dict[int, ContactRow]:
    query = select(ContactRow).where(ContactRow.id.in_([one.contact_id for one in attempts]))
    return {contact.id: contact for contact in session.scalars(query)}


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


def _go_on(session: Session, closed: Sequence[tuple[AttemptRow, Disposition]], now: datetime, rules: Rules) -> None:
    """What comes next for these debtors: decided by the pure rule, written to attempts and candidates."""
    debtors = {attempt.debtor_id for attempt, _ in closed}
    standings = standings_of(session, debtors)
    campaign_of = _campaigns(session, {attempt.campaign_version_id for attempt, _ in closed})
    theirs = select(CandidateRow.debtor_id, CandidateRow.campaign_id, CandidateRow.id)
    rows = session.execute(theirs.where(CandidateRow.debtor_id.in_(debtors)))
    candidates = {(debtor_id, campaign_id): id_ for debtor_id, campaign_id, id_ in rows}
    until: dict[int, datetime | None] = {}
    for attempt, disposition in closed:
        step: NextStep = next_step(disposition, standings[attempt.debtor_id], now, rules=rules)
        attempt.next_step, attempt.next_at = step.kind, step.at
        candidate = candidates.get((attempt.debtor_id, campaign_of[attempt.campaign_version_id]))
        if candidate is not None:
            until[candidate] = step.at
    put_off_all(session, until)


def _campaigns(session: Session, versions: Collection[int]) -> dict[int, int]:
    query = select(CampaignVersionRow.id, CampaignVersionRow.campaign_id).where(CampaignVersionRow.id.in_(versions))
    return dict(session.execute(query).all())


def _inbound(session: Session, call: CallRow, found: Ending, now: datetime) -> None:
    """The debtor rang us and we talked: no try of ours, so outside the budget, but the rest after a talk begins."""
    assert call.debtor_id is not None  # noqa: S101
    briefing = briefing_from_json(call.briefing)
    local_date = call.begun_at.astimezone(ZoneInfo(briefing.zone)).date()
    address = call.caller or "withheld"
    lock_budget(session, budget_keys(call.debtor_id, address))
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

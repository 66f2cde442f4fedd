"""Writes the ends of calls into their rows, once."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Row, select, update
from sqlalchemy.orm import Session

from dialer import agent_store
from dialer.agent_word import AgentWord, believed, record_of, said_of, them
from dialer.asked_contact_store import AskedContact, write_contact
from dialer.call import CallEvent, CallState, moved_by
from dialer.call_store import briefing_json, write_all
from dialer.claim_store import on_sqlite
from dialer.follow_up_store import Closed, go_on
from dialer.outcome import CarriersEnd, Ending, ending, known_cause
from dialer.tables import AttemptRow, CallRow, EntryRow
from ivr import record_store, transfer_store
from ivr import store as talk_store
from ivr.cause import Cause
from ivr.codec import briefing_from_json, state_from_json
from ivr.outcome import disposition_of, right_party, talked
from ivr.tables import ConversationRow
from ledger.among import among
from ledger.tables import AgreementRow, ContactRow
from schedules.queue_store import bring_forward
from schedules.rules import Rules

#: Where a call may stand that can still end.
BEFORE_THE_END = moved_by(CallEvent.ENDED)[CallState.ENDED]
_CALLS = (
    select(
        CallRow.uuid, CallRow.attempt_uuid, CallRow.debtor_id, CallRow.caller, CallRow.begun_at,
        AttemptRow.debtor_id.label("placed_to"), AttemptRow.ended_at.label("carrier_ended_at"),
        AttemptRow.answered_at, AttemptRow.hangup_cause, AttemptRow.dial_status, AttemptRow.end_note,
        AttemptRow.campaign_version_id, ContactRow.id.label("contact_id"), ContactRow.callback_id, ContactRow.zone,
        ContactRow.local_date, ContactRow.solicited, ContactRow.begun_at.label("contact_begun_at"),
        ConversationRow.id.label("talk_id"), ConversationRow.ended_at.label("talk_ended_at"),
        ConversationRow.state.label("talk_state"), ConversationRow.turn_no,
    )
    .outerjoin(AttemptRow, AttemptRow.uuid == CallRow.attempt_uuid)
    .outerjoin(ContactRow, ContactRow.id == AttemptRow.contact_id)
    .outerjoin(ConversationRow, ConversationRow.call_id == CallRow.uuid)
    .order_by(CallRow.uuid)
)  # fmt: skip
#: A talk whose line has died is ended this long (real time) after the carrier's end.
GRACE = timedelta(seconds=5)


def carrier_ended(session: Session, ends: Mapping[str, CarriersEnd], now: datetime) -> None:
    """Note what the carrier told of the ends, by attempt; the first word sticks."""
    if not on_sqlite(session):  # calls before attempts, as everybody locks them
        calls = select(CallRow.uuid).where(among(CallRow.uuid, ends)).order_by(CallRow.uuid)
        session.execute(calls.with_for_update())
    still_open = select(AttemptRow.uuid, AttemptRow.answered_at).where(
        among(AttemptRow.uuid, ends), AttemptRow.state.in_(BEFORE_THE_END)
    )
    told = [
        {
            "uuid": uuid,
            "state": CallState.ENDED.value,
            "ended_at": now,
            "hangup_cause": known_cause(end.cause, answered=end.answered, lost=end.lost),
            "dial_status": end.dial_status,
            # else the answer itself was missed
            "answered_at": now if end.answered and answered_at is None else answered_at,
            "end_note": "lost" if end.lost else "line_lost" if end.line_lost else "by_us" if end.by_us else None,
        }
        for uuid, answered_at in session.execute(still_open.order_by(AttemptRow.uuid).with_for_update())
        for end in (ends[uuid],)
    ]
    write_all(session, AttemptRow, told)


def settle_all(session: Session, calls: Collection[str], now: datetime, real_now: datetime, *, rules: Rules) -> None:
    """Close every row of those calls of which all has ended: call, attempt, contact, candidate; the others stay.

    A second call of this changes nothing.
    """
    session.flush()
    closed: list[Closed] = []
    call_rows: list[dict[str, Any]] = []
    contacts: list[dict[str, Any]] = []
    ready = _open_calls(session, calls)
    words = transfer_store.words_of(session, [one.uuid for one in ready]) if ready else {}
    awaited = agent_store.held_calls(session, words) if words else set()
    for one in ready:
        if one.uuid in awaited or not _all_ended(session, one, real_now):
            continue
        state = state_from_json(one.talk_state) if one.talk_id is not None else None
        found = ending(_carriers_end(one), disposition_of(state) if state is not None else None)
        proved = state is not None and right_party(state)
        spoke = state is not None and found.talked and talked(state)
        if one.uuid in words:
            word = believed(AgentWord(words[one.uuid] or AgentWord.TALKED), proved=proved)
            found, proved = said_of(found, word), proved or them(word)
            spoke = found.talked
            _as_told(session, one, word, now)
        # an agent's wrap-up is no part of the call
        at = (one.carrier_ended_at or one.talk_ended_at or now) if one.uuid in words else now
        over = {"ended_at": at, "disposition": found.disposition.value}
        call_rows.append({"uuid": one.uuid, "state": CallState.ENDED.value, **over})
        if one.attempt_uuid is not None:
            contacts.append({"id": one.contact_id, "talked": spoke, "right_party": proved, **over})
            if one.callback_id is not None and spoke:
                _kept(session, one.callback_id, now)
            closed.append(
                Closed(
                    attempt=one.attempt_uuid,
                    debtor_id=one.placed_to,
                    version_id=one.campaign_version_id,
                    disposition=found.disposition,
                    begun_at=one.contact_begun_at,
                    zone=one.zone,
                    local_date=one.local_date,
                    solicited=one.solicited,
                    right_party=proved,
                )
            )
        elif one.debtor_id is not None:
            if spoke and proved:
                _inbound(session, one, found, now)
            bring_forward(session, one.debtor_id, now)  # what was asked may free them: permission decides anew
    write_all(session, CallRow, call_rows)
    write_all(session, ContactRow, contacts)
    session.flush()
    go_on(session, closed, now, rules)


def close_strays(session: Session, now: datetime, real_now: datetime, longest: timedelta, *, rules: Rules) -> None:
    """End the calls that came in and that nobody took up, or whose line died: of these no carrier tells the end.

    No ticket of theirs is good any more, and no talk goes on, or it has lasted longer than any call may (`longest`).
    """
    tickets = select(EntryRow.call_uuid).where(EntryRow.call_uuid == CallRow.uuid)
    good = tickets.where(EntryRow.used_at.is_(None), EntryRow.valid_until >= real_now).exists()
    young = tickets.where(EntryRow.issued_at >= real_now - longest - GRACE).exists()
    talk = select(ConversationRow.id).where(ConversationRow.call_id == CallRow.uuid, ConversationRow.ended_at.is_(None))
    query = select(CallRow.uuid).where(
        CallRow.state.in_(BEFORE_THE_END),
        CallRow.direction == "in",
        ~good,
        ~(talk.exists() & young),
    )
    strays = list(session.scalars(query))
    for call in strays:
        talk_store.end(session, call, now)
    if strays:
        settle_all(session, strays, now, real_now, rules=rules)


def _open_calls(session: Session, calls: Collection[str]) -> Sequence[Row[*tuple[Any, ...]]]:
    """Those that are not closed yet, locked in order, each with its attempt, its contact and its conversation.

    Read only once they are locked: what stood there before may have changed while we waited.
    """
    mine = select(CallRow.uuid).where(among(CallRow.uuid, calls), CallRow.state.in_(BEFORE_THE_END))
    locked = session.scalars(mine.order_by(CallRow.uuid).with_for_update()).all()
    return session.execute(_CALLS.where(among(CallRow.uuid, locked))).all() if locked else []


def _all_ended(session: Session, one: Row[*tuple[Any, ...]], real_now: datetime) -> bool:
    """The carrier's part and the talk have ended; a call coming in that nobody took up has lost its ticket."""
    if one.attempt_uuid is not None and one.carrier_ended_at is None:
        return False
    if one.talk_id is not None:
        return one.talk_ended_at is not None
    return one.attempt_uuid is not None or _expired(session, one.uuid, real_now)


def _carriers_end(one: Row[*tuple[Any, ...]]) -> CarriersEnd:
    if one.attempt_uuid is None:
        return CarriersEnd(cause=16, dial_status=None, answered=True)
    return CarriersEnd(
        cause=one.hangup_cause or 0,
        dial_status=one.dial_status,
        answered=one.answered_at is not None,
        line_lost=one.end_note == "line_lost",
        by_us=one.end_note == "by_us",
        lost=one.end_note == "lost",
    )


def _inbound(session: Session, call: Row[*tuple[Any, ...]], found: Ending, now: datetime) -> None:
    """The debtor rang us and we talked: no try of ours, so outside the budget, but the rest after a talk begins."""
    briefing = briefing_from_json(briefing_json(session, call.uuid))
    write_contact(
        session,
        AskedContact(
            debtor_id=call.debtor_id,
            e164=call.caller,
            zone=briefing.zone,
            begun_at=call.begun_at,
            ended_at=now,
            disposition=found.disposition,
            talked=True,
        ),
    )


def _as_told(session: Session, call: Row[*tuple[Any, ...]], word: AgentWord, now: datetime) -> None:
    """What the agent was told binds as if the machine had been told: a turn after its last one."""
    briefing = briefing_from_json(briefing_json(session, call.uuid))
    record = record_of(word, briefing.e164)
    if record is not None:
        record_store.apply(session, record, Cause(briefing, call.turn_no + 1, now))


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

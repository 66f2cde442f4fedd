"""The claim: one unit of work that locks the budget, counts, asks permission, and writes contact, attempt, call and
ticket. Only after its commit does a byte go to the carrier."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import or_, select
from sqlalchemy.dialects.postgresql import insert as pg_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlalchemy.orm import Session

from dialer.briefing import brief, promise_days
from dialer.briefing_store import Asked, gather
from dialer.call_store import TICKET_AFTER_ANSWER
from dialer.claim import Claimed, Prospect, budget_keys
from dialer.slot_store import free_slot
from dialer.tables import AttemptRow, CallRow, EntryRow
from ivr.codec import briefing_to_json
from ledger.contact import Channel
from ledger.tables import BudgetRow, ContactRow, DebtorRow, ImportDebtorRow, ReceiptRow
from schedules.openings import openings
from schedules.permission import may_contact
from schedules.queue_store import put_off
from schedules.receipt import receipt_fields
from schedules.rules import Rules
from schedules.standing_store import standing_of
from schedules.verdict import Allowed

#: Nobody looks at a claimed candidate again before this; the end of the call says when.
WHILE_IT_LASTS = timedelta(hours=1)


@dataclass(frozen=True, kw_only=True)
class Claimer:
    """Who claims: the dialer's name and fence, its carrier, and the rules that it goes by."""

    owner: str
    fence: int
    carrier: str
    rules: Rules
    ring: timedelta
    #: The version of a language's texts.
    text_version: Callable[[str], str]


def lock_budget(session: Session, keys: tuple[str, ...]) -> None:
    """Hold the budget rows until the commit. SQLite's unit already holds the only write lock."""
    if session.get_bind().dialect.name == "sqlite":
        session.execute(sqlite_insert(BudgetRow).values([{"key": k} for k in keys]).on_conflict_do_nothing())
        return
    session.execute(pg_insert(BudgetRow).values([{"key": k} for k in keys]).on_conflict_do_nothing())
    session.execute(select(BudgetRow).where(BudgetRow.key.in_(keys)).order_by(BudgetRow.key).with_for_update())


def claim(session: Session, who: Claimer, prospect: Prospect, now: datetime, real_now: datetime) -> Claimed | None:
    """Claim one prospect, or None when permission is refused by now (a receipt tells which)."""
    debtor = session.get_one(DebtorRow, prospect.debtor_id)
    if session.scalar(select(ImportDebtorRow).where(ImportDebtorRow.debtor_ref == debtor.ref).limit(1)) is not None:
        return None  # a list that names this person is only half written
    first = may_contact(standing_of(session, debtor.id), Channel.VOICE, now, rules=who.rules, campaign=prospect.rules)
    if not isinstance(first, Allowed) or first.number is None:
        return None
    lock_budget(session, budget_keys(debtor.id, first.number))
    if _in_progress(session, debtor.id, first.number):
        return None
    standing = standing_of(session, debtor.id)
    verdict = may_contact(standing, Channel.VOICE, now, rules=who.rules, campaign=prospect.rules)
    if not isinstance(verdict, Allowed) or verdict.number != first.number:
        return None
    solicited = verdict.callback_id is not None
    attempt, entry = str(uuid.uuid4()), str(uuid.uuid4())
    asked = Asked(
        call_id=attempt,
        direction="out",
        debtor_id=debtor.id,
        e164=first.number,
        zone=verdict.zone,
        now=now,
        creditor_id=prospect.creditor_id,
    )
    facts = gather(session, asked)
    if facts is None or not facts.invoices:
        return None
    permitted = openings(standing, first.number, now, rules=who.rules)
    briefing = brief(facts, permitted, promise_days(facts, now, who.rules), now)
    local_date = now.astimezone(ZoneInfo(verdict.zone)).date()
    contact = ContactRow(
        debtor_id=debtor.id,
        address=first.number,
        channel=Channel.VOICE.value,
        solicited=solicited,
        callback_id=verdict.callback_id,
        zone=verdict.zone,
        local_date=local_date,
        debtor_slot=free_slot(session, debtor.id, local_date, solicited=solicited),
        address_slot=free_slot(session, first.number, local_date, solicited=solicited),
        begun_at=now,
    )
    session.add(contact)
    session.flush()
    session.add(
        ReceiptRow(
            contact_id=contact.id,
            **receipt_fields(verdict, debtor.id, Channel.VOICE, now, who.rules),
            text_version=who.text_version(briefing.language),
        )
    )
    session.add(
        AttemptRow(
            uuid=attempt,
            contact_id=contact.id,
            campaign_version_id=prospect.campaign_version_id,
            debtor_id=debtor.id,
            e164=first.number,
            state="dialing",
            owner=who.owner,
            fence=who.fence,
            claimed_at=now,
            dialed_at=now,
        )
    )
    session.flush()
    session.add(
        CallRow(
            uuid=attempt,
            attempt_uuid=attempt,
            carrier=who.carrier,
            carrier_ref=attempt,
            direction="out",
            debtor_id=debtor.id,
            state="dialing",
            briefing=briefing_to_json(briefing),
            begun_at=now,
        )
    )
    session.flush()
    put_off(session, prospect.candidate_id, now + WHILE_IT_LASTS)
    until = real_now + who.ring + TICKET_AFTER_ANSWER
    session.add(EntryRow(uuid=entry, call_uuid=attempt, issued_at=real_now, valid_until=until))
    return Claimed(
        attempt=attempt,
        entry=entry,
        debtor_id=debtor.id,
        e164=first.number,
        language=briefing.language,
        zone=verdict.zone,
        rules=prospect.rules,
        claimed_at=real_now,
    )


def _in_progress(session: Session, debtor_id: int, address: str) -> bool:
    """A try at this person or number has not ended: no other begins, whatever a call-back would allow."""
    mine = or_(ContactRow.debtor_id == debtor_id, ContactRow.address == address)
    query = select(ContactRow.id).where(mine, ContactRow.ended_at.is_(None), ContactRow.channel == Channel.VOICE.value)
    return session.scalar(query.limit(1)) is not None

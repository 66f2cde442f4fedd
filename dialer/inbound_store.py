"""A call that comes in: who it may be (a hint, never a proof), its briefing and its ticket into the line."""

from __future__ import annotations

import uuid
from dataclasses import replace
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from dialer.agent_store import languages_served
from dialer.briefing import names_of, spoken_language
from dialer.briefing_store import Asked
from dialer.fastagi import CallIn
from dialer.known_store import brief_known, zone_of
from dialer.tables import CallRow, EntryRow
from ivr.briefing import Briefing
from ivr.codec import briefing_to_json
from ledger.phone import Verdict, country_of, judge
from ledger.tables import CreditorRow, DebtorRow, PhoneRow
from schedules.queue_store import stage_of
from schedules.rules import Rules

#: A ticket of a call coming in is used at once.
TICKET_SECONDS = 10
#: The language of a caller whom nobody knows, by the country of the number.
_LANGUAGE = {"BE": "nl", "NL": "nl", "FR": "fr", "DE": "de"}
#: Where a caller who withholds the number is taken to be.
STRANGERS_COUNTRY = "BE"


def expect(
    session: Session, call: CallIn, rules: Rules, now: datetime, real_now: datetime
) -> tuple[str, Briefing, tuple[str, ...]]:
    """Write the call and its ticket; give the ticket, the briefing, and the names that must be sound."""
    caller = e164_of(call)
    call_id, entry = str(uuid.uuid4()), str(uuid.uuid4())
    debtor = _recognised(session, caller)
    briefing, names = _known(session, call_id, debtor, caller, rules, now) if debtor else (None, ())
    if briefing is None:
        debtor = None
        briefing, names = stranger(session, call_id, caller, now)
    briefing = replace(briefing, agents=briefing.language[:2] in languages_served(session))
    session.add(
        CallRow(
            uuid=call_id,
            carrier="asterisk",
            carrier_ref=call.channel,
            direction="in",
            caller=caller,
            debtor_id=debtor.id if debtor else None,
            state="dialing",
            briefing=briefing_to_json(briefing),
            begun_at=now,
        )
    )
    session.flush()
    until = real_now + timedelta(seconds=TICKET_SECONDS)
    session.add(EntryRow(uuid=entry, call_uuid=call_id, issued_at=real_now, valid_until=until))
    return entry, briefing, names


def e164_of(call: CallIn) -> str | None:
    """The caller's number, if it is one."""
    text = call.caller if call.caller.startswith("+") else f"+{call.caller.removeprefix('00')}"
    verdict, e164 = judge(text) if call.caller else (Verdict.INVALID, "")
    return e164 if verdict is Verdict.GOOD else None


def _recognised(session: Session, caller: str | None) -> DebtorRow | None:
    """The one debtor with this number; two who share it are not told apart by it."""
    if caller is None:
        return None
    query = select(DebtorRow).join(PhoneRow).where(PhoneRow.e164 == caller, PhoneRow.until_at.is_(None)).limit(2)
    found = list(session.scalars(query))
    return found[0] if len(found) == 1 else None


def _known(
    session: Session, call_id: str, debtor: DebtorRow, caller: str | None, rules: Rules, now: datetime
) -> tuple[Briefing | None, tuple[str, ...]]:
    zone = zone_of(debtor, caller)
    if zone is None:
        return None, ()
    stage = stage_of(session, debtor.id)
    asked = Asked(call_id=call_id, direction="in", debtor_id=debtor.id, e164=caller, zone=zone, now=now, stage=stage)
    known = brief_known(session, asked, rules)
    # else as a stranger they still reach a person
    return (known[0], names_of(known[1])) if known else (None, ())


def strangers_language(country: str = STRANGERS_COUNTRY) -> str:
    """In which language we answer a caller of this country whom nobody knows."""
    return spoken_language(_LANGUAGE.get(country, "en"), country)


def stranger(session: Session, call_id: str, caller: str | None, now: datetime) -> tuple[Briefing, tuple[str, ...]]:
    """Somebody we can't name: hears who we are, may ask for a person or never to be called; nothing of a debt."""
    creditor = session.scalar(select(CreditorRow).order_by(CreditorRow.id).limit(1))
    sender = creditor.sender if creditor else "Beltoon"
    country = (country_of(caller) if caller else None) or STRANGERS_COUNTRY
    zone = ZoneInfo("Europe/Brussels")
    today = now.astimezone(zone).date()
    briefing = Briefing(
        call_id=call_id,
        direction="in",
        debtor_id=None,
        full_name="",
        address_form="",
        language=strangers_language(country),
        country=country,
        listening="normal",
        sender=sender,
        creditor=sender,
        sender_is_creditor=True,
        callback_number=creditor.callback_number if creditor else None,
        contact_person=creditor.contact_person if creditor else None,
        call_code=None,
        e164=caller,
        factors=(),
        tries_left=0,
        zone=str(zone),
        today=today,
        now=now,
        stage=1,
        invoices=(),
        iban=None,
        promise_from=today,
        promise_until=today,
        closed_days=(),
        promise_dates=(today, today),
        broken_promises=0,
        plans=(),
        openings=(),
        answer_by=today,
        plan_answer_by=today,
        confirm_by="post",
        office_from=time(9),
        office_to=time(17),
        voicemail_allowed=False,
    )
    return briefing, tuple(name for name in (sender, briefing.contact_person) if name)

"""The briefing of somebody whom we know, outside of any campaign: when they ring us, or when a note is taken."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from dialer.briefing import Facts, brief, promise_days
from dialer.briefing_store import Asked, gather
from ivr.briefing import Briefing
from ledger.errors import UnknownCalendar
from ledger.tables import DebtorRow
from ledger.zone import zones_of_address, zones_of_number
from schedules.openings import openings
from schedules.rules import Rules, Standstill
from schedules.standing_store import standing_of


def zone_of(debtor: DebtorRow, e164: str | None) -> str | None:
    """The person's own zone, by the address, else by the number; None: neither says anything."""
    address = zones_of_address(debtor.country, debtor.region, debtor.postcode, debtor.zone)
    zones = address or (zones_of_number(e164) if e164 else ())
    return zones[0] if zones else None


def brief_known(session: Session, asked: Asked, rules: Rules) -> tuple[Briefing, Facts] | None:
    """The briefing and what it was made from; None where nothing may be agreed: no account, no country that is known,
    rules that are not in use, or a calendar that nobody has."""
    facts = gather(session, asked)
    if facts is None or rules.standstill(facts.region.country, asked.now.date()) is Standstill.NOT_LIVE:
        return None
    standing = standing_of(session, asked.debtor_id)
    permitted = openings(standing, asked.e164, asked.now, rules=rules)
    listening = rules.bands.of(standing, asked.now.astimezone(ZoneInfo(asked.zone)).date()).listening
    try:
        return brief(facts, permitted, promise_days(facts, asked.now, rules), asked.now, listening), facts
    except UnknownCalendar:
        return None

"""Briefs the conversations of claimed calls and issues their tickets: the last step before the orders leave.

What is gathered here is as fresh as it can be, and nobody's write has to wait meanwhile: it is read outside of a unit
of work, and only its rows are written inside one.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any, cast
from zoneinfo import ZoneInfo

from sqlalchemy import Table, bindparam, insert, update
from sqlalchemy.orm import Session

from dialer.agent_store import kept_calls, languages_served
from dialer.briefing import brief, promise_days
from dialer.briefing_store import Asked, gather_all
from dialer.call_store import TICKET_AFTER_ANSWER
from dialer.claim import Claimed, Claimer
from dialer.tables import CallRow, EntryRow
from ivr.codec import briefing_to_json
from ledger.contact import Channel
from schedules.about import invoices_to_tell
from schedules.openings import openings
from schedules.rules import Rules
from schedules.standing import Standing
from schedules.verdict import Allowed

_CALL = cast(Table, CallRow.__table__)
_TOLD = bindparam("told", type_=_CALL.c.briefing.type)
_BRIEFED = update(_CALL).where(_CALL.c.uuid == bindparam("call")).values(briefing=_TOLD)
_TICKETS = insert(cast(Table, EntryRow.__table__))


def briefings(
    session: Session, permitted: Sequence[tuple[Claimed, Standing, Allowed]], rules: Rules, now: datetime
) -> dict[str, dict[str, Any]]:
    """By attempt, the briefing as it is stored; who has nothing left to hear of is left out."""
    facts = gather_all(session, [_asked(*one, rules, now) for one in permitted])
    served, kept = languages_served(session), kept_calls(session, [one.attempt for one, _, _ in permitted])
    found: dict[str, dict[str, Any]] = {}
    for one, standing, verdict in permitted:
        known = facts.get(one.debtor_id)
        if known is not None and known.invoices:
            calls_back = openings(standing, one.e164, now, rules=rules)
            listening = rules.bands.of(standing, now.astimezone(ZoneInfo(verdict.zone)).date()).listening
            told = brief(known, calls_back, promise_days(known, now, rules), now, listening)
            agents = told.language[:2] in served
            told = replace(told, agents=agents, person_first=agents and one.attempt in kept)
            found[one.attempt] = briefing_to_json(told)
    return found


def write_briefings(
    session: Session,
    who: Claimer,
    claims: Sequence[Claimed],
    briefed: Mapping[str, dict[str, Any]],
    real_now: datetime,
) -> None:
    """Store them, and issue the tickets by which the calls reach the line."""
    until = real_now + who.ring + TICKET_AFTER_ANSWER
    tickets = [
        {"uuid": one.entry, "call_uuid": one.attempt, "issued_at": real_now, "valid_until": until}
        for one in claims
        if one.attempt in briefed
    ]
    if tickets:
        session.connection().execute(_BRIEFED, [{"call": call, "told": told} for call, told in briefed.items()])
        session.connection().execute(_TICKETS, tickets)


def _asked(one: Claimed, standing: Standing, verdict: Allowed, rules: Rules, now: datetime) -> Asked:
    prospect, solicited = one.prospect, verdict.callback_id is not None
    return Asked(
        call_id=one.attempt,
        direction="out",
        debtor_id=one.debtor_id,
        e164=one.e164,
        zone=verdict.zone,
        now=now,
        creditor_id=prospect.creditor_id,
        stage=prospect.stage,
        hand_over_to=one.rules.hand_over_to,
        about=invoices_to_tell(
            standing, Channel.VOICE, now, rules=rules, number=one.e164, campaign=one.rules, asked_for=solicited
        ),
    )

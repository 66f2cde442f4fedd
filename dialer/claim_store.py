"""The claim: one unit of work that locks the budget, counts, asks permission, and writes contact, receipt, attempt and
call of everyone in a batch. Only after its commit does a byte go to the carrier."""

from __future__ import annotations

import uuid
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import select, text
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlalchemy.orm import Session

from dialer.agent import PersonFirst
from dialer.agent_store import free_now, reserve
from dialer.campaign_guard_store import as_they_call_now, within_volume
from dialer.claim import Claimed, Claimer, Prospect, budget_keys
from dialer.ready_store import ReadyClaim, number_of, write
from dialer.slot_store import Slots
from ledger.among import among
from ledger.contact import Channel
from ledger.tables import BudgetRow, DebtorRow, ImportDebtorRow, PhoneRow
from schedules.permission import may_contact
from schedules.queue_store import lock_waiting, set_aside
from schedules.standing_store import standings_of
from schedules.verdict import Allowed

#: Nobody looks at a claimed candidate again before this; the end of the call says when.
WHILE_IT_LASTS = timedelta(hours=1)
_ADD_ONE_BY_ONE = sqlite_insert(BudgetRow).on_conflict_do_nothing()
_ADD_TOGETHER = text("INSERT INTO budget (key) SELECT unnest(CAST(:keys AS VARCHAR[])) ON CONFLICT DO NOTHING")
_LOCK = select(BudgetRow.key).where(among(BudgetRow.key, "keys")).order_by(BudgetRow.key).with_for_update()


def lock_budget(session: Session, keys: Collection[str]) -> None:
    """Hold the budget rows until the commit, locked in the order of their keys."""
    in_order = sorted(keys)
    if on_sqlite(session):  # the unit of work already holds the only write lock
        session.execute(_ADD_ONE_BY_ONE, [{"key": key} for key in in_order])
        return
    session.execute(_ADD_TOGETHER, {"keys": in_order})
    session.execute(_LOCK, {"keys": in_order})


def on_sqlite(session: Session) -> bool:
    """Is this unit of work the only writer that there can be?"""
    return session.get_bind().dialect.name == "sqlite"


def claim_all(
    session: Session, who: Claimer, prospects: Sequence[Prospect], now: datetime, real_now: datetime
) -> list[Claimed]:
    """Claim those of them who may be called, in one unit of work; who is missing was refused by now.

    Gathered once for all; of prospects who share a person or a number only the first is claimed.
    """
    running = as_they_call_now(session, prospects)
    debtors = {one.debtor_id for one in running}
    debtors -= _half_written(session, debtors)
    # Every number that permission can name is locked before it is asked: what it reads then changes no more.
    numbers = _numbers(session, debtors)
    if not numbers:
        return []
    lock_budget(session, {key for pair in numbers for key in budget_keys(*pair)})
    waiting = lock_waiting(session, [one.candidate_id for one in prospects], now)
    wanted: dict[int, Prospect] = {}
    for one in running:
        if one.debtor_id in debtors and one.candidate_id in waiting:  # else another dialer has them, or they wait again
            wanted.setdefault(one.debtor_id, one)
    allowed = _allowed(session, who, wanted, now)
    allowed = {id_: one for id_, one in allowed.items() if (id_, number_of(one)) in numbers}
    ready = within_volume(session, _ready(session, wanted, allowed, now), now)
    ready = _people_kept(session, who, ready, real_now)
    write(session, who, ready, now)
    set_aside(session, [one.prospect.candidate_id for one in ready], now + WHILE_IT_LASTS)
    return [one.claimed(real_now) for one in ready]


def _people_kept(session: Session, who: Claimer, ready: Sequence[ReadyClaim], real_now: datetime) -> list[ReadyClaim]:
    """Where one of our people speaks first, they are kept for this call; those that are not placed without one stay
    out where nobody is free."""
    if all(one.prospect.person_first is PersonFirst.NEVER for one in ready):
        return list(ready)
    free = Counter(language for spoken in free_now(session, who.owner) for language in spoken)
    found: list[ReadyClaim] = []
    for one in ready:
        wants, language = one.prospect.person_first, one.prospect.language[:2]
        kept = None
        if wants is not PersonFirst.NEVER and free[language]:  # else nobody is asked for in vain
            kept = reserve(session, who.owner, language, one.attempt, real_now)
            free.subtract(kept.languages if kept else ())
        if kept is not None or wants is not PersonFirst.ONLY:
            found.append(one)
    return found


def _numbers(session: Session, debtors: Collection[int]) -> set[tuple[int, str]]:
    """Their numbers in use, each with its debtor."""
    query = select(PhoneRow.debtor_id, PhoneRow.e164).where(
        among(PhoneRow.debtor_id, debtors), PhoneRow.until_at.is_(None)
    )
    return {(debtor_id, e164) for debtor_id, e164 in session.execute(query) if e164}


def _half_written(session: Session, debtors: Collection[int]) -> set[int]:
    """Those of them whom a list names that is only half written."""
    named = select(DebtorRow.id).join(ImportDebtorRow, ImportDebtorRow.debtor_ref == DebtorRow.ref)
    return set(session.scalars(named.where(among(DebtorRow.id, debtors)).distinct()))


def _allowed(session: Session, who: Claimer, wanted: Mapping[int, Prospect], now: datetime) -> dict[int, Allowed]:
    """Whose permission holds now."""
    found: dict[int, Allowed] = {}
    for debtor_id, standing in standings_of(session, wanted).items():
        campaign = wanted[debtor_id].rules
        verdict = may_contact(standing, Channel.VOICE, now, rules=who.rules, campaign=campaign)
        if isinstance(verdict, Allowed) and verdict.number is not None:
            found[debtor_id] = verdict
    return found


def _ready(
    session: Session, wanted: Mapping[int, Prospect], allowed: Mapping[int, Allowed], now: datetime
) -> list[ReadyClaim]:
    """Under the lock: who is free, and in which slot of their day."""
    days = {id_: now.astimezone(ZoneInfo(verdict.zone)).date() for id_, verdict in allowed.items()}
    slots = Slots(session, days, [number_of(verdict) for verdict in allowed.values()], set(days.values()))
    # While a try goes on no other begins, whatever a call-back would allow.
    taken = set(slots.called_now)
    found: list[ReadyClaim] = []
    for debtor_id, prospect in wanted.items():
        if debtor_id not in allowed:
            continue
        verdict, day = allowed[debtor_id], days[debtor_id]
        number, solicited = number_of(verdict), verdict.callback_id is not None
        if taken.isdisjoint((debtor_id, number)):
            taken |= {debtor_id, number}
            found.append(
                ReadyClaim(
                    prospect=prospect,
                    attempt=str(uuid.uuid4()),
                    entry=str(uuid.uuid4()),
                    verdict=verdict,
                    local_date=day,
                    debtor_slot=slots.free(debtor_id, day, solicited=solicited),
                    address_slot=slots.free(number, day, solicited=solicited),
                )
            )
    return found

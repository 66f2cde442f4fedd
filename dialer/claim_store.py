"""The claim: one unit of work that locks the budget, counts, asks permission, and writes contact, attempt, call and
ticket of everyone in a batch. Only after its commit does a byte go to the carrier."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import bindparam, select, text
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlalchemy.orm import Session

from dialer.briefing import brief, promise_days
from dialer.briefing_store import Asked, gather_all
from dialer.campaign_guard_store import as_they_call_now, within_volume
from dialer.claim import Claimed, Claimer, Prospect, budget_keys
from dialer.ready_store import ReadyClaim, number_of, write
from dialer.slot_store import Slots
from ledger.contact import Channel
from ledger.tables import BudgetRow, DebtorRow, ImportDebtorRow, PhoneRow
from schedules.about import invoices_to_tell
from schedules.opening_store import still_waiting
from schedules.openings import openings
from schedules.permission import may_contact
from schedules.queue_store import lock_candidates, set_aside
from schedules.standing import Standing
from schedules.standing_store import standings_of
from schedules.verdict import Allowed

#: Nobody looks at a claimed candidate again before this; the end of the call says when.
WHILE_IT_LASTS = timedelta(hours=1)
_ADD_ONE_BY_ONE = sqlite_insert(BudgetRow).on_conflict_do_nothing()
_ADD_TOGETHER = text("INSERT INTO budget (key) SELECT unnest(CAST(:keys AS VARCHAR[])) ON CONFLICT DO NOTHING")
_LOCK = (
    select(BudgetRow.key)
    .where(BudgetRow.key.in_(bindparam("keys", expanding=True)))
    .order_by(BudgetRow.key)
    .with_for_update()
)


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
    wanted: dict[int, Prospect] = {}
    waiting = still_waiting(session, [one.candidate_id for one in prospects], now)
    for prospect in as_they_call_now(session, prospects):
        if prospect.candidate_id in waiting:  # else another dialer has them, or they were put off since
            wanted.setdefault(prospect.debtor_id, prospect)
    for half_written in _half_written(session, wanted):
        del wanted[half_written]
    # Every number that permission can name is locked before it is asked: what it reads then changes no more.
    numbers = _numbers(session, wanted)
    if not numbers:
        return []
    lock_budget(session, {key for pair in numbers for key in budget_keys(*pair)})
    lock_candidates(session, [one.candidate_id for one in prospects])
    allowed = _allowed(session, who, wanted, now)
    allowed = {id_: one for id_, one in allowed.items() if (id_, number_of(one[1])) in numbers}
    ready = within_volume(session, _ready(session, who, wanted, allowed, now), now)
    write(session, who, ready, now, real_now)
    set_aside(session, [one.prospect.candidate_id for one in ready], now + WHILE_IT_LASTS)
    return [one.claimed(real_now) for one in ready]


def _numbers(session: Session, debtors: Collection[int]) -> set[tuple[int, str]]:
    """Their numbers in use, each with its debtor."""
    query = select(PhoneRow.debtor_id, PhoneRow.e164).where(
        PhoneRow.debtor_id.in_(debtors), PhoneRow.until_at.is_(None)
    )
    return {(debtor_id, e164) for debtor_id, e164 in session.execute(query) if e164}


def _half_written(session: Session, debtors: Collection[int]) -> list[int]:
    """Those of them whom a list names that is only half written."""
    named = select(DebtorRow.id).join(ImportDebtorRow, ImportDebtorRow.debtor_ref == DebtorRow.ref)
    return list(session.scalars(named.where(DebtorRow.id.in_(debtors)).distinct()))


def _allowed(
    session: Session, who: Claimer, wanted: Mapping[int, Prospect], now: datetime
) -> dict[int, tuple[Standing, Allowed]]:
    """Whose permission holds now, with the standing that it was read from."""
    standings = standings_of(session, wanted)
    found: dict[int, tuple[Standing, Allowed]] = {}
    for debtor_id, prospect in wanted.items():
        verdict = may_contact(standings[debtor_id], Channel.VOICE, now, rules=who.rules, campaign=prospect.rules)
        if isinstance(verdict, Allowed) and verdict.number is not None:
            found[debtor_id] = standings[debtor_id], verdict
    return found


def _ready(
    session: Session,
    who: Claimer,
    wanted: Mapping[int, Prospect],
    allowed: Mapping[int, tuple[Standing, Allowed]],
    now: datetime,
) -> list[ReadyClaim]:
    """Under the lock: who is free, and what their conversations will need."""
    days = {id_: now.astimezone(ZoneInfo(verdict.zone)).date() for id_, (_, verdict) in allowed.items()}
    numbers = [number_of(verdict) for _, verdict in allowed.values()]
    slots = Slots(session, days, numbers, set(days.values()))
    # While a try goes on no other begins, whatever a call-back would allow.
    taken = set(slots.called_now)
    free: list[Asked] = []
    for debtor_id, prospect in wanted.items():
        if debtor_id in allowed and taken.isdisjoint((debtor_id, number := number_of(allowed[debtor_id][1]))):
            taken |= {debtor_id, number}
            standing, verdict = allowed[debtor_id]
            free.append(
                Asked(
                    call_id=str(uuid.uuid4()),
                    direction="out",
                    debtor_id=debtor_id,
                    e164=number,
                    zone=verdict.zone,
                    now=now,
                    creditor_id=prospect.creditor_id,
                    stage=prospect.stage,
                    hand_over_to=prospect.rules.hand_over_to,
                    about=invoices_to_tell(
                        standing,
                        Channel.VOICE,
                        now,
                        rules=who.rules,
                        number=number,
                        campaign=prospect.rules,
                        asked_for=verdict.callback_id is not None,
                    ),
                )
            )
    facts = gather_all(session, free)
    found: list[ReadyClaim] = []
    for one in free:
        known = facts.get(one.debtor_id)
        if known is None or not known.invoices:
            continue
        standing, verdict = allowed[one.debtor_id]
        number, day, solicited = number_of(verdict), days[one.debtor_id], verdict.callback_id is not None
        permitted = openings(standing, number, now, rules=who.rules)
        listening = who.rules.bands.of(standing, day).listening
        found.append(
            ReadyClaim(
                prospect=wanted[one.debtor_id],
                attempt=one.call_id,
                entry=str(uuid.uuid4()),
                verdict=verdict,
                briefing=brief(known, permitted, promise_days(known, now, who.rules), now, listening),
                local_date=day,
                debtor_slot=slots.free(one.debtor_id, day, solicited=solicited),
                address_slot=slots.free(number, day, solicited=solicited),
            )
        )
    return found

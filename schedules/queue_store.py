"""The coarse choice by index, and what is remembered of it. Permission, which is pure, decides on each."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from ledger.contact import Channel
from ledger.database import utc_date
from ledger.tables import AgreementRow, ContactRow, DebtorRow, RefusalCountRow
from schedules.queue import NEVER, Candidate, rank_of
from schedules.tables import CandidateRow
from schedules.upsert_store import insert_or_leave


def next_candidates(session: Session, campaign_id: int, now: datetime, limit: int) -> list[Candidate]:
    """Those whose moment may have come, call-backs first, then by rank and by how long they wait."""
    query = (
        select(CandidateRow)
        .where(CandidateRow.campaign_id == campaign_id, CandidateRow.next_eligible_at <= now)
        .order_by(CandidateRow.rank, CandidateRow.next_eligible_at, CandidateRow.id)
        .limit(limit)
    )
    return [
        Candidate(
            id=row.id,
            debtor_id=row.debtor_id,
            next_eligible_at=row.next_eligible_at,
            rank=row.rank,
            stage=row.stage,
        )
        for row in session.scalars(query)
    ]


def put_off(session: Session, candidate_id: int, until: datetime | None) -> None:
    """Don't look at a candidate before `until`; None: not before something wakes them (`bring_forward`)."""
    put_off_all(session, {candidate_id: until})


def lock_candidates(session: Session, candidates: Collection[int]) -> None:
    """Hold these until the commit, locked in the order of their ids: on PostgreSQL two who change many would else
    wait for each other. SQLite's unit of work already holds the only lock."""
    if session.get_bind().dialect.name != "sqlite":
        mine = select(CandidateRow.id).where(CandidateRow.id.in_(candidates)).order_by(CandidateRow.id)
        session.execute(mine.with_for_update())


def put_off_all(session: Session, until: Mapping[int, datetime | None]) -> None:
    """The same of many candidates, each until its own moment."""
    lock_candidates(session, until)
    owners = select(CandidateRow.id, CandidateRow.debtor_id).where(CandidateRow.id.in_(list(until)))
    debtor_of = dict(session.execute(owners).all())
    ranks = _ranks(session, set(debtor_of.values()))
    moved = [
        {"id": candidate_id, "next_eligible_at": until[candidate_id] or NEVER, "rank": ranks[debtor_id]}
        for candidate_id, debtor_id in debtor_of.items()
    ]
    if moved:
        session.execute(update(CandidateRow), moved)


def set_aside(session: Session, candidates: Collection[int], until: datetime) -> None:
    """Nobody looks at these before `until`; the end of their calls will say when (`put_off`)."""
    lock_candidates(session, candidates)
    session.execute(update(CandidateRow).where(CandidateRow.id.in_(candidates)).values(next_eligible_at=until))


def bring_forward(session: Session, debtor_id: int, at: datetime) -> None:
    """Something changed for the better (a hold was lifted, a call-back asked): look again from `at` on, everywhere."""
    session.execute(
        update(CandidateRow)
        .where(CandidateRow.debtor_id == debtor_id, CandidateRow.next_eligible_at > at)
        .values(next_eligible_at=at, rank=_ranks(session, {debtor_id})[debtor_id])
    )


def bring_forward_all(session: Session, refs: Collection[str], at: datetime) -> None:
    """The same of many people, named by `ref`: a list told something new of them."""
    waiting = (
        select(CandidateRow.id, CandidateRow.debtor_id)
        .join(DebtorRow, CandidateRow.debtor_id == DebtorRow.id)
        .where(DebtorRow.ref.in_(refs), CandidateRow.next_eligible_at > at)
    )
    debtor_of = dict(session.execute(waiting).all())
    if debtor_of:
        lock_candidates(session, debtor_of)
        ranks = _ranks(session, set(debtor_of.values()))
        moved = [{"id": id_, "next_eligible_at": at, "rank": ranks[debtor]} for id_, debtor in debtor_of.items()]
        session.execute(update(CandidateRow), moved)


def count_refusals(session: Session, campaign_id: int, now: datetime, rule: str, refused: int = 1) -> None:
    """Add to the day's refusals (UTC day) of a campaign by this rule; the person's own is computed anew by `why`."""
    key = {"campaign_id": campaign_id, "day": utc_date(now), "rule": rule}
    insert_or_leave(session, RefusalCountRow, **key, refused=0)
    session.execute(
        update(RefusalCountRow)
        .where(*(getattr(RefusalCountRow, name) == value for name, value in key.items()))
        .values(refused=RefusalCountRow.refused + refused)
    )


def _ranks(session: Session, debtors: Collection[int]) -> dict[int, int]:
    callbacks = select(AgreementRow.debtor_id).where(
        AgreementRow.debtor_id.in_(debtors),
        AgreementRow.kind == "callback",
        AgreementRow.state == "open",
        AgreementRow.owner.is_distinct_from("person"),
    )
    tries = select(ContactRow.debtor_id).where(
        ContactRow.debtor_id.in_(debtors), ContactRow.channel == Channel.VOICE.value
    )
    asked, tried = set(session.scalars(callbacks)), set(session.scalars(tries))
    return {one: rank_of(callback=one in asked, tried=one in tried) for one in debtors}

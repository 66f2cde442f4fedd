"""The coarse choice by index, and what is remembered of it. Permission, which is pure, decides on each.

Candidates who share an opening lie in the index in the order of rank. So the next are found by a walk over the openings
that have begun and are not over, of which there are few, and in each by its first rows: nobody is read who may not
be next, whether ten thousand people wait or a million.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, and_, case, func, literal, or_, select, tuple_, update
from sqlalchemy.orm import Session, aliased

from ledger.database import UtcDateTime, utc_date
from ledger.tables import AgreementRow, RefusalCountRow
from schedules.queue import NEVER, Candidate, Wait, whole_minute
from schedules.rank import callback_place
from schedules.tables import CandidateRow
from schedules.upsert_store import insert_or_leave

#: So many openings are walked over one by one; more at a time there are only where nobody calls, and those that are
#: left then are sorted by the database.
MOST_OPENINGS = 200
_WHAT = (
    CandidateRow.rank,
    CandidateRow.id,
    CandidateRow.debtor_id,
    CandidateRow.next_eligible_at,
    CandidateRow.open_until,
    CandidateRow.stage,
    CandidateRow.waits_since,
)
_ORDER = (CandidateRow.rank, CandidateRow.id)
#: Who shares the opening that the index is asked for.
_OPENING = (CandidateRow.next_eligible_at, CandidateRow.open_until)

Opening = tuple[datetime, datetime]


def next_candidates(session: Session, campaign_id: int, now: datetime, limit: int) -> list[Candidate]:
    """Those whose moment may have come, the smallest rank first; behind them those whose opening is over."""
    openings = openings_begun(session, campaign_id, now)
    best: list[Row[Any]] = []
    for begun_at, until in openings:
        if until > now:
            best = _better(session, best, _in_opening(campaign_id, begun_at, until), limit)
    if len(openings) == MOST_OPENINGS:
        best = _better(session, best, _after(campaign_id, openings[-1], now), limit)
    found = [_candidate(row) for row in best]
    if len(found) < limit:
        found += candidates_left_over(session, campaign_id, now, limit - len(found))
    return found


def candidates_left_over(session: Session, campaign_id: int, now: datetime, limit: int) -> list[Candidate]:
    """Those whose opening is over, the oldest first: somebody has to look for their next one."""
    found: list[Candidate] = []
    for begun_at, until in openings_begun(session, campaign_id, now):
        if until <= now and len(found) < limit:
            query = _in_opening(campaign_id, begun_at, until).order_by(*_ORDER).limit(limit - len(found))
            found += [_candidate(row) for row in session.execute(query)]
    return found


def openings_begun(session: Session, campaign_id: int, now: datetime) -> list[Opening]:
    """The openings that have begun, the oldest first, each found by one step in the index; at most `MOST_OPENINGS`."""
    mine = and_(CandidateRow.campaign_id == campaign_id, CandidateRow.next_eligible_at <= now)
    first = select(*_OPENING).where(mine).order_by(*_OPENING).limit(1).subquery()
    walk = select(*first.c).cte("walk", recursive=True)
    begun_at, until = walk.c.next_eligible_at, walk.c.open_until
    later = aliased(CandidateRow)
    following = (
        and_(
            later.campaign_id == campaign_id,
            later.next_eligible_at <= now,
            tuple_(later.next_eligible_at, later.open_until) > tuple_(begun_at, until),
        ),
        (later.next_eligible_at, later.open_until),
    )
    step = [
        select(column).where(following[0]).order_by(*following[1]).limit(1).correlate(walk).scalar_subquery()
        for column in following[1]
    ]
    walk = walk.union_all(select(*step).where(begun_at.is_not(None)))
    rows = session.execute(select(walk).where(walk.c.next_eligible_at.is_not(None)).limit(MOST_OPENINGS))
    return [(row.next_eligible_at, row.open_until) for row in rows]


def _in_opening(campaign_id: int, begun_at: datetime, until: datetime) -> Select[*tuple[Any, ...]]:
    return select(*_WHAT).where(
        CandidateRow.campaign_id == campaign_id,
        CandidateRow.next_eligible_at == begun_at,
        CandidateRow.open_until == until,
    )


def _after(campaign_id: int, last: Opening, now: datetime) -> Select[*tuple[Any, ...]]:
    return select(*_WHAT).where(
        CandidateRow.campaign_id == campaign_id,
        CandidateRow.next_eligible_at <= now,
        tuple_(*_OPENING) > tuple_(*(literal(one, UtcDateTime()) for one in last)),
        CandidateRow.open_until > now,
    )


def _better(session: Session, best: list[Row[Any]], query: Select[*tuple[Any, ...]], limit: int) -> list[Row[Any]]:
    """The best of both; of a further opening only those are read that come before the last so far."""
    if len(best) == limit:
        query = query.where(CandidateRow.rank <= best[-1].rank)
    more = session.execute(query.order_by(*_ORDER).limit(limit)).all()
    return sorted((*best, *more), key=lambda row: (row.rank, row.id))[:limit] if more else best


def _candidate(row: Row[Any]) -> Candidate:
    return Candidate(
        id=row.id,
        debtor_id=row.debtor_id,
        next_eligible_at=row.next_eligible_at,
        open_until=row.open_until,
        rank=row.rank,
        stage=row.stage,
        waits_since=row.waits_since,
    )


def lock_candidates(session: Session, candidates: Collection[int]) -> None:
    """Hold these until the commit, locked in the order of their ids: on PostgreSQL two who change many would else
    wait for each other. SQLite's unit of work already holds the only lock."""
    if session.get_bind().dialect.name != "sqlite":
        mine = select(CandidateRow.id).where(CandidateRow.id.in_(candidates)).order_by(CandidateRow.id)
        session.execute(mine.with_for_update())


def put_off_all(session: Session, waits: Mapping[int, Wait], *, tried_at: datetime | None = None) -> None:
    """Look at these candidates again when their wait ends. `tried_at`: they were tried, and wait anew from then on."""
    lock_candidates(session, waits)
    tried = {} if tried_at is None else {"waits_since": tried_at}
    moved = [
        {"id": id_, "next_eligible_at": wait.at, "open_until": wait.open_until, "rank": wait.place, **tried}
        for id_, wait in waits.items()
    ]
    if moved:
        session.execute(update(CandidateRow), moved)


def put_in_place(session: Session, places: Mapping[int, int]) -> None:
    """Write the places of candidates whose stored one has become untrue."""
    lock_candidates(session, places)
    if places:
        session.execute(update(CandidateRow), [{"id": id_, "rank": place} for id_, place in places.items()])


def set_aside(session: Session, candidates: Collection[int], until: datetime) -> None:
    """Nobody looks at these before the minute of `until`; the end of their calls will say when."""
    lock_candidates(session, candidates)
    moment = {"next_eligible_at": whole_minute(until), "open_until": NEVER}
    session.execute(update(CandidateRow).where(CandidateRow.id.in_(candidates)).values(**moment))


def bring_forward(session: Session, debtor_id: int, at: datetime) -> None:
    """Something changed for the better (a hold was lifted, a call-back asked): look again from `at` on, everywhere.

    From the beginning of that minute, which may be too early. Whoever has a call-back comes first.
    """
    moment = whole_minute(at)
    earlier = case((CandidateRow.next_eligible_at > moment, literal(moment, UtcDateTime())), else_=_OPENING[0])
    values: dict[str, Any] = {"next_eligible_at": earlier, "open_until": NEVER}
    if (asked_at := _callback_at(session, debtor_id)) is not None:
        values["rank"] = callback_place(asked_at)
    theirs = or_(CandidateRow.next_eligible_at > moment, CandidateRow.open_until < NEVER)
    session.execute(update(CandidateRow).where(CandidateRow.debtor_id == debtor_id, theirs).values(**values))


def count_refusals(session: Session, campaign_id: int, now: datetime, rule: str, refused: int = 1) -> None:
    """Add to the day's refusals (UTC day) of a campaign by this rule; the person's own is computed anew by `why`."""
    key = {"campaign_id": campaign_id, "day": utc_date(now), "rule": rule}
    insert_or_leave(session, RefusalCountRow, **key, refused=0)
    session.execute(
        update(RefusalCountRow)
        .where(*(getattr(RefusalCountRow, name) == value for name, value in key.items()))
        .values(refused=RefusalCountRow.refused + refused)
    )


def _callback_at(session: Session, debtor_id: int) -> datetime | None:
    """The time of the first call-back by machine that stands open."""
    open_: tuple[ColumnElement[bool], ...] = (
        AgreementRow.debtor_id == debtor_id,
        AgreementRow.kind == "callback",
        AgreementRow.state == "open",
        AgreementRow.owner.is_distinct_from("person"),
    )
    query = select(func.coalesce(AgreementRow.from_at, AgreementRow.made_at)).where(*open_)
    found = list(session.scalars(query))
    return min(found, default=None)

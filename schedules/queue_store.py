"""The coarse choice by index, and what is remembered of it. Permission, which is pure, decides on each.

Candidates who share an opening lie in the index in the order of rank. So the next are found by a walk over the openings
that have begun and are not over, of which there are few, and in each by its first rows: nobody is read who may not
be next, whether ten thousand people wait or a million.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Integer,
    TextualSelect,
    bindparam,
    case,
    column,
    func,
    literal,
    select,
    text,
    tuple_,
    update,
)
from sqlalchemy.orm import Session

from ledger.database import UtcDateTime, utc_date
from ledger.tables import AgreementRow, RefusalCountRow
from schedules.queue import NEVER, Candidate, Wait, whole_minute
from schedules.rank import callback_place
from schedules.tables import CandidateRow
from schedules.upsert_store import insert_or_leave

#: So many openings are walked over one by one; more at a time there are only where nobody calls, and those that are
#: left then are sorted by the database.
MOST_OPENINGS = 100
#: Who shares the opening that the index is asked for.
_OPENING = (CandidateRow.next_eligible_at, CandidateRow.open_until)
_WHAT = (CandidateRow.rank, CandidateRow.id, CandidateRow.debtor_id)

Opening = tuple[datetime, datetime]


def next_candidates(session: Session, campaign_id: int, now: datetime, limit: int) -> list[Candidate]:
    """Those whose moment may have come, the smallest rank first; behind them those whose opening is over."""
    begun = openings_begun(session, campaign_id, now)
    found = _in_order(session, campaign_id, [one for one in begun if one[1] > now], limit)
    if len(begun) == MOST_OPENINGS:
        more = _sorted_after(session, campaign_id, begun[-1], now, limit)
        found = sorted((*found, *more), key=lambda one: (one.rank, one.id))[:limit]
    if len(found) < limit:
        found += _left_over(session, campaign_id, begun, now, limit - len(found))
    return found


def candidates_left_over(session: Session, campaign_id: int, now: datetime, limit: int) -> list[Candidate]:
    """Those whose opening is over, the oldest first: somebody has to look for their next one."""
    return _left_over(session, campaign_id, openings_begun(session, campaign_id, now), now, limit)


#: The openings one after another, each found by a step in the index: the next end of the same beginning, else the next
#: beginning. Written out, because a database takes a comparison of pairs for a reason to read everything between.
_SAME = """(SELECT open_until FROM candidate WHERE campaign_id = :campaign AND next_eligible_at = begun_at
    AND open_until > until ORDER BY open_until LIMIT 1)"""
_LATER = """(SELECT {} FROM candidate WHERE campaign_id = :campaign AND next_eligible_at > begun_at
    AND next_eligible_at <= :now ORDER BY next_eligible_at, open_until LIMIT 1)"""
_FIRST = """(SELECT {} FROM candidate WHERE campaign_id = :campaign AND next_eligible_at <= :now
    ORDER BY next_eligible_at, open_until LIMIT 1)"""
_WALK = (
    text(
        f"""WITH RECURSIVE walk(begun_at, until) AS (
        SELECT {_FIRST.format("next_eligible_at")}, {_FIRST.format("open_until")}
        UNION ALL
        SELECT CASE WHEN {_SAME} IS NOT NULL THEN begun_at ELSE {_LATER.format("next_eligible_at")} END,
            coalesce({_SAME}, {_LATER.format("open_until")})
        FROM walk WHERE begun_at IS NOT NULL)
        SELECT begun_at, until FROM walk WHERE begun_at IS NOT NULL LIMIT :most"""  # noqa: S608 - our own words
    )
    .bindparams(bindparam("now", type_=UtcDateTime()))
    .columns(begun_at=UtcDateTime(), until=UtcDateTime())
)


def openings_begun(session: Session, campaign_id: int, now: datetime) -> list[Opening]:
    """The openings that have begun, the oldest first; at most `MOST_OPENINGS`."""
    values = {"campaign": campaign_id, "now": now, "most": MOST_OPENINGS}
    return [(begun_at, until) for begun_at, until in session.execute(_WALK, values)]


def _in_order(session: Session, campaign_id: int, openings: Sequence[Opening], limit: int) -> list[Candidate]:
    """The first of all these openings: each is read in the order of rank, and no further than it is needed."""
    if not openings:
        return []
    moments = {f"{name}{n}": one[k] for n, one in enumerate(openings) for k, name in enumerate(("from", "until"))}
    rows = session.execute(_merge_of(len(openings)), {"campaign": campaign_id, "most": limit, **moments})
    return [Candidate(id_, debtor_id, openings[n][0], openings[n][1], rank) for rank, id_, debtor_id, n in rows]


@lru_cache(maxsize=MOST_OPENINGS)
def _merge_of(openings: int) -> TextualSelect:
    """One statement that merges so many openings; text, because it is built and read for every look."""
    arm = (
        "SELECT rank, id, debtor_id, {0} AS opening FROM candidate"
        " WHERE campaign_id = :campaign AND next_eligible_at = :from{0} AND open_until = :until{0}"
    )
    arms = (arm.format(n) for n in range(openings))
    merged = text(f"{' UNION ALL '.join(arms)} ORDER BY rank, id LIMIT :most")
    moments = [bindparam(f"{name}{n}", type_=UtcDateTime()) for n in range(openings) for name in ("from", "until")]
    return merged.bindparams(*moments).columns(*_WHAT, column("opening", Integer))


def _left_over(
    session: Session, campaign_id: int, begun: Sequence[Opening], now: datetime, limit: int
) -> list[Candidate]:
    found: list[Candidate] = []
    for one in begun:
        if one[1] <= now and len(found) < limit:
            found += _in_order(session, campaign_id, [one], limit - len(found))
    return found


def _sorted_after(session: Session, campaign_id: int, last: Opening, now: datetime, limit: int) -> list[Candidate]:
    """What lies behind the last opening of the walk, sorted by the database."""
    query = (
        select(*_WHAT, *_OPENING)
        .where(
            CandidateRow.campaign_id == campaign_id,
            CandidateRow.next_eligible_at <= now,
            tuple_(*_OPENING) > tuple_(*(literal(one, UtcDateTime()) for one in last)),
            CandidateRow.open_until > now,
        )
        .order_by(CandidateRow.rank, CandidateRow.id)
        .limit(limit)
    )
    return [
        Candidate(id_, debtor_id, begun_at, until, rank)
        for rank, id_, debtor_id, begun_at, until in session.execute(query)
    ]


def waits_since(session: Session, candidates: Sequence[Candidate]) -> dict[Candidate, datetime]:
    """Since when each of these waits, in their order."""
    wanted = CandidateRow.id.in_([one.id for one in candidates])
    since = dict(session.execute(select(CandidateRow.id, CandidateRow.waits_since).where(wanted)).tuples().all())
    return {one: since[one.id] for one in candidates}


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


def put_off_seen(session: Session, waits: Mapping[Candidate, Wait]) -> None:
    """The same of those who still wait as we saw them: what woke somebody since we looked stays."""
    if not waits:
        return
    lock_candidates(session, [one.id for one in waits])
    row = CandidateRow.__table__.c
    moved = (
        update(CandidateRow.__table__)  # type: ignore[arg-type]
        .where(
            row.id == bindparam("seen_id"),
            row.next_eligible_at == bindparam("seen_at"),
            row.open_until == bindparam("seen_until"),
            row.rank == bindparam("seen_rank"),
        )
        .values(next_eligible_at=bindparam("at"), open_until=bindparam("until"), rank=bindparam("place"))
    )
    seen = [
        {
            "seen_id": one.id,
            "seen_at": one.next_eligible_at,
            "seen_until": one.open_until,
            "seen_rank": one.rank,
            "at": wait.at,
            "until": wait.open_until,
            "place": wait.place,
        }
        for one, wait in waits.items()
    ]
    session.connection().execute(moved, seen)


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
    session.execute(update(CandidateRow).where(CandidateRow.debtor_id == debtor_id).values(**values))


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

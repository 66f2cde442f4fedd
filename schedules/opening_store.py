"""The coarse choice by index; permission, which is pure, decides on each.

Candidates who share an opening lie in the index in the order of rank. So the next are found by a walk over the openings
that have begun and are not over, of which there are few, and in each by its first rows: nobody is read who may not
be next, whether ten thousand people wait or a million.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from functools import lru_cache

from sqlalchemy import Integer, TextualSelect, bindparam, column, literal, select, text, tuple_
from sqlalchemy.orm import Session

from ledger.among import among
from ledger.database import UtcDateTime
from schedules.queue import Candidate
from schedules.tables import CandidateRow

#: So many openings are walked over one by one; more at a time there are only where nobody calls, and those that are
#: left then are sorted by the database.
MOST_OPENINGS = 100
#: Who shares the opening that the index is asked for.
_OPENING = (CandidateRow.next_eligible_at, CandidateRow.open_until)
_WHAT = (CandidateRow.rank, CandidateRow.id, CandidateRow.debtor_id)

Opening = tuple[datetime, datetime]


def next_candidates(
    session: Session, campaign_id: int, now: datetime, limit: int, behind: Collection[Opening] = ()
) -> list[Candidate]:
    """Those whose moment may have come, the smallest rank first; behind them those whose opening is over.

    `behind`: openings whose people come after all others (`schedules.shut`).
    """
    begun = openings_begun(session, campaign_id, now)
    open_ = [one for one in begun if one[1] > now]
    found = _in_order(session, campaign_id, [one for one in open_ if one not in behind], limit)
    if len(begun) == MOST_OPENINGS:
        more = _sorted_after(session, campaign_id, begun[-1], now, limit)
        found = sorted((*found, *more), key=lambda one: (one.rank, one.id))[:limit]
    if behind and len(found) < limit:
        found += _in_order(session, campaign_id, [one for one in open_ if one in behind], limit - len(found))
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
    sqlite = session.get_bind().dialect.name == "sqlite"
    rows = session.execute(_merge_of(len(openings), sqlite), {"campaign": campaign_id, "most": limit, **moments})
    return [Candidate(id_, debtor_id, openings[n][0], openings[n][1], rank) for rank, id_, debtor_id, n in rows]


@lru_cache(maxsize=MOST_OPENINGS)
def _merge_of(openings: int, sqlite: bool) -> TextualSelect:
    """One statement that merges so many openings; text, because it is built and read for every look.

    SQLite merges arms by the order of the whole, PostgreSQL only those that have an order of their own.
    """
    arm = (
        "SELECT rank, id, debtor_id, {0} AS opening FROM candidate"
        " WHERE campaign_id = :campaign AND next_eligible_at = :from{0} AND open_until = :until{0}"
    )
    if openings > 1 and not sqlite:
        arm = f"({arm} ORDER BY rank, id LIMIT :most)"
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
    wanted = among(CandidateRow.id, [one.id for one in candidates])
    since = dict(session.execute(select(CandidateRow.id, CandidateRow.waits_since).where(wanted)).all())
    return {one: since[one.id] for one in candidates}

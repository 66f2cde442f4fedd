"""What is remembered of the queue: when somebody is looked at again, and their place then; refusals as counts."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import (
    ColumnElement,
    bindparam,
    case,
    func,
    literal,
    select,
    update,
)
from sqlalchemy.orm import Session

from ledger.among import among
from ledger.database import UtcDateTime, utc_date
from ledger.tables import AgreementRow, DebtorRow, RefusalCountRow
from schedules.queue import NEVER, Candidate, Wait, whole_minute
from schedules.rank import callback_place
from schedules.tables import CandidateRow
from schedules.upsert_store import insert_or_leave

#: A call-back that we are to make by machine.
_OPEN_CALLBACK: tuple[ColumnElement[bool], ...] = (
    AgreementRow.kind == "callback",
    AgreementRow.state == "open",
    AgreementRow.owner.is_distinct_from("person"),
)


def lock_waiting(session: Session, candidates: Collection[int], now: datetime) -> set[int]:
    """Hold until the commit those of them who still wait at `now`: nobody claimed or put them off meanwhile.

    Whom somebody else holds is claimed or put off just now. To wait for them could mean to wait for each other.
    """
    mine = select(CandidateRow.id).where(among(CandidateRow.id, candidates), CandidateRow.next_eligible_at <= now)
    return set(session.scalars(mine.order_by(CandidateRow.id).with_for_update(skip_locked=True)))


def lock_candidates(session: Session, candidates: Collection[int]) -> None:
    """Hold these until the commit, locked in the order of their ids: on PostgreSQL two who change many would else
    wait for each other. SQLite's unit of work already holds the only lock."""
    if candidates and session.get_bind().dialect.name != "sqlite":
        mine = select(CandidateRow.id).where(among(CandidateRow.id, candidates)).order_by(CandidateRow.id)
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
    """Nobody looks at these before the minute of `until`; the end of their calls will say when.

    Whoever waits for longer already goes on waiting, and whom somebody else moves just now is theirs.
    """
    moment = whole_minute(until)
    free = lock_waiting(session, candidates, moment)
    theirs = (among(CandidateRow.id, free), CandidateRow.next_eligible_at < moment)
    later = update(CandidateRow).where(*theirs).values(next_eligible_at=moment, open_until=NEVER)
    session.execute(later, execution_options={"synchronize_session": False})


def bring_forward(session: Session, debtor_id: int, at: datetime) -> None:
    """Something changed for the better (a hold was lifted, a call-back asked): look again from `at` on, everywhere.

    From the beginning of that minute, which may be too early. Whoever has a call-back comes first.
    """
    moment = whole_minute(at)
    sooner = CandidateRow.next_eligible_at > moment
    earlier = case((sooner, literal(moment, UtcDateTime())), else_=CandidateRow.next_eligible_at)
    values: dict[str, Any] = {"next_eligible_at": earlier, "open_until": NEVER}
    if (asked_at := _callback_at(session, debtor_id)) is not None:
        values["rank"] = callback_place(asked_at)
    session.execute(update(CandidateRow).where(CandidateRow.debtor_id == debtor_id).values(**values))


def wake_callbacks(session: Session, now: datetime, lately: timedelta) -> int:
    """Look again at those whose call-back window opened in the time just past, wherever they were put off to."""
    asleep = (
        select(AgreementRow.debtor_id)
        .join(CandidateRow, CandidateRow.debtor_id == AgreementRow.debtor_id)
        .where(*_OPEN_CALLBACK, AgreementRow.from_at <= now, AgreementRow.from_at > now - lately)
        .where(CandidateRow.next_eligible_at > now)
        .distinct()
        .order_by(AgreementRow.debtor_id)
    )
    woken = [one for one in session.scalars(asleep) if one is not None]
    for debtor_id in woken:
        bring_forward(session, debtor_id, now)
    return len(woken)


def stages_of(session: Session, candidates: Collection[int]) -> dict[int, int]:
    """The stage of each of these candidates: 1 friendly, 2 friendly again, 3 firm and last."""
    query = select(CandidateRow.id, CandidateRow.stage).where(among(CandidateRow.id, candidates))
    return dict(session.execute(query).all())


def stage_of(session: Session, debtor_id: int) -> int:
    """How far our reminders to this debtor have come, over all campaigns; 1 where nobody reminded them."""
    return session.scalar(select(func.max(CandidateRow.stage)).where(CandidateRow.debtor_id == debtor_id)) or 1


def bring_forward_all(session: Session, refs: Collection[str], at: datetime) -> None:
    """The same of many people, named by `ref`: a list told something new of them."""
    theirs = select(CandidateRow.id, CandidateRow.debtor_id, CandidateRow.next_eligible_at)
    theirs = theirs.join(DebtorRow, CandidateRow.debtor_id == DebtorRow.id).where(DebtorRow.ref.in_(refs))
    rows = session.execute(theirs).all()
    if not rows:
        return
    lock_candidates(session, [row.id for row in rows])
    moment = whole_minute(at)
    moved = [{"id": row.id, "next_eligible_at": min(row.next_eligible_at, moment), "open_until": NEVER} for row in rows]
    session.execute(update(CandidateRow), moved)
    debtors = {row.debtor_id for row in rows}
    for debtor_id in session.scalars(
        select(AgreementRow.debtor_id).where(AgreementRow.debtor_id.in_(debtors), *_OPEN_CALLBACK).distinct()
    ):
        if debtor_id is not None:
            bring_forward(session, debtor_id, at)  # whoever has a call-back comes first


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
    asked_at = func.coalesce(AgreementRow.from_at, AgreementRow.made_at)
    query = select(asked_at).where(AgreementRow.debtor_id == debtor_id, *_OPEN_CALLBACK)
    return min(session.scalars(query), default=None)

"""Single posts and beats as rows: one holder at a time, and each beat of a period done once by whoever holds."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from schedules.tables import BeatRow, LeaseRow
from schedules.upsert_store import insert_or_leave


def take_lease(session: Session, name: str, owner: str, now: datetime, lasting: timedelta) -> int | None:
    """Take a post that is free or has run out, or keep our own; None: somebody else holds it.

    Gives the fence: it grows with every change of hands, so that the work of a former holder can be told and refused.
    `now` is real time, never a campaign's.
    """
    insert_or_leave(session, LeaseRow, name=name, owner="", fence=0, until_at=now)
    kept = session.execute(
        update(LeaseRow)
        .where(LeaseRow.name == name, LeaseRow.owner == owner, LeaseRow.until_at > now)
        .values(until_at=now + lasting)
    )
    if kept.rowcount != 1:  # type: ignore[attr-defined]
        taken = session.execute(
            update(LeaseRow)
            .where(LeaseRow.name == name, LeaseRow.until_at <= now)
            .values(owner=owner, fence=LeaseRow.fence + 1, until_at=now + lasting)
        )
        if taken.rowcount != 1:  # type: ignore[attr-defined]
            return None
    return session.scalar(select(LeaseRow.fence).where(LeaseRow.name == name))


def release_lease(session: Session, name: str, owner: str, now: datetime) -> None:
    """Give a post back, so that the next need not wait for it to run out."""
    session.execute(update(LeaseRow).where(LeaseRow.name == name, LeaseRow.owner == owner).values(until_at=now))


def claim_beat(session: Session, kind: str, period: str, now: datetime) -> bool:
    """Note that a beat of a period is done; False: it was done already."""
    return insert_or_leave(session, BeatRow, kind=kind, period=period, done_at=now)


def unclaim_beat(session: Session, kind: str, period: str) -> None:
    """A beat that failed is free again: the next turn of the clock tries it once more."""
    session.execute(delete(BeatRow).where(BeatRow.kind == kind, BeatRow.period == period))


def forget_beats(session: Session, before: datetime) -> None:
    """Drop the marks of beats that were done long ago."""
    session.execute(delete(BeatRow).where(BeatRow.done_at < before))

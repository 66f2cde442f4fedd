"""What calls taught about reaching people, in the books: added to when a call ends, and counted anew from contacts."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import delete, insert, select, update
from sqlalchemy.orm import Session

from ledger.database import Database
from ledger.tables import ContactRow, DebtorRow
from schedules.band import Bands
from schedules.reach import Cell, Counts, Learned, cell_at, teaches
from schedules.standing import Standing
from schedules.tables import ReachRow
from schedules.upsert_store import insert_or_leave

#: People's lives change: tries of longer ago are left out when all is counted anew. Source: project default.
COUNTED = timedelta(days=365)


def learned(session: Session) -> Learned:
    """All that was learned: a few hundred rows."""
    rows = session.execute(
        select(ReachRow.band, ReachRow.weekday, ReachRow.part, ReachRow.successes, ReachRow.tries)
    ).all()
    return Learned({Cell(row.band, row.weekday, row.part): Counts(row.successes, row.tries) for row in rows})


def note_tries(session: Session, tries: Mapping[Cell, Counts]) -> None:
    """Add what has just happened; in one order, so that two never wait for each other."""
    for cell in sorted(tries, key=lambda one: (one.band, one.weekday, one.part)):
        key = {"band": cell.band, "weekday": cell.weekday, "part": cell.part}
        insert_or_leave(session, ReachRow, **key, successes=0, tries=0)
        session.execute(
            update(ReachRow)
            .where(*(getattr(ReachRow, name) == value for name, value in key.items()))
            .values(successes=ReachRow.successes + tries[cell].successes, tries=ReachRow.tries + tries[cell].tries)
        )


def count_anew(database: Database, bands: Bands, now: datetime) -> Learned:
    """Replace all of it by what the contacts of the last year say.

    They are read without a lock: calls that end meanwhile may be missed, until the next time.
    """
    with database.reading() as session:
        found = Learned(_counted(session, bands, now))
    with database.unit_of_work() as session:
        session.execute(delete(ReachRow))
        rows = [
            {
                "band": cell.band,
                "weekday": cell.weekday,
                "part": cell.part,
                "successes": counts.successes,
                "tries": counts.tries,
            }
            for cell, counts in found.cells.items()
        ]
        if rows:
            session.execute(insert(ReachRow), rows)
    return found


def _counted(session: Session, bands: Bands, now: datetime) -> dict[Cell, Counts]:
    query = (
        select(
            ContactRow.channel,
            ContactRow.disposition,
            ContactRow.solicited,
            ContactRow.right_party,
            ContactRow.begun_at,
            ContactRow.zone,
            ContactRow.local_date,
            DebtorRow.id,
            DebtorRow.kind,
            DebtorRow.student,
            DebtorRow.birth_date,
        )
        .join(DebtorRow, DebtorRow.id == ContactRow.debtor_id)
        .where(ContactRow.begun_at > now - COUNTED, ContactRow.begun_at <= now)
        .execution_options(yield_per=2000)
    )
    found: dict[Cell, Counts] = {}
    for row in session.execute(query):
        if teaches(row.channel, row.disposition, solicited=row.solicited):
            who = Standing(debtor_id=row.id, ref="", kind=row.kind, student=row.student, birth_date=row.birth_date)
            cell = cell_at(bands.of(who, row.local_date).key, row.begun_at, ZoneInfo(row.zone))
            found[cell] = found.get(cell, Counts()) + Counts(int(row.right_party), 1)
    return found

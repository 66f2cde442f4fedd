"""Our own answers on the beat: each plan request becomes a task, and what passes its day an alarm. None is closed."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from ledger.answer_clock import ANSWER_DAYS, Waiting, answer_day, notes
from ledger.database import utc_date
from ledger.instalment_store import region_of_debtor
from ledger.money import Money
from ledger.open_agreement_store import open_agreements
from ledger.tables import AgreementRow
from schedules.note_store import note_task, tasks_known

#: So many agreements in one unit of work.
SLICE = 200


def watch_answers(session: Session, after: int, now: datetime) -> int | None:
    """Look at what waits for our answer, with an id above `after`. Gives the last id; None: done."""
    rows = open_agreements(session, ANSWER_DAYS, after, SLICE)
    if not rows:
        return None
    kinds = [*ANSWER_DAYS, *(f"{kind}_late" for kind in ANSWER_DAYS)]
    known = tasks_known(session, [_cause(kind, row.id) for row in rows for kind in kinds])
    for row in rows:
        waiting = _waiting(row)
        region = region_of_debtor(session, row.debtor_id) if waiting.answer_by is None else None
        for note in notes(waiting, answer_day(waiting, region), utc_date(now)):
            if (cause := _cause(note.kind, row.id)) not in known:
                note_task(session, cause, note.kind, row, note.why, now, urgent=note.urgent)
    return rows[-1].id


def _waiting(row: AgreementRow) -> Waiting:
    figure = row.kind == "plan_request" and row.amount_minor
    monthly = Money(row.amount_minor or 0, row.currency or "EUR") if figure else None
    return Waiting(kind=row.kind, made_on=utc_date(row.made_at), answer_by=row.due_on, monthly=monthly)


def _cause(kind: str, agreement_id: int) -> str:
    return f"{kind}:{agreement_id}"

"""What our people do about agreements: the list of it, and their deeds with the written word that goes with each."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from ledger.agreement_answer_store import Answered, accept_request, refuse_request
from ledger.database import utc_date
from ledger.instalment_store import Moved, move_instalment, moved_slots
from ledger.tables import AgreementRow, DebtorRow
from schedules.crisis_store import Crisis, crises
from schedules.note_store import write_message
from schedules.notice import ANSWER, way_of
from schedules.queue_store import bring_forward
from schedules.request_store import open_requests
from schedules.rules import Rules
from schedules.standing_store import standings_of
from schedules.tables import TaskRow


@dataclass(frozen=True, kw_only=True)
class AgreementTask:
    """What one of our people has to look at, about an agreement."""

    #: None: a crisis or an open request, whose agreement is the task.
    id: int | None
    kind: str
    urgent: bool
    #: None: a caller whom we don't recognise.
    debtor: str | None
    name: str | None
    agreement_id: int
    #: The day of our answer, where the agreement has one.
    answer_by: date | None
    why: str
    made_at: datetime


def agreement_tasks(session: Session, now: datetime) -> list[AgreementTask]:
    """The tasks whose agreement still stands, plans that ended without a word, and what only our people can end: who is
    in a crisis before all others, then alarms, then all others; of each what should have been done first."""
    query = (
        select(TaskRow, AgreementRow, DebtorRow)
        .join(AgreementRow, AgreementRow.id == TaskRow.agreement_id)
        .join(DebtorRow, DebtorRow.id == TaskRow.debtor_id)
        .where((AgreementRow.state == "open") | (TaskRow.kind == "plan_paid"))
        .order_by(TaskRow.id)
    )
    noted = [
        AgreementTask(
            id=task.id, kind=task.kind, urgent=task.urgent, debtor=debtor.ref, name=debtor.name,
            agreement_id=agreement.id, answer_by=agreement.due_on, why=task.why, made_at=task.made_at,
        )
        for task, agreement, debtor in session.execute(query)
    ]  # fmt: skip
    asked = [
        AgreementTask(
            id=None, kind=one.kind, urgent=one.late, debtor=one.debtor, name=one.name, agreement_id=one.agreement_id,
            answer_by=one.do_by, why=one.why, made_at=one.made_at,
        )
        for one in open_requests(session, now, without={one.agreement_id for one in noted})
    ]  # fmt: skip
    return [_first(one) for one in crises(session)] + sorted((*noted, *asked), key=_haste)


def _haste(one: AgreementTask) -> tuple[bool, date]:
    return not one.urgent, one.answer_by or utc_date(one.made_at)


def _first(one: Crisis) -> AgreementTask:
    """Before all others."""
    where = f"at {one.e164}" if one.e164 else "(their number was withheld)"
    return AgreementTask(
        id=None, kind="crisis", urgent=True, debtor=one.debtor, name=one.name, agreement_id=one.agreement_id,
        answer_by=None, why=f"Somebody was in a crisis on the telephone: call them now, {where}", made_at=one.made_at,
    )  # fmt: skip


def move(session: Session, agreement_id: int, n: int, to: date, now: datetime, by: str, rules: Rules) -> Moved:
    """Move an instalment once, and confirm it in writing. Raises `BadAnswer`; then nothing is changed."""
    moved = move_instalment(session, agreement_id, n, to, now, by)
    debtor_id = moved.plan.plan.debtor_id
    _confirm(session, f"plan:{agreement_id}:moved:{n}", "plan.moved", debtor_id, moved_slots(moved), now, rules)
    return moved


def accept(
    session: Session, agreement_id: int, first_on: date | None, now: datetime, by: str, rules: Rules
) -> Answered:
    """Yes to a plan request: the plan stands, and is confirmed in writing. Raises `BadAnswer`."""
    answered = accept_request(session, agreement_id, now, by, first_on)
    slots = {
        "invoices": list(answered.invoices),
        "amount_minor": sum(part.minor for _, part in answered.parts),
        "currency": answered.parts[0][1].currency,
        "instalments": [{"due_on": day.isoformat(), "amount_minor": part.minor} for day, part in answered.parts],
    }
    _confirm(session, f"answer:{agreement_id}", "confirm.plan", answered.debtor_id, slots, now, rules)
    return answered


def refuse(session: Session, agreement_id: int, now: datetime, by: str, rules: Rules) -> Answered:
    """No to a plan request, kindly, with a call by one of us. Raises `BadAnswer`."""
    answered = refuse_request(session, agreement_id, now, by)
    slots = {"invoices": list(answered.invoices)}
    _confirm(session, f"answer:{agreement_id}", "plan_request.refused", answered.debtor_id, slots, now, rules)
    bring_forward(session, answered.debtor_id, now)
    return answered


def _confirm(
    session: Session, cause: str, template: str, debtor_id: int, slots: Mapping[str, Any], now: datetime, rules: Rules
) -> None:
    """In writing, unless the person may not be written to at all: then whoever gave the command says it."""
    way = way_of(standings_of(session, [debtor_id])[debtor_id], now, rules, through=ANSWER)
    if way is not None:
        write_message(session, cause, template, debtor_id, way, slots)

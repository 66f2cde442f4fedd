"""The beat of the plans: statements after payments, a kind message about a late instalment, and the end when all is
paid. A plan never ends here for any other reason."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from ledger.agreement_end_store import end_agreement
from ledger.database import utc_date
from ledger.money import Money
from ledger.plan import LATE_AFTER, Late, RunningPlan, Told, is_paid, late_parts
from ledger.running_plan_store import Came, PlanBooks, open_plans, statement
from ledger.tables import OutboxRow
from schedules.note_store import causes_known, note_task, write_message
from schedules.notice import PLAN, Way, way_of
from schedules.rules import Rules
from schedules.standing_store import standings_of
from schedules.tables import TaskRow

#: So many plans in one unit of work.
SLICE = 100
#: A payment that could not be told of for so long (a hold forbade it) is old news: the next statement holds it.
STATEMENT_WITHIN = timedelta(days=7)
BY = "plans"


def watch_plans(session: Session, after: int, now: datetime, rules: Rules) -> tuple[int | None, list[int]]:
    """Look at the plans with an id above `after`. Gives the last id (None: done) and whose plan was paid."""
    found = open_plans(session, after, SLICE)
    if not found:
        return None, []
    # the day before is over in nearly every zone, and a day more of patience hurts nobody
    today = utc_date(now) - timedelta(days=1)
    told = _told(session, found)
    ended = []
    for books in found:
        late = late_parts(books.plan, today, told[books.plan.agreement_id])
        if is_paid(books.plan):
            ended += _paid(session, books, now, rules)
        elif late or _untold(session, books, now):
            _go_on(session, books, late, now, rules)
    return found[-1].plan.agreement_id, ended


def _paid(session: Session, books: PlanBooks, now: datetime, rules: Rules) -> list[int]:
    """The end: kept, its hold lifted, "everything is paid" in writing. Only a plan of which something is left open
    beside it (costs) gets a statement instead: nobody reads "everything" where it isn't."""
    plan = books.plan
    way = _way(session, plan, now, rules)
    if not end_agreement(session, books.row, "kept", now, BY, "the plan is paid"):
        return []
    if way is None:
        why = "The plan is paid, and a hold forbids us to write it: tell this person as soon as that is possible"
        note_task(session, f"plan:{plan.agreement_id}:paid", "plan_paid", books.row, why, now)
    else:
        template = "plan.paid" if plan.open_minor <= 0 else "plan.statement"
        write_message(session, f"plan:{plan.agreement_id}:paid", template, plan.debtor_id, way, statement(books))
    return [plan.debtor_id]


def _go_on(session: Session, books: PlanBooks, late: Iterable[Late], now: datetime, rules: Rules) -> None:
    plan = books.plan
    way = _way(session, plan, now, rules)
    if way is not None:
        for came in _untold(session, books, now):
            slots = {**statement(books), "payment_minor": came.amount_minor}
            write_message(session, _of_payment(plan, came), "plan.statement", plan.debtor_id, way, slots)
    for one in late:
        cause = _of_late(plan, one)
        if one.by_person:
            note_task(session, cause, "plan_late", books.row, _why(books, one), now)
        elif way is not None:
            slots = {**statement(books), "part": one.part.n, "due_on": one.part.due_on.isoformat()}
            write_message(session, cause, "plan.late", plan.debtor_id, way, slots)
        else:
            # Nothing may be written now, so nothing is said of it: later instalments wait their turn behind it.
            break


def _way(session: Session, plan: RunningPlan, now: datetime, rules: Rules) -> Way | None:
    standing = standings_of(session, [plan.debtor_id]).get(plan.debtor_id)
    return None if standing is None else way_of(standing, now, rules, through=PLAN)


def _untold(session: Session, books: PlanBooks, now: datetime) -> list[Came]:
    """Payments of the last days without a statement; money that went back is no news to thank for."""
    if books.plan.paid_minor <= 0:
        return []
    lately = [came for came in books.came if came.amount_minor > 0 and came.seen_at > now - STATEMENT_WITHIN]
    known = causes_known(session, [_of_payment(books.plan, came) for came in lately]) if lately else set()
    return [came for came in lately if _of_payment(books.plan, came) not in known]


def _of_payment(plan: RunningPlan, came: Came) -> str:
    return f"plan:{plan.agreement_id}:payment:{came.payment_id}"


def _of_late(plan: RunningPlan, late: Late) -> str:
    return f"plan:{plan.agreement_id}:late:{late.part.n}:{late.part.due_on.isoformat()}"


def _told(session: Session, found: Iterable[PlanBooks]) -> Mapping[int, set[Told]]:
    """Of which instalments it was said before that they are late, by plan: the causes tell."""
    debtors = {books.plan.debtor_id: None for books in found}
    ids = {books.plan.agreement_id for books in found}
    causes = [
        *session.scalars(
            select(OutboxRow.cause).where(OutboxRow.debtor_id.in_(debtors), OutboxRow.template == "plan.late")
        ),
        *session.scalars(select(TaskRow.cause).where(TaskRow.agreement_id.in_(ids), TaskRow.kind == "plan_late")),
    ]
    told: dict[int, set[Told]] = {plan_id: set() for plan_id in ids}
    for cause in causes:
        _, plan_id, _, n, day = (cause or "").split(":")
        if int(plan_id) in told:
            told[int(plan_id)].add((int(n), date.fromisoformat(day)))
    return told


def _why(books: PlanBooks, late: Late) -> str:
    rest = Money(late.part.amount_minor - late.part.paid_minor, books.currency)
    return (
        f"Instalment {late.part.n} of {late.part.due_on} is more than {LATE_AFTER.days} days late ({rest} missing), "
        "and not the first: ask what helps; the plan goes on"
    )

"""Messages that a turn makes: what confirms an agreement to the debtor, and what alarms our own people."""

from __future__ import annotations

from typing import Any

from sqlalchemy.orm import Session

from ivr import record as r
from ivr.briefing import Briefing
from ivr.cause import Cause, amount_of
from ivr.outcome import Outcome
from ledger.contact import Channel
from ledger.tables import OutboxRow


def confirm(session: Session, record: r.Record, outcome: Outcome, cause: Cause, told: dict[str, Any]) -> None:
    """To the debtor: what was agreed; `told` is what only this record's rows know. Nothing for a stranger."""
    if outcome.template is None or cause.briefing.debtor_id is None:
        return
    session.add(
        OutboxRow(
            cause=cause.key(type(record).__name__),
            template=outcome.template,
            channel=outcome.channel or cause.briefing.confirm_by,
            debtor_id=cause.briefing.debtor_id,
            slots=_slots(record, cause.briefing) | told,
            due_at=cause.at,
        )
    )


def alarm(session: Session, outcome: Outcome, cause: Cause) -> None:
    """To our own people, by e-mail: who it is and where they can be called, never a word of what was said."""
    if outcome.alarm is None or cause.alarm_to is None:
        return
    briefing = cause.briefing
    slots = {"to": cause.alarm_to, "call": briefing.call_id, "e164": briefing.e164, "language": briefing.language}
    session.add(
        OutboxRow(
            cause=cause.key(outcome.alarm),
            template=outcome.alarm,
            channel=Channel.EMAIL.value,
            debtor_id=briefing.debtor_id,
            slots=slots,
            due_at=cause.at,
        )
    )


def _slots(record: r.Record, briefing: Briefing) -> dict[str, Any]:
    """What the message needs, as plain JSON: who is told, and what was agreed."""
    slots: dict[str, Any] = {"language": briefing.language, "invoices": list(getattr(record, "invoices", ()))}
    if (amount := amount_of(record)) is not None:
        slots |= {"amount_minor": amount.minor, "currency": amount.currency}
    if isinstance(record, r.PromiseMade):
        slots["due_on"] = record.on.isoformat()
    if isinstance(record, r.PlanAgreed):
        parts = zip(record.dates, record.instalments, strict=True)
        slots["instalments"] = [{"due_on": day.isoformat(), "amount_minor": part.minor} for day, part in parts]
    if (answer_by := getattr(record, "answer_by", None)) is not None:
        slots["answer_by"] = answer_by.isoformat()
    return slots

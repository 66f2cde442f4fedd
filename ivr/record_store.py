"""Records become rows: agreements, holds, wishes, messages to send. Each cause binds once (`source_key`)."""

from __future__ import annotations

import logging
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from ivr import message_store
from ivr import record as r
from ivr.cause import Cause, amount_of
from ivr.outcome import OUTCOME_OF, Outcome, holds_for
from ivr.tables import ConversationRow, IdentityTryRow
from ivr.transfer_store import await_agent, no_longer
from ledger.callback_store import replace_callbacks
from ledger.hold_store import number_hash
from ledger.instalment_store import move_instalment, moved_slots
from ledger.promise_store import take_back
from ledger.tables import (
    AgreementInvoiceRow,
    AgreementRow,
    AuditRow,
    DebtorRow,
    HoldRow,
    InstalmentRow,
    PhoneRow,
    WishRow,
)

log = logging.getLogger(__name__)


def apply(session: Session, record: r.Record, cause: Cause) -> None:
    """Write one record's rows. Belongs in the turn's own unit of work."""
    outcome = OUTCOME_OF.get(type(record))
    if outcome is not None:
        _taken_back(session, record, outcome, cause)
        _agreement(session, record, outcome, cause)
        _holds(session, record, cause)
    told = _own_rows(session, record, cause)
    if outcome is not None:
        message_store.confirm(session, record, outcome, cause, told)
        message_store.alarm(session, outcome, cause)
    what = type(record).__name__
    session.add(
        AuditRow(
            at=cause.at, by=cause.by, what=what, subject=cause.key(what), detail={"debtor_id": cause.briefing.debtor_id}
        )
    )
    session.flush()


def _taken_back(session: Session, record: r.Record, outcome: Outcome, cause: Cause) -> None:
    if outcome.anew and cause.briefing.debtor_id is not None:
        invoices: tuple[int, ...] = getattr(record, "invoices", ())
        take_back(session, cause.briefing.debtor_id, invoices, cause.briefing.today, cause.at, cause.by)
    if isinstance(record, r.CallbackAsked) and record.by == "machine" and cause.briefing.debtor_id is not None:
        replace_callbacks(session, cause.briefing.debtor_id, record.e164, cause.at, cause.by)


def _agreement(session: Session, record: r.Record, outcome: Outcome, cause: Cause) -> None:
    if outcome.agreement is None:
        return
    amount = amount_of(record)
    opening = getattr(record, "opening", None)
    row = AgreementRow(
        source_key=cause.key(outcome.agreement),
        debtor_id=cause.briefing.debtor_id,
        kind=outcome.agreement,
        state="open",
        amount_minor=amount.minor if amount else None,
        currency=amount.currency if amount else None,
        due_on=record.on if isinstance(record, r.PromiseMade) else getattr(record, "answer_by", None),
        from_at=opening.from_at if opening else None,
        until_at=opening.until_at if opening else None,
        owner=_owner(record, outcome),
        detail=_detail(record, cause),
        made_at=cause.at,
    )
    session.add(row)
    session.flush()
    for invoice_id in getattr(record, "invoices", ()):
        session.add(AgreementInvoiceRow(agreement_id=row.id, invoice_id=invoice_id))
    if isinstance(record, r.PlanAgreed):
        for n, (day, part) in enumerate(zip(record.dates, record.instalments, strict=True), 1):
            session.add(InstalmentRow(agreement_id=row.id, n=n, due_on=day, amount_minor=part.minor))


def _owner(record: r.Record, outcome: Outcome) -> str | None:
    if isinstance(record, r.CallbackAsked):
        return record.by
    if isinstance(record, r.DisputeRaised):
        return record.department
    return outcome.owner


def _detail(record: r.Record, cause: Cause) -> dict[str, Any]:
    names = ("kind", "when", "why", "e164", "days")
    told = {name: value for name in names if (value := getattr(record, name, None)) is not None}
    return told if cause.noted_by is None else {**told, "noted_by": cause.noted_by}


def _holds(session: Session, record: r.Record, cause: Cause) -> None:
    for n, hold in enumerate(holds_for(record, cause.briefing)):
        session.add(
            HoldRow(
                debtor_id=hold.debtor_id,
                e164=hold.e164,
                number_hash=number_hash(session, hold.e164),
                invoice_id=hold.invoice_id,
                channel=hold.channel,
                kind=hold.kind,
                from_at=cause.at,
                until_at=hold.until_at,
                by=cause.by,
                via=cause.via,
                source_key=cause.key(f"{hold.kind}:{n}"),
            )
        )


def _own_rows(session: Session, record: r.Record, cause: Cause) -> dict[str, Any]:
    """What only this record changes; gives what its message must tell of that.

    Raises `BadAnswer` where an instalment can't be moved any more: then nothing of the turn is kept or said.
    """
    briefing, at = cause.briefing, cause.at
    match record:
        case r.IdentityPassed():
            session.execute(
                update(ConversationRow).where(ConversationRow.call_id == briefing.call_id).values(verified_at=at)
            )
        case r.IdentityFailed() if briefing.debtor_id is not None:
            session.add(IdentityTryRow(debtor_id=briefing.debtor_id, call_id=briefing.call_id, at=at))
        case r.CrisisHeard():
            # Not a word of it; but whoever watches the log of the house must call this person now.
            log.error("call %s: somebody is in crisis; a person must call them now", briefing.call_id)
        case r.LanguageChanged(language=language) if briefing.debtor_id is not None:
            session.execute(update(DebtorRow).where(DebtorRow.id == briefing.debtor_id).values(language=language))
        case r.ListeningChanged(listening=listening) if briefing.debtor_id is not None:
            session.execute(update(DebtorRow).where(DebtorRow.id == briefing.debtor_id).values(listening=listening))
        case r.WishSaid(start=start, end=end) if briefing.debtor_id is not None:
            hours = {"from": f"{start:%H:%M}", "to": f"{end:%H:%M}"}
            wish = WishRow(debtor_id=briefing.debtor_id, kind="hours", value=hours, via=cause.via, from_at=at)
            session.add(wish)
        case r.WrongNumber(e164=e164) if e164 is not None and briefing.debtor_id is not None:
            session.execute(
                update(PhoneRow)
                .where(PhoneRow.debtor_id == briefing.debtor_id, PhoneRow.e164 == e164, PhoneRow.until_at.is_(None))
                .values(until_at=at)
            )
        case r.OptOutUndone():
            _lift_opt_out(session, cause)
        case r.StatementGiven(name=name, seconds=seconds):
            dispute = _dispute(session, cause)
            dispute.detail = {**dispute.detail, "statement": name, "seconds": seconds}
        case r.AgentAwaited():
            await_agent(session, briefing.call_id, cause.turn, at, why=record.why, language=record.language)
        case r.WaitEnded():
            no_longer(session, briefing.call_id, at)
        case r.InstalmentMoved(agreement_id=agreement_id, n=n, on=on):
            return moved_slots(move_instalment(session, agreement_id, n, on, at, cause.by))
    return {}


def _dispute(session: Session, cause: Cause) -> AgreementRow:
    """The last dispute of this same call. Raises `NoResultFound` where there is none: nothing may hang in the air."""
    mine = select(AgreementRow).where(
        AgreementRow.kind == "dispute",
        AgreementRow.source_key.startswith(f"{cause.briefing.call_id}:", autoescape=True),
    )
    return session.scalars(mine.order_by(AgreementRow.id.desc()).limit(1)).one()


def _lift_opt_out(session: Session, cause: Cause) -> None:
    """Only the opt-out of this same call is undone; one that stood before stays."""
    mine = select(HoldRow).where(
        HoldRow.kind == "opt_out",
        HoldRow.via == cause.via,
        HoldRow.source_key.startswith(f"{cause.briefing.call_id}:", autoescape=True),
        HoldRow.lifted_at.is_(None),
    )
    for row in session.scalars(mine):
        row.until_at = row.lifted_at = cause.at
        row.lifted_by, row.lifted_why = cause.by, "undone by key on the same call"

"""What the beat writes about an agreement: one message to be sent, or one task for a person; each cause once."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from ledger.message import class_of
from ledger.tables import AgreementRow, CreditorRow, DebtorRow, InvoiceRow, OutboxRow
from schedules.notice import Way
from schedules.tables import TaskRow
from schedules.upsert_store import insert_or_leave


def write_message(
    session: Session, cause: str, template: str, debtor_id: int, way: Way, slots: Mapping[str, Any]
) -> bool:
    """A message of the list (`ledger.message`), with whom it speaks to and for whom; False: it is there already,
    whatever the channel. `slots["invoices"]` names what it is about."""
    class_of(template)
    if causes_known(session, [cause]):
        return False
    debtor = session.get_one(DebtorRow, debtor_id)
    about = select(CreditorRow).join(InvoiceRow, InvoiceRow.creditor_id == CreditorRow.id)
    creditor = session.scalars(about.where(InvoiceRow.id.in_(slots["invoices"])).order_by(InvoiceRow.id)).first()
    whole = {
        "language": debtor.language,
        "address_form": debtor.address_form or debtor.name,
        "sender": creditor.sender if creditor else None,
        "contact_person": creditor.contact_person if creditor else None,
        "to": way.to,
        **slots,
    }
    return insert_or_leave(
        session, OutboxRow, cause=cause, template=template, channel=way.channel.value, debtor_id=debtor_id,
        slots=whole, due_at=way.due_at, state="pending", tries=0,
    )  # fmt: skip


def causes_known(session: Session, causes: Collection[str]) -> set[str]:
    """Those of which a message is written."""
    return set(session.scalars(select(OutboxRow.cause).where(OutboxRow.cause.in_(causes))))


def tasks_known(session: Session, causes: Collection[str]) -> set[str]:
    """Those of which a task is noted."""
    found = session.scalars(select(TaskRow.cause).where(TaskRow.cause.in_(causes)))
    return {cause for cause in found if cause is not None}


def note_task(
    session: Session, cause: str, kind: str, agreement: AgreementRow, why: str, now: datetime, *, urgent: bool = False
) -> bool:
    """A task about an agreement; False: it is noted already, or nobody is known whom it is about."""
    if agreement.debtor_id is None:
        return False
    return insert_or_leave(
        session, TaskRow, cause=cause, kind=kind, debtor_id=agreement.debtor_id, agreement_id=agreement.id,
        urgent=urgent, why=why[:200], made_at=now,
    )  # fmt: skip

"""Call-backs by machine: of two moments that were asked for one after the other the later wish counts."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from ledger.agreement_end_store import end_agreement
from ledger.tables import AgreementRow


def replace_callbacks(session: Session, debtor_id: int, e164: str | None, now: datetime, by: str) -> None:
    """End the open call-backs by machine to this number, or to any of the debtor's: another moment was asked for.

    One to another number stands, since somebody else may have asked for it. A person's call stands too.
    """
    query = select(AgreementRow).where(
        AgreementRow.debtor_id == debtor_id, AgreementRow.kind == "callback", AgreementRow.owner == "machine",
        AgreementRow.state == "open",
    )  # fmt: skip
    for row in session.scalars(query.order_by(AgreementRow.id).with_for_update()).all():
        if row.detail.get("e164") in (None, e164):
            end_agreement(session, row, "withdrawn", now, by, "another moment was asked for")

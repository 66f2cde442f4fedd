"""Who spoke of ending their life, or of danger, and waits for one of our people: the alarm, and its end.

The agreement of the call is the alarm itself, so that both are there or neither. Nothing that was said is in it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from ledger.agreement_end_store import end_with_holds_kept
from ledger.errors import BadAnswer
from ledger.instalment_store import locked_agreement
from ledger.tables import AgreementRow, DebtorRow


@dataclass(frozen=True, kw_only=True)
class Crisis:
    """One alarm."""

    agreement_id: int
    #: None: a caller whom we don't recognise.
    debtor: str | None
    name: str | None
    #: The number on which they spoke, E.164; None: it was withheld.
    e164: str | None
    made_at: datetime


def crises(session: Session) -> list[Crisis]:
    """Everybody whom none of our people has called yet, the first first."""
    query = (
        select(AgreementRow, DebtorRow)
        .outerjoin(DebtorRow, DebtorRow.id == AgreementRow.debtor_id)
        .where(AgreementRow.kind == "crisis", AgreementRow.state == "open")
        .order_by(AgreementRow.id)
    )
    return [
        Crisis(
            agreement_id=row.id,
            debtor=debtor.ref if debtor else None,
            name=debtor.name if debtor else None,
            e164=row.detail.get("e164"),
            made_at=row.made_at,
        )
        for row, debtor in session.execute(query)
    ]


def called(session: Session, agreement_id: int, now: datetime, by: str) -> None:
    """One of our people has called them: the alarm is over, the quiet days stay.

    Raises `BadAnswer` where it is no crisis, or somebody was first; then nothing is changed.
    """
    row = locked_agreement(session, agreement_id)
    if row.kind != "crisis":
        raise BadAnswer(f"id: agreement {agreement_id} is a {row.kind}; only a crisis is ended by a call")
    if row.state != "open" or not end_with_holds_kept(session, row, "kept", now, by, "a person called"):
        when = f" on {row.ended_at:%Y-%m-%d}" if row.ended_at else ""
        raise BadAnswer(f"id: the crisis of agreement {agreement_id} was ended{when}: somebody has called them")

"""The recordings that disputes name: which there are, and that one was deleted."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from ledger.tables import AgreementRow, AuditRow


@dataclass(frozen=True, kw_only=True)
class Statement:
    """One recording, as its dispute names it."""

    agreement_id: int
    debtor_id: int | None
    #: Its file's name.
    name: str
    made_at: datetime


def statements(session: Session) -> list[Statement]:
    """Every recording that a dispute still names, the oldest first; closed disputes too."""
    named = select(AgreementRow).where(
        AgreementRow.kind == "dispute", AgreementRow.detail["statement"].as_string().is_not(None)
    )
    return [
        Statement(agreement_id=row.id, debtor_id=row.debtor_id, name=row.detail["statement"], made_at=row.made_at)
        for row in session.scalars(named.order_by(AgreementRow.made_at, AgreementRow.id))
    ]


def deleted(session: Session, gone: Sequence[Statement], now: datetime, by: str) -> None:
    """These files are no more: their disputes say since when, and the audit says it too."""
    for one in gone:
        row = session.get(AgreementRow, one.agreement_id, with_for_update=True)
        if row is None or row.detail.get("statement") != one.name:
            continue
        kept = {key: value for key, value in row.detail.items() if key != "statement"}
        row.detail = {**kept, "statement_deleted_at": now.astimezone(UTC).isoformat()}
        what = {"at": now, "by": by, "what": "StatementDeleted", "subject": f"agreement {one.agreement_id}"}
        session.add(AuditRow(**what, detail={"debtor_id": one.debtor_id}))

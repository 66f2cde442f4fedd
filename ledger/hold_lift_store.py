"""Lifting the holds that an agreement made: its row keeps its own end and tells who lifted it, when and why."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from ledger.tables import AgreementRow, AuditRow, HoldRow


def lift_holds_of(session: Session, agreement: AgreementRow, now: datetime, by: str, why: str) -> int:
    """Lift the standing holds that came with this agreement, never one that somebody else made; how many."""
    mine = select(HoldRow).where(
        HoldRow.debtor_id == agreement.debtor_id,
        HoldRow.kind == agreement.kind,
        HoldRow.source_key.startswith(f"{agreement.source_key}:", autoescape=True),
        HoldRow.lifted_at.is_(None),
    )
    rows = list(session.scalars(mine))
    for row in rows:
        row.lifted_at, row.lifted_by, row.lifted_why = now, by, why[:200]
        detail = {"debtor_id": agreement.debtor_id, "kind": row.kind, "why": why}
        session.add(AuditRow(at=now, by=by, what="hold_lifted", subject=f"hold {row.id}", detail=detail))
    return len(rows)

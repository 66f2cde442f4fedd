"""The end of an agreement: once, by a conditional update; its holds go with it, and the audit tells who ended it."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import update
from sqlalchemy.orm import Session

from ledger.hold_lift_store import lift_holds_of
from ledger.tables import AgreementRow, AuditRow


def end_agreement(
    session: Session, agreement: AgreementRow, state: str, now: datetime, by: str, why: str, **detail: object
) -> bool:
    """`kept`, `broken` or `withdrawn`; False: somebody ended it before us, and nothing is written."""
    done = session.execute(
        update(AgreementRow)
        .where(AgreementRow.id == agreement.id, AgreementRow.state == "open")
        .values(state=state, ended_at=now, detail={**agreement.detail, **detail})
    )
    if done.rowcount != 1:  # type: ignore[attr-defined]
        return False
    lift_holds_of(session, agreement, now, by, why)
    told = {"state": state, "why": why, **detail}
    session.add(AuditRow(at=now, by=by, what="agreement_ended", subject=f"agreement {agreement.id}", detail=told))
    session.flush()
    return True

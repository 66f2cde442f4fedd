"""The end of an agreement: once, by a conditional update; its holds go with it, and the audit tells who ended it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import update
from sqlalchemy.orm import Session

from ledger.hold_lift_store import lift_holds_of
from ledger.tables import AgreementRow, AuditRow


def end_agreement(
    session: Session, agreement: AgreementRow, state: str, now: datetime, by: str, why: str, **detail: object
) -> bool:
    """`kept`, `broken` or `withdrawn`; False: somebody ended it before us, and nothing is written."""
    if not _closed(session, agreement, state, now, detail):
        return False
    lift_holds_of(session, agreement, now, by, why)
    _audit(session, agreement, now, by, {"state": state, "why": why, **detail})
    return True


def end_with_holds_kept(
    session: Session, agreement: AgreementRow, state: str, now: datetime, by: str, why: str, **detail: object
) -> bool:
    """Like `end_agreement`, but what the agreement stopped stays quiet until its own day."""
    if not _closed(session, agreement, state, now, detail):
        return False
    _audit(session, agreement, now, by, {"state": state, "why": why, **detail})
    return True


def _closed(session: Session, agreement: AgreementRow, state: str, now: datetime, detail: Mapping[str, object]) -> bool:
    done = session.execute(
        update(AgreementRow)
        .where(AgreementRow.id == agreement.id, AgreementRow.state == "open")
        .values(state=state, ended_at=now, detail={**agreement.detail, **detail})
    )
    return done.rowcount == 1  # type: ignore[attr-defined, no-any-return]


def _audit(session: Session, agreement: AgreementRow, now: datetime, by: str, told: Mapping[str, object]) -> None:
    subject = f"agreement {agreement.id}"
    session.add(AuditRow(at=now, by=by, what="agreement_ended", subject=subject, detail=dict(told)))
    session.flush()

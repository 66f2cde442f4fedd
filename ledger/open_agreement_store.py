"""Agreements that stand open, by slices, for whoever looks after one kind of them."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from ledger.tables import AgreementRow


def open_agreements(session: Session, kinds: Collection[str], after: int, most: int) -> Sequence[AgreementRow]:
    """The next open agreements of these kinds with an id above `after`, the oldest first."""
    query = (
        select(AgreementRow)
        .where(AgreementRow.kind.in_(kinds), AgreementRow.state == "open", AgreementRow.id > after)
        .order_by(AgreementRow.id)
        .limit(most)
    )
    return session.scalars(query).all()

"""Open requests that only our people can end, read from the agreements themselves: no row is written for them."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from ledger.database import utc_date
from ledger.region import region_of
from ledger.request import WORDS, Request, do_by, why
from ledger.tables import AgreementRow, DebtorRow


@dataclass(frozen=True, kw_only=True)
class OpenRequest:
    """One of them."""

    agreement_id: int
    kind: str
    #: None: a caller whom we don't recognise.
    debtor: str | None
    name: str | None
    do_by: date
    late: bool
    why: str
    made_at: datetime


def open_requests(session: Session, now: datetime, *, without: Collection[int]) -> list[OpenRequest]:
    """All but those agreements; what should have been done first at the front."""
    query = (
        select(
            AgreementRow.id, AgreementRow.kind, AgreementRow.due_on, AgreementRow.until_at, AgreementRow.detail,
            AgreementRow.made_at, DebtorRow.ref, DebtorRow.name, DebtorRow.country, DebtorRow.region,
            DebtorRow.postcode,
        )
        .outerjoin(DebtorRow, DebtorRow.id == AgreementRow.debtor_id)
        .where(AgreementRow.kind.in_(WORDS), AgreementRow.state == "open")
        .where((AgreementRow.kind != "callback") | (AgreementRow.owner == "person"))
    )  # fmt: skip
    today = utc_date(now)
    found = []
    for row in session.execute(query):
        if row.id in without:
            continue
        one = Request(
            kind=row.kind,
            made_on=utc_date(row.made_at),
            named=row.due_on or (utc_date(row.until_at) if row.until_at else None),
            stranger=None if row.ref else row.detail.get("e164"),
            tries=row.detail.get("tries", 0),
        )
        last = do_by(one, region_of(row.country, row.region, row.postcode))
        found.append(
            OpenRequest(
                agreement_id=row.id, kind=row.kind, debtor=row.ref, name=row.name, do_by=last, late=last < today,
                why=why(one), made_at=row.made_at,
            )
        )  # fmt: skip
    return sorted(found, key=lambda one: (one.do_by, one.agreement_id))

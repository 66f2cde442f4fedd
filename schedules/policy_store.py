"""Creditors' policies in the books: the one that holds, those that held before, and a change as a new version."""

from __future__ import annotations

import time
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from ledger.database import LONGEST_UNIT, Database
from ledger.tables import AccountRow, AuditRow, CreditorRow, InvoiceRow, PolicyVersionRow
from schedules.errors import BadRules
from schedules.queue import NEVER, whole_minute
from schedules.tables import CandidateRow

#: Debtors whose candidates one unit of work moves: well below the longest unit.
_SLICE = 1000
#: What held before the first change has held for ever.
_EVER = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, kw_only=True)
class CreditorTold:
    """A creditor as commands show it."""

    id: int
    name: str
    sender: str
    role: str
    callback_number: str | None
    policy: Mapping[str, Any]
    version: int


def creditors(session: Session) -> list[CreditorTold]:
    """Every creditor, by name."""
    return [_told(row) for row in session.scalars(select(CreditorRow).order_by(CreditorRow.name))]


def creditor_of(session: Session, name: str) -> CreditorTold:
    """One creditor. Raises `BadRules` where there is none of this name."""
    row = session.scalar(select(CreditorRow).where(CreditorRow.name == name))
    if row is None:
        raise BadRules(f"creditor: there is no {name} in the books; beltoon creditor list shows those that there are")
    return _told(row)


def save_policy(
    session: Session, before: CreditorTold, policy: Mapping[str, Any], now: datetime, by: str, note: str | None
) -> CreditorTold:
    """A new version, which holds for the next call. Raises `BadRules` where somebody saved another since `before`."""
    n = before.version + 1
    mine = update(CreditorRow).where(CreditorRow.id == before.id, CreditorRow.policy_version == before.version)
    done = session.execute(mine.values(policy=dict(policy), policy_version=n))
    if done.rowcount != 1:  # type: ignore[attr-defined]
        raise BadRules(f"The policy of {before.name} was changed meanwhile; look at it, and make your change again")
    first = select(PolicyVersionRow.id).where(PolicyVersionRow.creditor_id == before.id).limit(1)
    if session.scalar(first) is None:
        session.add(
            PolicyVersionRow(
                creditor_id=before.id, n=before.version, policy=dict(before.policy), from_at=_EVER, by="", note=None
            )
        )
    session.add(PolicyVersionRow(creditor_id=before.id, n=n, policy=dict(policy), from_at=now, by=by, note=note))
    detail = {"version": n, "note": note, "policy": dict(policy)}
    session.add(AuditRow(at=now, by=by, what="creditor policy", subject=before.name, detail=detail))
    session.flush()
    return creditor_of(session, before.name)


def policies_at(session: Session, ids: Collection[int], at: datetime) -> dict[int, Mapping[str, Any]]:
    """The policies that held at an instant, of those of these creditors whose policy was ever changed."""
    query = select(PolicyVersionRow.creditor_id, PolicyVersionRow.policy)
    query = query.where(PolicyVersionRow.creditor_id.in_(ids), PolicyVersionRow.from_at <= at)
    return dict(session.execute(query.order_by(PolicyVersionRow.n)).all())  # the newest of each is the last


def wake_after_policy(database: Database, creditor_id: int, now: datetime) -> int:
    """Look again at everybody who owes this creditor, in short units of work; gives how many were moved."""
    time.sleep(LONGEST_UNIT.total_seconds())  # who read the older policy has written by then what followed from it
    after, moved, moment = 0, 0, whole_minute(now)
    while True:
        with database.unit_of_work() as session:
            owing = (
                select(AccountRow.debtor_id)
                .join(InvoiceRow, InvoiceRow.account_id == AccountRow.id)
                .where(AccountRow.debtor_id > after, InvoiceRow.creditor_id == creditor_id, InvoiceRow.open_minor > 0)
            )
            debtors = list(session.scalars(owing.distinct().order_by(AccountRow.debtor_id).limit(_SLICE)))
            theirs = (CandidateRow.debtor_id.in_(debtors), CandidateRow.next_eligible_at > moment)
            woken = update(CandidateRow).where(*theirs).values(next_eligible_at=moment, open_until=NEVER)
            moved += int(session.execute(woken).rowcount)  # type: ignore[attr-defined]
        if len(debtors) < _SLICE:
            return moved
        after = debtors[-1]


def _told(row: CreditorRow) -> CreditorTold:
    return CreditorTold(
        id=row.id, name=row.name, sender=row.sender, role=row.role, callback_number=row.callback_number,
        policy=row.policy, version=row.policy_version,
    )  # fmt: skip

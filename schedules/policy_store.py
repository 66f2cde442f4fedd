"""Creditors' policies in the books: the one that holds, those that held before, and a change as a new version."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from ledger.tables import AuditRow, CreditorRow, PolicyVersionRow
from schedules.errors import BadRules

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


def policies_since(session: Session, ids: Collection[int]) -> dict[int, list[tuple[datetime, Mapping[str, Any]]]]:
    """Every policy with the instant from which it held, the oldest first, of those of these creditors whose policy was
    ever changed."""
    query = select(PolicyVersionRow.creditor_id, PolicyVersionRow.from_at, PolicyVersionRow.policy)
    found: dict[int, list[tuple[datetime, Mapping[str, Any]]]] = {}
    for row in session.execute(query.where(PolicyVersionRow.creditor_id.in_(ids)).order_by(PolicyVersionRow.n)):
        found.setdefault(row.creditor_id, []).append((row.from_at, row.policy))
    return found


def _told(row: CreditorRow) -> CreditorTold:
    return CreditorTold(
        id=row.id, name=row.name, sender=row.sender, role=row.role, callback_number=row.callback_number,
        policy=row.policy, version=row.policy_version,
    )  # fmt: skip

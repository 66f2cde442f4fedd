"""The versions of a house's rules: which one holds, or held at an instant; a change appends a row."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from ledger.tables import AuditRow
from schedules.errors import BadRules
from schedules.rules import Rules
from schedules.rules_document import read_document, rules_of
from schedules.tables import RulesVersionRow

#: Versions that are kept compiled; questions about the past seldom ask for more.
_KEPT = 8


@dataclass(frozen=True, kw_only=True, slots=True)
class RulesVersion:
    """A saved document."""

    n: int
    document: Mapping[str, Any]
    from_at: datetime
    by: str
    note: str | None


class RulesBook:
    """The rules that hold: the shipped ones with the newest version laid over them. One for each process.

    Asking costs one look at the newest id; a document is read and compiled only when that has changed. Threads may
    share it. A document that can't be read raises `BadRules`: nobody is called by rules that nobody knows.
    """

    def __init__(self, shipped: Rules) -> None:
        self.shipped = shipped
        self._read: dict[int, Rules] = {}

    def now(self, session: Session) -> Rules:
        """The rules that hold now."""
        return self.version(session, session.scalar(select(func.max(RulesVersionRow.id))))

    def at(self, session: Session, at: datetime) -> Rules:
        """Those that held at an instant; of a future one, those that hold now."""
        held = select(func.max(RulesVersionRow.id)).where(RulesVersionRow.from_at <= at)
        return self.version(session, session.scalar(held))

    def at_each(self, session: Session, moments: Collection[datetime]) -> dict[datetime, Rules]:
        """Those that held at each of many instants, in one look."""
        begun = session.execute(select(RulesVersionRow.id, RulesVersionRow.from_at)).all()
        held = {at: max((id_ for id_, from_at in begun if from_at <= at), default=None) for at in moments}
        return {at: self.version(session, id_) for at, id_ in held.items()}

    def version(self, session: Session, id_: int | None) -> Rules:
        """Those of the version with this id; None: the shipped ones."""
        if id_ is None:
            return self.shipped
        found = self._read.get(id_)
        if found is None:
            row = session.get_one(RulesVersionRow, id_)
            found = rules_of(self.shipped, read_document(row.document, self.shipped.profiles), row.n)
            kept = list(self._read.items())[1 - _KEPT :]
            self._read = {**dict(kept), id_: found}
        return found


def compiled_versions(session: Session, book: RulesBook) -> tuple[int, Rules, Rules]:
    """The newest version's number (0: none was saved), the rules before it and those with it."""
    newest = session.execute(select(RulesVersionRow.id, RulesVersionRow.n).order_by(RulesVersionRow.id.desc()).limit(2))
    rows = newest.all()
    if not rows:
        return 0, book.shipped, book.shipped
    return rows[0].n, book.version(session, rows[1].id if len(rows) > 1 else None), book.version(session, rows[0].id)


def newest_version(session: Session) -> RulesVersion | None:
    """The version that holds; None: the shipped rules alone."""
    return _one(session, select(RulesVersionRow).order_by(RulesVersionRow.id.desc()))


def version_at(session: Session, at: datetime) -> RulesVersion | None:
    """The version that held at an instant."""
    held = select(RulesVersionRow).where(RulesVersionRow.from_at <= at)
    return _one(session, held.order_by(RulesVersionRow.id.desc()))


def save_version(
    session: Session, document: Mapping[str, Any], now: datetime, by: str, note: str | None, after: int
) -> RulesVersion:
    """Append a version and its line in the audit. `after`: the number of the version that was looked at, 0: none.

    Raises `BadRules` where somebody saved another since.
    """
    last = session.scalar(select(func.max(RulesVersionRow.n))) or 0
    if last != after:
        raise BadRules(f"The rules were changed meanwhile (version {last}); export them, and make your change again")
    row = RulesVersionRow(n=last + 1, document=dict(document), from_at=now, by=by, note=note)
    session.add(row)
    detail = {"version": row.n, "note": note, "document": row.document}
    session.add(AuditRow(at=now, by=by, what="rules", subject=f"version {row.n}", detail=detail))
    session.flush()
    return _version(row)


def _one(session: Session, query: Select[RulesVersionRow]) -> RulesVersion | None:
    row = session.scalar(query.limit(1))
    return None if row is None else _version(row)


def _version(row: RulesVersionRow) -> RulesVersion:
    return RulesVersion(n=row.n, document=row.document, from_at=row.from_at, by=row.by, note=row.note)

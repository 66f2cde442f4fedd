"""The keyed hashes of numbers on hold: written beside the number, so that the hold outlives it."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from sqlalchemy import ColumnElement, func, or_, select, update
from sqlalchemy.orm import Session

from ledger.among import among
from ledger.database import Database, number_key
from ledger.tables import HoldRow

#: Holds that are hashed in one unit of work.
_SLICE = 1000
_WITHOUT = (HoldRow.e164 != "", HoldRow.number_hash.is_(None))


def number_hash(session: Session, e164: str | None) -> str | None:
    """What is stored beside a number on hold; None: no number, or no key was handed to this database."""
    key = number_key(session)
    return key.hash_of(e164) if key is not None and e164 else None


def numbers_by_hash(session: Session, numbers: Iterable[str]) -> dict[str, str]:
    """The same of many numbers: each by its hash."""
    key = number_key(session)
    return {} if key is None else {key.hash_of(e164): e164 for e164 in numbers if e164}


def on_numbers(numbers: Iterable[str], hashes: Collection[str]) -> ColumnElement[bool]:
    """Holds on these numbers, also those of which only the hash is left."""
    known = among(HoldRow.e164, list(numbers))
    return or_(known, among(HoldRow.number_hash, hashes)) if hashes else known


def hash_numbers(database: Database) -> int:
    """Hash the numbers on hold that have no hash yet (they are older than the key); how many there were."""
    hashed = 0
    while True:
        with database.unit_of_work() as session:
            if number_key(session) is None:
                return hashed
            found = session.execute(select(HoldRow.id, HoldRow.e164).where(*_WITHOUT).limit(_SLICE)).all()
            if not found:
                return hashed
            rows = [{"id": id_, "number_hash": number_hash(session, e164)} for id_, e164 in found]
            session.execute(update(HoldRow), rows)
            hashed += len(rows)


def without_hash(session: Session) -> int:
    """Numbers on hold that would be forgotten with their person."""
    return session.scalar(select(func.count()).select_from(HoldRow).where(*_WITHOUT)) or 0


def of_another_key(session: Session) -> bool:
    """Was the last number on hold hashed with another key than ours?"""
    both = select(HoldRow.e164, HoldRow.number_hash).where(HoldRow.e164 != "", HoldRow.number_hash.is_not(None))
    last = session.execute(both.order_by(HoldRow.id.desc()).limit(1)).one_or_none()
    return last is not None and number_hash(session, last.e164) != last.number_hash

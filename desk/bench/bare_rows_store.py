"""The rows of claims that were made, written once more by the driver alone: what the writing costs without deciding."""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

#: Slots of a day that no claim has: the same tries, beside those that they copy.
_OTHER_SLOTS = 1000
#: Each table, and which of its rows belong to an attempt.
_TABLES = {
    "contact": "JOIN attempt a ON a.contact_id = t.id",
    "receipt": "JOIN attempt a ON a.contact_id = t.contact_id",
    "attempt": "JOIN attempt a ON a.uuid = t.uuid",
    "call": "JOIN attempt a ON a.uuid = t.attempt_uuid",
    "entry": "JOIN attempt a ON a.uuid = t.call_uuid",
}

Values = dict[str, Any]


@dataclass(frozen=True, kw_only=True)
class Written:
    """What one claim wrote, by table: all columns but those that the database counts."""

    contact: Values
    receipt: Values
    attempt: Values
    call: Values
    entry: Values


def rows_of(session: Session, owner: str) -> list[Written]:
    """The rows of each claim of this owner, as the driver reads them."""
    raw, mark = _driver(session)
    found: dict[str, list[Values]] = {}
    for name, join in _TABLES.items():
        cursor = raw.execute(
            f"SELECT t.* FROM {name} t {join} WHERE a.owner = {mark} ORDER BY a.uuid",  # noqa: S608 - our own names
            (owner,),
        )
        names = [column[0] for column in cursor.description]
        found[name] = [_values(names, row) for row in cursor.fetchall()]
    return [Written(**dict(zip(found, rows, strict=True))) for rows in zip(*found.values(), strict=True)]


def _values(names: Sequence[str], row: Sequence[Any]) -> Values:
    """A row without the id that the database counts; JSON as text."""
    return {
        name: json.dumps(value) if isinstance(value, dict) else value
        for name, value in zip(names, row, strict=True)
        if name != "id"
    }


def write_again(session: Session, claims: Sequence[Written]) -> None:
    """The same rows under keys of their own, and the same locks and candidates: prepared, and one batch a table."""
    raw, mark = _driver(session)
    cursor = raw.cursor()
    keys = sorted({key for claim in claims for key in _budget(claim)})
    cursor.executemany(_insert("budget", {"key": ""}, mark) + " ON CONFLICT DO NOTHING", [(one,) for one in keys])
    again = [_under_new_keys(raw, mark, one) for one in claims]
    for name in ("receipt", "attempt", "call", "entry"):
        rows = [getattr(one, name) for one in again]
        cursor.executemany(_insert(name, rows[0], mark), [tuple(row.values()) for row in rows])
    moved = "UPDATE candidate SET next_eligible_at = next_eligible_at WHERE campaign_id = 1 AND debtor_id = "
    cursor.executemany(moved + mark, sorted((one.contact["debtor_id"],) for one in claims))


def _under_new_keys(raw: Any, mark: str, one: Written) -> Written:
    """The rows that go with a contact, which is written first: it gives its id."""
    contact = one.contact | {
        "debtor_slot": one.contact["debtor_slot"] + _OTHER_SLOTS,
        "address_slot": one.contact["address_slot"] + _OTHER_SLOTS,
    }
    written = raw.execute(_insert("contact", contact, mark) + " RETURNING id", tuple(contact.values()))
    contact_id, attempt, entry = written.fetchone()[0], str(uuid.uuid4()), str(uuid.uuid4())
    return Written(
        contact=contact,
        receipt=one.receipt | {"contact_id": contact_id},
        attempt=one.attempt | {"uuid": attempt, "contact_id": contact_id, "owner": "bare"},
        call=one.call | {"uuid": attempt, "attempt_uuid": attempt, "carrier_ref": attempt},
        entry=one.entry | {"uuid": entry, "call_uuid": attempt},
    )


def _budget(claim: Written) -> Iterator[str]:
    yield f"d:{claim.contact['debtor_id']}"
    yield f"a:{claim.contact['address']}"


def _insert(table: str, values: Values, mark: str) -> str:
    marks = ", ".join([mark] * len(values))
    return f"INSERT INTO {table} ({', '.join(values)}) VALUES ({marks})"  # noqa: S608 - our own names


def _driver(session: Session) -> tuple[Any, str]:
    """The driver's own connection, and how it marks a value."""
    raw = session.connection().connection.driver_connection
    return raw, "?" if session.get_bind().dialect.name == "sqlite" else "%s"

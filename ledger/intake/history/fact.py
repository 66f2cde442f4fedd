"""One thing that happened, as a checked row says it, and what the books know to check it by. Values only."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from hashlib import sha256
from typing import Any, NamedTuple


class Fact(NamedTuple):
    """A checked row. `values` are columns of its table by name: texts, numbers, days, instants, and lists of them."""

    line: int
    #: The people whom it touches, by ref: they are looked at again afterwards.
    debtors: tuple[str, ...]
    values: dict[str, Any]

    @property
    def key(self) -> str:
        """The same content has the same key, in any list."""
        said = repr(sorted((name, str(value)) for name, value in self.values.items() if value is not None))
        return sha256(said.encode()).hexdigest()[:40]

    @classmethod
    def from_json(cls, stored: list[Any]) -> Fact:
        """The fact that `json.dumps(fact, default=str)` stored."""
        line, debtors, values = stored
        return cls(line, tuple(debtors), {name: _restored(name, value) for name, value in values.items()})


def _restored(name: str, value: Any) -> Any:
    if value is None:
        return None
    if name.endswith("_at"):
        return datetime.fromisoformat(value)
    if name.endswith(("_on", "_date")):
        return date.fromisoformat(value)
    return value


@dataclass(frozen=True, kw_only=True)
class Who:
    """A debtor in the books: where they live."""

    id: int
    ref: str
    country: str | None
    #: The zones of the address.
    zones: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Bill:
    """An invoice in the books."""

    id: int
    debtor: str
    currency: str
    issued_on: date
    first_letter_sent_on: date | None


@dataclass(frozen=True, kw_only=True)
class Books:
    """The books, as far as some rows ask."""

    debtors: Mapping[str, Who] = field(default_factory=dict)
    #: By creditor and number.
    invoices: Mapping[tuple[str, str], Bill] = field(default_factory=dict)
    #: By creditor and customer number: the debtor.
    accounts: Mapping[tuple[str, str], str] = field(default_factory=dict)
    #: E.164 to everybody who has it.
    numbers: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

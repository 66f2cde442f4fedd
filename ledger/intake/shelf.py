"""What a list is remembered by, in bounded memory: the first entries at hand, the others in a temporary file.

Nearly every question about a long list is "was this named before?", and the answer nearly always no. A field of marks,
one for each key by its hash, answers that no without a look into the file; it is wrong only in saying "perhaps".
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any, Generic, TypeVar, cast

K = TypeVar("K", int, str)
V = TypeVar("V")
#: Entries of a shelf that are at hand; some 15 MB of them.
AT_HAND = 100_000
#: Bits in the field for each key in the file, at least: of thirty questions one looks in vain.
_BITS_OF_KEY, _FEWEST = 32, 1 << 22


class Shelf(Generic[K, V]):
    """Values by key; a key is never taken away, a value never None. Numbers, texts and bytes are stored as they are,
    others as `pack` tells them. `at_hand`: so many entries stay in memory."""

    def __init__(
        self,
        pack: Callable[[V], Any] = lambda value: value,
        unpack: Callable[[Any], V] = lambda stored: cast(V, stored),
        at_hand: int = AT_HAND,
    ) -> None:
        self._pack, self._unpack, self._room = pack, unpack, at_hand
        self._near: dict[K, V] = {}
        self._far: _File | None = None
        self._count = 0

    def __len__(self) -> int:
        return self._count

    def __contains__(self, key: object) -> bool:
        return key in self._near or (self._far is not None and self._far.find(key) is not None)

    def get(self, key: K) -> V | None:
        """The value of a key; None: there is none."""
        value = self._near.get(key)
        if value is None and self._far is not None and (stored := self._far.find(key)) is not None:
            return self._unpack(stored[0])
        return value

    def put(self, key: K, value: V) -> None:
        """A value for a key, new or in place of its old one."""
        if key in self._near:
            self._near[key] = value
        else:
            self._count -= self._far is not None and self._far.find(key) is not None
            self.add(key, value)

    def add(self, key: K, value: V) -> None:
        """A value for a key that is not there."""
        if len(self._near) >= self._room:
            self._far = self._far or _File()
            self._far.add([(one, self._pack(self._near[one])) for one in sorted(self._near)])
            self._near.clear()
        self._near[key] = value
        self._count += 1

    def __iter__(self) -> Iterator[K]:
        """Every key once; nothing is put meanwhile."""
        if self._far is not None:
            yield from (key for key in self._far if key not in self._near)
        yield from self._near

    def close(self) -> None:
        """The file goes."""
        if self._far is not None:
            self._far.close()


class _File:
    """Entries in an unnamed temporary database, and the field of marks before it."""

    def __init__(self) -> None:
        self._rows = sqlite3.connect("", isolation_level=None)
        self._rows.execute("PRAGMA journal_mode = OFF")
        self._rows.execute("PRAGMA synchronous = OFF")
        self._rows.execute("CREATE TABLE shelf (key PRIMARY KEY, value) WITHOUT ROWID")
        self._count = 0
        self._marks = bytearray(_FEWEST // 8)
        self._last = _FEWEST - 1

    def find(self, key: Any) -> tuple[Any] | None:
        """The stored value of a key."""
        at = hash(key) & self._last
        if not self._marks[at >> 3] >> (at & 7) & 1:
            return None
        return cast("tuple[Any] | None", self._rows.execute("SELECT value FROM shelf WHERE key = ?", (key,)).fetchone())

    def add(self, entries: Sequence[tuple[Any, Any]]) -> None:
        """More of them, in the order of their keys."""
        self._rows.execute("BEGIN")
        self._rows.executemany("INSERT OR REPLACE INTO shelf VALUES (?, ?)", entries)
        self._rows.execute("COMMIT")
        self._count += len(entries)
        if self._count * _BITS_OF_KEY <= self._last:
            self._mark(key for key, _ in entries)
            return
        self._marks = bytearray(4 * len(self._marks))
        self._last = 8 * len(self._marks) - 1
        self._mark(self)

    def _mark(self, keys: Iterable[Any]) -> None:
        marks, last = self._marks, self._last
        for key in keys:
            at = hash(key) & last
            marks[at >> 3] |= 1 << (at & 7)

    def __iter__(self) -> Iterator[Any]:
        """Every key, in order."""
        return (key for (key,) in self._rows.execute("SELECT key FROM shelf"))

    def close(self) -> None:
        self._rows.close()

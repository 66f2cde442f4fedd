"""Which ear's sound each thread of a child works on, in memory that outlives the child.

A native crash takes the whole process with it. From here, and from the note that Python's fault handler leaves, the
line learns whose sound it was, so that one caller loses the ear and everybody else keeps theirs.
"""

from __future__ import annotations

import mmap
import os
import re
import struct
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

#: A thread's own number, the ear it works for (0: none), since when (monotonic seconds, the same in all processes).
_ROW = struct.Struct("<QQd")
#: Threads of a child at most.
MOST_ROWS = 64
_SIZE = MOST_ROWS * _ROW.size
_CRASHED = re.compile(rb"Current thread 0x([0-9a-f]+)")


class WorkTable:
    """The child's side: what it works on, row by row."""

    def __init__(self, descriptor: int) -> None:
        self._memory = mmap.mmap(descriptor, _SIZE)

    @contextmanager
    def working(self, row: int, ear: int) -> Iterator[None]:
        """This thread works on this ear's sound meanwhile."""
        at = row * _ROW.size
        _ROW.pack_into(self._memory, at, threading.get_ident(), ear, time.monotonic())
        try:
            yield
        finally:
            _ROW.pack_into(self._memory, at, threading.get_ident(), 0, 0.0)


class WorkNotes:
    """The line's side: two pieces of memory that a child inherits, its table and its fault handler's note."""

    def __init__(self) -> None:
        self.table = os.memfd_create("beltoon-ears")
        self.note = os.memfd_create("beltoon-ears-note")
        os.truncate(self.table, _SIZE)

    def in_work(self) -> dict[int, tuple[int, float]]:
        """By thread: the ear that it works for, and for how long (s)."""
        now = time.monotonic()
        rows = _ROW.iter_unpack(os.pread(self.table, _SIZE, 0))
        return {thread: (ear, now - since) for thread, ear, since in rows if ear}

    def crashed(self) -> int | None:
        """The ear that a dead child died of; None where no thread of it crashed over an ear."""
        found = _CRASHED.search(os.pread(self.note, 65_536, 0))
        at_work = self.in_work().get(int(found[1], 16)) if found is not None else None
        return at_work[0] if at_work is not None else None

    def close(self) -> None:
        """Give the memory back."""
        os.close(self.table)
        os.close(self.note)

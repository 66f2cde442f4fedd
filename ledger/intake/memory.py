"""The interpreter's search for dead circles of objects, made rare while a list is read."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager

#: New objects before the youngest are looked through; the interpreter's own figure is 700. The rows of a list die by
#: themselves, none is in a circle, and looking through what the list is remembered by cost a quarter of the time.
_YOUNG = 50_000


@contextmanager
def few_searches() -> Iterator[None]:
    """Inside, objects in circles live a little longer; all others die at once, as ever."""
    before = gc.get_threshold()
    gc.set_threshold(_YOUNG, *before[1:])
    try:
        yield
    finally:
        gc.set_threshold(*before)

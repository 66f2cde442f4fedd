"""Half-open intervals `(start, end)`: the start belongs to it, the end doesn't. Minutes, dates or instants alike.

A *set* of intervals is a tuple that is sorted, without overlap and without two that touch. A window that crosses
midnight is two windows.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Protocol, TypeVar


class Ordered(Protocol):
    """Anything that can be put in a row: int, date, datetime."""

    def __lt__(self, other: Any, /) -> bool: ...
    def __le__(self, other: Any, /) -> bool: ...


T = TypeVar("T", bound=Ordered)


def union(*sets: Iterable[tuple[T, T]]) -> tuple[tuple[T, T], ...]:
    """All that lies in any of them. What overlaps or touches becomes one; what is empty or reversed is dropped."""
    joined: list[tuple[T, T]] = []
    for start, end in sorted((piece for one in sets for piece in one), key=lambda piece: piece[0]):
        if end <= start:
            continue
        if joined and start <= joined[-1][1]:
            if joined[-1][1] < end:
                joined[-1] = (joined[-1][0], end)
        else:
            joined.append((start, end))
    return tuple(joined)


def intersection(*sets: Iterable[tuple[T, T]]) -> tuple[tuple[T, T], ...]:
    """What lies in every one of them. Raises `ValueError` without any: the whole line has no name here."""
    if not sets:
        raise ValueError("an intersection needs at least one set of intervals")
    common, *others = (union(one) for one in sets)
    for other in others:
        common = union(
            (a_start if b_start < a_start else b_start, a_end if a_end < b_end else b_end)
            for a_start, a_end in common
            for b_start, b_end in other
            if a_start < b_end and b_start < a_end
        )
    return common


def minus(these: Iterable[tuple[T, T]], those: Iterable[tuple[T, T]]) -> tuple[tuple[T, T], ...]:
    """What lies in `these` and not in `those`."""
    left = list(union(these))
    for start, end in union(those):
        pieces: list[tuple[T, T]] = []
        for a_start, a_end in left:
            if a_end <= start or end <= a_start:
                pieces.append((a_start, a_end))
                continue
            if a_start < start:
                pieces.append((a_start, start))
            if end < a_end:
                pieces.append((end, a_end))
        left = pieces
    return tuple(left)


def around(intervals: Iterable[tuple[T, T]], point: T) -> tuple[T, T] | None:
    """The interval in which a point lies, or None."""
    for start, end in intervals:
        if start <= point and point < end:
            return start, end
    return None

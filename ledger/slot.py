"""The slots of a local day: which try at a person or an address this is, so that no two can be the same."""

from __future__ import annotations

from collections.abc import Iterable

#: Slots of tries that we start by ourselves begin here, call-backs that were asked for there.
FIRST_SLOT, FIRST_ASKED_SLOT = 1, 101


def next_slot(taken: Iterable[int], *, solicited: bool) -> int:
    """The slot of the next try on a local day. Two claims that race take the same one, and the database lets one in."""
    first = FIRST_ASKED_SLOT if solicited else FIRST_SLOT
    mine = [slot for slot in taken if (slot >= FIRST_ASKED_SLOT) == solicited]
    return max(mine, default=first - 1) + 1

"""Whom of the next candidates a dialer looks at, where several dial side by side. Pure.

All of them would look at the same few, and only one could claim: the work of the others was for nothing. So each takes
its share of a window that is as many times larger; what the others leave is taken by whoever has nothing better.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from schedules.queue import Candidate
from schedules.rank import promised

#: Knuth's multiplier for 32 bits: neighbours, and numbers a fixed step apart, are spread evenly.
_SPREADS = 2_654_435_761
#: The window is so many times what all shares need: each falls unevenly, and another dialer may be a step behind.
_ROOM = 2


def whose(debtor_id: int, dialers: int) -> int:
    """The dialer to which a debtor falls, from 0; lists come in patterns, so not by the number itself."""
    return ((debtor_id * _SPREADS) % 2**32 >> 16) % dialers


@dataclass(frozen=True)
class Share:
    """The `nth` of so many dialers, from 0."""

    nth: int = 0
    of: int = 1

    @classmethod
    def among(cls, name: str, dialers: Collection[str]) -> Share:
        """The share of a dialer among all that live; each of them finds the same order."""
        everybody = sorted({name, *dialers})
        return cls(everybody.index(name), len(everybody))

    def window(self, most: int) -> int:
        """How many candidates are read for so many that are looked at: nearly always ours alone fill them."""
        return most if self.of == 1 else most * self.of * _ROOM

    def first(self, window: Sequence[Candidate], most: int) -> list[Candidate]:
        """At most so many of a window, in its order: ours, then what is left of the others'.

        A call-back that was promised is everybody's: it must not wait for a dialer that has no line free.
        """
        if self.of == 1:
            return list(window[:most])
        ours = [one for one in window if promised(one.rank) or whose(one.debtor_id, self.of) == self.nth][:most]
        mine = {one.id for one in ours}
        left = [one.id for one in window if one.id not in mine][: most - len(ours)]
        taken = mine.union(left)
        return [one for one in window if one.id in taken]


#: The only dialer.
ALONE = Share()

"""Openings in which nobody may be called yet, though their moment was said to have come: others are looked at first.

A moment may be too early for a hundred thousand people of one zone at once. Those of them who were looked at tell that
the others are hardly worth a look either; these stand behind the others until the first of them may be called.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime

#: A campaign's id, and the moment and the end that its candidates share.
Stand = tuple[int, tuple[datetime, datetime]]
#: So many of an opening are asked before it is called shut.
FEWEST = 10


class Shut:
    """What one dialer remembers of openings. Nobody is left out: who stands behind is looked at where there is room."""

    def __init__(self) -> None:
        self._until: dict[Stand, datetime] = {}

    def behind(self, campaign_id: int, now: datetime) -> frozenset[tuple[datetime, datetime]]:
        """The openings of a campaign that are looked at last."""
        self._until = {stand: until for stand, until in self._until.items() if until > now}
        return frozenset(opening for campaign, opening in self._until if campaign == campaign_id)

    def learn(self, waits: Iterable[tuple[Stand, datetime]], found_in: Collection[Stand]) -> None:
        """`waits`: of each who may not be called, where they stood, and their next moment; `found_in`: where somebody
        may be called."""
        moments: dict[Stand, list[datetime]] = {}
        for stand, at in waits:
            moments.setdefault(stand, []).append(at)
        for stand, of_it in moments.items():
            if len(of_it) >= FEWEST and stand not in found_in:
                self._until[stand] = min(of_it)

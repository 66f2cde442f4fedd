"""A sample that stands for all: how far off its shares may be. Pure."""

from __future__ import annotations

import math

#: Half the width of a share's interval of 95 %, where the share is one half and so the interval widest.
_WIDEST_95 = 1.96 * 0.5


def margin_percent(looked_at: int, total: int) -> float:
    """With a chance of 95 in 100 a share of all people is at most so many points off; 0: everybody was looked at."""
    if looked_at in (0, total):
        return 0.0
    return round(100 * _WIDEST_95 / math.sqrt(looked_at), 1)

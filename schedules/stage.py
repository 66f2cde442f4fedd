"""Where on the ladder a debt stands, by how late it is. Pure.

0: not reminded yet; 1: first reminder; 2: second; 3: last (reading A10 of the project's own rules).
"""

from __future__ import annotations

#: Days after the due date on which the first, second and last reminder are due. Source: project default.
REMINDER_DAYS = (5, 15, 30)
LAST_STAGE = len(REMINDER_DAYS)


def stage_on(days_late: int) -> int:
    """The stage of a debt so many days after its due date."""
    return sum(days_late >= day for day in REMINDER_DAYS)

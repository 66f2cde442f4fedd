"""Where on the ladder a debt stands, by how late it is. Pure.

0: not reminded yet; 1: first reminder; 2: second; 3: last (reading A10 of the project's own rules).
"""

from __future__ import annotations

#: Days after the due date on which the first, second and last reminder are due. Source: project default.
REMINDER_DAYS = (5, 15, 30)
LAST_STAGE = len(REMINDER_DAYS)
#: A creditor's own days of the same three reminders; None: the house's.
OwnDays = tuple[int | None, int | None, int | None]
NO_OWN_DAYS: OwnDays = (None, None, None)


def stage_on(days_late: int, own: OwnDays = NO_OWN_DAYS) -> int:
    """The stage of a debt so many days after its due date, on its creditor's ladder."""
    days = (day if mine is None else mine for day, mine in zip(REMINDER_DAYS, own, strict=True))
    return sum(days_late >= day for day in days)

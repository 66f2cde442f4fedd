"""The term that a first letter gives: when it begins, and the first day on which it is over. Pure.

The one reading of it, for calls, for costs and for the last reminder; how long it is stands in the data of each.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from ledger.calendar import nth_working_day_after
from ledger.money import Money
from ledger.region import Region


@dataclass(frozen=True, kw_only=True, slots=True)
class FirstLetter:
    """The first written reminder about an invoice, as it left."""

    sent_on: date
    #: `post` (registered too) or `email`.
    by: str
    #: The costs that it named; None: it named none.
    costs: Money | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class LetterTerm:
    """How long a letter must be given, by the law of a country. Exactly one of the two ways to count the post."""

    #: Full calendar days.
    days: int
    #: The first day of the term: this working day after posting (Monday to Friday, no holiday: the later reading).
    post_working_days: int | None
    #: Or this calendar day after posting.
    post_days: int | None
    #: By e-mail: this calendar day after sending.
    email_days: int

    def over_from(self, letter: FirstLetter, region: Region) -> date:
        """The first day after the whole term. Raises `UnknownCalendar` where working days aren't known."""
        return self._first_day(letter, region) + timedelta(days=self.days)

    def _first_day(self, letter: FirstLetter, region: Region) -> date:
        if letter.by == "email":
            return letter.sent_on + timedelta(days=self.email_days)
        if self.post_working_days is not None:
            return nth_working_day_after(letter.sent_on, self.post_working_days, region)
        return letter.sent_on + timedelta(days=self.post_days or 0)

"""The ladder: courtesy notice, first, second and last reminder, hand-over. Pure: days and steps, no rows.

Steps are counted 0 courtesy, 1, 2, 3 reminders, 4 hand-over (reading A10). Days count from the due date of the oldest
open invoice; days on which a hold or agreement of the person was active don't count (C34).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from ledger.tone import Tone
from schedules.errors import BadRules
from schedules.slide import Slid, day_counted

COURTESY, FIRST, SECOND, LAST, HAND_OVER = range(5)
#: A creditor's own days stay inside these: a courtesy comes in the weeks before, a hand-over within two years.
_COURTESY = range(-30, 0)
_LATE = range(1, 731)


@dataclass(frozen=True, kw_only=True, slots=True)
class Step:
    """One step of the ladder."""

    n: int
    #: `courtesy`, `first_reminder` … as in policies and templates.
    name: str
    #: Days after the due date; before it, below zero.
    days: int
    #: 1 friendly, 2 friendly again, 3 firm and last: as a conversation has it.
    stage: int
    tone: Tone
    #: As a letter it goes registered.
    registered: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class Ladder:
    """Five steps, by rising days."""

    steps: tuple[Step, ...]

    def with_days(self, policy: Mapping[str, Any], house: Mapping[int, int] | None = None) -> Ladder:
        """With a creditor's own days (`policy["ladder"]`, by the names of the steps), and over everything the house's
        by the steps' numbers. Raises `BadRules`."""
        own = policy.get("ladder")
        own = {} if own is None else own
        if not isinstance(own, Mapping):
            raise BadRules('ladder: give days by step, such as {"first_reminder": 7}')
        names = [step.name for step in self.steps]
        if unknown := sorted(map(str, own.keys() - set(names))):
            raise BadRules(f"ladder, {unknown[0]}: no step has this name; there are {', '.join(names)}")
        return checked(Ladder(steps=tuple(replace(one, days=_days(one, own, house or {})) for one in self.steps)))


def _days(step: Step, own: Mapping[str, Any], house: Mapping[int, int]) -> Any:
    days = own.get(step.name, step.days)
    return house.get(step.n, days) if type(days) is int else days


def checked(ladder: Ladder) -> Ladder:
    """The ladder, if its days can be. Raises `BadRules`, naming the step."""
    for step in ladder.steps:
        allowed = _COURTESY if step.n == COURTESY else _LATE
        if isinstance(step.days, bool) or not isinstance(step.days, int) or step.days not in allowed:
            raise BadRules(
                f"ladder, {step.name}: {step.days!r} is no day for it; give a whole number of days"
                f" from {allowed.start} to {allowed.stop - 1}, counted from the due date"
            )
    for lower, upper in zip(ladder.steps, ladder.steps[1:], strict=False):
        if upper.days <= lower.days:
            raise BadRules(f"ladder, {upper.name}: comes on day {upper.days}, not after {lower.name} ({lower.days})")
    return ladder


def step_day(due_on: date, slid: Slid, step: int, ladder: Ladder) -> date | None:
    """The local day on which an invoice reaches a step; None: a hold or agreement without an end keeps it below.

    Before the due date nothing slides: a courtesy notice comes in time or not at all.
    """
    return day_counted(due_on, ladder.steps[step].days, slid)


def step_on(due_on: date, today: date, slid: Slid, ladder: Ladder) -> int | None:
    """The highest step that an invoice has reached on a day; None: it is too early even for a courtesy notice."""
    found = None
    for step in ladder.steps:
        day = step_day(due_on, slid, step.n, ladder)
        if day is None or today < day:
            break
        found = step.n
    return found

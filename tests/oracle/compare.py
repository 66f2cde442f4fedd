"""The product's answers held against the oracle's: None where they agree, else a sentence that tells the quarrel."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from oracle.finding import quarrel
from oracle.permission import Asked, answers, minutes, opened, shut
from schedules.standing import Standing
from schedules.verdict import Allowed, Verdict

_LOOKED_AT = timedelta(days=4)
_NEAR = timedelta(minutes=20)
_BEFORE = timedelta(hours=10)
_STEP = 15


def verdict_quarrel(standing: Standing, now: datetime, verdict: Verdict) -> str | None:
    """Allowed or refused, the first rule that refuses, and all of them."""
    by_number = answers(Asked(standing, now))
    if isinstance(verdict, Allowed):
        return quarrel(by_number[verdict.number], None)
    free = [number for number, found in by_number.items() if not found]
    if free:
        return f"refused by {verdict.rule}, but {free} may be called"
    return quarrel(by_number[verdict.number], verdict.rule, verdict.all)


def opening_quarrel(standing: Standing, now: datetime, opening: datetime | None) -> str | None:
    """The first minute that is allowed; None: not one of the next days is."""
    if opening is not None:
        if opening < now or opening.second or opening.microsecond:
            return f"the opening {opening} is no whole minute from {now} on"
        if shut(standing, opening, known_at=now):
            return f"the opening {opening} is shut"
    missed = next((minute for minute in _before(now, opening) if opened(standing, minute)), None)
    return f"the opening is {opening}, but {missed} is open" if missed else None


def _before(now: datetime, opening: datetime | None) -> Iterator[datetime]:
    """Minutes that must be shut: all of them near both ends, and one in each quarter of an hour between."""
    end = now + _LOOKED_AT if opening is None else min(opening, now + _LOOKED_AT)
    for n, minute in enumerate(minutes(now, end)):
        if minute - now < _NEAR or end - minute < _NEAR or n % _STEP == 0:
            yield minute
    if opening is not None and opening > end:
        for minute in minutes(opening - _BEFORE, opening):
            if opening - minute < _NEAR or minute.minute % _STEP == 0:
                yield minute

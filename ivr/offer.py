"""What is on offer: the policy's plans as they can be said in one breath, their sum exactly what is open; days."""

from __future__ import annotations

from calendar import monthrange
from dataclasses import replace
from datetime import date

from ivr.briefing import Briefing, PlanOffer
from ivr.state import State
from ivr.subject import amount_of, subject
from ledger.money import Money, total

#: A day that every month has.
LAST_DAY = 28


def offers(briefing: Briefing, state: State) -> tuple[PlanOffer, ...]:
    """The plans that fit what the talk is about; by falling monthly amount. Empty: only a person can decide."""
    open_now = amount_of(subject(briefing, state))
    return tuple(sayable(plan) for plan in briefing.plans if total(list(plan.instalments)) == open_now)


def offered(briefing: Briefing, state: State) -> PlanOffer:
    """The plan that is read out now, on the day of the month that was asked for."""
    plan = offers(briefing, state)[state.plan]
    if state.plan_day is None:
        return plan
    return replace(plan, dates=on_day(state.plan_day, len(plan.dates), briefing.promise_from))


def sayable(plan: PlanOffer) -> PlanOffer:
    """The same number of parts and the same sum, with the odd cents in the first: "three times …, the first …"."""
    parts = plan.instalments
    if len(set(parts[1:])) == 1:
        return plan
    each = min(parts)
    first = total(list(parts)) - Money(each.minor * (len(parts) - 1), each.currency)
    return replace(plan, instalments=(first, *(each for _ in parts[1:])))


def on_day(day: int, count: int, earliest: date) -> tuple[date, ...]:
    """`count` months' dates on one day of the month, the first not before `earliest`. `day` is 1 to 28."""
    year, month = earliest.year, earliest.month
    if day < earliest.day:
        year, month = _next(year, month)
    dates = []
    for _ in range(count):
        dates.append(date(year, month, min(day, monthrange(year, month)[1])))
        year, month = _next(year, month)
    return tuple(dates)


def fitting(briefing: Briefing, state: State, monthly: Money) -> int | None:
    """The first plan whose every part is at most the person's own figure; None: outside the policy."""
    for n, plan in enumerate(offers(briefing, state)):
        if max(plan.instalments) <= monthly:
            return n
    return None


def day_offered(days: tuple[date, ...], n: int) -> date | None:
    """Two days to offer for a move: one in the middle of those that are possible, and the last.

    `n` is 0 or 1; None: there is no such day.
    """
    offers = tuple(dict.fromkeys((days[len(days) // 2], days[-1]))) if days else ()
    return offers[n] if n < len(offers) else None


def _next(year: int, month: int) -> tuple[int, int]:
    return (year + 1, 1) if month == 12 else (year, month + 1)

"""When a call-back may be offered: the hours of the law, or our outer ones, in every zone of the person."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from ledger.calendar import bank_closed_days
from ledger.contact import Channel
from ledger.region import Region
from schedules.case import Case
from schedules.rules import Rules, Stretch
from schedules.standing import Phone, Standing


def openings(
    standing: Standing, number: str | None, now: datetime, days: int = 14, *, rules: Rules
) -> tuple[Stretch, ...]:
    """The stretches of the next days in which the person may be called back at this number, from now on.

    Inside the law's hours; where it gives none 08:00-20:00, and never on Sundays and public holidays. Empty where
    neither law nor zone is known. Holds are not looked at: they are the caller's to judge.
    """
    phone = next((one for one in standing.phones if one.e164 == number), None)
    if phone is None and number:
        phone = Phone(e164=number)
    case = Case(standing, Channel.VOICE, now, rules, phone=phone)
    if case.region is None or not case.zone_known:
        return ()
    end = now + timedelta(days=days + 1)
    ahead = rules.stretches(case.region, tuple((one.tz, one.date) for one in case.locals), days + 1)
    return tuple((max(begun, now), min(until, end)) for begun, until in ahead if now < until and begun < end)


@dataclass(frozen=True, kw_only=True)
class PromiseCalendar:
    """The days on which a payment may be promised."""

    first: date
    last: date
    #: Days between them on which no bank books a payment.
    closed: tuple[date, ...]


def promise_calendar(region: Region, today: date, *, rules: Rules) -> PromiseCalendar:
    """From tomorrow on, as far ahead as the rules let a promise go."""
    first = today + timedelta(days=1)
    last = today + timedelta(days=rules.terms(region, today).promise_ahead.value)
    return PromiseCalendar(first=first, last=last, closed=bank_closed_days(first, last, region))

"""The plan of a person's own figure: so much a month, the last part what is left; the sum exact to the cent. Pure."""

from __future__ import annotations

from datetime import date, timedelta

from ledger.calendar import months_on
from ledger.errors import BadAnswer
from ledger.money import Money

#: A first instalment this long after the answer, where nobody names a day: as plans inside the policy have it.
FIRST_DAYS = 14
#: A first day later than this is a slip of the pen.
FIRST_AT_MOST_DAYS = 62
#: Ten years: who can pay less than that needs help, not a plan.
MOST_PARTS = 120


def own_plan(open_: Money, monthly: Money, today: date, first_on: date | None) -> tuple[tuple[date, Money], ...]:
    """Days and amounts. Raises `BadAnswer` where no such plan can be, with the field that is wrong."""
    if monthly.minor <= 0:
        raise BadAnswer("figure: the request names no amount a month; refuse it, and one of us calls")
    if open_.minor <= 0:
        raise BadAnswer("id: nothing is open on the invoices of this request; there is nothing to plan")
    first = first_on or today + timedelta(days=FIRST_DAYS)
    if not today < first <= today + timedelta(days=FIRST_AT_MOST_DAYS):
        last = today + timedelta(days=FIRST_AT_MOST_DAYS)
        raise BadAnswer(f"first: {first} can't be the first day; write one after {today} and up to {last}")
    whole, rest = divmod(open_.minor, monthly.minor)
    amounts = [monthly.minor] * whole + ([rest] if rest else [])
    if len(amounts) > MOST_PARTS:
        raise BadAnswer(
            f"figure: {monthly} a month would take {len(amounts)} months; refuse it, and one of us looks for help"
        )
    return tuple((months_on(first, n), Money(minor, open_.currency)) for n, minor in enumerate(amounts))

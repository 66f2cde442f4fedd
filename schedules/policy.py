"""A creditor's own policy: what it may say beside the rules of the house, and from which day it calls. Pure.

ladder                  its own days by step, as in `ladder.toml`; days that are left out are the house's
plan_most               instalments at most (1: it offers no plan); plan_least_minor: the least a month
part_paid_minor         a remainder that is not worth a call
essential               energy, water, rent, care: true or false, whatever an invoice is about
vat_not_deductible_bp   the tax on costs that it can't deduct, in hundredths of a percent
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from schedules.day import Figure, Terms
from schedules.errors import BadRules
from schedules.ladder import SECOND, Ladder
from schedules.stage import NO_OWN_DAYS, OwnDays

#: A conversation offers plans of at most six parts (`ivr`), and a whole is ten thousand hundredths of a percent.
_PARTS, _VAT = range(1, 7), range(10_001)
#: Cents that a part may be asked to have at least.
_LEAST_PART = range(1, 1_000_000)
FIELDS = ("ladder", "plan_most", "plan_least_minor", "part_paid_minor", "essential", "vat_not_deductible_bp")


def own_days(policy: Mapping[str, Any]) -> OwnDays:
    """The creditor's own days of its three reminders."""
    ladder = policy.get("ladder")
    if not isinstance(ladder, Mapping):
        return NO_OWN_DAYS
    first, second, last = (ladder.get(f"{step}_reminder") for step in ("first", "second", "last"))
    return _day(first), _day(second), _day(last)


def _day(given: Any) -> int | None:
    return given if type(given) is int else None


def own_call_days(policy: Mapping[str, Any]) -> int | None:
    """The creditor's own day of the second reminder; None: the house's holds for it."""
    return own_days(policy)[1]


def call_days(own: int | None, figure: Figure) -> int:
    """Days after the due date from which a creditor calls, which is its second reminder: its own, else the house's.

    Never earlier than the house itself could choose.
    """
    if own is None:
        return figure.value
    return max(own, figure.row.room[0] if figure.row.room is not None else figure.value)


def ladder_of(policy: Mapping[str, Any], ladder: Ladder, terms: Terms) -> Ladder:
    """The steps of a creditor for people of these terms. Raises `BadRules`, naming the step."""
    return ladder.with_days(policy, {SECOND: call_days(own_call_days(policy), terms.ladder_call_days)})


def vat_of(policy: Mapping[str, Any]) -> int:
    """The tax that the creditor can't deduct, in hundredths of a percent. Raises `BadRules`."""
    vat = policy.get("vat_not_deductible_bp", 0)
    if type(vat) is not int or vat not in _VAT:
        raise BadRules("vat_not_deductible: give a rate in percent, such as 21.00; 0 where it can be deducted")
    return vat


def _outside(name: str, allowed: range) -> str:
    """The field and its bounds as people write them: an amount in its own money, not in cents."""
    typed, first, last = name.removesuffix("_minor"), allowed.start, allowed.stop - 1
    if typed == name:
        return f"{name}: a whole number from {first} to {last}"
    return f"{typed}: an amount from {first / 100:.2f} to {last / 100:.2f}"


def check_policy(policy: Mapping[str, Any], ladder: Ladder, terms: Terms) -> None:
    """May this be saved? Raises `BadRules`, naming the field."""
    if unknown := sorted(policy.keys() - set(FIELDS)):
        raise BadRules(f"{unknown[0]}: is nothing that a creditor decides; there are {', '.join(FIELDS)}")
    room, own = terms.ladder_call_days.row.room, own_call_days(policy)
    if own is not None and room is not None and own < room[0]:
        raise BadRules(f"ladder, second_reminder: a call comes with it, and not before day {room[0]}")
    ladder_of(policy, ladder, terms)
    vat_of(policy)
    for name, allowed in (("plan_most", _PARTS), ("plan_least_minor", _LEAST_PART), ("part_paid_minor", _small(terms))):
        value = policy.get(name)
        if value is not None and (type(value) is not int or value not in allowed):
            raise BadRules(_outside(name, allowed))
    if not isinstance(policy.get("essential", False), bool):
        raise BadRules("essential: true or false")


def _small(terms: Terms) -> range:
    """Remainders that may be let go, in cents: within what the house itself could choose."""
    figure = terms.part_paid_minor
    least, most = figure.row.room if figure.row.room is not None else (0, figure.value)
    return range(least, most + 1)

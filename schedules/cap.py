"""Caps: how often a person and a number may be tried, over all debts, numbers, channels and campaigns."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from ledger.contact import Channel
from ledger.region import Region
from schedules.case import Case
from schedules.day import Cap
from schedules.rules import Rules
from schedules.standing import Contact
from schedules.verdict import ORDER, Refusal

#: What is in the budget: a letter is not, and whatever became of a try, it counts.
COUNTED = frozenset({Channel.VOICE, Channel.SMS, Channel.EMAIL})
_BY_NUMBER = frozenset({Channel.VOICE, Channel.SMS})
_RULES = {1: "cap_day", 7: "cap_7", 30: "cap_30"}


def legal_cap(rules: Rules, region: Region, day: date, days: int) -> int | None:
    """The limit of law, policy or code on tries in so many days; None: no figure was found (never "unlimited")."""
    caps = rules.terms(region, day).caps
    return min((cap.limit for cap in caps if cap.days == days and not cap.ours), default=None)


def within_caps(case: Case) -> list[Refusal]:
    """`cap_day`, `cap_7`, `cap_30` of the person, and the same of the number over all debtors who share it."""
    standing = case.standing
    if not standing.contacts and not standing.shared:
        return []
    mine = _aged(case, standing.contacts)
    found = _over(case, mine, "", "this person")
    # Without others at the number its tries are some of the person's own: what theirs leave room for, these do too.
    if (found or standing.shared) and case.phone is not None and case.channel in _BY_NUMBER:
        e164 = case.phone.e164
        theirs = _aged(case, standing.shared)
        found += _over(case, [pair for pair in mine + theirs if pair[1].address == e164], "_number", "this number")
    if len(found) > 1:
        found.sort(key=lambda one: ORDER[one.rule])
    return found


def _over(case: Case, tries: list[tuple[int, Contact]], suffix: str, whom: str) -> list[Refusal]:
    found: dict[str, Refusal] = {}
    asked_for = case.callback is not None
    for cap in case.terms.caps:
        if len(tries) < cap.limit or (asked_for and cap.ours):
            continue
        # Our own caps leave out what the person asked for; a limit from outside counts every try.
        counted = [one for age, one in tries if age < cap.days and not (cap.ours and one.solicited)]
        if len(counted) >= cap.limit and (rule := _RULES[cap.days] + suffix) not in found:
            found[rule] = _no(case, cap, rule, counted, whom)
    return list(found.values())


def _aged(case: Case, contacts: Sequence[Contact]) -> list[tuple[int, Contact]]:
    """Contacts that are in the budget with the whole local days since; with several zones the fewest: one counts if
    in any."""
    counted = [one for one in contacts if one.channel in COUNTED]
    if len(case.locals) > 1:
        return [(min((local.date - case.date_of(one, local)).days for local in case.locals), one) for one in counted]
    local = case.locals[0]
    zone, today = local.name, local.date
    return [((today - (one.local_date if one.zone == zone else case.date_of(one, local))).days, one) for one in counted]


def _no(case: Case, cap: Cap, rule: str, counted: list[Contact], whom: str) -> Refusal:
    leaves = sorted((_leaves(case, cap, one) for one in counted), reverse=True)
    times = "once" if cap.limit == 1 else f"{cap.limit} times"
    span = "a day" if cap.days == 1 else f"in {cap.days} days"
    had = "once" if len(counted) == 1 else f"{len(counted)} times"
    since = "today" if cap.days == 1 else f"in the last {cap.days} days"
    return Refusal(
        rule=rule,
        reason=f"We tried {whom} {had} {since}; at most {times} {span}",
        value=f"{cap.limit} {span}",
        source=cap.row.source,
        confidence=cap.row.confidence,
        # So many tries must first have left the days that are counted.
        until=leaves[cap.limit - 1] if cap.limit else None,
        zone=case.locals[0].name,
    )


def _leaves(case: Case, cap: Cap, contact: Contact) -> datetime:
    return max(local.at(case.date_of(contact, local) + timedelta(days=cap.days)) for local in case.locals)

"""Is it time to call about it? The letter first, then the ladder's steps, and payments that are not old news."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import datetime, timedelta

from ledger.contact import Channel
from schedules.case import Case
from schedules.due import next_to_tell, to_tell_of, wanted_of
from schedules.letter import must_write_first, term_over_on
from schedules.policy import call_days
from schedules.slide import day_counted, days_on_ladder, slid_days
from schedules.standing import Invoice
from schedules.verdict import ORDER, Refusal


def in_step(case: Case) -> list[Refusal]:
    """`letter`, `ladder`, `stale`: one invoice about which all three agree is enough.

    Where each of several invoices is refused by another rule, the rule that comes furthest in the order is named.
    """
    # Where none may be told of, `something_due` says so; these rules are still asked, each by itself.
    asked = to_tell_of(case) or wanted_of(case)
    for one in asked:
        if _their_turn(case, one):
            return []
    if not asked:
        return []
    refused = [list(_refusals(case, one)) for one in asked]
    by_rule = [{one.rule: one for one in refusals} for refusals in refused]
    everywhere = set.intersection(*(set(one) for one in by_rule))
    # Another invoice may come to be told of first: none of these refusals is certain beyond that moment.
    comes = next_to_tell(case)
    if not everywhere:
        first = [min(refusals, key=lambda one: ORDER[one.rule]) for refusals in refused]
        named = max(first, key=lambda one: ORDER[one.rule])
        # The person may be called when the last rule lets the first invoice go, whichever rule is named.
        ends = [_latest(one.until for one in refusals) for refusals in refused]
        return [replace(named, until=_earliest([*ends, comes]))]
    found = [_soonest(one[rule] for one in by_rule) for rule in everywhere]
    found = [replace(one, until=_earliest([one.until, comes])) for one in found]
    return sorted(found, key=lambda one: ORDER[one.rule])


def told_in_step(case: Case, *, asked_for: bool = False) -> list[Invoice]:
    """The invoices that may be told of now: due, worth it, free of holds, and their turn has come.

    `asked_for`: on a call that the person asked for.
    """
    return [one for one in to_tell_of(case) if _their_turn(case, one, asked_for)]


def _their_turn(case: Case, invoice: Invoice, asked_for: bool = False) -> bool:
    return next(_refusals(case, invoice, asked_for), None) is None


def _refusals(case: Case, invoice: Invoice, asked_for: bool = False) -> Iterator[Refusal]:
    if case.channel is Channel.POST:
        return
    if must_write_first(invoice, case.terms) and (found := _letter(case, invoice)) is not None:
        yield found
    asked_for = asked_for or case.callback is not None
    by_steps = case.channel is Channel.VOICE and invoice.role != "collector" and not asked_for
    if by_steps and (found := _ladder(case, invoice)) is not None:
        yield found
    if (found := _stale(case, invoice)) is not None:
        yield found


def _letter(case: Case, invoice: Invoice) -> Refusal | None:
    row = case.terms.letter_term_days.row
    until = term_over_on(invoice, case.terms, case.region) if case.region is not None else None
    if until is not None and case.earliest_date >= until:
        return None
    sent = invoice.first_letter_sent_on
    if sent is None:
        reason, value = "No first letter is recorded: a collector writes before calling", "no letter"
    else:
        out = sent <= case.earliest_date
        told = (
            f"The term of the first letter, sent on {sent}," if out else f"The first letter leaves on {sent}: its term"
        )
        reason = f"{told} is not over before {until}"
        value = f"until {until}"
    return Refusal(
        rule="letter",
        reason=reason,
        value=value,
        source=row.source,
        confidence=row.confidence,
        until=None if until is None else case.from_day(until),
        zone=case.locals[0].name,
    )


def _ladder(case: Case, invoice: Invoice) -> Refusal | None:
    """A creditor's oldest open invoice sets the pace; days on which the person was left in peace don't count."""
    oldest = min([one.due_on for one in case.standing.invoices if one.creditor_id == invoice.creditor_id])
    local, figure = case.locals[0], case.terms.ladder_call_days
    days, stands = call_days(invoice.call_days, figure), days_on_ladder(case, oldest)
    if stands >= days:
        return None
    first = case.earliest_date + timedelta(days=days - stands)
    its_own = days != figure.value
    # The day that is told leaves out the days of a hold or promise that are still to come.
    on = day_counted(oldest, days, slid_days(case))
    told = f"on {on}" if on is not None else "and no day counts while the person is left in peace"
    return Refusal(
        rule="ladder",
        reason=f"Reminders come in steps: a call is the second, {days} days after the due date, {told}",
        value=f"day {stands} of {days}",
        source=f"{invoice.creditor}'s own ladder" if its_own else figure.row.source,
        confidence=figure.row.confidence,
        until=case.from_day(first),
        zone=local.name,
    )


def _stale(case: Case, invoice: Invoice) -> Refusal | None:
    seen, figure = invoice.payments_seen_at, case.terms.stale_minutes
    if seen is None or case.known_at is None or case.known_at - seen <= timedelta(minutes=figure.value):
        return None
    reason = f"The payments of {invoice.creditor} were last seen on {seen:%Y-%m-%d %H:%M} UTC: who has paid since?"
    return Refusal(
        rule="stale",
        reason=reason,
        value=f"{figure.value // 60} hours",
        source=figure.row.source,
        confidence=figure.row.confidence,
        until=None,
    )


def _latest(ends: Iterable[datetime | None]) -> datetime | None:
    """The last of several ends; None, which is never, is the last of all."""
    known = list(ends)
    return None if None in known else max(one for one in known if one is not None)


def _earliest(ends: Iterable[datetime | None]) -> datetime | None:
    """The first of several ends; None: never."""
    return min((one for one in ends if one is not None), default=None)


def _soonest(refusals: Iterable[Refusal]) -> Refusal:
    """Of one rule's refusals of several invoices: the one that ends first."""
    return min(refusals, key=lambda one: one.until.timestamp() if one.until is not None else math.inf)

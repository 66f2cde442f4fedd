"""Quiet after what happened: a promise, a talk, a call that we dropped, somebody who was not at home."""

from __future__ import annotations

from datetime import datetime, timedelta

from ledger.contact import Channel, Disposition
from schedules.callback import callbacks, waits_for_a_person
from schedules.case import Case, Local
from schedules.day import Figure, Terms
from schedules.standing import Contact
from schedules.verdict import ORDER, Refusal

#: Where the parts of the day begin and end, in minutes: morning, midday, afternoon, evening.
PARTS_OF_DAY = ((0, 12 * 60), (12 * 60, 14 * 60), (14 * 60, 17 * 60), (17 * 60, 24 * 60))

#: What a contact that was no talk with the debtor can end with and start a rest all the same.
_OF_THE_PERSON = frozenset({Disposition.CRISIS, Disposition.HARDSHIP, Disposition.COPY_REQUESTED})
#: What gives rest to a number alone.
_OF_A_NUMBER = frozenset({Disposition.ABANDONED, Disposition.NOT_AT_HOME})
_OF_ANY = _OF_THE_PERSON | _OF_A_NUMBER


def part_of_day(minute: int) -> int:
    """0 morning, 1 midday, 2 afternoon, 3 evening."""
    return next(n for n, (_, end) in enumerate(PARTS_OF_DAY) if minute < end)


def rested(case: Case) -> list[Refusal]:
    """`promise`, `callback_waits`, `rest`, `rest_abandoned`, `not_home`, `student_wait`.

    What the person asked for (a call-back) waits for no rest; only a promise made after asking keeps us quiet.
    """
    standing = case.standing
    found: list[Refusal] = []
    if standing.agreements:
        found += _promised(case)
        if case.callback is None:
            found += _callback_waits(case)
    if case.callback is None and (_may_rest(standing.contacts) or _may_rest(standing.shared)):
        for contact in standing.contacts:
            if contact.right_party or contact.disposition in _OF_THE_PERSON:
                found += _after(case, contact)
        if case.phone is not None and case.channel is Channel.VOICE:
            found += _at_this_number(case, case.phone.e164)
            found += _after_message(case)
    if len(found) > 1:
        found.sort(key=lambda one: ORDER[one.rule])
    return found


def _may_rest(tries: tuple[Contact, ...]) -> bool:
    """Did any of them bring more than "nobody was reached"? Most did not, and then no rest is looked for."""
    for one in tries:  # noqa: SIM110 - asked about everybody: a generator costs more than its three answers
        if one.disposition in _OF_ANY or one.right_party or one.channel == Channel.SMS:
            return True
    return False


def _promised(case: Case) -> list[Refusal]:
    """Quiet until the promised day and three days more, whatever the books have made of the promise since."""
    found = []
    quiet = case.terms.promise_quiet
    for one in case.standing.agreements:
        if one.kind != "promise" or one.due_on is None or one.state not in ("open", "broken"):
            continue
        if case.callback is not None and case.callback.asked_at >= one.made_at:
            continue
        last = one.due_on + timedelta(days=quiet.value)
        if case.earliest_date <= last:
            reason = f"The person promised to pay on {one.due_on}: until {last} included we wait for it"
            until = case.from_day(last + timedelta(days=1))
            found.append(_no(case, "promise", reason, f"until {last}", quiet, until))
    return found


def _callback_waits(case: Case) -> list[Refusal]:
    if (waiting := waits_for_a_person(case.standing)) is not None:
        reason = "The person asked to speak to one of our people, who calls back; no machine calls before that"
        return [Refusal(rule="callback_waits", reason=reason, value=f"since {waiting.made_at:%Y-%m-%d}")]
    figure = case.terms.callback_tries
    found = []
    for one in callbacks(case.standing, figure.value):
        if case.now < one.from_at:
            local = one.from_at.astimezone(case.locals[0].tz)
            reason = f"The person asked to be called back at {local:%Y-%m-%d %H:%M}, and not before"
            found.append(_no(case, "callback_waits", reason, one.from_at.isoformat(), figure, one.from_at))
    return found


def _after(case: Case, contact: Contact) -> list[Refusal]:
    for figure, why in _rests(case.terms, contact):
        until = case.days_after(contact.begun_at, figure.value)
        if case.now < until:
            day = contact.begun_at.astimezone(case.locals[0].tz).date()
            reason = f"{why} on {day}: {figure.value} days of rest, that day included"
            return [_no(case, "rest", reason, f"{figure.value} days", figure, until)]
    return []


def _rests(terms: Terms, contact: Contact) -> list[tuple[Figure, str]]:
    """The rests that a contact starts, the longest first: seven days after every talk with the debtor."""
    found = []
    if contact.disposition == Disposition.CRISIS:
        found.append((terms.rest_after_crisis, "The person was in distress"))
    elif contact.disposition == Disposition.HARDSHIP:
        found.append((terms.rest_after_hardship, "The person said that paying is not possible now,"))
    elif contact.disposition == Disposition.COPY_REQUESTED:
        found.append((terms.rest_after_copy, "The person asked for the invoice again"))
    if contact.right_party:
        found.append((terms.rest_after_talk, "We spoke with the person"))
    return found


def _at_this_number(case: Case, e164: str) -> list[Refusal]:
    found = []
    contacts = (*case.standing.contacts, *case.standing.shared)
    minutes = case.terms.abandoned_rest_minutes
    for contact in contacts:
        if contact.disposition not in _OF_A_NUMBER or contact.address != e164 or contact.channel != Channel.VOICE:
            continue
        if contact.disposition == Disposition.ABANDONED:
            until = (contact.ended_at or contact.begun_at) + timedelta(minutes=minutes.value)
            if case.now < until:
                reason = "We rang this number and nobody of us was there: it rests for 72 hours"
                found.append(_no(case, "rest_abandoned", reason, f"{minutes.value // 60} hours", minutes, until))
        else:
            found += [one for local in case.locals if (one := _not_home(case, local, contact)) is not None]
    return found


def _not_home(case: Case, local: Local, contact: Contact) -> Refusal | None:
    """That part of the day, that day and the next."""
    clock = contact.begun_at.astimezone(local.tz)
    part = part_of_day(clock.hour * 60 + clock.minute)
    figure = case.terms.not_home_days
    if not 0 <= (local.date - clock.date()).days < figure.value or part_of_day(local.minute) != part:
        return None
    until = local.at(local.date, PARTS_OF_DAY[part][1])
    reason = "Somebody said that the person is out at this part of the day: we try another one"
    return _no(case, "not_home", reason, f"{figure.value} days", figure, until, local.name)


def _after_message(case: Case) -> list[Refusal]:
    """Where a band is written to first, a message of ours gets whole local days to be read, its own day beside them."""
    ours = [one for one in case.standing.contacts if one.channel == Channel.SMS and not one.solicited]
    if not ours:
        return []
    bands = case.rules.bands
    wait = bands.of(case.standing, case.earliest_date).wait_days
    if not wait:
        return []
    until = max((case.days_after(one.begun_at, wait + 1) for one in ours), default=case.now)
    if until <= case.now:
        return []
    reason = f"We wrote a message: {wait} whole days to read it come before a call"
    return [
        Refusal(
            rule="student_wait", reason=reason, value=f"{wait} days", source=bands.source, confidence="D", until=until,
            zone=case.locals[0].name,
        )
    ]  # fmt: skip


def _no(
    case: Case, rule: str, reason: str, value: str, figure: Figure, until: datetime, zone: str | None = None
) -> Refusal:
    return Refusal(
        rule=rule,
        reason=reason,
        value=value,
        source=figure.row.source,
        confidence=figure.row.confidence,
        until=until,
        zone=zone or case.locals[0].name,
    )

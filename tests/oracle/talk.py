"""What happened before: attempts, caps, rests and turns, all counted in local days."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from oracle.finding import Finding, either, no, perhaps
from oracle.person import age_on
from oracle.place import Place
from schedules.standing import Contact, Standing

_UNANSWERED = ("no_answer", "busy", "voicemail")


def _day_in(contact: Contact, zone: str) -> date:
    return contact.begun_at.astimezone(ZoneInfo(zone)).date()


def _days_ago(contact: Contact, place: Place, now: datetime) -> list[int]:
    """How many local days ago, in each zone."""
    return [(clock.date() - _day_in(contact, clock.tzinfo.key)).days for clock in place.clocks(now)]  # type: ignore[union-attr]


def caps(standing: Standing, e164: str, place: Place, now: datetime) -> Iterator[Finding]:
    """C4, C5, C6: 1 a day, 3 in 7 days, 6 in 30 (FR 4), of the person and of the number; DE 3 calls a day by policy.

    Whether a call that the person asked for fills our own caps is open: both readings are taken.
    """
    limits = (("cap_day", 1, 1), ("cap_7", 7, 3), ("cap_30", 30, 4 if place.country == "FR" else 6))
    at_number = [one for one in (*standing.contacts, *standing.shared) if one.address == e164]
    for suffix, mine in (("", standing.contacts), ("_number", tuple(at_number))):
        for rule, window, most in limits:
            counted = [one for one in mine if one.channel != "post" and min(_days_ago(one, place, now)) < window]
            ours = [one for one in counted if not one.solicited]
            yield from either((len(counted) >= most, len(ours) >= most), rule + suffix)


def legal_cap(standing: Standing, e164: str, place: Place, now: datetime) -> Iterator[Finding]:
    """A9: of the caps only the regulator's three calls a day (DE) bind a call-back."""
    if place.country != "DE":
        return
    mine = [one for one in standing.contacts if one.channel == "voice"]
    at_number = [one for one in (*standing.contacts, *standing.shared) if one.address == e164]
    for rule, found in (("cap_day", mine), ("cap_day_number", at_number)):
        if sum(min(_days_ago(one, place, now)) < 1 for one in found) >= 3:
            yield no("cap_day", "cap_day_number") if rule == "cap_day" else perhaps("cap_day_number")


def rests(standing: Standing, e164: str, place: Place, now: datetime) -> Iterator[Finding]:
    """A6, C7, C9, C12, C29: what keeps us quiet after a contact."""
    for one in standing.contacts:
        ago = min(_days_ago(one, place, now))
        if one.right_party and ago < 7:
            yield no("rest")
        if one.disposition == "copy_requested" and ago < 14:
            yield no("rest", "agreement")
        if one.disposition == "hardship" and ago < 30:
            yield no("rest", "hardship") if one.right_party else perhaps("rest", "hardship")
        if one.disposition == "crisis" and ago < 30:
            yield no("rest", "crisis")
        if one.channel == "sms" and not one.solicited and ago <= 3:
            if standing.student and standing.kind != "business":
                yield no("student_wait")
            else:
                ages = [age_on(standing, day) for day in place.days(now)]
                young = any(age is not None and age < 25 for age in ages)
                yield from either((False, standing.student or young), "student_wait")
    for one in (*standing.contacts, *standing.shared):
        if one.address != e164:
            continue
        if one.disposition == "abandoned":
            rest = timedelta(hours=72)
            yield from either((now < one.begun_at + rest, now < (one.ended_at or now) + rest), "rest_abandoned")
        if one.disposition == "not_at_home" and _same_part(one, place, now):
            yield no("not_home") if one in standing.contacts else perhaps("not_home")


def _same_part(contact: Contact, place: Place, now: datetime) -> bool:
    """C11, C12: that part of the day, that day and the next, in any zone."""
    for clock in place.clocks(now):
        then = contact.begun_at.astimezone(clock.tzinfo)
        if (clock.date() - then.date()).days in (0, 1) and _part(clock) == _part(then):
            return True
    return False


def _part(clock: datetime) -> int:
    return sum(clock.hour >= edge for edge in (12, 14, 17))


def attempts_since_talk(standing: Standing) -> set[int]:
    """C2, C35: voice attempts since the last conversation, by each reading of what a conversation and an attempt is."""
    counts = set()
    for talks in (("right_party",), ("right_party", "talked")):
        for asked_too in (True, False):
            count = 0
            for one in sorted(standing.contacts, key=lambda contact: contact.begun_at):
                if one.channel != "voice":
                    continue
                proved = one.disposition == "identity_failed"
                if proved or any(getattr(one, talk) for talk in talks):
                    count = 0
                elif asked_too or not one.solicited:
                    count += 1
            counts.add(count)
    return counts


def two_daytime_misses(standing: Standing, clock: datetime) -> set[bool]:
    """C3: the last two voice attempts unanswered, both begun before 17:00, in the last 30 days."""
    answers = set()
    for asked_too in (True, False):
        calls = [one for one in standing.contacts if one.channel == "voice" and (asked_too or not one.solicited)]
        last = sorted(calls, key=lambda contact: contact.begun_at)[-2:]
        begun = [one.begun_at.astimezone(clock.tzinfo) for one in last]
        missed = len(last) == 2 and all(one.disposition in _UNANSWERED for one in last)
        missed = missed and all(then.hour < 17 for then in begun)
        answers.add(missed and all((clock.date() - then.date()).days < 30 for then in begun))
        answers.add(missed and all(clock - then <= timedelta(days=30) for then in begun))
    return answers

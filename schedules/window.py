"""The hours: closed days, wishes, a band's, our own, the law's; each in every zone in which the person may be."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from ledger.contact import Channel
from ledger.interval import around, intersection
from ledger.region import Region
from schedules.band import evening_opens, tries_since_talk
from schedules.campaign_clause import campaign_window, in_campaign_hours
from schedules.case import Case, Local
from schedules.day import Day
from schedules.row import KINDS_OF_DAY, Minutes, Row, said
from schedules.rules import Banded, Rules
from schedules.verdict import Refusal
from schedules.wish import narrowed, wished

_ALL_DAY: Minutes = ((0, 24 * 60),)
_NAMES = dict(
    zip(
        KINDS_OF_DAY,
        ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"),
        strict=False,
    )
)
#: How far ahead we look for a day on which a wish leaves anything. Christmas and New Year close the same weekday in two
#: weeks running, so two weeks are too few.
_WISH_DAYS = 5 * 7


def legal_window(rules: Rules, region: Region, day: date) -> Minutes | None:
    """The hours of law, policy or code on a local day; None: no figure was found (never "unlimited")."""
    return rules.day(region, day).law


def in_hours(case: Case) -> list[Refusal]:
    """`holiday`, `sunday`, `wish`, `band`, `xmas_close`, `outer_hours`, `default_hours`, `law_day`, `law_hours`."""
    found = in_campaign_hours(case)
    if case.callback is None and not case.standing.wishes:
        for local in case.locals:
            if local.day is None or around(banded(case, local, local.day).normal, local.minute) is None:
                break
        else:
            return found
    for local in case.locals:
        if local.day is not None:
            found += _in_zone(case, local, local.day)
    found.sort(key=lambda one: one.place)
    return found


def hours(case: Case, local: Local, day: Day) -> Minutes:
    """The minutes in which this contact may begin on this day, all cuts but the last dial's made."""
    if case.callback is not None:
        return day.limit
    found = _hours(case, local, day)
    window = campaign_window(case, day.date.weekday())
    return found if window == _ALL_DAY else intersection(found, window)


def _hours(case: Case, local: Local, day: Day) -> Minutes:
    ours, wishes = banded(case, local, day), case.standing.wishes
    if not wishes:
        return ours.normal
    asked = wished(wishes, day, ours.own)
    if asked is None:
        return narrowed(wishes, day, ours.own, ours.normal)
    return narrowed(wishes, day, ours.own, intersection(asked, day.limit, day.eve or _ALL_DAY))


def closes_at(case: Case) -> datetime:
    """When the interval that is open now ends: the first end in any zone, and the call-back's own.

    Only asked where every rule of hours said yes.
    """
    ends = [
        local.at(local.date, piece[1])
        for local in case.locals
        if local.day is not None and (piece := around(hours(case, local, local.day), local.minute)) is not None
    ]
    if case.callback is not None and case.callback.until_at is not None:
        ends.append(case.callback.until_at)
    return min(ends)


def lead(case: Case) -> timedelta:
    """How long before the end of the hours a call must begin; a message needs no time to ring."""
    if case.channel is not Channel.VOICE:
        return timedelta(0)
    ring = case.campaign.ring_seconds if case.campaign is not None else case.terms.ring_seconds.value
    return timedelta(seconds=ring + case.terms.last_dial_seconds.value)


def _in_zone(case: Case, local: Local, day: Day) -> list[Refusal]:
    found = []
    if day.closed_by is not None:
        # A rest day says so once; its empty hours are not told again.
        rule = "holiday" if day.holiday else "sunday"
        title = f"{day.holiday} ({day.date})" if day.holiday else "Sunday"
        kind = "a public holiday" if day.holiday else "Sunday"
        reason = f"{title}: nobody is called in {day.country} on {kind}"
        found.append(_no(rule, reason, "closed", day.closed_by, local.opens(()), local))
        if day.holiday and day.sunday:
            reason = f"Sunday: nobody is called in {day.country} on Sunday"
            found.append(_no("sunday", reason, "closed", day.closed_by, local.opens(()), local))
    own = banded(case, local, day).own
    asked = wished(case.standing.wishes, day, own) if case.callback is None and case.standing.wishes else None
    ours = case.callback is None and asked is None
    # A band that leaves our own hours whole is not what says no.
    by_band = case.channel is Channel.VOICE and (own != day.default or not own)
    if ours and day.closed_by is None and by_band and around(own, local.minute) is None:
        found.append(_outside_band(case, local, day, own))
    if ours and day.closed_by is None and around(day.default, local.minute) is None:
        found.append(_outside("default_hours", "our hours", case, local, day, day.default, day.default_row))
    if not ours and day.closed_by is None and day.law is None and around(day.limit, local.minute) is None:
        found.append(_outside("outer_hours", "the hours", case, local, day, day.limit, day.outer_row))
    if day.law is not None and day.law_row is not None and around(day.law, local.minute) is None:
        if day.law:
            found.append(_outside("law_hours", "the lawful hours", case, local, day, day.law, day.law_row))
        else:
            reason = f"The law of {day.country} allows no call on this day"
            found.append(_no("law_day", reason, "closed", day.law_row, local.opens(()), local))
    if case.callback is None:
        if day.eve is not None and day.eve_row is not None and around(day.eve, local.minute) is None:
            reason = f"{day.date:%d %B}: calls end at {day.eve[-1][1] // 60}:00 on this evening"
            found.append(_no("xmas_close", reason, said(day.eve), day.eve_row, local.opens(()), local))
        if case.standing.wishes:
            found += _wish(case, local, day, own, asked)
    return found


def banded(case: Case, local: Local, day: Day) -> Banded:
    """The hours of the person's band on a day; a message, which wakes nobody, goes by our own hours alone."""
    if local.banded is not None and day is local.day:
        return local.banded
    found = _banded(case, local, day)
    if day is local.day:
        local.banded = found
    return found


def _banded(case: Case, local: Local, day: Day) -> Banded:
    if case.channel is not Channel.VOICE or case.region is None:
        return Banded(day.default, day.normal)
    band = case.rules.bands.of(case.standing, day.date)
    turn = tries_since_talk(case.standing.contacts) % len(band.turns) if len(band.turns) > 1 else 0
    evening = band.evening is not None and evening_opens(band, case.standing, day.date, local.tz)
    return case.rules.banded(case.region, day, band, turn, evening)


def _outside_band(case: Case, local: Local, day: Day, own: Minutes) -> Refusal:
    bands = case.rules.bands
    band = bands.of(case.standing, day.date)
    weekday = _NAMES[KINDS_OF_DAY[day.date.weekday()]]
    hours_said = said(own) if own else f"none on {weekday}"
    return Refusal(
        rule="band",
        reason=f"Outside the hours of the band {band.title}: {hours_said}",
        value=hours_said,
        source=bands.source,
        confidence="D",
        until=local.opens(own),
        zone=local.name,
    )


def _wish(case: Case, local: Local, day: Day, own: Minutes, asked: Minutes | None) -> list[Refusal]:
    """Outside what the person asked for; a wish of which the law leaves nothing keeps us from calling at all."""
    base = own if asked is None else asked
    if asked is not None and not _leaves_anything(case, local):
        reason = "The hours that the person asked for lie outside those in which anybody may be called"
        return [_no("outer_hours", reason, said(day.limit), day.outer_row, None, local)]
    wanted = narrowed(case.standing.wishes, day, own, _ALL_DAY if asked is None else base)
    if around(wanted, local.minute) is not None:
        return []
    hours_said = said(wanted) if wanted else "none on this day"
    reason = f"The person asked for other hours ({hours_said})"
    return [
        Refusal(
            rule="wish", reason=reason, value=hours_said, source="the person's wish", until=local.opens(wanted),
            zone=local.name,
        )
    ]  # fmt: skip


def _leaves_anything(case: Case, local: Local) -> bool:
    if case.region is None:
        return False
    for n in range(_WISH_DAYS):
        ahead = local.date + timedelta(days=n)
        if case.rules.standstill(case.region.country, ahead) is None:
            day = case.rules.day(case.region, ahead)
            own = banded(case, local, day).own
            if intersection(wished(case.standing.wishes, day, own) or (), day.limit):
                return True
    return False


def _outside(rule: str, what: str, case: Case, local: Local, day: Day, open_: Minutes, row: Row) -> Refusal:
    weekday = _NAMES[KINDS_OF_DAY[day.date.weekday()]]
    clock = f"{local.minute // 60:02}:{local.minute % 60:02}"
    where = f"in {day.country} on {weekday}"
    reason = f"{clock} is outside {what} {where}, {said(open_)}" if open_ else f"Nobody is called {where}"
    return _no(rule, reason, said(open_), row, local.opens(open_), local)


def _no(rule: str, reason: str, value: str, row: Row, until: datetime | None, local: Local) -> Refusal:
    return Refusal(
        rule=rule,
        reason=reason,
        value=value,
        source=row.source,
        confidence=row.confidence,
        until=until,
        zone=local.name,
    )

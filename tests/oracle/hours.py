"""The clock: closed days, wishes, bands, our own hours and the law's, asked of one minute."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta

from oracle.finding import Finding, either, no, perhaps
from oracle.person import age_on, band_on, hours_on, minor_on, within
from oracle.place import Place, default_hours, law_hours
from oracle.talk import attempts_since_talk, two_daytime_misses
from schedules.standing import Standing
from schedules.wish import HoursWish, NotBefore

_OF_THE_CLOCK = ("wish", "band", "xmas_close", "outer_hours", "default_hours", "law_day", "law_hours")
_FOUR_PM = 16 * 60
#: Issue B: where the limit is null a wish or a call-back may go to 08:00-20:00, Monday to Saturday.
_OUTER = ((480, 1200),)
#: C1: ring 25 s and five minutes.
LAST_DIAL = timedelta(minutes=5, seconds=25)


def minute_of(clock: datetime) -> int:
    return clock.hour * 60 + clock.minute


def closed_day(place: Place, clock: datetime) -> Iterator[Finding]:
    """Sundays and public holidays are ours to keep everywhere; in NL they are the law's too."""
    day = clock.date()
    holiday, sunday = place.closed(day), day.weekday() == 6
    if holiday:
        yield no("holiday")
    if sunday:
        yield no("sunday")


def law(place: Place, clock: datetime) -> Iterator[Finding]:
    """R 1a: a limit that has figures."""
    hours = law_hours(place.country, clock.date())
    if hours is not None and not within(hours, minute_of(clock)):
        yield no("law_hours")
        yield perhaps("law_day", "outer_hours")


def band_open(standing: Standing, clock: datetime) -> set[bool]:
    """Is the band's row open, by each reading of what came before? C17: the band of the zone's own date."""
    day, minute = clock.date(), minute_of(clock)
    found = set()
    for attempts in attempts_since_talk(standing):
        band = band_on(standing, day, attempts)
        age_is_65_or_66 = band == "senior" and _age(standing, clock) in (65, 66)
        evenings = two_daytime_misses(standing, clock) if age_is_65_or_66 else {False}
        found |= {within(hours_on(band, day, evening_too=evening), minute) for evening in evenings}
    return found


def _age(standing: Standing, clock: datetime) -> int:
    age = age_on(standing, clock.date())
    assert age is not None
    return age


def wish_open(standing: Standing, place: Place, clock: datetime, wish: HoursWish) -> set[bool]:
    """C21: hours without days on the band's days, days without hours at the band's hours, else our own (FR: C36)."""
    day, minute = clock.date(), minute_of(clock)
    if wish.days is not None and day.weekday() not in wish.days:
        return {False}
    found = set()
    own = default_hours(place.country, day)
    for attempts in attempts_since_talk(standing):
        # The band as it ships: cut by the country's own hours (A2).
        band = hours_on(band_on(standing, day, attempts), day) if own else ()
        if wish.hours is not None:
            found.add(within((wish.hours,), minute) and (wish.days is not None or bool(band)))
        elif band:
            found.add(within(band, minute) and within(own, minute))
            found |= {found_too and within(own, minute) for found_too in band_open(standing, clock)}
        else:
            found.add(within(own or ((600, 960),), minute))
    return found


def clock_rules(standing: Standing, place: Place, now: datetime) -> list[Finding]:
    """What the clocks say of our own call, in every zone."""
    return [found for clock in place.clocks(now) for found in _in_zone(standing, place, clock)]


def _in_zone(standing: Standing, place: Place, clock: datetime) -> Iterator[Finding]:
    if place.closed(clock.date()) or clock.date().weekday() == 6:
        yield from closed_day(place, clock)
        # On a closed day no hours are asked by themselves: whether the others are named besides is open.
        yield from (perhaps(name) for name in _OF_THE_CLOCK)
        return
    if minor_on(standing, clock.date()):
        # Nobody under age has a band: what is told of hours besides is open.
        yield from (perhaps(name) for name in _OF_THE_CLOCK)
        return
    day, minute = clock.date(), minute_of(clock)
    hours = [one for one in standing.wishes if isinstance(one, HoursWish)]
    recorded = [one for one in hours if one.on_record]
    told = [one for one in hours if not one.on_record]
    yield from law(place, clock)
    left = any(_leaves_something(place, one, day) for one in recorded)
    if (day.month, day.day) in ((12, 24), (12, 31)) and minute >= _FOUR_PM:
        yield no("xmas_close")
    for one in standing.wishes:
        if isinstance(one, NotBefore):
            early = one.day is not None and day < one.day
            if early or (one.minute is not None and minute < one.minute):
                # C21 gives a wish of which nothing is left another name; which is named first is open.
                yield no("wish") if left or not recorded else no("wish", "outer_hours")
    if told:
        answers = [wish_open(standing, place, clock, one) for one in told]
        if all(answer == {False} for answer in answers):
            # Beside a recorded wish it is open whether it narrows that too.
            yield perhaps("wish") if recorded else no("wish")
        elif not any(answer == {True} for answer in answers):
            yield perhaps("wish")
    if not recorded:
        yield from _ours(standing, place, clock)
        return
    answers = [wish_open(standing, place, clock, one) for one in recorded]
    outside = law_hours(place.country, day) is None and not within(_OUTER, minute)
    if outside:
        yield no("outer_hours")
        yield perhaps("law_hours")
    if all(answer == {False} for answer in answers):
        # C21: nothing left inside the law: refused `outer_hours`.
        yield no("wish") if left else no("wish", "outer_hours")
    elif not any(answer == {True} for answer in answers):
        yield perhaps("wish", "outer_hours")


def _leaves_something(place: Place, wish: HoursWish, day: date) -> bool:
    """Is there a minute of this wish that the law allows on some day?"""
    week = [day + timedelta(days=n) for n in range(7)]
    days = [one for one in week if wish.days is None or one.weekday() in wish.days]
    spans = [(law_hours(place.country, one) or _OUTER)[0] for one in days]
    first, last = min(a for a, _ in spans), max(b for _, b in spans)
    sunday_only = wish.days is not None and wish.days <= {6}
    return not sunday_only and (wish.hours is None or (wish.hours[0] < last and first < wish.hours[1]))


def _ours(standing: Standing, place: Place, clock: datetime) -> Iterator[Finding]:
    """No wish on record: the band, and our own hours."""
    own = within(default_hours(place.country, clock.date()), minute_of(clock))
    yield from either((not answer for answer in band_open(standing, clock)), "band")
    if not own:
        # The table is cut by our own hours when it is compiled (A2): the name may be the band's.
        yield no("default_hours", "band")
        yield perhaps("default_hours")
        yield perhaps("band")


def callback_rules(place: Place, now: datetime) -> list[Finding]:
    """A9: in its window a call-back is held by the law; where that has no figure by 08:00-20:00, Monday to Saturday."""
    found: list[Finding] = []
    for clock in place.clocks(now):
        day = clock.date()
        names = []
        if place.closed(day):
            names.append("holiday")
        if day.weekday() == 6:
            names.append("sunday")
        if names:
            found.append(no(*names, "law_day", "outer_hours", "law_hours"))
            found += [perhaps(name) for name in (*names, "law_day", "outer_hours", "law_hours")]
        else:
            found += law(place, clock)
            if law_hours(place.country, day) is None and not within(_OUTER, minute_of(clock)):
                found.append(no("outer_hours"))
    return found

"""May these choices be saved? Asked of the law of every country where they would apply: refused there, never cut."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date

from ledger.interval import intersection, minus
from schedules.band import Band
from schedules.errors import BadRules
from schedules.row import EVE_HOURS, HOURS_BY_DAY, KINDS_OF_DAY, LESS_IS_STRICTER, Minutes, Row, said
from schedules.rules import Profile, Rules
from schedules.rules_document import Choice, Document, rules_of

_WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_NAMES = dict(
    zip(
        KINDS_OF_DAY,
        (*_WEEKDAYS, "holidays"),
        strict=True,
    )
)


def check_document(shipped: Rules, document: Document, today: date) -> tuple[str, ...]:
    """The warnings of a document that may be saved: where a country's own default cuts a band.

    Raises `BadRules` with one line naming the field: hours outside a country's law (where it gives none, outside the
    furthest hours of ours), or a count that is wider than the law and looser than ours.
    """
    for one in document.choices:
        for profile in _where(shipped, one):
            _check_choice(shipped, profile, one, today)
    after = rules_of(shipped, document, 0)
    if document.bands is None:
        return () if document.choices else ("nothing is chosen in this document: all would be as shipped",)
    for band in document.bands.bands:
        for field, week in _weeks(band):
            for kind, hours in zip(KINDS_OF_DAY, week, strict=False):
                for profile in after.profiles.values():
                    _check_hours(after, profile, f"band {band.key}, {field}, {kind}", kind, hours, today)
    return tuple(_warnings(shipped, after, today))


def default_hours(rules: Rules, profile: Profile, kind: str, day: date, name: str = "hours") -> Minutes:
    """Our own hours in a country on a kind of day, law and band left aside."""
    return intersection(*(row.hours or () for row in _own(rules, profile, name, day, kind)))


def open_hours(rules: Rules, profile: Profile, kind: str, day: date) -> Minutes:
    """What our own hours and the law leave of a kind of day in a country."""
    law = _law(profile, kind, day)
    widest = default_hours(rules, profile, kind, day, "outer_hours") if law is None else law
    return intersection(default_hours(rules, profile, kind, day), widest)


def general_hours(rules: Rules, kind: str, day: date) -> Minutes:
    """Our own hours on a kind of day where a country has none of its own."""
    named = (row for row in rules.defaults if row.name == "hours" and row.holds_on(day) and kind in row.days)
    return intersection(*(row.hours or () for row in named))


def _where(shipped: Rules, one: Choice) -> Iterator[Profile]:
    for profile in shipped.profiles.values():
        if one.country in (None, profile.country):
            yield profile


def _check_choice(shipped: Rules, profile: Profile, one: Choice, today: date) -> None:
    has_own = any(row.is_default and row.name == one.name for row in profile.rows)
    if one.count is not None and (one.country is not None or not has_own):  # else it only cuts what the country has
        _check_count(shipped, profile, one, one.count, today)
    for kind in KINDS_OF_DAY if one.hours is not None else ():
        hours = one.hours or ()
        if kind not in one.days and one.name in HOURS_BY_DAY:
            continue
        if one.name == "hours":
            mine = [row for row in profile.rows if row.is_default and row.name == "hours" and kind in row.days]
            if one.country is None and mine:
                continue  # it only cuts what the country has
            _check_hours(shipped, profile, f"{one.where}, {kind}", kind, hours, today)
        else:
            widest = default_hours(shipped, profile, kind, today, one.name)
            if outside := minus(hours, widest):
                told = f"{said(outside)} is outside {said(widest)}, which may only be narrowed"
                raise BadRules(f"{one.where}{'' if one.name == EVE_HOURS else f', {kind}'}: {told}")


def _check_hours(rules: Rules, profile: Profile, where: str, kind: str, hours: Minutes, today: date) -> None:
    law = _law(profile, kind, today)
    bound = default_hours(rules, profile, kind, today, "outer_hours") if law is None else law
    if outside := minus(hours, bound):
        whose = "the law gives no hours there, ours are" if law is None else "the law allows"
        allowed = said(bound) if bound else "none"
        told = f"{said(outside)} may not be chosen in {profile.name} on {_NAMES[kind]}: {whose} {allowed}"
        raise BadRules(f"{where}: {told}")


def _law(profile: Profile, kind: str, today: date) -> Minutes | None:
    """What every row of law that holds today, or will, leaves of a kind of day."""
    rows = [
        row.hours
        for row in profile.rows
        if not row.is_default and row.name == "hours" and kind in row.days and row.hours is not None
        if not row.regions  # what holds in a part of the country cuts there
        if row.valid_to is None or row.valid_to >= today
    ]
    return intersection(*rows) if rows else None


def _check_count(shipped: Rules, profile: Profile, one: Choice, value: int, today: date) -> None:
    own = _own(shipped, profile, one.name, today)
    ours, room = own[0].count or 0, next((row.room for row in own if row.room is not None), None)
    limits = [
        row.count
        for row in profile.rows
        if not row.is_default and row.name == one.name and row.count is not None and not row.regions
        if row.valid_to is None or row.valid_to >= today
    ]
    less = one.name in LESS_IS_STRICTER
    if room is not None and not room[0] <= value <= room[1]:
        raise BadRules(f"{one.where}, value: from {room[0]} to {room[1]}")
    as_ours = value <= ours if less else value >= ours
    if not limits and (as_ours or room is not None):
        return
    if as_ours and one.country is None:
        return  # the law binds beside it, where it is stricter
    bound = (min if less else max)(limits) if limits else ours
    if value > bound if less else value < bound:
        whose = "the law says" if limits else "the law gives no figure, ours is"
        told = f"{'at most' if less else 'at least'} {bound} in {profile.name}: {whose} {bound}"
        raise BadRules(f"{one.where}, value: {told}")


def _own(rules: Rules, profile: Profile, name: str, day: date, kind: str | None = None) -> list[Row]:
    """Our own rows of a name in a country: the country's where it has one, else those of everywhere."""

    def of(rows: Iterable[Row]) -> list[Row]:
        named = (row for row in rows if row.is_default and row.name == name and row.holds_on(day))
        return [row for row in named if not row.days or kind in row.days]

    return of(profile.rows) or of(rules.defaults)


def _weeks(band: Band) -> Iterator[tuple[str, tuple[Minutes, ...]]]:
    yield from zip(("hours", "every_second"), band.turns, strict=False)
    if band.evening is not None:
        yield "evening", band.evening.week


def _warnings(shipped: Rules, after: Rules, today: date) -> Iterator[str]:
    """Where what was newly chosen for a band is cut by a country's own default; days alike in one sentence."""
    before = {(band.key, field): week for band in shipped.bands.bands for field, week in _weeks(band)}
    cut: dict[tuple[str, str, str, str], list[str]] = {}
    for band in after.bands.bands:
        for field, week in _weeks(band):
            old = before.get((band.key, field), ((),) * 7)
            for kind, hours, was in zip(KINDS_OF_DAY, week, old, strict=False):
                for profile in after.profiles.values() if hours != was else ():
                    left = intersection(hours, default_hours(after, profile, kind, today))
                    if left != hours:
                        cut.setdefault((band.key, field, profile.name, said(left)), []).append(kind)
    for (key, field, country, left_said), kinds in cut.items():
        yield f"band {key}, {field}, {', '.join(kinds)}: in {country} our own hours leave {left_said}"

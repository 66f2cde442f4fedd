"""Public holidays read from the texts (R, A3, C19, C20) and reckoned from Easter, without the table of the product."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from functools import lru_cache

_DAY = timedelta(days=1)
#: A3: what Dutch decrees made equal to a public holiday.
_DUTCH_DECREES = frozenset(
    date.fromisoformat(day)
    for day in ["2025-05-30", "2026-01-02", "2026-05-15", "2027-05-07", "2028-04-28", "2028-05-26"]
)  # fmt: skip
#: Länder whose own days these are, by month and day. Bavaria and Saarland keep 15 August; C19: wholly.
_GERMAN = {
    (1, 6): "BW BY Augsburg ST", (3, 8): "BE MV", (8, 8): "Augsburg", (8, 15): "BY Augsburg SL", (9, 20): "TH",
    (10, 31): "BB HB HH MV NI SN ST SH TH", (11, 1): "BW BY Augsburg NW RP SL",
}  # fmt: skip
#: Kept once, by a law for that day alone.
_ONCE = {("DE", "BE"): date(2028, 6, 17), ("GB", "SCT"): date(2026, 6, 15)}
_CORPUS_CHRISTI = "BW BY Augsburg HE NW RP SL SN TH"


def easter(year: int) -> date:
    """Easter Sunday, by the rule of Meeus, Jones and Butcher."""
    a, (b, c) = year % 19, divmod(year, 100)
    h = (19 * a + b - b // 4 - (b - (b + 8) // 25 + 1) // 3 + 15) % 30
    k = (32 + 2 * (b % 4) + 2 * (c // 4) - h - c % 4) % 7
    month, day = divmod(h + k - 7 * ((a + 11 * h + 22 * k) // 451) + 114, 31)
    return date(year, month, day + 1)


@lru_cache(maxsize=512)
def rest_days(country: str, part: str, year: int) -> frozenset[date]:
    """The public holidays of a part of BE, NL, metropolitan FR, DE or GB, Sundays among them or not."""
    found = {"BE": _belgian, "NL": _dutch, "FR": _french, "DE": _german, "GB": _british}[country](part, year)
    once = _ONCE.get((country, part))
    return frozenset(found) | ({once} if once else set())


def _moving(year: int, *days: int) -> Iterator[date]:
    return (easter(year) + day * _DAY for day in days)


def _fixed(year: int, *days: tuple[int, int]) -> Iterator[date]:
    return (date(year, month, day) for month, day in days)


def _belgian(part: str, year: int) -> Iterator[date]:
    yield from _moving(year, 1, 39, 50)
    yield from _fixed(year, (1, 1), (5, 1), (7, 21), (8, 15), (11, 1), (11, 11), (12, 25))


def _dutch(part: str, year: int) -> Iterator[date]:
    """A3: Good Friday and 5 May every year; the King's birthday is kept on the 26th where the 27th is a Sunday."""
    yield from _moving(year, -2, 1, 39, 50)
    yield from _fixed(year, (1, 1), (5, 5), (12, 25), (12, 26))
    birthday = date(year, 4, 27)
    yield birthday - _DAY if birthday.weekday() == 6 else birthday
    yield from (day for day in _DUTCH_DECREES if day.year == year)


def _french(part: str, year: int) -> Iterator[date]:
    yield from _moving(year, 1, 39, 50)
    yield from _fixed(year, (1, 1), (5, 1), (5, 8), (7, 14), (8, 15), (11, 1), (11, 11), (12, 25))
    if part == "57":  # Alsace and Moselle
        yield from _moving(year, -2)
        yield from _fixed(year, (12, 26))


def _german(part: str, year: int) -> Iterator[date]:
    yield from _moving(year, -2, 1, 39, 50)
    yield from _fixed(year, (1, 1), (5, 1), (10, 3), (12, 25), (12, 26))
    yield from _fixed(year, *(day for day, laender in _GERMAN.items() if part in laender.split()))
    if part in _CORPUS_CHRISTI.split():
        yield from _moving(year, 60)
    if part == "SN":  # the Wednesday before 23 November
        yield next(date(year, 11, 23) - n * _DAY for n in range(1, 8) if (date(year, 11, 23) - n * _DAY).weekday() == 2)


def _british(part: str, year: int) -> Iterator[date]:
    """Bank holidays; a day that falls on a weekend is kept on the next free working day as well."""
    fixed = [(1, 1), (12, 25), (12, 26)]
    fixed += {"SCT": [(1, 2), (11, 30)], "NIR": [(3, 17), (7, 12)]}.get(part, [])
    kept = set(_fixed(year, *fixed))
    for day in sorted(day for day in kept if day.weekday() > 4):
        while day.weekday() > 4 or day in kept:
            day += _DAY
        kept.add(day)
    yield from kept
    yield from _moving(year, -2, *(() if part == "SCT" else (1,)))
    yield _monday(year, 5, 1)
    yield _monday(year, 6, 1) - 7 * _DAY
    yield _monday(year, 8, 1) if part == "SCT" else _monday(year, 9, 1) - 7 * _DAY


def _monday(year: int, month: int, first: int) -> date:
    """The first Monday from a day on."""
    day = date(year, month, first)
    return day + (-day.weekday() % 7) * _DAY

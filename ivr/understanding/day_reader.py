"""Days as people say them: "volgende vrijdag", "le quinze", "am Monatsende", "in ten days", "5/12".

A day without a month is the next such day after today; a month without a year is the nearest, so that a day that has
just gone by stays in the past and can be told so.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from ivr.understanding.month import add_months, coming_feast, date_or_none, edge_of, nearest
from ivr.understanding.month_reader import MonthReader
from ivr.understanding.number import number_at, ordinal_at

_FIGURES = re.compile(r"(\d{1,2})[./](\d{1,2})(?:[./](\d{4}))?\.?")
_YEAR = re.compile(r"20\d\d")
#: Nobody counts further in weeks; a year is the longest that is read.
_WEEKS_AT_MOST = 52
#: The weekday that is meant with an edge of a week.
_OF_WEEK = {"begin": 0, "middle": 2, "end": 4}


@dataclass(frozen=True)
class DayReader(MonthReader):
    """Reads the days that begin at a word, in every way that the language has."""

    #: A number alone is a day of the month.
    bare: bool

    def at(self, n: int) -> Iterator[tuple[date, int]]:
        """Every way to read a day that begins at a word, and where it ends."""
        for read in (
            self._named,
            self._figures,
            self._weekday,
            self._of_month,
            self._edge,
            self._last_weekday,
            self._of_week,
            self._span,
        ):
            yield from read(n)

    def _named(self, n: int) -> Iterator[tuple[date, int]]:
        for name, days in self.lexicon.calendar.days.items():
            if self._starts(n, name):
                yield self.today + timedelta(days=days), n + len(name)
        for name, (month, day) in self.lexicon.calendar.feasts.items():
            if self._starts(n, name):
                yield nearest(self.today, month, day, after=True), n + len(name)
        for name, days in self.lexicon.calendar.easter.items():
            if self._starts(n, name):
                yield coming_feast(self.today, days), n + len(name)

    def gone(self, n: int) -> Iterator[tuple[date, int]]:
        """`gisteren`, `vorige vrijdag`, `vendredi dernier`: days that are over."""
        for name, days in self.lexicon.calendar.gone.items():
            if self._starts(n, name):
                yield self.today + timedelta(days=days), n + len(name)
        monday = self.today - timedelta(days=self.today.weekday())
        for which in ("last", "last_week"):
            before = self._skip(n, which)
            start = n if before is None else before
            weekday = self._weekday_name(start)
            end = self._skip(start + 1, f"{which}_behind") if before is None else start + 1
            if weekday is not None and end is not None:
                lately = self.today - timedelta(days=(self.today.weekday() - weekday - 1) % 7 + 1)
                yield (lately if which == "last" else monday + timedelta(days=weekday - 7)), end

    def _figures(self, n: int) -> Iterator[tuple[date, int]]:
        match = _FIGURES.fullmatch(self.words[n])
        if match:
            day, month, year = match.groups()
            said = date_or_none(int(year), int(month), int(day)) if year else self._in_month(int(month), int(day))
            if said:
                yield said, n + 1

    def _weekday(self, n: int) -> Iterator[tuple[date, int]]:
        """`vrijdag`, `volgende week vrijdag`, `vrijdag volgende week`, `friday the fourth`."""
        if (weeks_later := self._weeks_to_weekday(n)) is not None:
            yield weeks_later
        after_week = self._skip(n, "next_week")
        start = after_week if after_week is not None else n
        start = self._optional(start, "next" if after_week is None else "on")
        weekday = self._weekday_name(start)
        if weekday is None:
            return
        end = start + 1
        for day, later in self._of_month(end):
            if day.weekday() == weekday:
                yield day, later
        after = self._skip(end, "next_week")
        weeks_on = self._span_days(end)
        monday = self.today - timedelta(days=self.today.weekday())
        coming = self._coming(weekday)
        if after_week is not None or after is not None:
            yield monday + timedelta(days=7 + weekday), after or end
        elif (week_on := self._skip(end, "week_on") or self._skip(end, "after_that")) is not None:
            yield coming + timedelta(days=7), week_on
        elif weeks_on and weeks_on[0] % 7 == 0:
            yield coming + timedelta(days=weeks_on[0]), weeks_on[1]
        else:
            yield coming, self._optional(end, "coming")

    def _of_week(self, n: int) -> Iterator[tuple[date, int]]:
        """`na het weekend`, `fin de semaine prochaine`, `end of the week`: its working days begin and end it."""
        if (after := self._skip(n, "after_weekend")) is not None:
            yield self._coming(0), after
        monday = self.today - timedelta(days=self.today.weekday())
        for edge, weekday in _OF_WEEK.items():
            within = self._skip(n, edge)
            if within is None:
                continue
            within = self._optional(within, "of")
            if (end := self._skip(within, "next_week")) is not None:
                yield monday + timedelta(days=7 + weekday), end
            elif (end := self._skip(within, "this_week")) is not None:
                day = monday + timedelta(days=weekday)
                yield day if day >= self.today else day + timedelta(days=7), end

    def _weeks_to_weekday(self, n: int) -> tuple[date, int] | None:
        """`a week on friday`, `over een week op vrijdag`: so many weeks after the coming one."""
        weeks = self._counted(self._optional(n, "in"), "week")
        on = self._skip(weeks[1], "on") if weeks else None
        weekday = self._weekday_name(on) if on is not None else None
        if weeks is None or on is None or weekday is None or weeks[0] > _WEEKS_AT_MOST:
            return None
        return self._coming(weekday) + timedelta(days=7 * weeks[0]), on + 1

    def _coming(self, weekday: int) -> date:
        return self.today + timedelta(days=(weekday - self.today.weekday() - 1) % 7 + 1)

    def _of_month(self, n: int) -> Iterator[tuple[date, int]]:
        """`de vijfde`, `le quinze décembre`, `the first of next month`, `december fifth`."""
        first = self._optional(n, "the")
        if first >= len(self.words):
            return
        month_first = self.lexicon.calendar.months.get(self.words[first])
        if month_first:
            number = self._day_number(self._optional(first + 1, "the"))
            said = self._in_month(month_first, number[0]) if number else None
            if number and said:
                yield said, number[1]
            return
        number = self._day_number(first)
        if number is None:
            return
        day, end, ordinal = number
        of = self._optional(end, "of")
        month = self.lexicon.calendar.months.get(self.words[of]) if of < len(self.words) else None
        moved = self._month_offset(end)
        if month:
            said, end = self._in_month(month, day), of + 1
            if end < len(self.words) and _YEAR.fullmatch(self.words[end]):
                said, end = date_or_none(int(self.words[end]), month, day), end + 1
            if said:
                yield said, end
        elif ordinal and (numbered := ordinal_at(self.words, end, self.lexicon.numbers)):
            # "Am fünften zwölften": the month by its number.
            said = self._in_month(numbered[0], day) if numbered[0] <= 12 else None
            if said:
                yield said, numbered[1]
        elif moved:
            said = self._from_month(moved[0], day)
            if said:
                yield said, moved[1]
        elif self.bare and (month_bare := self._bare_month(end)) is not None:
            # "Vijf twaalf": the month by its number, where nothing but a day is wanted.
            said = self._in_month(month_bare[0], day)
            if said:
                yield said, month_bare[1]
        elif (first > n or (self.bare and not self._is_article(first))) and not self._counts(end):
            said = next((d for k in range(3) if (d := self._from_month(k, day)) and d > self.today), None)
            if said:
                yield said, end

    def _bare_month(self, n: int) -> tuple[int, int] | None:
        """A month by its number and nothing after it, and where it ends."""
        number = number_at(self.words, n, self.lexicon.numbers) if n < len(self.words) else None
        return number if number and 1 <= number[0] <= 12 and not self._counts(number[1]) else None

    def _is_article(self, n: int) -> bool:
        """`Une partie`, `een deel`: no first of the month."""
        return self._skip(n, "a") == n + 1

    def _day_number(self, n: int) -> tuple[int, int, bool] | None:
        """A day of the month, where it ends, and whether it was an ordinal."""
        if n >= len(self.words):
            return None
        ordinal = ordinal_at(self.words, n, self.lexicon.numbers)
        number = ordinal or number_at(self.words, n, self.lexicon.numbers)
        return (*number, ordinal is not None) if number and 1 <= number[0] <= 31 else None

    def _counts(self, n: int) -> bool:
        """Whether a number that ends here counts something else: euros, weeks, times."""
        if n >= len(self.words):
            return False
        numbers = self.lexicon.numbers
        word = self.words[n]
        counted = any(self._skip(n, name) is not None for name in ("day", "week", "counted"))
        months = (
            self._skip(n, "month") is not None and self._skip(n, "of") is None
        )  # "quinze mois", not "quinze du mois"
        return (
            counted
            or months
            or word in numbers.euro
            or word in numbers.cent
            or number_at(self.words, n, numbers) is not None
        )

    def _span(self, n: int) -> Iterator[tuple[date, int]]:
        """`over een week`, `dans dix jours`, `in zwei Wochen`, `ten days from now`."""
        found = self._span_days(n)
        if found:
            yield self.today + timedelta(days=found[0]), found[1]
        after = self._skip(n, "in")
        counted = self._counted(after, "month") if after is not None else None
        if counted and counted[0] <= 12:
            first = add_months(self.today.replace(day=1), counted[0])
            yield min(edge_of(first, "end"), first + timedelta(days=self.today.day - 1)), counted[1]

    def _span_days(self, n: int) -> tuple[int, int] | None:
        after = self._skip(n, "in")
        start = after if after is not None else n
        fortnight = self._skip(start, "fortnight")
        found = (14, fortnight) if fortnight is not None else None
        for unit, days in (("day", 1), ("week", 7)):
            counted = self._counted(start, unit)
            if found is None and counted:
                found = counted[0] * days, counted[1]
        if found is None:
            return None
        behind = self._skip(found[1], "from_now")
        if (after is None and behind is None) or found[0] > 366:
            return None
        return found[0], behind if behind is not None else found[1]

    def _in_month(self, month: int, day: int) -> date | None:
        return nearest(self.today, month, day, after=False) if date_or_none(self.today.year, month, day) else None

    def _from_month(self, months: int, day: int) -> date | None:
        first = add_months(self.today.replace(day=1), months)
        return date_or_none(first.year, first.month, day)

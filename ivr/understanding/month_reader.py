"""Whole months and their edges, as people say them: "einde van de maand", "fin décembre", "the last friday of may"."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from ivr.understanding.month import add_months, edge_of, nearest
from ivr.understanding.small_words import SmallWords


@dataclass(frozen=True)
class MonthReader(SmallWords):
    """Reads what is said of a whole month."""

    today: date

    def _weekday_name(self, n: int) -> int | None:
        return self.lexicon.calendar.weekdays.get(self.words[n]) if n < len(self.words) else None

    def _edge(self, n: int) -> Iterator[tuple[date, int]]:
        """`einde van de maand`, `fin décembre`, `Mitte des Monats`, `begin januari`."""
        for name in ("end", "middle", "begin"):
            after = self._skip(n, name)
            if after is None:
                continue
            month = self._whole_month(after)
            if month:
                first, end, named = month
                day = edge_of(first, name)
                yield (day if named or day >= self.today else edge_of(add_months(first, 1), name)), end
        whole = self._skip(n, "month_end")
        if whole is not None:
            yield edge_of(self.today.replace(day=1), "end"), whole

    def _last_weekday(self, n: int) -> Iterator[tuple[date, int]]:
        """`the last friday of the month`, `de laatste vrijdag van december`."""
        after = self._skip(n, "last_of")
        weekday = self._weekday_name(after) if after is not None else None
        month = self._whole_month(after + 1) if after is not None else None
        if weekday is not None and month:
            first, end, named = month
            days = [_last(weekday, one) for one in (first, add_months(first, 1))]
            yield days[0] if named or days[0] >= self.today else days[1], end

    def _whole_month(self, n: int) -> tuple[date, int, bool] | None:
        """The first of `december`, `of next month`, `of the month`, where it ends, and whether it has a name."""
        of = self._optional(n, "of")
        month = self.lexicon.calendar.months.get(self.words[of]) if of < len(self.words) else None
        if month:
            return nearest(self.today, month, 1, after=False), of + 1, True
        moved = self._month_offset(n)
        if moved is None:
            whole = self._skip(of, "month")
            moved = (0, whole) if whole is not None else None
        return (add_months(self.today.replace(day=1), moved[0]), moved[1], False) if moved else None

    def _month_offset(self, n: int) -> tuple[int, int] | None:
        """`of next month` is 1, `of this month` is 0."""
        for name, months in (("next_month", 1), ("this_month", 0)):
            end = self._skip(self._optional(n, "of"), name)
            if end is not None:
                return months, end
        return None


def _last(weekday: int, first: date) -> date:
    """The last such weekday of a month."""
    end = edge_of(first, "end")
    return end - timedelta(days=(end.weekday() - weekday) % 7)

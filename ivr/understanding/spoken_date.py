"""The days that words name, and whether a "not" takes one back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from ivr.understanding.day_reader import DayReader
from ivr.understanding.hesitation import plain_answers
from ivr.understanding.lexicon import Lexicon


@dataclass(frozen=True)
class SpokenDate:
    """A day and where it stands in the words."""

    day: date
    start: int
    end: int


def dates(words: tuple[str, ...], today: date, lexicon: Lexicon, *, bare: bool = False) -> tuple[SpokenDate, ...]:
    """Every day in the words, from the left. `bare`: a number alone is a day of the month."""
    reader = DayReader(words, lexicon, today, bare)
    found: list[SpokenDate] = []
    n = 0
    while n < len(words):
        read = max(reader.at(n), key=lambda one: one[1], default=None)
        here = SpokenDate(read[0], n, read[1]) if read else None
        if here:
            found.append(here)
        n = here.end if here else n + 1
    return tuple(found)


def one_date(parts: Sequence[tuple[str, ...]], today: date, lexicon: Lexicon, *, bare: bool = False) -> date | None:
    """The one day that the clauses name; None where they name none or two. A "not" reaches no further than its own."""
    named = ((said, words) for words in parts for said in dates(words, today, lexicon, bare=bare))
    days = {said.day for said, words in named if not _denied(said, words, lexicon)}
    return days.pop() if len(days) == 1 else None


def gone_day(words: tuple[str, ...], today: date, lexicon: Lexicon) -> date | None:
    """A day that is over, and not a word besides: "yesterday I paid" names no day on which somebody will."""
    reader = DayReader(words, lexicon, today, bare=True)
    leads = ((), *lexicon.calendar.small["on"], *lexicon.calendar.small["the"])
    starts = {len(lead) for lead in leads if words[: len(lead)] == lead}
    return next((day for n in sorted(starts) for day, end in reader.gone(n) if end == len(words)), None)


def denies_a_day(parts: Sequence[tuple[str, ...]], today: date, lexicon: Lexicon) -> bool:
    """`Niet vrijdag`, `vendredi pas`: a day was named only to say that it won't do."""
    return any(_denied(said, words, lexicon) for words in parts for said in dates(words, today, lexicon))


def _denied(said: SpokenDate, words: tuple[str, ...], lexicon: Lexicon) -> bool:
    """A "not" stands right before or behind the day, or ends what was said after it; the plain "no" answers, and denies
    none. One that stands between two days could be of either, so that neither counts."""
    nots = lexicon.negations - plain_answers(lexicon)
    small = lexicon.calendar.small
    leads = ((), *(lead for lead in (*small["on"], *small["the"]) if _ends(words[: said.start], lead)))
    before = any(words[said.start - len(lead) - 1] in nots for lead in leads if said.start > len(lead))
    return before or (len(words) > said.end and (words[said.end] in nots or words[-1] in nots))


def _ends(words: tuple[str, ...], lead: tuple[str, ...]) -> bool:
    """`niet op | vrijdag`: the small words that lead to the day."""
    return words[len(words) - len(lead) :] == lead

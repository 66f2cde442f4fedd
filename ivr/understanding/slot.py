"""The slots of an intent: a day, an amount, a count, a kind, where the words tell them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

from ivr.understanding.amount import amounts, sure_amount
from ivr.understanding.hearing import Hearing
from ivr.understanding.lexicon import Lexicon
from ivr.understanding.meaning import meanings
from ivr.understanding.number import number_at
from ivr.understanding.spoken_date import one_date

Slots = tuple[tuple[str, str], ...]

#: An hour without "in the morning" is one of the waking day: "after four" is 16:00.
_FIRST_MORNING_HOUR = 8


def slots(intent: str, heard: Sequence[Hearing], today: date, lexicon: Lexicon) -> Slots:
    """What the words tell beside the intent itself."""
    parts = [hearing.clause.words for hearing in heard]
    words = tuple(word for part in parts for word in part)
    match intent:
        case "promise":
            return (*_day(parts, today, lexicon), *_amount(words, lexicon))
        case "pay":
            return tuple(_amount(words, lexicon))
        case "later":
            return (*_day(parts, today, lexicon), *_from(words, lexicon))
        case "plan":
            return tuple(_plan(heard, words, lexicon))
        case "dispute" | "paid" | "language":
            kind = kind_of(intent, heard, lexicon)
            return ((KIND_SLOT[intent], kind),) if kind else ()
    return ()


def _day(parts: Sequence[tuple[str, ...]], today: date, lexicon: Lexicon) -> Iterator[tuple[str, str]]:
    day = one_date(parts, today, lexicon)
    if day:
        yield "date", day.isoformat()


def _amount(words: tuple[str, ...], lexicon: Lexicon) -> Iterator[tuple[str, str]]:
    """How much of it, where an amount was said with its currency."""
    minor = sure_amount(words, lexicon.numbers)
    if minor:
        yield "minor", str(minor)


def _from(words: tuple[str, ...], lexicon: Lexicon) -> Iterator[tuple[str, str]]:
    """`na vier uur`, `this evening`."""
    for n in range(len(words)):
        for after in lexicon.calendar.small["after_hour"]:
            if words[n : n + len(after)] == after:
                number = number_at(words, n + len(after), lexicon.numbers)
                counted = number and words[number[1] : number[1] + 1]
                article = number and words[n + len(after) : number[1]] in lexicon.calendar.small["a"]
                if article and counted not in lexicon.calendar.small["counted"]:
                    continue  # "à un autre moment" is not at one
                if number and 1 <= number[0] <= 23 and (not counted or counted[0] not in lexicon.calendar.months):
                    yield "from", f"{number[0] + 12 * (number[0] < _FIRST_MORNING_HOUR):02}:00"
                    return
    for n in range(len(words)):
        for name, begins in lexicon.calendar.parts.items():
            if words[n : n + len(name)] == name:
                yield "from", begins
                return


def _plan(heard: Sequence[Hearing], words: tuple[str, ...], lexicon: Lexicon) -> Iterator[tuple[str, str]]:
    sure = {amount.minor for amount in amounts(words, lexicon.numbers) if amount.sure}
    monthly, count = _before(heard, "MONTHLY"), times_said(heard)
    if len(sure) == 1:
        yield "minor", str(sure.pop())
    elif not sure and monthly:
        yield "minor", str(monthly * 100)
    if count:
        yield "count", str(count)


def times_said(heard: Sequence[Hearing]) -> int | None:
    """In how many parts or months, where that was said."""
    return _before(heard, "TIMES") or _before(heard, "MONTHS")


def _before(heard: Sequence[Hearing], concept: str) -> int | None:
    """The number that stands right before a concept: three | times."""
    for hearing in heard:
        ends = {start for start, _ in hearing.spans(concept)}
        for start, end in sorted(hearing.found.get("NUMBER", ()), key=lambda span: span[0]):
            number = number_at(hearing.clause.words, start, hearing.lexicon.numbers)
            if number and end in ends:
                return number[0]
    return None


def kind_of(intent: str, heard: Sequence[Hearing], lexicon: Lexicon) -> str | None:
    """The kind of an intent that the words tell, whether or not they tell the intent; None: none, or two as likely."""
    kinds = {name.partition(".")[2]: rules for name, rules in lexicon.kinds.items() if name.startswith(f"{intent}.")}
    found = sorted(meanings(heard, kinds).values(), key=lambda meaning: -meaning.weight)
    return found[0].intent if found and (len(found) == 1 or found[0].weight > found[1].weight) else None


#: The slot in which an intent's kind stands.
KIND_SLOT = {"dispute": "kind", "paid": "when", "language": "language"}

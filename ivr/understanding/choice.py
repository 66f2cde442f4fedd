"""Which choice of a menu the words name: "the second one", "number two", or the choice's own word."""

from __future__ import annotations

from collections.abc import Sequence

from ivr.understanding.hearing import Hearing
from ivr.understanding.meaning import meanings
from ivr.understanding.number import number_of, ordinal_at

#: The choice of everything.
ALL = "all"
#: In a longer sentence a number counts something else.
_FEW = 4


def chosen(heard: Sequence[Hearing], options: tuple[str, ...]) -> int | None:
    """The place of the choice, from 1; None where the words name none, or two."""
    if not options or not heard:
        return None
    own = heard[0].lexicon
    words = tuple(word for hearing in heard for word in hearing.clause.words)
    named = meanings(heard, {name: own.options[name] for name in options if name in own.options})
    if named:
        most = max(meaning.weight for meaning in named.values())
        top = [meaning.intent for meaning in named.values() if meaning.weight == most]
        return options.index(top[0]) + 1 if len(top) == 1 else None
    if meanings(heard, {"last": own.options["last"]}):
        return len(options)
    numbers = {said[0] for n in range(len(words)) if (said := ordinal_at(words, n, own.numbers))}
    if not numbers and len(words) <= _FEW:
        numbers = {value for word in words if (value := number_of((word,), own.numbers)) is not None}
    if len(numbers) != 1:
        return None
    n = numbers.pop()
    return n if 1 <= n <= len(options) else None


def chosen_one(heard: Sequence[Hearing], options: tuple[str, ...]) -> int | None:
    """Like `chosen`, beside a yes or a no: "no, the second one". "Not all of them" chooses nothing."""
    n = chosen(heard, options)
    return None if n is None or options[n - 1] == ALL else n

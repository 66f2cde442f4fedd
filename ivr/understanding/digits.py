"""Digits said one by one, in pairs, or as one number: "vierenveertig zeventien" is 4417."""

from __future__ import annotations

from collections.abc import Iterator

from ivr.understanding.lexicon import NumberWords
from ivr.understanding.number import MOST_WORDS, number_of


def digits(words: tuple[str, ...], count: int, numbers: NumberWords) -> str | None:
    """The digits, exactly so many; None where there are none, or where the words can be read in two ways."""
    readings = {reading for run in _runs(words, numbers) if (reading := _reading(run, count, numbers))}
    return readings.pop() if len(readings) == 1 else None


def _runs(words: tuple[str, ...], numbers: NumberWords) -> Iterator[tuple[str, ...]]:
    """The longest rows of words that are digits, numbers, or what joins them."""
    run: list[str] = []
    for word in (*words, ""):
        if word and _belongs(word, numbers):
            run.append(word)
            continue
        while run and run[-1] in numbers.joins:
            run.pop()
        if run:
            yield tuple(run)
        run = []


def _belongs(word: str, numbers: NumberWords) -> bool:
    if word in numbers.joins or word in numbers.times or word in numbers.digits:
        return True
    return (word.isdecimal() and word.isascii()) or number_of((word,), numbers) is not None


def _reading(run: tuple[str, ...], count: int, numbers: NumberWords) -> str | None:
    """The reading in the fewest pieces that has as many digits as were asked."""
    # Best readings up to each word: by length in digits, (pieces, texts).
    best: list[dict[int, tuple[int, set[str]]]] = [{} for _ in range(len(run) + 1)]
    best[0][0] = (0, {""})
    for start in range(len(run)):
        for end, piece in _pieces(run, start, numbers):
            for length, (pieces, texts) in best[start].items():
                longer = length + len(piece)
                if longer > count:
                    continue
                said = {text + piece for text in texts}
                known = best[end].get(longer)
                if known is None or pieces + 1 < known[0]:
                    best[end][longer] = (pieces + 1, said)
                elif pieces + 1 == known[0]:
                    known[1].update(said)
    texts = best[-1].get(count, (0, set()))[1]
    return next(iter(texts)) if len(texts) == 1 else None


def _pieces(run: tuple[str, ...], start: int, numbers: NumberWords) -> Iterator[tuple[int, str]]:
    word = run[start]
    if word in numbers.joins and number_of((word,), numbers) is None:
        yield start + 1, ""
    if word in numbers.digits:
        yield start + 1, str(numbers.digits[word])
    if word.isdecimal() and word.isascii():
        yield start + 1, word
        return
    if word in numbers.times and start + 1 < len(run):
        for end, piece in _pieces(run, start + 1, numbers):
            if len(piece) == 1:
                yield end, piece * numbers.times[word]
    for end in range(start + 1, min(len(run), start + MOST_WORDS) + 1):
        value = number_of(run[start:end], numbers)
        if value is not None and not any(w.isdecimal() for w in run[start:end]):
            yield end, str(value)

"""What a text is like, of thousands of written phrasings: a second reading beside the rules, and one that weighs them.

A linear model (multinomial logistic regression), one a language, over six kinds of evidence: what the rules and
concepts of the language find; whole words and their neighbours; pieces of words; what stands near a "not"; how the text
begins and ends, since people come to the point last; and its skeleton, the row of its concepts and the small words
between them ("I never said I PAY"). `tools/likeness.py` fits it to `tests/phrases/dev/`, phrasings that the rules were
not written from. It guesses, with a probability; `ivr.intent` says how far a guess is believed.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import as_file, files
from itertools import combinations, pairwise
from zlib import crc32

import numpy as np
import numpy.typing as npt

from ivr.understanding.hearing import Hearing
from ivr.understanding.meaning import Meaning

#: Evidence is told apart by so many numbers.
WIDTH = 1 << 15
#: Pieces of words, in letters.
PIECES = (3, 4, 5)
#: So many words at the begin and at the end, and on each side of a "not".
EDGE = 3
#: What the phrasings that are not for us are like.
NOTHING = "none"

Vector = npt.NDArray[np.float32]
#: The numbers of each kind of evidence.
Evidence = tuple[tuple[int, ...], ...]


@dataclass(frozen=True)
class Guess:
    """The likeliest intent, or `none`, and how likely: 0 to 1."""

    intent: str
    probability: float


@dataclass(frozen=True)
class Model:
    """Weights by intent and number of evidence."""

    intents: tuple[str, ...]
    weights: Vector
    bias: Vector
    #: Numbers of the words that it has ever seen.
    words: frozenset[int]

    def knows(self, words: Sequence[str]) -> bool:
        """Most of these were seen before: it is this language, and something to judge by."""
        return 2 * sum(number_of_word(word) in self.words for word in words) > len(words)

    def guess(self, evidence: Evidence) -> Guess:
        """What evidence like this meant most often."""
        scores = self.bias.copy()
        for numbers in evidence:
            if numbers:
                scores += self.weights[:, list(numbers)].sum(axis=1) / np.sqrt(len(numbers))
        chances = np.exp(scores - scores.max())
        best = int(chances.argmax())
        return Guess(self.intents[best], float(chances[best] / chances.sum()))


def evidence(heard: Sequence[Hearing], found: Mapping[str, Meaning], ruled: str) -> Evidence:
    """What there is to judge by. `found`: what the rules find; `ruled`: what they make of it, or `none`."""
    words = [word for hearing in heard for word in hearing.clause.words]
    skeleton = [hearing.lexicon.concept_of.get(word, word) for hearing in heard for word in hearing.clause.words]
    return (
        _numbers("rule", _findings(heard, found, ruled)),
        _numbers("word", [*words, *_neighbours(words)]),
        _numbers("piece", _pieces(words)),
        _numbers("near", (name for hearing in heard for name in _around_not(hearing))),
        _numbers("edge", _edges(words)),
        _numbers("bones", [*_neighbours(skeleton), *_threes(skeleton)]),
    )


def _findings(heard: Sequence[Hearing], found: Mapping[str, Meaning], ruled: str) -> Iterator[str]:
    yield f"ruled {ruled}"
    for name, one in found.items():
        yield f"rule {name} "
        yield f"rule {name} {min(one.weight, 5)}"
    concepts = sorted({name for hearing in heard for name in _concepts(hearing)})
    yield from concepts
    yield from (f"{one} {two}" for one, two in combinations(concepts, 2))


def _concepts(hearing: Hearing) -> Iterable[str]:
    yield from (name for name in (*hearing.lexicon.concepts, "NOT", *hearing.found) if hearing.spans(name))


def _neighbours(words: Sequence[str]) -> Iterator[str]:
    yield from (f"{one} {two}" for one, two in pairwise(["", *words, ""]))
    yield from (f"{one} _ {two}" for one, two in zip(words, words[2:], strict=False))


def _threes(words: Sequence[str]) -> Iterator[str]:
    framed = ["", *words, ""]
    yield from (" ".join(three) for three in zip(framed, framed[1:], framed[2:], strict=False))


def _pieces(words: Sequence[str]) -> Iterator[str]:
    for padded in (f"<{word}>" for word in set(words)):
        yield from (padded[n : n + size] for size in PIECES for n in range(len(padded) - size + 1))


def _around_not(hearing: Hearing) -> Iterator[str]:
    words = hearing.clause.words
    for start, end in hearing.spans("NOT"):
        yield from (f"after {word}" for word in words[end : end + EDGE])
        yield from (f"before {word}" for word in words[max(0, start - EDGE) : start])


def _edges(words: Sequence[str]) -> Iterator[str]:
    begin = words[:EDGE]
    yield from (f"begin {word}" for word in begin)
    yield from (f"begin {one} {two}" for one, two in pairwise(begin))
    yield from (f"end {word}" for word in words[-EDGE:])


def number_of_word(name: str) -> int:
    """By which it is remembered."""
    return crc32(name.encode())


def _numbers(kind: str, names: Iterable[str]) -> tuple[int, ...]:
    return tuple(sorted({number_of_word(f"{kind} {name}") % WIDTH for name in names}))


@cache
def model(language: str) -> Model:
    """The model of nl, fr, de or en."""
    with as_file(files(__package__) / f"{language}.npz") as path, np.load(path, allow_pickle=False) as stored:
        weights = stored["weights"].astype(np.float32) * stored["scale"][:, None]
        words = frozenset(stored["words"].tolist())
        return Model(tuple(str(name) for name in stored["intents"]), weights, stored["bias"], words)

"""What a text is like, of thousands of written phrasings: the second reading, where no rule speaks.

A linear model (multinomial logistic regression) over whole words, pairs of words and pieces of words, one a language,
fitted by `tools/likeness.py` from `tests/phrases/dev/`. It guesses; `ivr.intent` says how far a guess is believed.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import as_file, files
from zlib import crc32

import numpy as np
import numpy.typing as npt

#: Pieces are told apart by so many numbers; more made no difference.
WIDTH = 1 << 13
#: Pieces of words, in letters.
_SHORTEST, _LONGEST = 3, 5
#: Nobody says more in one breath; what follows is not read.
_WORDS = 30

Vector = npt.NDArray[np.float32]


@dataclass(frozen=True)
class Guess:
    """The likeliest intent (`none`: talk that is not for us) and how likely, 0 to 1."""

    intent: str
    probability: float


@dataclass(frozen=True)
class Model:
    """Weights by intent and piece."""

    intents: tuple[str, ...]
    weights: npt.NDArray[np.float32]
    bias: Vector

    def guess(self, text: str) -> Guess | None:
        """None: there is no word in it."""
        where = pieces(text)
        if not where:
            return None
        scores = self.weights[:, where].sum(axis=1) / np.sqrt(len(where)) + self.bias
        chances = np.exp(scores - scores.max())
        best = int(chances.argmax())
        return Guess(self.intents[best], float(chances[best] / chances.sum()))


def pieces(text: str) -> list[int]:
    """The numbers of a text's words, pairs of words and pieces of words, each once."""
    plain = "".join(c for c in unicodedata.normalize("NFD", text[:1000].lower()) if not unicodedata.combining(c))
    words = re.findall(r"[a-z]+", plain.replace("ß", "ss"))[:_WORDS]
    named = [f"w {word}" for word in words]
    named += [f"p {one} {two}" for one, two in zip(["", *words], [*words, ""], strict=True)]
    for word in words:
        padded = f"<{word}>"
        named += [
            padded[n : n + size] for size in range(_SHORTEST, _LONGEST + 1) for n in range(len(padded) - size + 1)
        ]
    return sorted({crc32(name.encode()) % WIDTH for name in named}) if words else []


@cache
def model(language: str) -> Model | None:
    """The model of nl, fr, de or en; None: there is none for this language."""
    file = files(__package__) / f"{language}.npz"
    if not file.is_file():
        return None
    with as_file(file) as path, np.load(path, allow_pickle=False) as stored:
        scale: Vector = stored["scale"]
        weights = stored["weights"].astype(np.float32) * scale[:, None]
        return Model(tuple(str(name) for name in stored["intents"]), weights, stored["bias"])


def fit(texts: Sequence[str], labels: Sequence[str], rounds: int = 250, decay: float = 2e-4) -> Model:
    """A model of these texts and what they mean. Deterministic: starts from nothing, sees all of them in each round."""
    intents = tuple(sorted(set(labels)))
    known = np.zeros((len(texts), WIDTH), np.float32)
    for n, text in enumerate(texts):
        where = pieces(text)
        known[n, where] = 1 / np.sqrt(max(1, len(where)))
    wanted = np.zeros((len(texts), len(intents)), np.float32)
    wanted[np.arange(len(texts)), [intents.index(label) for label in labels]] = 1
    weights, bias = np.zeros((len(intents), WIDTH), np.float32), np.zeros(len(intents), np.float32)
    mean, square = np.zeros_like(weights), np.zeros_like(weights)
    for n in range(1, rounds + 1):  # Adam, whole batch
        scores = known @ weights.T + bias
        chances = np.exp(scores - scores.max(axis=1, keepdims=True))
        chances /= chances.sum(axis=1, keepdims=True)
        error = (chances - wanted) / len(texts)
        slope = error.T @ known + decay * weights
        mean, square = 0.9 * mean + 0.1 * slope, 0.999 * square + 0.001 * slope**2
        weights -= 0.1 * (mean / (1 - 0.9**n)) / (np.sqrt(square / (1 - 0.999**n)) + 1e-8)
        bias -= 0.5 * error.sum(axis=0)
    return Model(intents, weights, bias)

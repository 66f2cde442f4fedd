"""Fits `ivr/understanding/LANGUAGE.npz` to `tests/phrases/dev/LANGUAGE*.toml`; tells how it guesses the unseen.

    .venv/bin/python tools/likeness.py [nl fr de en]

Run it after phrases, rules or concepts change; it takes a minute or two a language. In each step of learning half of
the evidence is left out, another half each time, so that no meaning hangs on one word. How much, how often and how fast
was chosen by what writers said whom the model had not read, never by `tests/phrases/heldout/`.
"""

from __future__ import annotations

import random
import sys
import tomllib
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from ivr.intent import BINDING, evidence_of, words_of
from ivr.understanding.belief import LIKELY, SURE
from ivr.understanding.likeness import WIDTH, Evidence, Model, number_of_word

TOP = Path(__file__).parent.parent
DEV = TOP / "tests/phrases/dev"
FOLDS = 5
#: How often each phrase is seen, how many at once, how far a step goes, how much is left out, what large weights cost.
ROUNDS, BATCH, STEP, LEFT_OUT, DECAY = 20, 64, 0.3, 0.5, 1e-5
#: Steps of a weight on each side of nothing, so that the file stays small.
LEVELS = 5
TODAY = date(2026, 11, 27)

Row = tuple[npt.NDArray[np.intp], npt.NDArray[np.float32]]


def written(language: str) -> list[tuple[str, str]]:
    """Texts and what they mean. Talk that is not for us is `none`."""
    pairs: list[tuple[str, str]] = []
    for file in (*sorted(DEV.glob(f"{language}*.toml")), DEV.parent / f"{language}.toml"):
        told = tomllib.loads(file.read_text(encoding="utf-8"))
        pairs += [(text, intent) for intent, texts in told.get("phrases", {}).items() for text in texts]
        pairs += [(text, "none") for text in told.get("none", {}).get("phrases", ())]
        traps = told.get("traps", {})
        pairs += [(text, label) for text, label in traps.get("phrases", traps.get("traps", ()))]
    return list(dict.fromkeys(pairs))


def fit(known: Sequence[Evidence], labels: Sequence[str], words: frozenset[int] = frozenset()) -> Model:
    """A model of this evidence, by Adagrad in small batches. Deterministic: from nothing, with one seed."""
    intents = tuple(sorted(set(labels)))
    wanted = np.eye(len(intents), dtype=np.float32)[[intents.index(label) for label in labels]]
    rows = [row(evidence) for evidence in known]
    weights = np.zeros((WIDTH, len(intents)), np.float32)
    walked = np.full_like(weights, 1e-6)
    bias = np.zeros(len(intents), np.float32)
    rng = np.random.default_rng(1)
    for _ in range(ROUNDS):
        for batch in np.array_split(rng.permutation(len(rows)), max(1, len(rows) // BATCH)):
            seen, numbers = some_of([rows[n] for n in batch], rng)
            scores = seen @ weights[numbers] + bias
            chances = np.exp(scores - scores.max(axis=1, keepdims=True))
            chances /= chances.sum(axis=1, keepdims=True)
            error = (chances - wanted[batch]) / len(batch)
            slope = seen.T @ error + DECAY * weights[numbers]
            walked[numbers] += slope**2
            weights[numbers] -= STEP * slope / np.sqrt(walked[numbers])
            bias -= STEP * error.sum(axis=0)
    return Model(intents, weights.T.copy(), bias, words)


def row(evidence: Evidence) -> Row:
    """The numbers of a phrase, and how much each counts."""
    numbers = [number for kind in evidence for number in kind]
    shares = [1 / np.sqrt(len(kind)) for kind in evidence for _ in kind]
    return np.array(numbers, np.intp), np.array(shares, np.float32)


def some_of(rows: Sequence[Row], rng: np.random.Generator) -> tuple[npt.NDArray[Any], npt.NDArray[np.intp]]:
    """A table of these phrases by number, where some of the evidence is left out, and the numbers of its columns."""
    which = np.repeat(np.arange(len(rows)), [len(numbers) for numbers, _ in rows])
    shares = np.concatenate([shares for _, shares in rows]) / np.float32(1 - LEFT_OUT)
    kept = rng.random(len(which)) >= LEFT_OUT
    numbers, columns = np.unique(np.concatenate([numbers for numbers, _ in rows])[kept], return_inverse=True)
    seen = np.zeros((len(rows), len(numbers)), np.float32)
    np.add.at(seen, (which[kept], columns), shares[kept])
    return seen, numbers


def unseen(known: Sequence[Evidence], labels: Sequence[str]) -> list[tuple[str, str, float]]:
    """(meant, guessed, probability) of each by a model that has not seen it."""
    order = list(range(len(known)))
    random.Random(1).shuffle(order)
    found = []
    for fold in range(FOLDS):
        seen = [n for k, n in enumerate(order) if k % FOLDS != fold]
        model = fit([known[n] for n in seen], [labels[n] for n in seen])
        for n in (n for k, n in enumerate(order) if k % FOLDS == fold):
            guess = model.guess(known[n])
            found.append((labels[n], guess.intent, guess.probability))
    return found


def store(model: Model, file: Path) -> None:
    """Write it, a byte a weight, most of them nothing."""
    scale = np.abs(model.weights).max(axis=1) / LEVELS
    weights = np.round(model.weights / scale[:, None]).astype(np.int8)
    words = np.array(sorted(model.words), np.uint32)
    intents = np.array(model.intents)
    np.savez_compressed(file, intents=intents, weights=weights, scale=scale, bias=model.bias, words=words)


def main(languages: Sequence[str]) -> None:
    """Each language in turn."""
    for language in languages or ("nl", "fr", "de", "en"):
        pairs = written(language)
        known = [evidence_of(text, language, TODAY) for text, _ in pairs]
        labels = [label for _, label in pairs]
        guesses = unseen(known, labels)
        words = frozenset(number_of_word(word) for text, _ in pairs for word in words_of(text, language))
        store(fit(known, labels, words), TOP / "ivr/understanding" / f"{language}.npz")
        for least in (0.0, LIKELY, SURE):
            sure = [(meant, guessed) for meant, guessed, chance in guesses if chance >= least]
            right = sum(meant == guessed for meant, guessed in sure) / len(sure)
            binding = sum(meant != guessed and guessed in BINDING for meant, guessed in sure) / len(guesses)
            told = f"{right:.1%} right of {len(sure) / len(guesses):.0%}, {binding:.1%} bind wrongly"
            print(f"{language}: {len(pairs)} phrases; at {least} and above {told}", flush=True)


if __name__ == "__main__":
    main(sys.argv[1:])

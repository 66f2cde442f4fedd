"""Fits `ivr/understanding/LANGUAGE.npz` to `tests/phrases/dev/LANGUAGE*.toml`; tells how it guesses the unseen.

    .venv/bin/python tools/likeness.py [nl fr de en]

Run it after phrases, rules or concepts change.
"""

from __future__ import annotations

import random
import sys
import tomllib
from collections.abc import Sequence
from datetime import date
from pathlib import Path

import numpy as np

from ivr.intent import evidence_of, words_of
from ivr.understanding.likeness import WIDTH, Evidence, Model, number_of_word

TOP = Path(__file__).parent.parent
DEV = TOP / "tests/phrases/dev"
FOLDS, ROUNDS, DECAY = 5, 100, 1e-5
TODAY = date(2026, 11, 27)


def written(language: str) -> list[tuple[str, str]]:
    """Texts and what they mean. Talk that is not for us is `none`."""
    pairs: list[tuple[str, str]] = []
    for file in (*sorted(DEV.glob(f"{language}*.toml")), DEV.parent / f"{language}.toml"):
        told = tomllib.loads(file.read_text(encoding="utf-8"))
        pairs += [(text, intent) for intent, texts in told["phrases"].items() for text in texts]
        pairs += [(text, "none") for text in told.get("none", {}).get("phrases", ())]
        traps = told.get("traps", {})
        pairs += [(text, label) for text, label in traps.get("phrases", traps.get("traps", ()))]
    return list(dict.fromkeys(pairs))


def fit(known: Sequence[Evidence], labels: Sequence[str], words: frozenset[int] = frozenset()) -> Model:
    """A model of this evidence. Deterministic: it starts from nothing and sees all of it in each round (Adam)."""
    intents = tuple(sorted(set(labels)))
    seen = np.zeros((len(known), WIDTH), np.float32)
    for n, kinds in enumerate(known):
        for numbers in kinds:
            seen[n, list(numbers)] += 1 / np.sqrt(max(1, len(numbers)))
    wanted = np.zeros((len(known), len(intents)), np.float32)
    wanted[np.arange(len(known)), [intents.index(label) for label in labels]] = 1
    weights, bias = np.zeros((len(intents), WIDTH), np.float32), np.zeros(len(intents), np.float32)
    mean, square = np.zeros_like(weights), np.zeros_like(weights)
    for n in range(1, ROUNDS + 1):
        scores = seen @ weights.T + bias
        chances = np.exp(scores - scores.max(axis=1, keepdims=True))
        chances /= chances.sum(axis=1, keepdims=True)
        error = (chances - wanted) / len(known)
        slope = error.T @ seen + DECAY * weights
        mean, square = 0.9 * mean + 0.1 * slope, 0.999 * square + 0.001 * slope**2
        weights -= 0.1 * (mean / (1 - 0.9**n)) / (np.sqrt(square / (1 - 0.999**n)) + 1e-8)
        bias -= 0.5 * error.sum(axis=0)
    return Model(intents, weights, bias, words)


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
    """Write it, a byte a weight."""
    scale = np.abs(model.weights).max(axis=1) / 127
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
        for least in (0.0, 0.3, 0.5, 0.7):
            sure = [meant == guessed for meant, guessed, chance in guesses if chance >= least]
            share = len(sure) / len(guesses)
            print(
                f"{language}: {len(pairs)} phrases; at {least:.1f} and above {np.mean(sure):.1%} right of {share:.0%}"
            )


if __name__ == "__main__":
    main(sys.argv[1:])

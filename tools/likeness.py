"""Fits `ivr/understanding/LANGUAGE.npz` from `tests/phrases/dev/LANGUAGE.toml`; tells how it guesses the unseen.

Run it after the phrases change; a test checks that the stored models know them.
"""

from __future__ import annotations

import random
import sys
import tomllib
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from ivr.understanding.likeness import Model, fit

TOP = Path(__file__).parent.parent
FOLDS = 5


def written(language: str) -> tuple[list[str], list[str]]:
    """Texts and what they mean. Talk that is not for us is `none`."""
    told = tomllib.loads((TOP / "tests/phrases/dev" / f"{language}.toml").read_text(encoding="utf-8"))
    pairs = [(text, intent) for intent, texts in told["phrases"].items() for text in texts]
    pairs += [(text, "none") for text in told["none"]["phrases"]] + [
        (text, label) for text, label in told["traps"]["phrases"]
    ]
    return [text for text, _ in pairs], [label for _, label in pairs]


def held_back(texts: Sequence[str], labels: Sequence[str]) -> list[tuple[str, str, float]]:
    """(meant, guessed, probability) of each text by a model that has not seen it."""
    order = list(range(len(texts)))
    random.Random(1).shuffle(order)
    found = []
    for fold in range(FOLDS):
        seen = [n for k, n in enumerate(order) if k % FOLDS != fold]
        model = fit([texts[n] for n in seen], [labels[n] for n in seen])
        for n in (n for k, n in enumerate(order) if k % FOLDS == fold):
            guess = model.guess(texts[n])
            found.append((labels[n], guess.intent if guess else "none", guess.probability if guess else 0.0))
    return found


def store(model: Model, file: Path) -> None:
    """Write it, a byte a weight."""
    scale = np.abs(model.weights).max(axis=1) / 127
    weights = np.round(model.weights / scale[:, None]).astype(np.int8)
    np.savez_compressed(file, intents=np.array(model.intents), weights=weights, scale=scale, bias=model.bias)


def main(languages: Sequence[str]) -> None:
    """Each language in turn."""
    for language in languages or ("nl", "fr", "de", "en"):
        texts, labels = written(language)
        guesses = held_back(texts, labels)
        right = sum(meant == guessed for meant, guessed, _ in guesses) / len(guesses)
        sure = [(meant == guessed) for meant, guessed, chance in guesses if chance > 0.7]
        store(fit(texts, labels), TOP / "ivr/understanding" / f"{language}.npz")
        print(
            f"{language}: {len(texts)} phrases; unseen {right:.1%} right, {np.mean(sure):.1%} of the {len(sure)} surest"
        )


if __name__ == "__main__":
    main(sys.argv[1:])

"""Reads `ladder.toml` and checks every field: the ladder, silence, essential services."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from typing import Any

from ledger.intake.text import fold
from ledger.tone import Tone
from schedules.errors import BadRules
from schedules.first_contact import Silence
from schedules.ladder import HAND_OVER, Ladder, Step, checked

_STEPS = ("courtesy", "first_reminder", "second_reminder", "last_reminder", "hand_over")
_STAGES = 3
#: A shorter word is only found as a word of its own: `gas`, but not in `gastronomy`.
_WORD_THAT_BEGINS_OTHERS = 5


@dataclass(frozen=True, kw_only=True)
class LadderRules:
    """All that the ladder goes by, where a creditor says nothing else."""

    ladder: Ladder
    silence: Silence
    #: Folded words of essential services.
    essential: frozenset[str]

    def is_essential(self, policy: Mapping[str, Any], about: str | None) -> bool:
        """Energy, water, rent, care: as the creditor's policy says, else by the words of what it is for."""
        said = policy.get("essential")
        if said is not None:
            return bool(said)
        words = fold(about or "").replace(",", " ").split()
        return any(
            word in self.essential
            or any(len(one) >= _WORD_THAT_BEGINS_OTHERS and word.startswith(one) for one in self.essential)
            for word in words
        )


@lru_cache(maxsize=1)
def shipped_ladder() -> LadderRules:
    """The ladder that comes with the program, read once."""
    return read_ladder(files("schedules").joinpath("ladder.toml").read_text(encoding="utf-8"))


def read_ladder(text: str) -> LadderRules:
    """The rules of a file. Raises `BadRules`, naming the field; nothing is then taken."""
    try:
        table = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise BadRules(f"ladder.toml is not readable TOML: {error}") from error
    try:
        steps = tuple(_step(n, one) for n, one in enumerate(table["step"]))
        if tuple(step.name for step in steps) != _STEPS:
            raise BadRules(f"ladder.toml, step: give these five, in this order: {', '.join(_STEPS)}")
        silence = Silence(contacts=_count(table["silence"], "contacts"), channels=_count(table["silence"], "channels"))
        words = frozenset(fold(word) for word in table["essential"]["words"])
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise BadRules(f"ladder.toml: {error} is missing or can't be read") from error
    return LadderRules(ladder=checked(Ladder(steps=steps)), silence=silence, essential=words)


def _step(n: int, given: Mapping[str, Any]) -> Step:
    if n > HAND_OVER or given["stage"] not in range(1, _STAGES + 1):
        raise BadRules(f"ladder.toml, {given['name']}: there are {HAND_OVER + 1} steps and the stages 1 to {_STAGES}")
    return Step(
        n=n,
        name=str(given["name"]),
        days=given["days"],
        stage=given["stage"],
        tone=Tone(given["tone"]),
        registered=bool(given["registered"]),
    )


def _count(given: Mapping[str, Any], key: str) -> int:
    value = given[key]
    if isinstance(value, bool) or not isinstance(value, int) or value < 1:
        raise BadRules(f"ladder.toml, {key}: give a whole number from 1")
    return value

"""A prompt's text as parts: what is fixed, what is filled in, and what is said only when it can be filled in.

`Het bedrag is {amount}.` has a blank; `{date:weekday}` names the form of one; `[De mededeling is {reference}.]` is
said only when all blanks in it are given. Brackets don't nest.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass
from functools import cache
from itertools import combinations

from voices.errors import UnknownPrompt


@dataclass(frozen=True)
class Fixed:
    """Words that are always the same."""

    text: str


@dataclass(frozen=True)
class Blank:
    """Where a slot is filled in."""

    slot: str
    #: `weekday` or `year` for a date, else empty.
    form: str = ""


@dataclass(frozen=True)
class Option:
    """A part that is said only when every blank in it is given."""

    parts: tuple[Fixed | Blank, ...]

    @property
    def slots(self) -> frozenset[str]:
        return frozenset(part.slot for part in self.parts if isinstance(part, Blank))


Part = Fixed | Blank
_BLANK = re.compile(r"\{(\w+)(?::(weekday|year))?\}")
_OPTION = re.compile(r"\[([^\[\]]*)\]")


@dataclass(frozen=True)
class Template:
    """A prompt's text, taken apart once."""

    parts: tuple[Fixed | Blank | Option, ...]

    @property
    def needed(self) -> frozenset[str]:
        """Slots that must be given."""
        return frozenset(part.slot for part in self.parts if isinstance(part, Blank))

    @property
    def optional(self) -> frozenset[str]:
        """Slots that bring their part with them."""
        found: frozenset[str] = frozenset()
        for option in self._options():
            found |= option.slots
        return found - self.needed

    @property
    def forms(self) -> frozenset[Blank]:
        """Every blank with its form: what two languages must have alike."""
        inner = (part for option in self._options() for part in option.parts)
        return frozenset(part for part in (*self.parts, *inner) if isinstance(part, Blank))

    def filled_by(self, given: Collection[str]) -> tuple[Part, ...]:
        """The parts that are said when these slots are given. Raises `UnknownPrompt` for one missing or unknown."""
        missing = self.needed - set(given)
        unknown = set(given) - self.needed - self.optional
        if missing or unknown:
            wrong = [f"misses {{{slot}}}" for slot in sorted(missing)]
            wrong += [f"has no {{{slot}}}" for slot in sorted(unknown)]
            raise UnknownPrompt("the prompt " + ", ".join(wrong))
        return self._with([option for option in self._options() if option.slots <= set(given)])

    def variants(self) -> tuple[tuple[Part, ...], ...]:
        """The parts for every combination of its options: all that can ever be said."""
        options = self._options()
        return tuple(self._with(chosen) for n in range(len(options) + 1) for chosen in combinations(options, n))

    def _options(self) -> list[Option]:
        return [part for part in self.parts if isinstance(part, Option)]

    def _with(self, chosen: Collection[Option]) -> tuple[Part, ...]:
        said: list[Part] = []
        for part in self.parts:
            if not isinstance(part, Option):
                said.append(part)
            elif part in chosen:
                said.extend(part.parts)
        return tuple(said)


@cache
def parse(text: str) -> Template:
    """Take a text apart. Raises `UnknownPrompt` for a brace or bracket that has no partner."""
    parts: list[Fixed | Blank | Option] = []
    at = 0
    for option in _OPTION.finditer(text):
        parts += _flat(text[at : option.start()])
        parts.append(Option(_flat(option[1])))
        at = option.end()
    parts += _flat(text[at:])
    return Template(tuple(parts))


def _flat(text: str) -> tuple[Part, ...]:
    parts: list[Part] = []
    at = 0
    for blank in _BLANK.finditer(text):
        parts += _fixed(text[at : blank.start()])
        parts.append(Blank(blank[1], blank[2] or ""))
        at = blank.end()
    return (*parts, *_fixed(text[at:]))


def _fixed(text: str) -> tuple[Fixed, ...]:
    if any(mark in text for mark in "{}[]"):
        raise UnknownPrompt(f"a brace or bracket has no partner in {text!r}")
    return (Fixed(text),) if text else ()

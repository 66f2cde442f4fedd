"""Who lives in the town: what each person does when their telephone rings. Values, and the reading of personas.toml."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any

#: Seconds of our silence that a person takes as the end of what we said.
END_OF_PROMPT_S = 1.1


class PersonaError(Exception):
    """The persona file says something that nobody can play; the message names the person and the field."""


class Line(StrEnum):
    """What the network does with a call: somebody (or something) answers, or one of the ways in which nobody does."""

    ANSWERS = "answers"
    BUSY = "busy"
    #: Rings until the caller gives up.
    NO_ANSWER = "no_answer"
    REJECTED = "rejected"
    UNALLOCATED = "unallocated"
    CONGESTION = "congestion"


@dataclass(frozen=True, kw_only=True)
class Says:
    """Speaks, whatever the other side does."""

    text: str
    language: str


@dataclass(frozen=True, kw_only=True)
class Hears:
    """Listens to what is said, then perhaps presses keys or hangs up."""

    #: Which question is expected: a note for the reader and for tests, the telephone knows nothing of it.
    prompt: str
    #: Keys pressed then: 0-9, `*`, `#`, A-D; `w` is a pause of half a second. Empty: only listens.
    keys: str = ""
    #: Seconds after the first sound at which the person acts, talking over the prompt. None: after its end.
    over_after: float | None = None
    #: Seconds between two keys.
    gap: float = 0.25
    #: The longest wait, in seconds, for a sound and then for its end.
    at_most: int = 30
    #: Puts the receiver down then.
    hangs_up: bool = False


@dataclass(frozen=True, kw_only=True)
class Waits:
    """Does nothing for some seconds."""

    seconds: float


@dataclass(frozen=True, kw_only=True)
class Beeps:
    """The tone of an answering machine."""


@dataclass(frozen=True, kw_only=True)
class Records:
    """An answering machine keeps what is said, until three seconds of silence or for so many seconds at most."""

    seconds: int


Step = Says | Hears | Waits | Beeps | Records


@dataclass(frozen=True, kw_only=True)
class Call:
    """What happens when the telephone rings."""

    line: Line
    #: Seconds of ringing before the line does it. 0 with busy, rejected and so on: at once, without ringing.
    after: float
    #: A recorded announcement that the caller hears before anybody answers (early media).
    announces: Says | None
    #: What the person does after picking up; then they stay on the line until we end the call.
    steps: tuple[Step, ...]


@dataclass(frozen=True, kw_only=True)
class RingsIn:
    """After a call that they missed, the person rings us."""

    #: Our number, E.164.
    number: str
    #: Seconds after the missed call's end; None: only when asked to by `ring.py`.
    after: float | None
    steps: tuple[Step, ...]


@dataclass(frozen=True, kw_only=True)
class Persona:
    """A telephone number and whoever holds the telephone."""

    #: E.164.
    number: str
    name: str
    language: str
    #: The first call, the second …; the last one stands for all that follow.
    calls: tuple[Call, ...]
    rings_in: RingsIn | None

    @property
    def digits(self) -> str:
        """The number as the dialplan knows it: without the plus."""
        return self.number.removeprefix("+")


def read_personas(path: Path) -> tuple[Persona, ...]:
    """The people of a persona file. Raises `PersonaError`, `OSError`."""
    try:
        data = tomllib.loads(path.read_text(encoding="utf-8"))
    except tomllib.TOMLDecodeError as error:
        raise PersonaError(f"{path.name} can't be read as TOML: {error}") from error
    personas = tuple(_persona(entry) for entry in data.get("person", []))
    numbers = [persona.number for persona in personas]
    twice = sorted({number for number in numbers if numbers.count(number) > 1})
    if twice:
        raise PersonaError(f"{', '.join(twice)}: a number has one persona; give it further calls instead")
    return personas


def _persona(entry: Mapping[str, Any]) -> Persona:
    number, name = _text(entry, "number"), _text(entry, "name")
    if not (number.startswith("+") and number[1:].isascii() and number[1:].isdigit()):
        raise PersonaError(f"{name}: number {number!r} is not written as +32470000101")
    _known(entry, {"number", "name", "language", "call", "rings_in"}, name)
    language = _text(entry, "language")
    calls = tuple(_call(call, language, name) for call in entry.get("call", []))
    if not calls:
        raise PersonaError(f"{name}: write at least one [[person.call]]")
    rings_in = entry.get("rings_in")
    return Persona(
        number=number,
        name=name,
        language=language,
        calls=calls,
        rings_in=None if rings_in is None else _rings_in(rings_in, language, name),
    )


def _call(entry: Mapping[str, Any], language: str, name: str) -> Call:
    _known(entry, {"line", "after", "announces", "steps"}, name)
    try:
        line = Line(entry.get("line", Line.ANSWERS))
    except ValueError as error:
        raise PersonaError(f"{name}: line is one of {', '.join(Line)}") from error
    announces = entry.get("announces")
    steps = tuple(_step(step, language, name) for step in entry.get("steps", []))
    if steps and line is not Line.ANSWERS:
        raise PersonaError(f"{name}: a line that is {line} has no steps, since nobody picks up")
    return Call(
        line=line,
        after=float(entry.get("after", 1.0 if line is Line.ANSWERS else 0.0)),
        announces=None if announces is None else Says(text=str(announces), language=language),
        steps=steps,
    )


def _rings_in(entry: Mapping[str, Any], language: str, name: str) -> RingsIn:
    _known(entry, {"number", "after", "steps"}, name)
    after = entry.get("after")
    return RingsIn(
        number=_text(entry, "number"),
        after=None if after is None else float(after),
        steps=tuple(_step(step, language, name) for step in entry.get("steps", [])),
    )


#: The verb of a step and what else may stand beside it.
_VERBS = {
    "says": {"language"},
    "hears": {"presses", "over_after", "gap", "at_most", "hangs_up"},
    "waits": set[str](),
    "beeps": set[str](),
    "records": set[str](),
}


def _step(entry: Mapping[str, Any], language: str, name: str) -> Step:
    verbs = [verb for verb in _VERBS if verb in entry]
    if len(verbs) != 1:
        raise PersonaError(f"{name}: a step has one of {', '.join(_VERBS)}, not {dict(entry)}")
    verb = verbs[0]
    _known(entry, {verb} | _VERBS[verb], name)
    if verb == "says":
        return Says(text=_text(entry, "says"), language=str(entry.get("language", language)))
    if verb == "waits":
        return Waits(seconds=float(entry["waits"]))
    if verb == "beeps":
        return Beeps()
    if verb == "records":
        return Records(seconds=int(entry["records"]))
    keys = str(entry.get("presses", ""))
    if set(keys) - set("0123456789*#ABCDw"):
        raise PersonaError(f"{name}: a telephone has no key for {keys!r}")
    over_after = entry.get("over_after")
    return Hears(
        prompt=_text(entry, "hears"),
        keys=keys,
        over_after=None if over_after is None else float(over_after),
        gap=float(entry.get("gap", Hears.gap)),
        at_most=int(entry.get("at_most", Hears.at_most)),
        hangs_up=bool(entry.get("hangs_up", False)),
    )


def _text(entry: Mapping[str, Any], field: str) -> str:
    value = entry.get(field)
    if not isinstance(value, str) or not value:
        raise PersonaError(f"{entry.get('name', 'a person')}: {field} is missing in {dict(entry)}")
    return value


def _known(entry: Mapping[str, Any], fields: set[str], name: str) -> None:
    unknown = sorted(set(entry) - fields)
    if unknown:
        raise PersonaError(f"{name}: unknown field {', '.join(unknown)}; known here: {', '.join(sorted(fields))}")

"""A prompt: a text with named slots, and who may hear it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, time
from enum import StrEnum

from ledger.money import Money


class PromptClass(StrEnum):
    """Who may hear a prompt."""

    #: A child, a neighbour, a voicemail may hear it.
    NEUTRAL = "neutral"
    #: Only after somebody said "yes, that is me".
    IDENTITY = "identity"
    #: Only after two factors on this very call.
    DEBT = "debt"


@dataclass(frozen=True)
class Name:
    """A name of a person or firm, spoken as written."""

    text: str


@dataclass(frozen=True)
class Digits:
    """Characters read one by one, in the groups that spaces, slashes or dashes make."""

    text: str


@dataclass(frozen=True)
class Phone:
    """A telephone number in E.164, read as people of the language group it."""

    e164: str


@dataclass(frozen=True)
class Count:
    """A whole number as a word."""

    n: int


@dataclass(frozen=True)
class Ordinal:
    """A day of the month as an ordinal: "de vijfde"."""

    n: int


@dataclass(frozen=True)
class Sentences:
    """Other prompts, spoken inside this one (the summary of what was agreed)."""

    parts: tuple[Spoken, ...]


@dataclass(frozen=True)
class Choice:
    """One of a closed set of words that the catalogue holds per language (`channel.sms`, `department.billing`)."""

    key: str


#: What may stand in a slot. A plain string is refused: everything says what it is, so that it is spoken right.
Slot = Name | Digits | Phone | Count | Ordinal | Money | date | time | Choice | Sentences


@dataclass(frozen=True)
class Spoken:
    """A prompt with its slots filled, not yet in any language."""

    #: The catalogue's key: `open.hello`.
    key: str
    slots: Mapping[str, Slot] = field(default_factory=dict)

"""What the line and the conversations behind it say to each other."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Protocol

from ivr.act import Ask
from ivr.heard import Heard


@dataclass(frozen=True)
class Moved:
    """What a call hears next: sound, and the question after it; no question: the line is closed after the words."""

    call: str
    pcm: bytes
    ask: Ask | None
    #: Where in the sound the question's own words begin.
    question_ms: int = 0
    #: The language of the call by now, and today where the debtor is: for what is said in words.
    language: str = ""
    today: date = date.min


class Host(Protocol):
    """The conversations behind the line."""

    async def open(self, entry: str) -> str | None:
        """Redeem a ticket, once: the call that it is for, or None for a stranger."""
        ...

    async def step(self, call: str, input_key: str, heard: Heard) -> Moved:
        """One turn: committed before this returns."""
        ...

    async def statement(self, call: str, pcm: bytes) -> str | None:
        """Keep what was said (8 kHz 16-bit mono): the name under which it is kept, or None where it can't be."""
        ...

    async def handed_over(self, call: str, first_audio_ms: int | None) -> bool:
        """The caller has left the line for one of our people, or is about to: nothing of the call is over."""
        ...

    async def over(self, call: str, first_audio_ms: int | None) -> None:
        """The line of this call is closed; write what is to be written at its end."""
        ...

"""The port of a voice: text in, telephone sound out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True)
class Voice:
    """A voice that an engine has: its id there, and the language that it speaks."""

    #: The engine's own id: `gmw/nl`, `roa/fr-be`.
    id: str
    #: nl-BE, nl-NL, fr-BE, fr-FR, de or en.
    language: str
    #: Words a minute.
    rate_wpm: int = 150


class Synthesiser(Protocol):
    """Speaks one text with one voice. Implementations isolate each prompt in a process of its own."""

    #: Engine and version, part of the cache's key.
    engine: str

    def render(self, text: str, voice: Voice) -> bytes:
        """8 kHz 16-bit mono sound of `text`, verified to be whole.

        Raises `voices.errors.SynthesisFailed` after its retries; never gives the sound of another text.
        """
        ...

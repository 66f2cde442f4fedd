"""What a dialer needs of the voices and of the line."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol


class Sounds(Protocol):
    """What was rendered: a call whose names are not sound yet waits its turn."""

    def ready(self, language: str, names: Sequence[str]) -> bool:
        """Could this call be spoken now? What is missing is put in the queue."""
        ...


class Line(Protocol):
    """The line's process."""

    @property
    def ready(self) -> bool:
        """Calls can be answered now."""
        ...

    async def close(self) -> None:
        """Say goodbye to everyone, then end."""
        ...

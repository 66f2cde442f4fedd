"""What can go wrong with what we say and hear."""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from voices.speech import Piece


class VoicesError(Exception):
    """A prompt can't be made; the message says why. Never raised directly."""


class SynthesisFailed(VoicesError):
    """No whole sound came of a text, after all tries."""


class UnknownPrompt(VoicesError):
    """The catalogue has no such prompt in that language, or a slot is missing."""


class NotReady(VoicesError):
    """Pieces of a prompt are not rendered yet; `missing` are those. Have them rendered and ask again."""

    def __init__(self, missing: Collection[Piece]) -> None:
        super().__init__(f"{len(missing)} pieces are not rendered yet")
        self.missing = tuple(missing)


class CannotHear(VoicesError):
    """An engine or its model can't be used for hearing; the message says why."""


class ModelRefused(VoicesError):
    """A model can't be had or may not be used; the message says why, and what to do."""

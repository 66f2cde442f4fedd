"""What a question wants to hear, and what was understood."""

from __future__ import annotations

from dataclasses import dataclass

from ivr.understanding.slot import Slots


@dataclass(frozen=True, kw_only=True)
class Wants:
    """What answers the open question, beside the intents, which always may be said."""

    yes_no: bool = False
    date: bool = False
    amount: bool = False
    #: How many digits; 0: none are asked.
    digits: int = 0
    #: The names of the menu's choices, in the order of their keys.
    options: tuple[str, ...] = ()


@dataclass(frozen=True)
class Understood:
    """An intent and its slots, as `ivr.heard.Words` carries them."""

    intent: str
    slots: Slots = ()

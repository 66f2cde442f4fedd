"""What a conversation does next. Carriers render acts; nothing here knows how."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from ivr.intent import Wants
from voices.prompt import PromptClass, Spoken


class Expect(StrEnum):
    """What kind of answer a question takes."""

    #: One key of `choices`.
    MENU = "menu"
    #: `digits` digits; `*` repeats, `#` is "I don't have it". 0 and 9 are digits here.
    DIGITS = "digits"
    #: Whatever is said, recorded and not understood; any key ends it, those of `choices` lead somewhere too.
    STATEMENT = "statement"


@dataclass(frozen=True)
class Say:
    """Speak a prompt; a key stops it when a question stands behind it."""

    spoken: Spoken
    cls: PromptClass
    #: Rate of the voice: `normal` or `slow`.
    pace: str = "normal"
    #: Another language than the briefing's, if the caller asked for one.
    language: str | None = None


@dataclass(frozen=True)
class Ask:
    """Wait for an answer to what was just said."""

    expect: Expect
    #: The keys that mean something here (menus); everything else is `Noise`.
    choices: str = ""
    #: How many digits are wanted (`DIGITS`).
    digits: int = 0
    #: Fewer digits than that are an answer too (`DIGITS`): `#` then ends what was typed.
    fewer: bool = False
    #: Seconds of silence after our words before `Silence` is heard (`STATEMENT`: with nothing said at all).
    patience_s: float = 7.0
    #: Seconds between two digits before what was typed counts as all.
    between_s: float = 4.0
    #: An answer binds money, a date or a stop: keys typed before the question was heard don't count.
    binding: bool = False
    #: What is wanted in words; None: only keys are heard.
    wants: Wants | None = None


@dataclass(frozen=True)
class HangUp:
    """End the call after what was said. `reason` goes to the log."""

    reason: str = "done"


Act = Say | Ask | HangUp

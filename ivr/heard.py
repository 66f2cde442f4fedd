"""What comes into a conversation: the caller, the line, and the house."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Answered:
    """The line has opened: somebody picked up, or rang us. The first thing that a conversation hears."""

    #: The line can hear words in the caller's language now; without, only keys.
    speech: bool = False


@dataclass(frozen=True)
class Keys:
    """Keys that answer the open question: one for a menu, several for digits; `*`, `#` alone are commands."""

    keys: str


@dataclass(frozen=True)
class KeyInGreeting:
    """A key in the middle of long words of theirs, before anybody was understood: perhaps the tone of a machine's
    greeting, which nobody pressed. A second one of the same key comes as `Keys`."""

    key: str


@dataclass(frozen=True)
class Words:
    """What a recogniser understood: an intent and its slots; never the caller's own words."""

    intent: str
    slots: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Silence:
    """The question's time has passed without an answer."""


@dataclass(frozen=True)
class Noise:
    """Something came that answers nothing: a letter key, too few digits, speech nobody understood."""


@dataclass(frozen=True)
class Recorded:
    """A statement was spoken, and the line has let go of its sound."""

    #: The name under which it is kept; empty: it could not be.
    name: str
    #: How long it is.
    seconds: int
    #: The key that ended it, where that key leads somewhere.
    key: str = ""


@dataclass(frozen=True)
class KeysOnly:
    """From now on the line hears no words on this call: a recogniser broke, or none is free."""


@dataclass(frozen=True)
class HungUp:
    """The caller has gone."""


@dataclass(frozen=True)
class MachineAnswered:
    """A voicemail or other machine picked up."""


@dataclass(frozen=True)
class PaymentSeen:
    """While we talk, something that was open has been paid."""

    #: What is still open of the briefing's invoices: (row id, minor units). Empty: all is paid.
    open: tuple[tuple[int, int], ...] = ()


@dataclass(frozen=True)
class AgentGone:
    """The caller is with us again: our agent has ended their talk (`done`), or was lost (`lost`)."""

    how: str


@dataclass(frozen=True)
class TimeUp:
    """The longest time of a call, or a stop of the house, is reached: say goodbye."""


@dataclass(frozen=True)
class CouldNotRecord:
    """What the last turn wanted to record could not be committed; nothing of it may be confirmed."""

    #: It was somebody in a crisis: whatever happens to our books, they are told where somebody listens.
    crisis: bool = False


Heard = (
    Answered
    | Keys
    | KeyInGreeting
    | Words
    | Silence
    | Noise
    | Recorded
    | KeysOnly
    | HungUp
    | MachineAnswered
    | PaymentSeen
    | AgentGone
    | TimeUp
    | CouldNotRecord
)

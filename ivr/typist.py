"""A person at a keyboard in place of a telephone: a line that was typed becomes what the line would hear.

Keys go the way of a telephone's (`ivr.gather`), each half a second after the other: what is typed beyond an answer
counts for the next question, unless that one binds money or a date.
"""

from __future__ import annotations

from dataclasses import dataclass

from ivr import heard as h
from ivr.act import Ask
from ivr.gather import Gather

#: Seconds from one key to the next of one line: no finger's echo, and soon enough to be one entry.
KEY_S = 0.5
#: Seconds from one line to the next: what was typed before is over, and our words were heard.
LINE_S = 60.0
_KEYS = frozenset("0123456789*#")

#: What can be done besides keys and sentences, each after a stroke.
DEEDS: dict[str, h.Heard] = {
    "hang up": h.HungUp(),
    "noise": h.Noise(),
    "keys only": h.KeysOnly(),
    "payment": h.PaymentSeen(),
    "agent done": h.AgentGone("done"),
    "agent lost": h.AgentGone("lost"),
}
HELP = "Type keys (digits, * and #) or a sentence; an empty line is silence. Also: " + ", ".join(
    f"/{deed}" for deed in DEEDS
)


@dataclass(frozen=True)
class Sentence:
    """Words to be understood by the open question."""

    text: str


@dataclass(frozen=True)
class Unknown:
    """A deed that there is not."""

    text: str


@dataclass(frozen=True)
class Ignored:
    """Keys that a telephone's caller would have pressed for nothing."""


Typed = h.Heard | Sentence | Unknown | Ignored


class Typist:
    """Turns lines into what is heard, one open question after the other."""

    def __init__(self) -> None:
        self._at = 0.0
        self._gather: Gather | None = None

    def asked(self, ask: Ask) -> h.Heard | None:
        """A question opens. What was typed ahead may answer it at once; None: a line is waited for."""
        # What binds is heard out before it is answered: nothing of the same line counts for it.
        began_at = self._at + (LINE_S / 2 if ask.binding else 0)
        self._gather = Gather(ask, began_at=began_at, before=self._gather)
        ahead = self._gather.resume()
        return self._gather.due(self._at + LINE_S) if ahead is None else ahead.heard

    def typed(self, line: str) -> Typed:
        """A line: keys, a sentence, a deed, or nothing at all."""
        text = line.strip()
        self._at += LINE_S
        if text.startswith("/"):
            return DEEDS.get(text[1:].strip().lower(), Unknown(text))
        if not text:
            return h.Silence()
        keys = text.replace(" ", "")
        return self._pressed(keys) if set(keys) <= _KEYS else Sentence(text)

    def said(self) -> None:
        """The open question was answered in words."""
        if self._gather is not None:
            self._gather.answered()

    def _pressed(self, keys: str) -> Typed:
        if self._gather is None:
            return Ignored()
        answer: h.Heard | None = None
        answered_at = self._at
        for key in keys:
            self._at += KEY_S
            found = self._gather.press(key, self._at).heard
            if answer is None and found is not None:
                answer, answered_at = found, self._at
        if answer is None:
            return self._gather.due(self._at + LINE_S) or Ignored()
        self._at = answered_at
        return answer

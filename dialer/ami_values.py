"""What goes over a link to Asterisk's manager interface, as values; and what may never go over it."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass

from dialer.errors import CarrierRefused

#: Asterisk throws longer lines away (main/manager.c), so they are refused here.
LONGEST_LINE = 1000
#: Control characters, line and paragraph separators, halves of surrogates.
_FORBIDDEN = frozenset({"Cc", "Zl", "Zp", "Cs"})


@dataclass(frozen=True)
class AmiAddress:
    """Where the manager interface is, and as whom we sign in."""

    host: str
    port: int
    user: str
    secret: str

    def __repr__(self) -> str:
        return f"AmiAddress({self.host}:{self.port} as {self.user})"


@dataclass(frozen=True, kw_only=True)
class AmiTiming:
    """How patient a link is, in seconds."""

    #: Every action is answered within this, or counts as unanswered.
    answer: float = 5.0
    #: A question is put to the link this often …
    ping: float = 5.0
    #: … and it is up only while the last answer is younger than this.
    fresh: float = 15.0
    #: The first and the longest wait before a new connection.
    pauses: tuple[float, float] = (0.25, 5.0)


@dataclass(frozen=True)
class Down:
    """The link was lost."""


@dataclass(frozen=True)
class Up:
    """The link is signed in (again)."""


@dataclass(frozen=True)
class AmiEvent:
    """An event as Asterisk sent it: its name, and its headers by lower-case name."""

    name: str
    headers: Mapping[str, str]

    def __getitem__(self, key: str) -> str:
        return self.headers.get(key, "")


def clean(key: str, value: str) -> str:
    """The value, if it can be a header's. Raises `CarrierRefused` for a control character or too long a line."""
    plain = value.isascii() and value.isprintable()
    if not plain and any(unicodedata.category(c) in _FORBIDDEN for c in value):
        raise CarrierRefused(f"{key} holds a control character; it was not sent to Asterisk")
    if len(value.encode()) + len(key) > LONGEST_LINE:
        raise CarrierRefused(f"{key} is too long for Asterisk; it was not sent")
    return value

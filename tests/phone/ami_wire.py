"""Asterisk's manager protocol on the wire: messages of `Key: value` lines with an empty line behind."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

Fields = tuple[tuple[str, str], ...]

BANNER = b"Asterisk Call Manager/11.0.0\r\n"


@dataclass(frozen=True)
class Action:
    """One action that a client sent, as it was sent."""

    fields: Fields
    #: Monotonic second at which it was read, and the connection (counted from 1) that brought it.
    at: float = 0.0
    connection: int = 0

    def all(self, key: str) -> list[str]:
        """A header's values: `Variable` may stand more than once."""
        return [value for name, value in self.fields if name.lower() == key.lower()]

    def first(self, key: str) -> str:
        """A header's value, or nothing."""
        return next(iter(self.all(key)), "")

    @property
    def name(self) -> str:
        return self.first("Action")

    @property
    def id(self) -> str:
        return self.first("ActionID")


def render(fields: Iterable[tuple[str, str]], line_end: str = "\r\n") -> bytes:
    """A message. Nothing is escaped: the protocol has no way to."""
    return ("".join(f"{key}: {value}{line_end}" for key, value in fields) + line_end).encode()


def parse_fields(message: str) -> Fields:
    """Read one message's lines; as in Asterisk, a line without a colon is passed over."""
    split = (line.partition(":") for line in message.splitlines())
    return tuple((key.strip(), value.lstrip()) for key, colon, value in split if colon)


def huge_line(megabytes: int = 20) -> bytes:
    """An event with one line that no client should keep in memory."""
    return b"Event: UserEvent\r\nUserEvent: Huge\r\nText: " + b"x" * (megabytes * 1_000_000) + b"\r\n\r\n"


#: What a client may be sent on a bad day. Each ends where a message ends, so that a sound client goes on behind it.
GARBAGE: dict[str, bytes] = {
    "lines end in LF": b"Event: Newstate\nUniqueid: garbage\nChannelState: 6\n\r\n\r\n",
    "event header twice": b"Event: Newstate\r\nEvent: Hangup\r\nUniqueid: garbage\r\nCause: 16\r\n\r\n",
    "cause twice": b"Event: Hangup\r\nUniqueid: garbage\r\nCause: 16\r\nCause: 17\r\n\r\n",
    "cause is no number": b"Event: Hangup\r\nUniqueid: garbage\r\nCause: many\r\n\r\n",
    "no values": b"Event: Hangup\r\nUniqueid:\r\nCause:\r\n\r\n",
    "not UTF-8": b"Event: NewCallerid\r\nUniqueid: garbage\r\nCallerIDName: Zo\xeb \xff\xfe\r\n\r\n",
    "no colon": b"Event: Newstate\r\nthis line has none\r\n: nor this a name\r\nUniqueid: garbage\r\n\r\n",
    "neither event nor response": b"Hello: world\r\n\r\n",
    "empty messages": b"\r\n\r\n\r\n\r\n",
    "zero bytes": b"Event: \x00Newstate\r\nUniqueid: \x00\r\n\r\n",
    "response to nobody": b"Response: Success\r\nActionID: nobody-asked\r\nMessage: Hello\r\n\r\n",
    "response without id": b"Response: Error\r\nMessage: Missing action in request\r\n\r\n",
}
